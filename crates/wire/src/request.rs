//! What a visitor leaves for operators to work off: an offline message, a call-back, a lead.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, MessageId, StreamId, Timestamp};
use crate::people::OperatorCard;

/// Something to be worked off.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// A message that was left while nobody was there.
    Offline {
        /// At most 200 characters; may be empty.
        name: String,
        /// May be empty.
        email: String,
        /// May be empty.
        phone: String,
        /// 1 to 8,000 characters.
        text: String,
        /// For whom.
        group: Option<GroupId>,
    },
    /// The visitor wants to be called.
    Callback {
        /// At most 200 characters; may be empty.
        name: String,
        /// Whom to call.
        phone: String,
        /// Who should call.
        group: Option<GroupId>,
        /// When; `None`: as soon as may be.
        at: Option<Timestamp>,
    },
    /// A lead form was filled in.
    Lead {
        /// Which.
        form: LeadForm,
        /// At most 20 values by name, at most 2,000 characters each.
        fields: BTreeMap<String, String>,
    },
}

/// The lead forms (§8 of the consultant API).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum LeadForm {
    /// Asks for a phone number.
    CallGenerator,
    /// Asks for a message.
    OfflineMessageGenerator,
    /// Asks for what the site wants to know.
    PersonalForm,
}

/// How a lead form ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadEnd {
    /// Filled in.
    Submitted,
    /// Closed by the visitor.
    Cancelled,
    /// Nobody touched it in time, or a chat began.
    Expired,
}

/// A row of the operators' list of requests.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRow {
    /// The id of the `requested` event.
    pub id: MessageId,
    /// Whose.
    pub stream: StreamId,
    /// When it was left.
    pub ts: Timestamp,
    /// What.
    pub request: Request,
    /// What the visitor is called, where it is known.
    pub visitor: Option<String>,
    /// Who has worked it off.
    pub done_by: Option<OperatorCard>,
}

impl Request {
    /// The kind's name on the wire.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Offline { .. } => "offline",
            Self::Callback { .. } => "callback",
            Self::Lead { .. } => "lead",
        }
    }

    /// The group that it is for.
    pub fn group(&self) -> Option<GroupId> {
        match self {
            Self::Offline { group, .. } | Self::Callback { group, .. } => *group,
            Self::Lead { .. } => None,
        }
    }
}

impl fmt::Debug for RequestRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestRow({}, {:?}, done: {})", self.id, self.request, self.done_by.is_some())
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({})", self.kind())
    }
}
