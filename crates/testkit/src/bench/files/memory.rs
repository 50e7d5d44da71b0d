//! What a file of 1 GiB adds to the memory of either end, on its way up and on its way down.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use deskbell_api::dto::OperatorUpdate;

use super::people::{Ground, noise, resident, until};
use super::{GREAT, Goal, USUAL, grows};
use crate::bench::server::fresh_folder;

/// How often a process is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// Looks at a process until it is dropped.
struct Watch {
    over: Arc<AtomicBool>,
    most: Arc<AtomicU64>,
    before: u64,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    fn start(process: String) -> Self {
        let before = resident(&process);
        let (over, most) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(before)));
        let (ends, seen) = (Arc::clone(&over), Arc::clone(&most));
        let thread = thread::spawn(move || {
            while !ends.load(Ordering::Relaxed) {
                seen.fetch_max(resident(&process), Ordering::Relaxed);
                thread::sleep(LOOK);
            }
        });
        Self { over, most, before, thread: Some(thread) }
    }

    fn growth(mut self) -> f64 {
        self.over.store(true, Ordering::Relaxed);
        self.thread.take().map(JoinHandle::join);
        (self.most.load(Ordering::Relaxed) - self.before) as f64
    }
}

pub(super) fn goals() -> [Goal; 4] {
    let (folder, ground) = (fresh_folder(), Ground::new());
    let visitor = ground.visitor();
    // What is taken once, for any file, is taken before.
    let warm = visitor.send(visitor.choose(&noise(folder.path(), USUAL as u64)));
    drop(warm);
    fetch(&ground);
    let path = noise(folder.path(), GREAT);
    let watches = || (Watch::start("self".to_owned()), Watch::start(ground.server.process().to_string()));
    let (app, desk) = watches();
    visitor.send(visitor.choose(&path));
    let up = (app.growth(), desk.growth());
    let (app, desk) = watches();
    fetch(&ground);
    let down = (app.growth(), desk.growth());
    visitor.app.stop();
    [
        grows("the app's memory while it sends 1 GiB".to_owned(), up.0),
        grows("the desk's memory while it takes 1 GiB".to_owned(), up.1),
        grows("the app's memory while it receives 1 GiB".to_owned(), down.0),
        grows("the desk's memory while it gives 1 GiB".to_owned(), down.1),
    ]
}

/// Brings the newest file to the operator's app.
fn fetch(ground: &Ground) {
    let (visitor, key) = until(&ground.news, "the file's row", |update| {
        let OperatorUpdate::Rows { rows, .. } = update else { return None };
        let visitor = rows.into_iter().next()?.visitor;
        ground.operator.open(&visitor).ok()?;
        let newest = ground.operator.files_list(&visitor, None, None).ok()?.lines.into_iter().next()?;
        let file = newest.file.filter(|file| !file.here)?;
        Some((visitor, file.key))
    });
    drop(visitor);
    ground.operator.file_fetch(&key).expect("it is asked for");
    until(&ground.news, "the file is here", |update| match update {
        OperatorUpdate::File { news, .. } => (news.file.key == key && news.file.here).then_some(()),
        _ => None,
    });
}
