//! Client → desk. Unknown fields are refused, so that nobody can smuggle in an author or a time.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ask::{Ask, Redeem};
use crate::body::SendBody;
use crate::ids::{DeviceId, Epoch, MessageId, Secret, Seq, SiteKey, StreamId, Timestamp, Uid, VisitorId};
use crate::people::OperatorStatus;

/// Everything that a client may say. Written as `{"name": {…}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// First on every connection that has a token, within 10 s.
    Hello(Hello),
    /// First on a connection of an operator without a token; answered by `signed_in` or `bye`, then `hello` follows.
    SignIn(SignIn),
    /// Everything that a person does in a chat.
    Send(Entry),
    /// A page of a stream.
    Fetch(Fetch),
    /// The newest page of a stream, wherever the client stood.
    Snapshot(Snapshot),
    /// How far this side has received or read.
    Mark(Mark),
    /// Typing. Nothing of it is kept.
    Ephemeral(Ephemeral),
    /// A list and its changes from now on.
    Watch(Watch),
    /// An operator goes online or away.
    Status(OperatorStatus),
    /// First on a connection of a device that is to be linked to a visitor; answered by `linked` or `bye`, then
    /// `hello` follows.
    Redeem(Redeem),
    /// A question, answered by `told` with the same number.
    Ask {
        /// Any number.
        n: u64,
        /// What.
        ask: Ask,
    },
    /// Asks for `pong` with the same number.
    Ping {
        /// Any number.
        n: u64,
    },
}

/// Who connects and what it already has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// See [`crate::PROTO`].
    pub proto: u16,
    /// Which device of the person.
    pub device_id: DeviceId,
    /// Visitor or operator.
    pub who: Identity,
    /// Where the client stands, at most 64.
    pub cursors: Vec<StreamCursor>,
}

/// Who says hello.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Identity {
    /// Registered by this very frame where the desk has never seen the id.
    Visitor {
        /// The site.
        site: SiteKey,
        /// Made on the device.
        visitor_id: VisitorId,
        /// Made on the device.
        token: Secret,
    },
    /// An operator who signed in before.
    Operator {
        /// From `signed_in`.
        token: Secret,
    },
}

/// Login and password of an operator.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// See [`crate::PROTO`].
    pub proto: u16,
    /// Which device of the operator.
    pub device_id: DeviceId,
    /// At most 200 characters.
    pub login: String,
    /// At most 1,000 characters.
    pub password: String,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignIn({})", self.device_id)
    }
}

/// What a device has applied of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// Of which life of the desk.
    pub epoch: Epoch,
    /// The last event applied.
    pub seq: Seq,
    /// That event's id (S9).
    pub message_id: MessageId,
}

/// A cursor and its stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamCursor {
    /// Which stream.
    pub stream: StreamId,
    /// How far.
    pub cursor: Cursor,
}

/// One entry of an outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Where it belongs.
    pub stream: StreamId,
    /// Its name for life.
    pub uid: Uid,
    /// The entry before it that is still in the device's outbox of this stream (C2); `null` for the outbox's head.
    pub prev_uid: Option<Uid>,
    /// What is wished.
    pub body: SendBody,
    /// When the person did it, by the device's clock.
    pub created_at: Timestamp,
}

/// Asks for a `page`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fetch {
    /// Which stream.
    pub stream: StreamId,
    /// From where, in which direction.
    pub from: Bound,
    /// At most 200.
    pub limit: u32,
}

/// The open end of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Events above this seq, oldest first.
    After(Seq),
    /// The events just below this seq; the page is oldest first, too.
    Before(Seq),
}

/// Asks for a `page` of the newest events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// Which stream.
    pub stream: StreamId,
    /// How many of the newest events, at most 200.
    pub tail: u32,
}

/// A receipt. Monotone: a lower one changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Which stream.
    pub stream: StreamId,
    /// Received or read.
    pub kind: MarkKind,
    /// Up to and with this event.
    pub seq: Seq,
}

/// What a receipt says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// On a device.
    Delivered,
    /// Seen by a person.
    Read,
}

/// Typing, as it happens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ephemeral {
    /// Which stream.
    pub stream: StreamId,
    /// Still at it?
    pub typing: bool,
    /// A visitor's words so far, at most 8,000 characters; an operator's are never passed on.
    pub text: String,
}

impl fmt::Debug for Ephemeral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ephemeral({}, {})", self.stream.visitor, self.typing)
    }
}

/// Asks for a `list` and its changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// Which list.
    pub list: ListName,
    /// At most 500 rows, those that matter most first.
    pub limit: u32,
}

/// The lists of a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListName {
    /// The visitors that an operator may see: waiting first, then in chat, then on site, then gone.
    Visitors,
    /// What visitors left to be worked off: open ones first, then the last that were worked off.
    Requests,
}
