//! How far an export is, and whether the person still wants it.
//!
//! What must always hold: the program does not end before an export that it breaks off has cleaned up after itself.

use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use deskbell_api::dto::{ExportProgress, FileSum};

/// The page is told this often at most.
const TOLD: Duration = Duration::from_millis(100);
/// How long the end of the program waits for one to clean up.
const PATIENCE: Duration = Duration::from_secs(3);

/// The export that is being written, where there is one. Clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Exports(Arc<(Mutex<Option<Wish>>, Condvar)>);

/// Does the person still want it? Clones are the same one.
#[derive(Clone, Default)]
pub(super) struct Wish(Arc<AtomicBool>);

impl Wish {
    pub(super) fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Nothing more is written where it is over.
    pub(super) fn check(&self) -> io::Result<()> {
        // `Interrupted` would be tried again.
        if self.is_over() { Err(io::Error::other("nobody wants it any more")) } else { Ok(()) }
    }
}

/// An export for as long as it lasts.
pub(super) struct Running(Exports, Wish);

impl Running {
    pub(super) fn wish(&self) -> Wish {
        self.1.clone()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut now = self.0.now();
        now.take_if(|wish| Arc::ptr_eq(&wish.0, &self.1.0));
        self.0.0.1.notify_all();
    }
}

impl Exports {
    /// One begins. `None`: another is being written.
    pub(super) fn begin(&self) -> Option<Running> {
        let mut now = self.now();
        if now.is_some() {
            return None;
        }
        Some(Running(self.clone(), now.insert(Wish::default()).clone()))
    }

    /// The person thought better of it.
    pub(crate) fn cancel(&self) {
        if let Some(wish) = &*self.now() {
            wish.0.store(true, Ordering::Relaxed);
        }
    }

    /// The program ends: waits until nothing is left of one that is not done.
    pub(crate) fn end(&self) {
        self.cancel();
        let waited = self.0.1.wait_timeout_while(self.now(), PATIENCE, |now| now.is_some());
        drop(waited);
    }

    fn now(&self) -> MutexGuard<'_, Option<Wish>> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes of the export's own file.
pub(super) struct Watched<'a> {
    pub(super) to: &'a mut File,
    pub(super) wish: Wish,
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.wish.check()?;
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Who is told how far it is.
pub(super) type Ear = Box<dyn FnMut(ExportProgress) + Send>;

/// How far it is with the files.
pub(super) struct Going {
    wish: Wish,
    now: ExportProgress,
    /// Bytes of files that are written.
    settled: u64,
    told: Option<Instant>,
    ear: Ear,
}

impl Going {
    pub(super) fn new(wish: Wish, all: FileSum, ear: Ear) -> Self {
        let now = ExportProgress { done: FileSum::default(), all, fetching: false };
        Self { wish, now, settled: 0, told: None, ear }
    }

    pub(super) fn wish(&self) -> &Wish {
        &self.wish
    }

    pub(super) fn done(&self) -> FileSum {
        self.now.done
    }

    /// One is brought from the desk, or no longer.
    pub(super) fn fetching(&mut self, fetching: bool) {
        if self.now.fetching != fetching {
            self.now.fetching = fetching;
            self.told = None;
        }
        self.tell();
    }

    /// A file of so many bytes is there.
    pub(super) fn file(&mut self, bytes: u64) {
        self.now.done.count += 1;
        self.settled = self.settled.saturating_add(bytes);
        self.half_a_file_is_none();
        self.tell();
    }

    /// What was written of one since is not there.
    pub(super) fn half_a_file_is_none(&mut self) {
        self.now.done.bytes = self.settled;
    }

    fn tell(&mut self) {
        if self.told.is_none_or(|told| told.elapsed() >= TOLD) {
            self.told = Some(Instant::now());
            (self.ear)(self.now);
        }
    }
}

/// Bytes of a file beside it.
pub(super) struct Counted<'a> {
    pub(super) to: &'a mut File,
    pub(super) going: &'a mut Going,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.going.wish.check()?;
        let count = self.to.write(bytes)?;
        self.going.now.done.bytes += count as u64;
        self.going.tell();
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_ends_after_an_export_that_it_broke_off() {
        let exports = Exports::default();
        let running = exports.begin().unwrap();
        assert!(exports.begin().is_none(), "one at a time");
        let wish = running.wish();
        let writing = std::thread::spawn(move || {
            while !running.wish().is_over() {
                std::thread::yield_now();
            }
            let cleaned = running.wish().check().is_err();
            drop(running);
            cleaned
        });
        exports.end();
        assert!(wish.is_over() && exports.now().is_none());
        assert!(writing.join().unwrap());
        exports.end();
        assert!(!exports.begin().unwrap().wish().is_over(), "the next one is wanted");
    }
}
