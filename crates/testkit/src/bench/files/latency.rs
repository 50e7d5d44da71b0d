//! Words from one app to another, with and without four files on their way to the same desk.
//!
//! What must always hold: what is measured are uploads. All files are taken in before the words begin, and there is no
//! moment at which one of the four has nothing more to send.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use deskbell_api::dto::OperatorUpdate;

use super::people::{Ground, Visitor, change, noise, until};
use super::{Goal, P99_MOST, at_most};
use crate::bench::figures::Spread;
use crate::bench::server::fresh_folder;

/// Messages of a round.
const WORDS: usize = 400;
/// A person does not type faster; the files go on meanwhile.
const PAUSE: Duration = Duration::from_millis(4);
/// Files at once.
const FILES: usize = 4;
/// Bytes of each.
const BYTES: u64 = 128 * 1024 * 1024;
/// Files that each visitor has ready.
const READY: usize = 10;

pub(super) fn goal(rounds: usize) -> Goal {
    let folder = fresh_folder();
    let path = noise(folder.path(), BYTES);
    let (mut quiet, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        // Its files go with it.
        let ground = Ground::new();
        let writer = ground.visitor();
        quiet.push(words(&ground, &writer));
        let senders = Senders::start(&ground, &path);
        beside.push(words(&ground, &writer));
        let sent = senders.end();
        writer.app.stop();
        println!("{sent} files of {} MiB went meanwhile", BYTES / 1024 / 1024);
    }
    let (quiet, beside) = (Spread::median(&quiet), Spread::median(&beside));
    println!("\nWords from a visitor's app to an operator's, medians of {rounds} rounds, µs");
    println!("{:<34} {:>12} {:>12}", "", "p50", "p99");
    for (name, spread) in [("alone", quiet), ("beside four files", beside)] {
        println!("{name:<34} {:>12.0} {:>12.0}", spread.p50, spread.p99);
    }
    at_most(
        "p99 of words beside four files, of the same without".to_owned(),
        beside.p99 / quiet.p99,
        P99_MOST,
    )
}

/// Visitors who send one file after the other.
struct Senders {
    over: Arc<AtomicBool>,
    sent: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
}

impl Senders {
    fn start(ground: &Ground, path: &Path) -> Self {
        let (over, sent) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let ready: Vec<_> = (0..FILES)
            .map(|one| {
                let visitor = ground.visitor();
                let files = (0..READY).map(|others| {
                    change(path, (one * READY + others) as u64);
                    visitor.choose_beside(others, path)
                });
                let files = files.collect::<Vec<_>>();
                (visitor, files)
            })
            .collect();
        let threads = ready.into_iter().map(|(visitor, files)| {
            let (over, sent) = (Arc::clone(&over), Arc::clone(&sent));
            thread::spawn(move || {
                for file in files {
                    if over.load(Ordering::Relaxed) {
                        return visitor.app.stop();
                    }
                    visitor.send(file);
                    sent.fetch_add(1, Ordering::Relaxed);
                }
                assert!(over.load(Ordering::Relaxed), "a visitor had nothing more to send");
                visitor.app.stop();
            })
        });
        let threads = threads.collect();
        Self { over, sent, threads }
    }

    /// Ends with the files that are on their way; how many went before.
    fn end(self) -> usize {
        self.over.store(true, Ordering::Relaxed);
        let sent = self.sent.load(Ordering::Relaxed);
        self.threads.into_iter().for_each(|thread| thread.join().expect("a sender"));
        sent
    }
}

fn words(ground: &Ground, writer: &Visitor) -> Spread {
    let took = (0..WORDS).map(|n| {
        thread::sleep(PAUSE);
        let text = format!("words {n}");
        let begun = Instant::now();
        writer.app.send(&text, None).expect("words");
        until(&ground.news, "the words came", |update| match update {
            OperatorUpdate::Rows { rows, .. } => {
                rows.iter().any(|row| row.last_text.as_deref() == Some(text.as_str())).then_some(())
            }
            OperatorUpdate::Message { message, .. } => (message.text == text).then_some(()),
            _ => None,
        });
        begun.elapsed()
    });
    Spread::of(took.collect())
}
