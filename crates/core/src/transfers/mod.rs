//! Files on their way: which are carried now, which wait, and what became of them.
//!
//! Why here: when a file goes, when it is tried again and when its message may follow are rules of delivery, and a
//! test drives them through any schedule without a socket or a disk. Bytes pass elsewhere: what is here gives
//! [`Order`]s and hears [`CarrierReport`]s.
//! What must always hold: nothing is carried without a live line and a row that is queued; a file's message goes out
//! after the desk has the file whole, and no words ever wait for a file; files that were sent together keep their order,
//! and no others wait for each other.

mod fetches;
mod order;
mod patience;
mod upload;
mod uploads;

use deskbell_wire::{FileRefusal, NackCode};

use crate::jitter::Jitter;

pub(crate) use fetches::{Fetch, Fetches};
pub use order::{CarrierReport, DiskTrouble, Order, Trouble, Voice};
use patience::Patience;
pub(crate) use upload::{Came, Job};
pub(crate) use uploads::Uploads;

/// Files that go to the desk at once, and as many to this device.
pub const AT_ONCE: usize = 3;
/// Beside them one more goes to the desk where it is so small, in bytes: a note does not wait for three films.
pub const SMALL: u64 = 1024 * 1024;
/// So often the desk may miss a file that it said it had before the person is asked.
pub const MISSES: u32 = 5;
/// So often a file may arrive as something else before the person is asked.
pub const MISMATCHES: u32 = 3;

/// How a file on its way stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferStand {
    /// For the line, for its turn, or for a while after some trouble.
    Waiting {
        /// Bytes that are there, as far as known.
        done: u64,
        /// What stopped it last.
        why: Option<Trouble>,
    },
    /// Bytes go, or the desk has them all and the message follows in its turn.
    Going {
        /// Bytes that are there.
        done: u64,
    },
    /// The person has stopped it.
    Paused {
        /// Bytes that are there, as far as known.
        done: u64,
    },
    /// All of it is there.
    Whole,
    /// An upload that will not go on by itself.
    Refused {
        /// Its entry failed with this code.
        code: NackCode,
        /// What the desk said of the file itself, where that was it.
        refusal: Option<FileRefusal>,
    },
    /// A download that will not go on by itself.
    Failed(Trouble),
    /// A download that the person has stopped.
    Stopped,
}

/// Everything on its way.
#[derive(Debug)]
pub(crate) struct Transfers {
    pub(crate) uploads: Uploads,
    pub(crate) fetches: Fetches,
    pub(crate) jitter: Jitter,
}

impl Transfers {
    pub(crate) fn new(seed: u64) -> Self {
        Self { uploads: Uploads::default(), fetches: Fetches::default(), jitter: Jitter::new(!seed) }
    }

    /// When something may start again after a pause, on the monotonic clock.
    pub(crate) fn deadline(&self) -> Option<u64> {
        self.uploads.deadline().into_iter().chain(self.fetches.deadline()).min()
    }

    /// Is anything carried now?
    pub(crate) fn any_going(&self) -> bool {
        self.uploads.going() > 0 || self.fetches.going() > 0
    }

    /// The line is back: what only waited for it starts at once.
    pub(crate) fn line_is_back(&mut self) {
        self.uploads.line_is_back();
        self.fetches.line_is_back();
    }
}
