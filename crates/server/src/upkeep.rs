//! Checkpoints on a thread of their own: inside the path of a commit they would make its slowest hundredth.
//!
//! What must always hold: this thread never commits anything; while the desk recovers it has no connection (S5).

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::store::SecondWay;

/// A checkpoint is worth its two fsyncs after so many entries.
const ENTRIES: u64 = 4_000;
/// Or when nothing was committed for so long.
const IDLE: Duration = Duration::from_secs(2);
/// How often the thread looks.
const LOOK: Duration = Duration::from_millis(100);
/// Pages of a log that never came to rest; then the desk itself empties it, between two commits.
const LOG_PAGES: u64 = 16_000;

/// The thread, and what the desk tells it.
pub(crate) struct Upkeep {
    shared: Arc<Shared>,
    /// Dropped to end the thread.
    running: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    committed: AtomicU64,
    /// The log is long: the desk has to help.
    long: AtomicBool,
}

impl Upkeep {
    pub(crate) fn start(way: SecondWay) -> Result<Self, DeskError> {
        let shared = Arc::new(Shared::default());
        let (running, ended) = mpsc::channel();
        let noted = shared.clone();
        let thread = thread::Builder::new()
            .name("desk-upkeep".to_owned())
            .spawn(move || keep_up(&way, &noted, &ended))
            .map_err(DeskError::system)?;
        Ok(Self { shared, running: Some(running), thread: Some(thread) })
    }

    /// Called by the desk's thread between two commits.
    pub(crate) fn note(&self, desk: &Desk) {
        self.shared.committed.store(desk.committed(), Ordering::Relaxed);
        if self.shared.long.swap(false, Ordering::Relaxed) {
            desk.checkpoint();
        }
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        drop(self.running.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn keep_up(way: &SecondWay, shared: &Shared, ended: &mpsc::Receiver<()>) {
    let (mut moved, mut seen, mut quiet) = (0, 0, Duration::ZERO);
    while ended.recv_timeout(LOOK) == Err(mpsc::RecvTimeoutError::Timeout) {
        let committed = shared.committed.load(Ordering::Relaxed);
        quiet = if committed == seen { quiet + LOOK } else { Duration::ZERO };
        seen = committed;
        if committed == moved || (committed - moved < ENTRIES && quiet < IDLE) {
            continue;
        }
        match way.checkpoint() {
            Ok(reached) => {
                moved = committed;
                shared.long.store(reached.logged > LOG_PAGES, Ordering::Relaxed);
            }
            Err(error) => {
                tracing::warn!(%error, "a checkpoint failed");
                quiet = Duration::ZERO;
            }
        }
    }
    way.close();
}
