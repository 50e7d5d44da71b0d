//! Desk → client. Unknown fields are ignored, so that an older app understands a newer desk.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ask::{Linked, Site, Told};
use crate::body::{Author, EventBody};
use crate::client_frame::ListName;
use crate::ids::{ChatId, Epoch, GroupId, MessageId, Secret, Seq, StreamId, Timestamp, Uid};
use crate::limits::Limits;
use crate::people::{
    Availability, Invitation, OperatorCard, OperatorStatus, Rating, Side, VisitorCard, VisitorRow,
    VisitorState,
};
use crate::request::{LeadForm, RequestRow};
use crate::site::{FormSettings, Way};

/// Everything that a desk may say. Written as `{"name": {…}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskFrame {
    /// The answer to `hello`.
    Welcome(Welcome),
    /// The answer to a good `sign_in`.
    SignedIn(SignedIn),
    /// Something happened in a stream.
    Event(Event),
    /// An entry is durable (S4).
    Ack(Ack),
    /// An entry was not taken.
    Nack(Nack),
    /// The answer to `fetch` and `snapshot`.
    Page(Page),
    /// Pushes of a stream were left out; fetch (S7).
    Lag {
        /// Which stream.
        stream: StreamId,
        /// Its head.
        head: Seq,
    },
    /// A list whole, or its changes.
    List(List),
    /// The requests whole, or their changes.
    Requests(Requests),
    /// What a visitor's form needs to know of the present.
    State(Box<State>),
    /// What a visitor's form needs to know of the site: after welcome, and at every change.
    Form(Box<FormSettings>),
    /// The site, for operators: after welcome, and at every change.
    Site(Box<Site>),
    /// The answer to `ask`.
    Told {
        /// The question's number.
        n: u64,
        /// The answer.
        told: Told,
    },
    /// The answer to a good `redeem`.
    Linked(Linked),
    /// The other side types.
    Ephemeral(Heard),
    /// How far a side has received and read.
    Marks(Marks),
    /// The answer to `ping`.
    Pong {
        /// The ping's number.
        n: u64,
        /// Heads of the streams that this connection follows (C4).
        heads: Vec<StreamHead>,
    },
    /// The desk ends the connection.
    Bye(Bye),
}

/// The session is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// This life of the desk's database.
    pub epoch: Epoch,
    /// What this desk allows.
    pub limits: Limits,
    /// The streams of the hello's cursors, and a visitor's own.
    pub heads: Vec<StreamHead>,
    /// Who the operator is; absent for a visitor.
    pub operator: Option<OperatorCard>,
    /// The status that the operator had; absent for a visitor.
    pub status: Option<OperatorStatus>,
    /// The desk's clock.
    pub now: Timestamp,
}

/// A stream's newest event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamHead {
    /// Which stream.
    pub stream: StreamId,
    /// 0 where it has none.
    pub head: Seq,
    /// What the device holds is of another life of the desk (S9).
    pub reset: bool,
}

/// Login and password were right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Who.
    pub operator: OperatorCard,
    /// For `hello`, now and later. Kept in the keyring.
    pub token: Secret,
}

/// One row of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Which log.
    pub stream: StreamId,
    /// Its place there.
    pub seq: Seq,
    /// Its id.
    pub message_id: MessageId,
    /// The chat it belongs to.
    pub chat_id: Option<ChatId>,
    /// Who did it.
    pub author: Author,
    /// When the desk committed it.
    pub ts: Timestamp,
    /// What happened.
    pub body: EventBody,
    /// The author's name for it; present on the author's own device alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uid>,
}

/// Durable, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// Which entry.
    pub uid: Uid,
    /// Where.
    pub stream: StreamId,
    /// The place of the event that it caused, or of the one that had caused its effect before.
    pub seq: Seq,
    /// That event's id.
    pub message_id: MessageId,
    /// When the desk committed it.
    pub ts: Timestamp,
    /// It was already there.
    pub dup: bool,
}

/// Not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nack {
    /// Which entry.
    pub uid: Uid,
    /// Why.
    pub code: NackCode,
    /// Trying again cannot help.
    pub fatal: bool,
    /// Milliseconds to wait before trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// Why an entry was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NackCode {
    /// The entry before it is not there (S3): send from the first unacknowledged.
    PrevUnknown,
    /// The same uid with another body (S2).
    UidConflict,
    /// Over a limit.
    TooLarge,
    /// Too fast.
    Rate,
    /// The desk is at its limit.
    Busy,
    /// The desk could not write: the outcome is unknown (S5).
    Storage,
    /// It came too late: the chat is over.
    Stale,
    /// No right.
    Forbidden,
    /// It makes no sense.
    Invalid,
    /// The desk is not set up for it (no mail server).
    Unavailable,
    /// The visitor has not yet agreed to the site's terms.
    Consent,
    /// An operator keeps the visitor out.
    Banned,
    /// Too often: not now, and not by itself again.
    Limit,
    /// The upload that the entry refers to is not there, or no longer: the file again, then the entry again.
    FileMissing,
    /// The site takes no files, or none of this type.
    FileType,
    /// Over what a visitor may send in a day, or what the site keeps.
    Quota,
    /// Said by the client itself: the bytes are no longer on this device.
    FileLost,
}

impl NackCode {
    /// The code's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::PrevUnknown => "prev_unknown",
            Self::UidConflict => "uid_conflict",
            Self::TooLarge => "too_large",
            Self::Rate => "rate",
            Self::Busy => "busy",
            Self::Storage => "storage",
            Self::Stale => "stale",
            Self::Forbidden => "forbidden",
            Self::Invalid => "invalid",
            Self::Unavailable => "unavailable",
            Self::Consent => "consent",
            Self::Banned => "banned",
            Self::Limit => "limit",
            Self::FileMissing => "file_missing",
            Self::FileType => "file_type",
            Self::Quota => "quota",
            Self::FileLost => "file_lost",
        }
    }

    /// Can the same entry be taken later?
    pub fn retryable(self) -> bool {
        matches!(self, Self::PrevUnknown | Self::Rate | Self::Busy | Self::Storage | Self::FileMissing)
    }
}

/// Part of a log, oldest first, without a hole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Which log.
    pub stream: StreamId,
    /// Of which life of the desk.
    pub epoch: Epoch,
    /// The seq just below the first event.
    pub base: Seq,
    /// What fits into a frame, at least one where there is one.
    pub events: Vec<Event>,
    /// The log's newest seq.
    pub head: Seq,
}

/// A list or its changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Which list.
    pub list: ListName,
    /// The list is whole: forget what was known of it.
    pub whole: bool,
    /// Grows with every change.
    pub version: u64,
    /// New and changed rows.
    pub rows: Vec<VisitorRow>,
    /// Rows that left.
    pub gone: Vec<StreamId>,
    /// How many rows there are on the desk.
    pub total: u64,
}

/// The present, for a visitor's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// `getState()`.
    pub visitor_state: VisitorState,
    /// `isChatAvailable()`.
    pub availability: Availability,
    /// Who is in the chat.
    pub operator: Option<OperatorCard>,
    /// The group that the open chat is for.
    pub group: Option<GroupId>,
    /// The invitation that waits, in state `invite`.
    pub invite: Option<Invitation>,
    /// The form that is shown, in state `lead`.
    pub lead: Option<LeadForm>,
    /// The newest chat's mark, where the site rates and an operator was in that chat.
    pub rating: Option<Rating>,
    /// The visitor's card.
    pub card: VisitorCard,
    /// Another way that is offered while the chat waits.
    pub retention: Option<Way>,
    /// The version of the consent that was given; 0 where none was.
    pub consented: u32,
}

/// Requests of visitors or their changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// The list is whole: forget what was known of it.
    pub whole: bool,
    /// New and changed rows.
    pub rows: Vec<RequestRow>,
    /// Rows that left.
    pub gone: Vec<MessageId>,
    /// How many are open on the desk.
    pub open: u64,
}

/// The other side types.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// In which stream.
    pub stream: StreamId,
    /// Which end.
    pub side: Side,
    /// Still at it?
    pub typing: bool,
    /// A visitor's words so far; empty for an operator's.
    pub text: String,
}

impl fmt::Debug for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Heard({}, {:?}, {})", self.stream.visitor, self.side, self.typing)
    }
}

/// Receipts of one side of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// Which stream.
    pub stream: StreamId,
    /// Which end.
    pub side: Side,
    /// Up to here it is on a device.
    pub delivered: Seq,
    /// Up to here a person has seen it.
    pub read: Seq,
}

/// Why the desk hangs up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bye {
    /// Why.
    pub code: ByeCode,
    /// Milliseconds to wait before coming back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Where the desk is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<String>,
}

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByeCode {
    /// Another protocol version.
    Version,
    /// Login or password is wrong.
    BadCredentials,
    /// The token is not valid (any more).
    BadToken,
    /// Not a frame, or not one that may come here.
    Protocol,
    /// A newer connection of the same device took over (S8).
    Replaced,
    /// Too many tries or connections.
    Limit,
    /// The client reads too slowly.
    Slow,
    /// The desk stops.
    Stopping,
    /// No such site.
    NoSite,
    /// The one-time code is wrong, used, or over.
    BadCode,
}

impl ByeCode {
    /// May the client come back by itself?
    pub fn retryable(self) -> bool {
        matches!(self, Self::Limit | Self::Slow | Self::Stopping)
    }
}
