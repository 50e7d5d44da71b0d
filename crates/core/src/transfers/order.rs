//! What the carrier of files is asked to do, and what it says of it.
//!
//! What must always hold: an order names its run, and a report repeats it; a report of an earlier run says nothing.

use deskbell_wire::file::{FileCard, FileRefusal};
use deskbell_wire::{DeviceId, GroupId, Identity, MessageId, Secret, StreamId, Uid};

/// Who asks the desk, in every request about files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// The person.
    pub who: Identity,
    /// The person's device.
    pub device: DeviceId,
}

/// What the carrier is to do. Bytes are in the device's vault, under their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Take this file to the desk, from where it stands there. One of the same uid that is under way gives way.
    Upload {
        /// Names the upload: the uid of the entry that carries the file.
        uid: Uid,
        /// Which try of it.
        run: u64,
        /// Who sends it.
        voice: Voice,
        /// For which conversation.
        stream: StreamId,
        /// What it is.
        card: FileCard,
        /// For which group, where the message opens a chat.
        group: Option<GroupId>,
        /// Where the desk took the first part of it; `None`: ask for a place. The desk gives the same upload again to
        /// whoever began it.
        place: Option<Secret>,
    },
    /// Stop that upload.
    Stop {
        /// Which.
        uid: Uid,
    },
    /// Tell the desk that nobody goes on with what is at this place. Nothing is reported.
    Leave {
        /// Who began it.
        voice: Voice,
        /// Where.
        place: Secret,
    },
    /// Bring this message's file here, from where it stands here. One of the same message gives way.
    Fetch {
        /// Which message.
        message: MessageId,
        /// Which try of it.
        run: u64,
        /// Who asks.
        voice: Voice,
        /// What it is.
        card: FileCard,
    },
    /// Stop bringing it.
    StopFetch {
        /// Which message.
        message: MessageId,
    },
    /// The line is down: stop everything.
    HangUp,
}

/// What the carrier says. Of a run either `Whole` or `Here`, or one failure, and then nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CarrierReport {
    /// The desk gave the upload a place.
    Placed {
        /// Which upload.
        uid: Uid,
        /// Of the order.
        run: u64,
        /// Where it can be gone on with.
        place: Secret,
    },
    /// So much of it is at the desk.
    Sent {
        /// Which upload.
        uid: Uid,
        /// Of the order.
        run: u64,
        /// Bytes.
        done: u64,
    },
    /// The desk has it whole, checked it, and keeps it for the entry that carries it.
    Whole {
        /// Which upload.
        uid: Uid,
        /// Of the order.
        run: u64,
    },
    /// The upload ended without being whole.
    Failed {
        /// Which.
        uid: Uid,
        /// Of the order.
        run: u64,
        /// Why.
        why: Trouble,
    },
    /// So much of a message's file is here.
    Fetched {
        /// Which message.
        message: MessageId,
        /// Of the order.
        run: u64,
        /// Bytes.
        done: u64,
    },
    /// The file is here, whole and checked.
    Here {
        /// Which message.
        message: MessageId,
        /// Of the order.
        run: u64,
    },
    /// Bringing it ended without it.
    FetchFailed {
        /// Which message.
        message: MessageId,
        /// Of the order.
        run: u64,
        /// Why.
        why: Trouble,
    },
}

/// Why a file did not get there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The network, or nothing passed for too long.
    Line,
    /// The desk said so.
    Refused(FileRefusal),
    /// Its bytes are not on this device any more, or are damaged.
    Lost,
    /// This device's disk.
    Disk(DiskTrouble),
}

/// What this device's disk says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskTrouble {
    /// No space is left.
    Full,
    /// Anything else.
    Other,
}
