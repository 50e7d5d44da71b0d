//! Looks whether somebody installed a pack, on a thread of its own: reading and checking one would keep commits waiting.
//!
//! What must always hold: what goes to the desk was checked; whatever lies in the folder, the desk goes on, with the
//! last pack that was good.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io;
use std::sync::mpsc as blocking;
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use deskbell_wire::SiteKey;
use tokio::sync::mpsc;

use super::{PackError, PackFolder};
use crate::actor::Work;
use crate::desk::Input;
use crate::error::DeskError;

/// How often the thread looks.
const LOOK: Duration = Duration::from_millis(500);

/// The folder, and what was seen there.
pub(crate) struct Look {
    folder: PackFolder,
    files: HashMap<SiteKey, Seen>,
    /// The folder could not be read; said once.
    blind: bool,
}

/// A file that was looked at.
struct Seen {
    stamp: Stamp,
    /// Its site has a pack: this one, or the last good one.
    given: bool,
    /// The system did not let it be read: that may be over by the next look.
    unread: bool,
}

/// Another one: another file.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    /// On Unix the inode and when it changed: a rename brings another one, however fast it comes.
    node: (u64, i64, i64),
}

/// The thread.
pub(crate) struct Watch {
    /// Dropped to end the thread.
    running: Option<blocking::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Look {
    pub(crate) fn new(folder: PackFolder) -> Self {
        Self { folder, files: HashMap::new(), blind: false }
    }

    /// What is different since the last look.
    pub(crate) fn news(&mut self) -> Vec<Input> {
        let sites = match self.folder.sites() {
            Ok(sites) => sites,
            Err(error) => {
                if !std::mem::replace(&mut self.blind, true) {
                    tracing::warn!("the folder of packs cannot be read, so packs stay as they are: {error}");
                }
                return Vec::new();
            }
        };
        self.blind = false;
        let gone: Vec<SiteKey> = self.files.keys().filter(|site| !sites.contains(site)).cloned().collect();
        let gone = gone.into_iter().filter_map(|site| self.forget(site));
        let mut news: Vec<Input> = gone.collect();
        news.extend(sites.into_iter().filter_map(|site| self.look(site)));
        news
    }

    fn look(&mut self, site: SiteKey) -> Option<Input> {
        let stamp = match fs::metadata(self.folder.file(&site)) {
            Ok(file) if file.is_file() => Stamp::of(&file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return self.forget(site),
            // Not a file, or one that cannot be looked at now: nothing is known of it.
            Ok(_) | Err(_) => return None,
        };
        let (known, given) = match self.files.get(&site) {
            Some(seen) if seen.stamp == stamp && !seen.unread => return None,
            Some(seen) => (seen.stamp == stamp, seen.given),
            None => (false, false),
        };
        let read = self.folder.read(&site);
        if let Err(error) = &read
            && !known
        {
            let instead = if given { "the one before it stays" } else { "the site has none" };
            tracing::warn!("the pack of {site} is not used, {instead}: {error}");
        }
        let unread = matches!(read, Err(PackError::Unreadable(..)));
        let pack = read.ok().map(|checked| checked.archive);
        self.files.insert(site.clone(), Seen { stamp, given: given || pack.is_some(), unread });
        pack.map(|pack| Input::Pack { site, pack: Some(pack) })
    }

    fn forget(&mut self, site: SiteKey) -> Option<Input> {
        let seen = self.files.remove(&site)?;
        seen.given.then_some(Input::Pack { site, pack: None })
    }
}

impl Stamp {
    fn of(file: &Metadata) -> Self {
        #[cfg(unix)]
        let node = {
            use std::os::unix::fs::MetadataExt as _;
            (file.ino(), file.ctime(), file.ctime_nsec())
        };
        #[cfg(not(unix))]
        let node = (0, 0, 0);
        Self { bytes: file.len(), modified: file.modified().ok(), node }
    }
}

impl Watch {
    /// Looks from now on, and tells the desk.
    pub(crate) fn start(mut look: Look, work: mpsc::WeakSender<Work>) -> Result<Self, DeskError> {
        let (running, ended) = blocking::channel();
        let watch = move || {
            while ended.recv_timeout(LOOK) == Err(blocking::RecvTimeoutError::Timeout) {
                for input in look.news() {
                    let Some(work) = work.upgrade() else { return };
                    if work.blocking_send(Work::Input(input)).is_err() {
                        return;
                    }
                }
            }
        };
        let thread = thread::Builder::new().name("desk-packs".to_owned()).spawn(watch);
        Ok(Self { running: Some(running), thread: Some(thread.map_err(DeskError::system)?) })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.running.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use deskbell_pack::Pack;
    use deskbell_wire::PackDigest;

    use super::*;

    fn pack(words: &str) -> Pack {
        let folder = tempfile::tempdir().unwrap();
        let mapping = r#"{"consultant": {"desktop": {"js": "chat.js"}}}"#;
        fs::write(folder.path().join("pack.json"), mapping).unwrap();
        fs::write(folder.path().join("chat.js"), words).unwrap();
        Pack::read(folder.path()).unwrap()
    }

    /// Which packs the desk is told of.
    fn told(news: impl IntoIterator<Item = Input>) -> Vec<Option<PackDigest>> {
        let pack = |input| match input {
            Input::Pack { pack, .. } => pack.map(|pack| pack.digest),
            other => panic!("{other:?}"),
        };
        news.into_iter().map(pack).collect()
    }

    #[test]
    fn a_good_pack_stays_until_the_next_good_one_and_goes_with_its_file_whatever_lay_there_last() {
        let data = tempfile::tempdir().unwrap();
        let (folder, site) = (PackFolder::of(data.path()), SiteKey::main());
        let mut look = Look::new(folder.clone());
        assert!(look.news().is_empty());
        let one = folder.install(&site, &pack("1;")).unwrap();
        assert_eq!(told(look.news()), [Some(one)]);
        assert!(look.news().is_empty(), "once");
        fs::write(folder.file(&site), "no archive").unwrap();
        assert!(look.news().is_empty(), "the one before stays");
        let two = folder.install(&site, &pack("2;")).unwrap();
        assert_eq!(told(look.news()), [Some(two)]);
        fs::write(folder.file(&site), "no archive").unwrap();
        assert!(look.news().is_empty());
        assert!(folder.remove(&site).unwrap());
        assert_eq!(told(look.news()), [None], "it is taken away, though what lay there was not it");
        assert!(look.news().is_empty());
    }

    #[test]
    fn a_file_that_goes_while_it_is_looked_at_is_gone_and_one_that_was_never_good_is_nobodys_news() {
        let data = tempfile::tempdir().unwrap();
        let (folder, site) = (PackFolder::of(data.path()), SiteKey::main());
        let mut look = Look::new(folder.clone());
        folder.install(&site, &pack("1;")).unwrap();
        assert_eq!(look.news().len(), 1);
        assert!(folder.remove(&site).unwrap());
        assert_eq!(told(look.look(site.clone())), [None]);
        fs::write(folder.file(&site), "no archive").unwrap();
        assert!(look.news().is_empty());
        fs::remove_file(folder.file(&site)).unwrap();
        assert!(look.news().is_empty());
    }
}
