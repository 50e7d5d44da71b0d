//! A chat as far as alerts go: who is in it, since when nobody is, since when the visitor has had no answer.
//!
//! What must always hold: it follows from the events alone, in their order; where they begin in the middle of a chat,
//! the list says who is in it.

use std::collections::BTreeSet;

use deskbell_wire::{Author, Event, EventBody, GroupId, MessageId, OperatorId, Seq, Timestamp, VisitorRow};

/// An open chat, or none.
#[derive(Debug, Default)]
pub(super) struct Talk {
    pub(super) open: bool,
    members: BTreeSet<OperatorId>,
    /// What made it a chat that nobody is in.
    pub(super) deserted: Option<Cause>,
    /// It was handed to others, and nobody has taken it since.
    pub(super) handed: Option<Cause>,
    /// Who may answer; `None`: everybody.
    pub(super) group: Option<GroupId>,
    /// The group is none of this operator's.
    pub(super) foreign: bool,
    /// The first words of the visitor that have had no answer.
    pub(super) asked: Option<Timestamp>,
    /// That it waits was told.
    pub(super) told: bool,
}

/// An event that something follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cause {
    pub(super) event: MessageId,
    pub(super) seq: Seq,
    pub(super) ts: Timestamp,
    /// This operator did it.
    pub(super) own: bool,
}

/// Whose it is to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// No chat is open.
    Nobodys,
    /// This operator is in it.
    Mine,
    /// Nobody is in it.
    Anybodys,
    /// Others are in it, or it is for others.
    Others,
}

impl Talk {
    /// What it was before, from the events that are held.
    pub(super) fn from_history(events: &[Event], me: OperatorId) -> Self {
        let mut talk = Self::default();
        events.iter().for_each(|event| talk.follow(event, me));
        // Of what was before the program began nothing is news.
        (talk.told, talk.handed) = (true, None);
        talk
    }

    /// One event more.
    pub(super) fn follow(&mut self, event: &Event, me: OperatorId) {
        let own = matches!(&event.author, Author::Operator(card) if card.id == me);
        let cause = Cause { event: event.message_id, seq: event.seq, ts: event.ts, own };
        match &event.body {
            EventBody::Opened { group, .. } => {
                *self = Self { open: true, deserted: Some(cause), group: *group, ..Self::default() };
            }
            EventBody::Joined { operator } => {
                self.members.insert(operator.id);
                (self.deserted, self.handed) = (None, None);
            }
            EventBody::Left { operator } => {
                self.members.remove(operator);
                if self.members.is_empty() {
                    (self.deserted, self.told) = (Some(cause), own);
                }
            }
            EventBody::Moved { group, .. } => {
                (self.handed, self.group, self.told) = (Some(cause), *group, own)
            }
            EventBody::Closed { .. } => *self = Self::default(),
            EventBody::Message { .. } => match event.author {
                Author::Visitor => drop(self.asked.get_or_insert(event.ts)),
                Author::Operator(_) => self.asked = None,
                Author::System => {}
            },
            _ => {}
        }
    }

    /// A chat of which the beginning is not held: the list knows who is in it.
    pub(super) fn fill_from(&mut self, row: &VisitorRow) {
        if !self.open && row.chat_id.is_some() {
            self.open = true;
            self.group = row.group;
            self.members.extend(row.operator.as_ref().map(|card| card.id));
        }
    }

    /// Whose it is.
    pub(super) fn whose(&self, me: OperatorId) -> Whose {
        if !self.open {
            Whose::Nobodys
        } else if self.foreign {
            Whose::Others
        } else if self.members.contains(&me) {
            Whose::Mine
        } else if self.members.is_empty() {
            Whose::Anybodys
        } else {
            Whose::Others
        }
    }
}
