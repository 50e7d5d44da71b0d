//! Who is told what. A frame is encoded once for all who get the same.

use std::sync::Arc;

use deskbell_wire::{DeskFrame, Event, encode};

use super::Desk;
use super::conn::Stage;
use super::io::{Class, ConnId, Output, Text};
use super::person::PersonKey;

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

impl Desk {
    /// Gives an event to everyone who reads the stream; its uid to the author's device alone.
    pub(super) fn push_event(&mut self, key: PersonKey, author: Option<ConnId>, mut event: Event) {
        let Some(person) = self.people.get(key) else { return };
        let class = Class::Event { stream: Arc::clone(&person.stream), seq: event.seq };
        let uid = event.uid.take();
        let mut frame = DeskFrame::Event(event);
        let Some(common) = encoded(&frame) else { return };
        for to in person.conns.iter().chain(&self.at_work).filter(|to| uid.is_none() || Some(**to) != author)
        {
            self.outputs.push(Output::Frame { to: *to, text: common.clone(), class: class.clone() });
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
        for to in person.conns.iter().chain(&self.at_work) {
            self.outputs.push(Output::Frame { to: *to, text: text.clone(), class: Class::Answer });
        }
    }

    /// Gives a passing frame to all operators.
    pub(super) fn tell_operators(&mut self, frame: &DeskFrame) {
        if self.at_work.is_empty() {
            return;
        }
        let Some(text) = encoded(frame) else { return };
        for to in &self.at_work {
            self.outputs.push(Output::Frame { to: *to, text: text.clone(), class: Class::Passing });
        }
    }

    /// Tells the visitor's devices the present, if it changed.
    pub(super) fn tell_state(&mut self, key: PersonKey) {
        let (online, rating) = (self.online, self.site_of(key).form.rating);
        let Some(person) = self.people.get_mut(key) else { return };
        if person.conns.is_empty() {
            return;
        }
        let state = Box::new(person.state(online, rating));
        if person.told.as_ref() == Some(&state) {
            return;
        }
        person.told = Some(state.clone());
        let Some(text) = encoded(&DeskFrame::State(state)) else { return };
        for to in &person.conns {
            self.outputs.push(Output::Frame { to: *to, text: text.clone(), class: Class::Answer });
        }
    }

    /// Tells every visitor who is there that operators came or went.
    pub(super) fn tell_availability(&mut self) {
        let there: Vec<PersonKey> =
            self.people.iter().filter(|(_, person)| !person.conns.is_empty()).map(|(key, _)| *key).collect();
        for key in there {
            self.tell_state(key);
        }
    }

    /// Is the connection one of an operator?
    pub(super) fn is_operator(&self, conn: ConnId) -> bool {
        matches!(self.conns.get(&conn).map(|conn| &conn.stage), Some(Stage::Operator(_)))
    }
}
