//! What the machine gives back: orders for the driver and news for the user interface.

use deskbell_wire::{
    ClientFrame, Event, FileDigest, FormSettings, Heard, MessageId, NackCode, OperatorCard, OperatorStatus,
    Requests, Secret, Seq, Side, Site, State, StreamId, Timestamp, Told, Uid, VisitorId, VisitorRow,
};

use crate::link::LinkPhase;
use crate::session::AskId;
use crate::store::{OutboxRow, Receipts, StoreError};
use crate::transfers::{Order, TransferStand};

/// What to do next. Drained after every call, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Open a socket to the desk.
    Dial,
    /// Close the socket; its end is not reported back.
    HangUp,
    /// Write a frame.
    Transmit(ClientFrame),
    /// Have the carrier of files do something.
    Carry(Order),
    /// Tell the user interface.
    Tell(Notice),
}

/// News.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The line to the desk changed.
    Link(LinkPhase),
    /// Login and password were right: keep the token.
    SignedIn(OperatorCard, Secret),
    /// The operator's session is on.
    Welcomed(OperatorCard, OperatorStatus),
    /// Events are on the disk. `live`: they came as they happened, and not after an absence.
    Applied {
        /// Which stream.
        stream: StreamId,
        /// The events, oldest first.
        events: Vec<Event>,
        /// Nothing had been missed.
        live: bool,
    },
    /// Older events are on the disk.
    Older(StreamId),
    /// The desk was restored: read the stream again.
    Replaced(StreamId),
    /// An own entry went on.
    Status {
        /// Which stream.
        stream: StreamId,
        /// Which entry.
        uid: Uid,
        /// How far.
        status: EntryStatus,
    },
    /// The desk refused a verb; it is dropped.
    Refused(OutboxRow, NackCode),
    /// A verb's wish is fulfilled.
    Done(OutboxRow),
    /// The file of an own entry went on, on its way to the desk.
    Upload {
        /// Which stream.
        stream: StreamId,
        /// Which entry.
        uid: Uid,
        /// How it stands.
        stand: TransferStand,
    },
    /// A file was taken back: this entry needs its bytes no longer.
    Unneeded(FileDigest),
    /// A message's file went on, on its way to this device.
    Download {
        /// Which stream.
        stream: StreamId,
        /// Which message.
        message: MessageId,
        /// How it stands.
        stand: TransferStand,
    },
    /// What a visitor's form needs of the present.
    Present(Box<State>),
    /// What a visitor's form needs of the site.
    Form(Box<FormSettings>),
    /// The site, for an operator.
    Site(Box<Site>),
    /// Requests of visitors, or their changes.
    Requests(Requests),
    /// A question was answered.
    Told(AskId, Told),
    /// This device may speak for this visitor from now on, with this token: keep it.
    Linked(VisitorId, Secret),
    /// The operators' list of visitors changed.
    Rows {
        /// Forget what was known.
        whole: bool,
        /// New and changed rows.
        rows: Vec<VisitorRow>,
        /// Rows that left.
        gone: Vec<StreamId>,
        /// Rows on the desk.
        total: u64,
    },
    /// The other side types.
    Heard(Heard),
    /// A side received or read.
    Receipts(StreamId, Side, Receipts),
    /// The disk refuses; the line is down until it takes again.
    Unwell(StoreError),
}

/// How far an own entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryStatus {
    /// On its way.
    Queued,
    /// On the desk's disk.
    Sent(Place),
    /// Refused for good; the person decides.
    Failed(NackCode),
    /// Waited too long, or came back after a restore; the person decides.
    Held,
    /// The person took it back.
    Discarded,
}

/// Where an own entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its place in the stream.
    pub seq: Seq,
    /// Its id.
    pub message_id: MessageId,
    /// The desk's time.
    pub ts: Timestamp,
}
