//! What a log says of a visitor when it is read from the beginning: the states of the consultant API, worked out a
//! second time.
//!
//! What must always hold: nothing of the desk is used here; a log that the one machine of states cannot have written
//! is named, event by event, and so is a form or a list that shows something else than the log.

use std::collections::{BTreeMap, HashMap, HashSet};

use deskbell_wire::{
    Author, ChatId, Event, EventBody, GroupId, LeadForm, MailOutcome, MessageId, OpenedBy, OperatorId, State,
    VisitorCard, VisitorRow, VisitorState,
};

/// What waits for the visitor's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offer {
    Invite { id: MessageId, by: Option<OperatorId> },
    Lead(LeadForm),
}

/// Where a visitor stands at the end of a log.
#[derive(Debug, Default)]
pub(super) struct Standing {
    chat: Option<ChatId>,
    group: Option<GroupId>,
    members: Vec<OperatorId>,
    offer: Option<Offer>,
    /// Who was in the newest chat that had an operator.
    rateable: Option<(ChatId, OperatorId)>,
    marks: HashMap<(ChatId, OperatorId), Option<u8>>,
    card: VisitorCard,
    consented: u32,
    banned: bool,
    requests: HashSet<MessageId>,
    /// Transcripts on their way. `true`: the visitor was told that it takes longer.
    transcripts: BTreeMap<MessageId, bool>,
    /// Who invited the visitor to the chat that has just opened: he joins next.
    joins_next: Option<OperatorId>,
}

impl Standing {
    /// Reads a log: where it ends, and every event that cannot follow those before it.
    pub(super) fn of(events: &[Event]) -> (Self, Vec<String>) {
        let (mut standing, mut found) = (Self::default(), Vec::new());
        for event in events {
            if let Err(why) = standing.take(event) {
                found.push(format!("{} at {}: {why}", event.body.kind(), event.seq));
            }
        }
        (standing, found)
    }

    fn take(&mut self, event: &Event) -> Result<(), &'static str> {
        let before = self.chat;
        let next = self.joins_next.take();
        let joins = matches!(&event.body, EventBody::Joined { operator } if Some(operator.id) == next);
        test(next.is_none() || joins, "an invitation was accepted, and its author did not join")?;
        self.take_body(event)?;
        // A chat's first event and its last are its own, too.
        test(event.chat_id == self.chat.or(before), "it names another chat")
    }

    fn take_body(&mut self, event: &Event) -> Result<(), &'static str> {
        match &event.body {
            EventBody::Message { .. } => self.said(&event.author),
            EventBody::Opened { by, group } => self.opened(event, *by, *group),
            EventBody::Joined { operator } => self.joined(operator.id),
            EventBody::Left { operator } => {
                let before = self.members.len();
                self.members.retain(|member| member != operator);
                test(self.chat.is_some() && self.members.len() < before, "he was not in it")
            }
            EventBody::Closed { .. } => {
                self.members.clear();
                self.group = None;
                test(self.chat.take().is_some(), "no chat is open")
            }
            EventBody::Moved { group, .. } => {
                self.group = *group;
                test(self.chat.is_some(), "no chat is open")
            }
            EventBody::Invited { operator, .. } => {
                let by = operator.as_ref().map(|operator| operator.id);
                self.offered(Offer::Invite { id: event.message_id, by })
            }
            EventBody::InviteEnded { .. } => {
                test(matches!(self.offer.take(), Some(Offer::Invite { .. })), "no invitation waits")
            }
            EventBody::LeadShown { form } => self.offered(Offer::Lead(*form)),
            EventBody::LeadEnded { .. } => {
                test(matches!(self.offer.take(), Some(Offer::Lead(_))), "no form is shown")
            }
            other => self.take_beside(event, other),
        }
    }

    /// What is no part of a chat.
    fn take_beside(&mut self, event: &Event, body: &EventBody) -> Result<(), &'static str> {
        match body {
            EventBody::Rated { operator, mark } => {
                let (chat, rated) = self.rateable.ok_or("there is nobody to rate")?;
                self.marks.insert((chat, rated), *mark);
                test(rated == operator.id, "the mark is for somebody else")
            }
            EventBody::CardSaved { card } => {
                self.card = card.clone();
                Ok(())
            }
            EventBody::Consented { version } => {
                self.consented = self.consented.max(*version);
                Ok(())
            }
            EventBody::Banned { banned } => {
                self.banned = *banned;
                test(!banned || (self.chat.is_none() && self.offer.is_none()), "something is still open")
            }
            EventBody::Requested(_) => {
                self.requests.insert(event.message_id);
                Ok(())
            }
            EventBody::Settled { request, .. } => test(self.requests.contains(request), "no such request"),
            EventBody::TranscriptAsked { .. } => {
                self.transcripts.insert(event.message_id, false);
                Ok(())
            }
            EventBody::TranscriptEnded { asked, outcome } => {
                let told = self.transcripts.remove(asked).ok_or("no such transcript waits")?;
                if *outcome == MailOutcome::Delayed {
                    self.transcripts.insert(*asked, true);
                    return test(!told, "that was said before");
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn said(&self, author: &Author) -> Result<(), &'static str> {
        test(self.chat.is_some(), "no chat is open")?;
        match author {
            Author::Operator(card) => test(self.members.contains(&card.id), "he is not in the chat"),
            Author::Visitor | Author::System => Ok(()),
        }
    }

    fn opened(&mut self, event: &Event, by: OpenedBy, group: Option<GroupId>) -> Result<(), &'static str> {
        test(self.chat.is_none() && event.chat_id.is_some(), "a chat is open")?;
        test(!self.banned, "he is kept out")?;
        (self.chat, self.group) = (event.chat_id, group);
        match self.offer.take() {
            Some(Offer::Invite { by: who, .. }) => {
                self.joins_next = who;
                test(by == OpenedBy::Invite, "an invitation waits")
            }
            Some(Offer::Lead(_)) => Err("a form is shown"),
            None => Ok(()),
        }
    }

    fn joined(&mut self, operator: OperatorId) -> Result<(), &'static str> {
        let chat = self.chat.ok_or("no chat is open")?;
        test(!self.members.contains(&operator), "he is in it already")?;
        self.members.push(operator);
        self.rateable = Some((chat, operator));
        Ok(())
    }

    fn offered(&mut self, offer: Offer) -> Result<(), &'static str> {
        test(self.chat.is_none() && self.offer.is_none(), "something else is open")?;
        test(!self.banned, "he is kept out")?;
        self.offer = Some(offer);
        Ok(())
    }

    fn state(&self) -> VisitorState {
        match (self.chat, self.offer) {
            (Some(_), _) => VisitorState::Chat,
            (None, Some(Offer::Invite { .. })) => VisitorState::Invite,
            (None, Some(Offer::Lead(_))) => VisitorState::Lead,
            (None, None) => VisitorState::Available,
        }
    }

    /// What a visitor's form shows differently.
    pub(super) fn differs_from(&self, shown: &State) -> Option<String> {
        let invite = self.offer.and_then(|offer| match offer {
            Offer::Invite { id, .. } => Some(id),
            Offer::Lead(_) => None,
        });
        let rating = self.rateable.map(|rated| (rated.0, self.marks.get(&rated).copied().flatten()));
        let shown_rating = shown.rating.map(|rating| (rating.chat_id, rating.mark));
        let operator = shown.operator.as_ref().map(|card| card.id);
        let checks = [
            (
                shown.visitor_state == self.state(),
                format!("{:?} for {:?}", shown.visitor_state, self.state()),
            ),
            (shown.invite.as_ref().map(|invite| invite.id) == invite, "another invitation".to_owned()),
            (operator == self.members.last().copied(), "another operator".to_owned()),
            (shown.group == self.group, "another group".to_owned()),
            (shown_rating == rating, format!("the mark {shown_rating:?} for {rating:?}")),
            (shown.card == self.card, "another card".to_owned()),
            (shown.consented == self.consented, "another consent".to_owned()),
        ];
        checks.into_iter().find(|(same, _)| !same).map(|(_, says)| says)
    }

    /// What the operators' list shows differently.
    pub(super) fn differs_in(&self, row: &VisitorRow) -> Option<String> {
        let operator = row.operator.as_ref().map(|card| card.id);
        let checks = [
            (row.chat_id == self.chat, "another chat"),
            (operator == self.members.last().copied(), "another operator"),
            (row.group == self.group, "another group"),
            (row.name.clone().unwrap_or_default() == self.card.name, "another name"),
        ];
        checks.into_iter().find(|(same, _)| !same).map(|(_, says)| says.to_owned())
    }
}

fn test(good: bool, says: &'static str) -> Result<(), &'static str> {
    if good { Ok(()) } else { Err(says) }
}
