//! Typing: the present, told as it happens, kept nowhere.
//!
//! What must always hold: operators see a visitor's words so far; a visitor never sees an operator's; sending and
//! leaving end it.

use std::collections::HashSet;

use deskbell_wire::limits::TEXT_CHARS;
use deskbell_wire::{DeskFrame, Ephemeral, Heard, Side, StreamId, Timestamp};

use super::fanout::encoded;
use super::io::{Class, ConnId, Output};
use super::person::PersonKey;
use super::policy::Wish;
use super::{Desk, Farewell};

/// Milliseconds for which a visitor's words are gathered.
const GATHER_MS: i64 = 100;

/// Whose words changed since operators were last told.
#[derive(Default)]
pub(super) struct Typing {
    changed: HashSet<PersonKey>,
    told_at: Timestamp,
}

impl Typing {
    pub(super) fn wakes_at(&self) -> Option<Timestamp> {
        (!self.changed.is_empty()).then_some(Timestamp(self.told_at.0 + GATHER_MS))
    }
}

impl Desk {
    pub(super) fn types(&mut self, conn: ConnId, said: Ephemeral) -> Result<(), Farewell> {
        let known = self.key_of(&said.stream).filter(|key| self.may(conn, *key, Wish::Type));
        let Some(key) = known.filter(|_| said.text.chars().count() <= TEXT_CHARS) else { return Ok(()) };
        if self.is_operator(conn) {
            self.operator_types(conn, key, said.typing);
        } else if said.typing {
            if let Some(person) = self.people.get_mut(key) {
                person.typing = Some((conn, said.text.into()));
                self.typing.changed.insert(key);
            }
        } else {
            self.visitor_stops(key);
        }
        Ok(())
    }

    /// Tells operators who types what, at most ten times a second: a key held down must not cost everybody's line.
    pub(super) fn tell_typing(&mut self) {
        // A clock that was set back must not silence anybody.
        let due = !(0..GATHER_MS).contains(&(self.now.0 - self.typing.told_at.0));
        if self.typing.changed.is_empty() || !due {
            return;
        }
        self.typing.told_at = self.now;
        for key in std::mem::take(&mut self.typing.changed) {
            let Some(person) = self.people.get(key) else { continue };
            if let Some((_, text)) = &person.typing {
                let frame = heard((*person.stream).clone(), Side::Visitor, true, text.to_string());
                self.tell_operators(key, &frame);
            }
        }
    }

    /// What an operator who comes to work should see being typed.
    pub(super) fn tell_typing_to(&mut self, conn: ConnId) {
        let typing: Vec<DeskFrame> = self
            .people
            .iter()
            .filter(|(key, person)| person.typing.is_some() && self.may(conn, **key, Wish::Follow))
            .filter_map(|(_, person)| {
                let (_, text) = person.typing.as_ref()?;
                Some(heard((*person.stream).clone(), Side::Visitor, true, text.to_string()))
            })
            .collect();
        for frame in &typing {
            self.answer(conn, frame);
        }
    }

    /// The operator types: for a visitor's device that comes just now.
    pub(super) fn tell_answering_to(&mut self, conn: ConnId, key: PersonKey) {
        if let Some(person) = self.people.get(key) {
            let frame = heard((*person.stream).clone(), Side::Operator, true, String::new());
            self.answer(conn, &frame);
        }
    }

    /// A message ends the typing of its side.
    pub(super) fn sent_clears_typing(&mut self, key: PersonKey, side: Side, conn: ConnId) {
        match side {
            Side::Visitor => self.visitor_stops(key),
            Side::Operator => self.operator_types(conn, key, false),
        }
    }

    /// A connection that is gone types no more.
    pub(super) fn gone_clears_typing(&mut self, key: PersonKey, conn: ConnId) {
        let Some(person) = self.people.get(key) else { return };
        if person.typing.as_ref().is_some_and(|(typist, _)| *typist == conn) {
            self.visitor_stops(key);
        }
    }

    /// An operator's connection that is gone types nowhere.
    pub(super) fn gone_clears_answering(&mut self, conn: ConnId) {
        let where_to: Vec<PersonKey> = self
            .people
            .iter()
            .filter(|(_, person)| person.answering == Some(conn))
            .map(|(key, _)| *key)
            .collect();
        for key in where_to {
            self.operator_types(conn, key, false);
        }
    }

    fn visitor_stops(&mut self, key: PersonKey) {
        let Some(person) = self.people.get_mut(key) else { return };
        if person.typing.take().is_some() {
            let stream = (*person.stream).clone();
            self.tell_operators(key, &heard(stream, Side::Visitor, false, String::new()));
        }
    }

    fn operator_types(&mut self, conn: ConnId, key: PersonKey, typing: bool) {
        let Some(person) = self.people.get_mut(key) else { return };
        let now = typing.then_some(conn);
        if person.answering.is_none() && now.is_none() {
            return;
        }
        person.answering = now;
        let frame = heard((*person.stream).clone(), Side::Operator, typing, String::new());
        let Some(text) = encoded(&frame) else { return };
        for to in &person.conns {
            self.outputs.push(Output::Frame { to: *to, text: text.clone(), class: Class::Passing });
        }
    }
}

fn heard(stream: StreamId, side: Side, typing: bool, text: String) -> DeskFrame {
    DeskFrame::Ephemeral(Heard { stream, side, typing, text })
}
