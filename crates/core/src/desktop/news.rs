//! What a session tells the desktop.

use std::fmt;

use deskbell_wire::{MessageId, Seq, Timestamp, VisitorId};

use super::Kind;

/// News of a running session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Something happened that a person may want to be told.
    Occasion(Occasion),
    /// It is over: read, answered, taken by somebody, withdrawn.
    Over(Over),
    /// How things stand, whole, whenever it differs from the last time.
    Facts(Box<Facts>),
    /// The chats of this operator in which the visitor had the last word, whole, whenever they differ from the last
    /// time; `since`: the first of the words that nobody has answered.
    Unanswered(Vec<Guest>),
}

/// What an alert is about. Each has at most one alert at a time, which the next occasion replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The invitation that waits for this visitor.
    Invitation(MessageId),
    /// New words in this visitor's chat; for the visitor, in the own one.
    Words(VisitorId),
    /// The visitor's chat was closed by the desk's side.
    Closed(VisitorId),
    /// This visitor waits for an operator.
    Waiting(VisitorId),
    /// This visitor's last words have had no answer for the time that the person chose.
    Unanswered(VisitorId),
    /// This visitor's chat was handed to a group of this operator, or to everybody.
    Transfer(VisitorId),
    /// A request (an offline message, a call-back) was left to be worked off.
    Request(MessageId),
}

impl Subject {
    /// Which setting of the person's it goes by.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Invitation(_) => Kind::Invitation,
            Self::Words(_) => Kind::Words,
            Self::Closed(_) => Kind::Closed,
            Self::Waiting(_) => Kind::Waiting,
            Self::Unanswered(_) => Kind::Unanswered,
            Self::Transfer(_) => Kind::Transfer,
            Self::Request(_) => Kind::Request,
        }
    }

    /// The conversation that it leads to, where it is one of an operator's.
    pub const fn visitor(self) -> Option<VisitorId> {
        match self {
            Self::Words(visitor)
            | Self::Closed(visitor)
            | Self::Waiting(visitor)
            | Self::Unanswered(visitor)
            | Self::Transfer(visitor) => Some(visitor),
            Self::Invitation(_) | Self::Request(_) => None,
        }
    }
}

/// Something happened.
#[derive(Clone, PartialEq, Eq)]
pub struct Occasion {
    /// About what.
    pub subject: Subject,
    /// The event that it is, where the log has it: told once, however often it comes.
    pub event: Option<MessageId>,
    /// Its place in the conversation: read up to here, it is over.
    pub seq: Option<Seq>,
    /// Who, as the person knows them: an operator's name, a visitor's. Never markup.
    pub who: Option<String>,
    /// The words. Never markup.
    pub words: Option<String>,
    /// It came as it happened, and not after an absence.
    pub live: bool,
    /// When, by the desk's clock.
    pub ts: Timestamp,
}

impl fmt::Debug for Occasion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Occasion")
            .field("subject", &self.subject)
            .field("seq", &self.seq)
            .finish_non_exhaustive()
    }
}

/// An occasion is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Whatever it was about.
    Subject(Subject),
    /// Everything in this conversation up to here was read, on this device or another one.
    Read(VisitorId, Seq),
    /// Everything: signed out, another visitor, another desk.
    Everything,
}

/// Which face the session has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A visitor's.
    Visitor,
    /// An operator's.
    Operator,
}

/// The line to the desk, as the tray shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Up.
    Up,
    /// Being looked for; what is written goes out by itself.
    Down,
    /// Ended for a reason that a person has to look at (signed out, wrong key, revoked).
    Ended,
}

/// How things stand, for the tray and the badge.
#[derive(Clone, PartialEq, Eq)]
pub struct Facts {
    /// Whose session.
    pub side: Side,
    /// The line.
    pub line: Line,
    /// For an operator: takes chats. For a visitor: somebody is there.
    pub online: bool,
    /// An operator is signed in; always true for a visitor.
    pub signed_in: bool,
    /// Messages that the person has not read.
    pub unread: u64,
    /// Visitors who wait for an operator, the longest wait first.
    pub waiting: Vec<Guest>,
    /// The invitation that waits for the visitor, with the name of who invites, where there is one.
    pub invitation: Option<(MessageId, Option<String>)>,
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Facts")
            .field("line", &self.line)
            .field("unread", &self.unread)
            .finish_non_exhaustive()
    }
}

/// A visitor who waits.
#[derive(Clone, PartialEq, Eq)]
pub struct Guest {
    /// Who.
    pub visitor: VisitorId,
    /// What the visitor is called, where it is known.
    pub name: Option<String>,
    /// Since when.
    pub since: Timestamp,
}

impl fmt::Debug for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guest").field("visitor", &self.visitor).finish_non_exhaustive()
    }
}
