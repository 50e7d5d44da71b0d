//! What people do in a chat ([`SendBody`]) and what became of it ([`EventBody`]).
//!
//! A send is a wish, an event is a fact; a send may cause several events (a first message opens the chat, too).
//! The kind of an entry is the tag of its body.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::OperatorId;
use crate::people::OperatorCard;

/// What a person asks for. Carried by `send`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SendBody {
    /// Words. A visitor's message opens a chat where none is open.
    Message {
        /// 1 to 8,000 characters.
        text: String,
    },
    /// The visitor opens a chat.
    Start {},
    /// Either side ends the chat.
    Close {},
}

/// What happened. Carried by `event`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventBody {
    /// Words.
    Message {
        /// As they were sent.
        text: String,
    },
    /// A chat began.
    Opened {
        /// What opened it.
        by: OpenedBy,
    },
    /// An operator joined the chat.
    Joined {
        /// Who.
        operator: OperatorCard,
    },
    /// The operator left the chat.
    Left {
        /// Who.
        operator: OperatorId,
    },
    /// The chat ended.
    Closed {
        /// Why.
        reason: CloseReason,
    },
}

/// What opened a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenedBy {
    /// The visitor asked for it.
    Start,
    /// The visitor's first message.
    Message,
}

/// Why a chat ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The operator closed it.
    ClosedByOperator,
    /// The visitor closed it.
    ClosedByVisitor,
    /// Nobody wrote for too long.
    ClosedByTimeout,
}

/// Who did it. Set by the desk alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The visitor whose stream it is.
    Visitor,
    /// An operator.
    Operator(OperatorCard),
    /// The desk itself.
    System,
}

impl SendBody {
    /// The kind's name on the wire, for logs and errors.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Message { .. } => "message",
            Self::Start {} => "start",
            Self::Close {} => "close",
        }
    }

    /// A refused message stops its stream's queue; a refused verb is reported and dropped.
    pub fn is_message(&self) -> bool {
        matches!(self, Self::Message { .. })
    }
}

impl EventBody {
    /// The kind's name on the wire, for logs and errors.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Message { .. } => "message",
            Self::Opened { .. } => "opened",
            Self::Joined { .. } => "joined",
            Self::Left { .. } => "left",
            Self::Closed { .. } => "closed",
        }
    }
}

impl fmt::Debug for SendBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SendBody({})", self.kind())
    }
}

impl fmt::Debug for EventBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventBody({})", self.kind())
    }
}
