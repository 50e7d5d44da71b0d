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

#[cfg(test)]
mod tests {
    use deskbell_wire::{CloseReason, OpenedBy, OperatorCard, SiteKey, StreamId, VisitorId};
    use uuid::Uuid;

    use super::*;

    const ME: OperatorId = OperatorId(Uuid::from_u128(1));
    const OTHER: OperatorId = OperatorId(Uuid::from_u128(2));

    fn card(id: OperatorId) -> OperatorCard {
        OperatorCard { id, name: "Anna".to_owned(), position: String::new() }
    }

    fn event(seq: Seq, author: Author, body: EventBody) -> Event {
        Event {
            stream: StreamId::public(SiteKey::main(), VisitorId(Uuid::nil())),
            seq,
            message_id: MessageId(Uuid::from_u128(seq.into())),
            chat_id: None,
            author,
            ts: Timestamp(seq.cast_signed() * 10),
            body,
            uid: None,
        }
    }

    fn opened(seq: Seq) -> Event {
        event(seq, Author::Visitor, EventBody::Opened { by: OpenedBy::Start, group: None })
    }

    fn joined(seq: Seq, who: OperatorId) -> Event {
        event(seq, Author::Operator(card(who)), EventBody::Joined { operator: card(who) })
    }

    fn left(seq: Seq, who: OperatorId) -> Event {
        event(seq, Author::Operator(card(who)), EventBody::Left { operator: who })
    }

    fn moved(seq: Seq, by: OperatorId) -> Event {
        let (group, name) = (Some(GroupId(3)), "Sales".to_owned());
        event(seq, Author::Operator(card(by)), EventBody::Moved { group, name })
    }

    fn words(seq: Seq, author: Author) -> Event {
        event(seq, author, EventBody::Message { text: "Hello".to_owned(), file: None })
    }

    fn after(events: &[Event]) -> Talk {
        let mut talk = Talk::default();
        events.iter().for_each(|event| talk.follow(event, ME));
        talk
    }

    #[test]
    fn whose_a_chat_is_follows_from_who_comes_and_goes() {
        let closed = event(9, Author::System, EventBody::Closed { reason: CloseReason::ClosedByTimeout });
        for (events, whose) in [
            (vec![], Whose::Nobodys),
            (vec![opened(1)], Whose::Anybodys),
            (vec![opened(1), joined(2, OTHER)], Whose::Others),
            (vec![opened(1), joined(2, OTHER), joined(3, ME)], Whose::Mine),
            (vec![opened(1), joined(2, ME), left(3, ME)], Whose::Anybodys),
            (vec![opened(1), joined(2, ME), closed.clone()], Whose::Nobodys),
            (vec![opened(1), joined(2, ME), closed, opened(10)], Whose::Anybodys),
        ] {
            assert_eq!(after(&events).whose(ME), whose, "{events:?}");
        }
        let mut others = after(&[opened(1), moved(2, OTHER)]);
        others.foreign = true;
        assert_eq!((others.whose(ME), others.group), (Whose::Others, Some(GroupId(3))));
    }

    #[test]
    fn a_chat_calls_again_when_it_is_left_or_handed_over_by_somebody_else() {
        let mut talk = after(&[opened(1), joined(2, OTHER)]);
        talk.told = true;
        talk.follow(&left(3, OTHER), ME);
        assert_eq!((talk.told, talk.deserted.map(|cause| cause.seq)), (false, Some(3)));
        talk.told = true;
        talk.follow(&moved(4, OTHER), ME);
        assert_eq!((talk.told, talk.handed.map(|cause| cause.own)), (false, Some(false)));
        talk.follow(&joined(5, OTHER), ME);
        assert_eq!((talk.handed, talk.deserted), (None, None));
        let mine = after(&[opened(1), joined(2, ME), moved(3, ME), left(4, ME)]);
        assert!(mine.told && mine.handed.is_some_and(|cause| cause.own), "who did it knows");
        let before = Talk::from_history(&[opened(1), moved(2, OTHER)], ME);
        assert!(before.told && before.handed.is_none(), "what was before is no news");
    }

    #[test]
    fn a_visitor_waits_for_an_answer_since_the_first_word_that_had_none() {
        let operator = || Author::Operator(card(OTHER));
        let asked = |events: &[Event]| after(events).asked.map(|ts| ts.0);
        assert_eq!(asked(&[opened(1), words(2, Author::Visitor), words(3, Author::Visitor)]), Some(20));
        assert_eq!(asked(&[opened(1), words(2, Author::Visitor), words(3, Author::System)]), Some(20));
        assert_eq!(asked(&[opened(1), words(2, Author::Visitor), words(3, operator())]), None);
        let again = [words(2, Author::Visitor), words(3, operator()), words(4, Author::Visitor)];
        assert_eq!(asked(&again), Some(40));
    }
}
