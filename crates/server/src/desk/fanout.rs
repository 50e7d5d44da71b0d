//! Who is told what. A frame is encoded once for all who get the same.

use std::collections::HashMap;
use std::sync::Arc;

use deskbell_wire::{DeskFrame, Event, EventBody, encode};

use super::Desk;
use super::conn::{Operator, Post, Stage};
use super::io::{Class, ConnId, Output, Text};
use super::person::{Person, PersonKey};
use super::policy::{Act, Role, Wish, allows};

/// The frame as text. A frame that does not fit is a fault of the desk: it is logged and left out.
pub(super) fn encoded(frame: &DeskFrame) -> Option<Text> {
    match encode(frame) {
        Ok(text) => Some(text.into()),
        Err(error) => {
            tracing::error!(%error, "a frame could not be encoded");
            None
        }
    }
}

/// The operators' connections whose owners may do that in the visitor's stream.
pub(super) fn followers<'a>(
    at_work: &'a [Post],
    operators: &'a HashMap<i64, Operator>,
    key: PersonKey,
    person: &'a Person,
    wish: Wish<'a>,
) -> impl Iterator<Item = ConnId> + 'a {
    let follows = move |post: &&Post| {
        let operator = operators.get(&post.operator);
        operator.is_some_and(|operator| {
            allows(Role::Operator(&operator.rights), Act::In(person.subject(key), wish))
        })
    };
    at_work.iter().filter(follows).map(|post| post.conn)
}

impl Desk {
    /// Gives an event to everyone who reads the stream; its uid to the author's device alone.
    pub(super) fn push_event(&mut self, key: PersonKey, author: Option<ConnId>, mut event: Event) {
        let Some(person) = self.people.get(key) else { return };
        let class = Class::Event { stream: Arc::clone(&person.stream), seq: event.seq };
        let uid = event.uid.take();
        let mut frame = DeskFrame::Event(event);
        let Some(common) = encoded(&frame) else { return };
        // Who gives a chat to others is told so; what comes after is theirs.
        let wish = match &frame {
            DeskFrame::Event(Event { body: EventBody::Moved { .. } | EventBody::Left { .. }, .. }) => {
                Wish::Read
            }
            _ => Wish::Follow,
        };
        let followers = followers(&self.at_work, &self.operators, key, person, wish);
        let all = person.conns.iter().copied().chain(followers);
        for to in all.filter(|to| uid.is_none() || Some(*to) != author) {
            self.outputs.push(Output::Frame { to, text: common.clone(), class: class.clone() });
        }
        if let Some(author) = author.filter(|author| uid.is_some() && self.conns.contains_key(author)) {
            if let DeskFrame::Event(event) = &mut frame {
                event.uid = uid;
            }
            if let Some(text) = encoded(&frame) {
                self.outputs.push(Output::Frame { to: author, text, class });
            }
        }
    }

    /// Gives a frame to everyone who reads the stream.
    pub(super) fn tell_readers(&mut self, key: PersonKey, frame: &DeskFrame) {
        let Some(text) = encoded(frame) else { return };
        let Some(person) = self.people.get(key) else { return };
        let followers = followers(&self.at_work, &self.operators, key, person, Wish::Follow);
        for to in person.conns.iter().copied().chain(followers) {
            self.outputs.push(Output::Frame { to, text: text.clone(), class: Class::Answer });
        }
    }

    /// Gives a passing frame to the operators who follow the stream.
    pub(super) fn tell_operators(&mut self, key: PersonKey, frame: &DeskFrame) {
        if self.at_work.is_empty() {
            return;
        }
        let Some(text) = encoded(frame) else { return };
        let Some(person) = self.people.get(key) else { return };
        for to in followers(&self.at_work, &self.operators, key, person, Wish::Follow) {
            self.outputs.push(Output::Frame { to, text: text.clone(), class: Class::Passing });
        }
    }

    /// Tells the visitor's devices the present, if it changed.
    pub(super) fn tell_state(&mut self, key: PersonKey) {
        if self.people.get(key).is_none_or(|person| person.conns.is_empty()) {
            return;
        }
        let (present, rating) = (self.presence(key.site).clone(), self.site_of(key).form.rating);
        let Some(person) = self.people.get_mut(key) else { return };
        let state = Box::new(person.state(present, rating));
        if person.told.as_ref() == Some(&state) {
            return;
        }
        person.told = Some(state.clone());
        let Some(text) = encoded(&DeskFrame::State(state)) else { return };
        for to in &person.conns {
            self.outputs.push(Output::Frame { to: *to, text: text.clone(), class: Class::Answer });
        }
    }

    /// Tells every visitor of the site who is there that operators came or went.
    pub(super) fn tell_availability(&mut self, site: i64) {
        let all = self.people.iter().filter(|(key, person)| key.site == site && !person.conns.is_empty());
        let there: Vec<PersonKey> = all.map(|(key, _)| *key).collect();
        for key in there {
            self.tell_state(key);
        }
    }

    /// Is the connection one of an operator?
    pub(super) fn is_operator(&self, conn: ConnId) -> bool {
        matches!(self.conns.get(&conn).map(|conn| &conn.stage), Some(Stage::Operator(_)))
    }
}
