//! What people do in a chat ([`SendBody`]) and what became of it ([`EventBody`]).
//!
//! A send is a wish, an event is a fact; a send may cause several events (a first message opens the chat, too).
//! The kind of an entry is the tag of its body.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::file::FileCard;
use crate::ids::{FileId, GroupId, MessageId, OperatorId, Timestamp};
use crate::people::{OperatorCard, VisitorCard};
use crate::request::{LeadEnd, LeadForm, Request};

/// What a person asks for. Carried by `send`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SendBody {
    /// Words, a file, or both. A visitor's message opens a chat where none is open.
    Message {
        /// 1 to 8,000 characters; with a file 0 to 8,000.
        text: String,
        /// A visitor's: for which group, where it opens a chat.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
        /// A file whose upload by this very device, for this very stream, is whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<FileId>,
    },
    /// The visitor opens a chat.
    Start {},
    /// Either side ends the chat.
    Close {},
    /// The visitor accepts an invitation: a chat begins.
    Accept {
        /// The id of the `invited` event.
        invite: MessageId,
    },
    /// The visitor declines an invitation.
    Reject {
        /// The id of the `invited` event.
        invite: MessageId,
    },
    /// The visitor marks the operator of the newest chat.
    Rate {
        /// 1 to 5; `None` takes the mark back.
        mark: Option<u8>,
    },
    /// The visitor, or an operator for him, says what he is called and how he can be reached. What is there stays:
    /// see [`VisitorCard::with`].
    Card {
        /// At most 200 characters; `None` or empty changes nothing.
        name: Option<String>,
        /// At most 5.
        emails: Vec<String>,
        /// At most 5.
        phones: Vec<String>,
    },
    /// The visitor wants the correspondence by e-mail.
    Transcript {
        /// To whom.
        email: String,
        /// In which language.
        #[serde(default)]
        lang: Lang,
        /// Minutes that the visitor's clocks are ahead of UTC.
        #[serde(default)]
        zone_min: i16,
    },
    /// The visitor leaves something to be worked off.
    Request(Request),
    /// The visitor closes the lead form.
    CancelLead {},
    /// The visitor agrees to the site's terms.
    Consent {
        /// Which version of them.
        version: u32,
    },
    /// An operator invites a visitor who has no chat.
    Invite {
        /// 1 to 8,000 characters.
        text: String,
    },
    /// An operator takes his invitation, or a colleague's, back.
    Withdraw {},
    /// An operator takes the chat, without a word yet.
    Join {},
    /// An operator leaves the chat to others.
    Leave {},
    /// An operator moves the chat to a group; `None`: to everybody.
    Move {
        /// Which.
        group: Option<GroupId>,
    },
    /// An operator has worked a request off, or has not after all.
    Settle {
        /// The id of the `requested` event.
        request: MessageId,
        /// Is it?
        done: bool,
    },
    /// An operator keeps a visitor out, or lets him in again.
    Ban {
        /// Out?
        banned: bool,
    },
}

/// What happened. Carried by `event`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventBody {
    /// Words, a file, or both.
    Message {
        /// As they were sent; with a file it may be empty.
        text: String,
        /// The file. It is read by the id of this event.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<FileCard>,
    },
    /// A chat began.
    Opened {
        /// What opened it.
        by: OpenedBy,
        /// For which group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
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
    /// The chat is for another group now.
    Moved {
        /// Which; `None`: for everybody.
        group: Option<GroupId>,
        /// What it is called; empty for everybody.
        name: String,
    },
    /// The visitor was invited to a chat.
    Invited {
        /// The words.
        text: String,
        /// Who invites; `None`: a rule of the site.
        operator: Option<OperatorCard>,
        /// Until when it can be answered.
        expires: Option<Timestamp>,
    },
    /// An invitation is over without a chat.
    InviteEnded {
        /// Why.
        reason: InviteEnd,
    },
    /// The visitor gave a mark, or took it back.
    Rated {
        /// To whom.
        operator: OperatorCard,
        /// 1 to 5.
        mark: Option<u8>,
    },
    /// The visitor's card as it is now.
    CardSaved {
        /// Whole.
        card: VisitorCard,
    },
    /// A transcript was asked for.
    TranscriptAsked {
        /// To whom it goes.
        email: String,
    },
    /// What became of it.
    TranscriptEnded {
        /// The id of the `transcript_asked` event.
        asked: MessageId,
        /// Sent, not yet, or not at all.
        outcome: MailOutcome,
    },
    /// Something was left to be worked off.
    Requested(Request),
    /// A request was worked off, or is open again.
    Settled {
        /// The id of the `requested` event.
        request: MessageId,
        /// Worked off?
        done: bool,
    },
    /// A lead form is shown to the visitor.
    LeadShown {
        /// Which.
        form: LeadForm,
    },
    /// It is no longer shown.
    LeadEnded {
        /// Why.
        reason: LeadEnd,
    },
    /// The visitor agreed to the site's terms.
    Consented {
        /// Which version of them.
        version: u32,
    },
    /// The visitor is kept out, or let in again.
    Banned {
        /// Out?
        banned: bool,
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
    /// The visitor accepted an invitation, by a click or by answering.
    Invite,
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
    /// The visitor went away and did not come back.
    VisitorDisconnected,
    /// An operator keeps the visitor out.
    VisitorBanned,
}

/// Why an invitation is over without a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteEnd {
    /// The visitor declined.
    Rejected,
    /// Nobody answered in time.
    Expired,
    /// An operator took it back.
    Withdrawn,
}

/// Languages of what the desk writes by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailOutcome {
    /// The mail server took it.
    Sent,
    /// The mail server is busy or away: the desk goes on trying.
    Delayed,
    /// The mail server refused it for good.
    Refused,
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
    /// Words, for no group.
    pub fn message(text: impl Into<String>) -> Self {
        Self::Message { text: text.into(), group: None, file: None }
    }

    /// The kind's name on the wire, for logs and errors.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Message { .. } => "message",
            Self::Start {} => "start",
            Self::Close {} => "close",
            Self::Accept { .. } => "accept",
            Self::Reject { .. } => "reject",
            Self::Rate { .. } => "rate",
            Self::Card { .. } => "card",
            Self::Transcript { .. } => "transcript",
            Self::Request(_) => "request",
            Self::CancelLead {} => "cancel_lead",
            Self::Consent { .. } => "consent",
            Self::Invite { .. } => "invite",
            Self::Withdraw {} => "withdraw",
            Self::Join {} => "join",
            Self::Leave {} => "leave",
            Self::Move { .. } => "move",
            Self::Settle { .. } => "settle",
            Self::Ban { .. } => "ban",
        }
    }

    /// A refused message stops its stream's queue; a refused verb is reported and dropped.
    pub fn is_message(&self) -> bool {
        matches!(self, Self::Message { .. })
    }

    /// The upload that must be whole before it goes out.
    pub fn file(&self) -> Option<FileId> {
        match self {
            Self::Message { file, .. } => *file,
            _ => None,
        }
    }
}

impl EventBody {
    /// Words, without a file.
    pub fn message(text: impl Into<String>) -> Self {
        Self::Message { text: text.into(), file: None }
    }

    /// The file that it carries.
    pub fn file(&self) -> Option<&FileCard> {
        match self {
            Self::Message { file, .. } => file.as_ref(),
            _ => None,
        }
    }

    /// The kind's name on the wire, for logs and errors.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Message { .. } => "message",
            Self::Opened { .. } => "opened",
            Self::Joined { .. } => "joined",
            Self::Left { .. } => "left",
            Self::Closed { .. } => "closed",
            Self::Moved { .. } => "moved",
            Self::Invited { .. } => "invited",
            Self::InviteEnded { .. } => "invite_ended",
            Self::Rated { .. } => "rated",
            Self::CardSaved { .. } => "card_saved",
            Self::TranscriptAsked { .. } => "transcript_asked",
            Self::TranscriptEnded { .. } => "transcript_ended",
            Self::Requested(_) => "requested",
            Self::Settled { .. } => "settled",
            Self::LeadShown { .. } => "lead_shown",
            Self::LeadEnded { .. } => "lead_ended",
            Self::Consented { .. } => "consented",
            Self::Banned { .. } => "banned",
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
