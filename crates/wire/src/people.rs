//! Who is there: visitors as operators see them, operators as visitors see them, and availability.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{ChatId, OperatorId, Seq, StreamId, Timestamp};

/// An operator as anybody may see one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorCard {
    /// Who.
    pub id: OperatorId,
    /// At most 200 characters.
    pub name: String,
    /// "Support", "Sales" …; may be empty.
    pub position: String,
}

impl fmt::Debug for OperatorCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OperatorCard({})", self.id)
    }
}

/// What an operator says of himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorStatus {
    /// Takes chats.
    Online,
    /// Signed in, takes none.
    Away,
}

/// One of the two ends of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The visitor's devices.
    Visitor,
    /// The operators.
    Operator,
}

/// A visitor's state as the visitor's own form knows it (`getState()`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitorState {
    /// No chat is open.
    Available,
    /// A chat is open.
    Chat,
}

/// A visitor's state as operators see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitorStatus {
    /// Connected, no chat.
    OnSite,
    /// A chat is open and no operator has answered in it.
    Waiting,
    /// A chat is open and an operator is in it.
    InChat,
    /// Not connected, no chat.
    Gone,
}

/// Is an operator with status online there?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// At least one operator of the site.
    pub online: bool,
}

/// A row of the operators' list of visitors.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorRow {
    /// The visitor's public stream.
    pub stream: StreamId,
    /// What the visitor is called, where it is known.
    pub name: Option<String>,
    /// On site, waiting …
    pub status: VisitorStatus,
    /// Since when.
    pub since: Timestamp,
    /// Is one of the visitor's devices connected?
    pub connected: bool,
    /// The open chat, if there is one.
    pub chat_id: Option<ChatId>,
    /// Who is in it.
    pub operator: Option<OperatorCard>,
    /// The last event of the stream (C4).
    pub head: Seq,
    /// The last message of the stream.
    pub last: Option<LastWords>,
    /// Visitor's messages that no operator has read.
    pub unread: u64,
}

impl fmt::Debug for VisitorRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VisitorRow({}, {:?}, head {})", self.stream.visitor, self.status, self.head)
    }
}

/// The last message of a stream, cut short for a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastWords {
    /// At most 120 characters, one line.
    pub text: String,
    /// Which end wrote it.
    pub side: Side,
    /// When the desk committed it.
    pub ts: Timestamp,
}

impl fmt::Debug for LastWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LastWords({:?}, {:?})", self.side, self.ts)
    }
}
