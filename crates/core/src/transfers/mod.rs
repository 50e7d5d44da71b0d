//! Files on their way: which are carried now, which wait, and what became of them.
//!
//! Why here: when a file goes, when it is tried again and when its message may follow are rules of delivery, and a
//! test drives them through any schedule without a socket or a disk. Bytes pass elsewhere: what is here gives
//! [`Order`]s and hears [`CarrierReport`]s.
//! What must always hold: nothing is carried without a live line and a row that is queued; a file's message goes out
//! after the desk has the file whole, and no words ever wait for a file.

mod order;

use deskbell_wire::NackCode;

pub use order::{CarrierReport, DiskTrouble, Order, Trouble, Voice};

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
    /// Bytes go.
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
    /// An upload that will not go on by itself: its entry failed with this code.
    Refused(NackCode),
    /// A download that will not go on by itself.
    Failed(Trouble),
    /// A download that the person has stopped.
    Stopped,
}
