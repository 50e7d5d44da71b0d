//! What visitors have typed so far and not sent, for conversations that are opened while somebody types.
//!
//! What must always hold: words are forgotten with whatever makes them old: the words themselves, sent; the chat,
//! over; the line, gone. Nobody opens a closed chat and reads in it what was never said.

use std::collections::HashMap;

use deskbell_wire::{Author, Event, EventBody, StreamId};

/// Words that are being typed, by stream.
#[derive(Default)]
pub(super) struct Typed(HashMap<StreamId, String>);

impl Typed {
    /// The visitor types these words; `None`: no more.
    pub(super) fn heard(&mut self, stream: StreamId, words: Option<String>) {
        match words {
            Some(words) => self.0.insert(stream, words),
            None => self.0.remove(&stream),
        };
    }

    /// The conversation went on.
    pub(super) fn applied(&mut self, stream: &StreamId, events: &[Event]) {
        if events.iter().any(ends_typing) {
            self.0.remove(stream);
        }
    }

    /// The line is gone, and nobody is heard any more.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The words so far.
    pub(super) fn of(&self, stream: &StreamId) -> Option<String> {
        self.0.get(stream).cloned()
    }
}

fn ends_typing(event: &Event) -> bool {
    match event.body {
        EventBody::Closed { .. } => true,
        EventBody::Message { .. } => event.author == Author::Visitor,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use deskbell_wire::{CloseReason, MessageId, SiteKey, Timestamp, VisitorId};

    use super::*;

    fn stream(visitor: u128) -> StreamId {
        StreamId::public(SiteKey::main(), VisitorId(uuid::Uuid::from_u128(visitor)))
    }

    fn event(author: Author, body: EventBody) -> Event {
        Event {
            stream: stream(1),
            seq: 1,
            message_id: MessageId(uuid::Uuid::from_u128(9)),
            chat_id: None,
            author,
            ts: Timestamp(0),
            body,
            uid: None,
        }
    }

    fn typing() -> Typed {
        let mut typed = Typed::default();
        typed.heard(stream(1), Some("Hel".to_owned()));
        typed.heard(stream(2), Some("Goo".to_owned()));
        typed
    }

    fn after(author: Author, body: EventBody) -> [Option<String>; 2] {
        let mut typed = typing();
        typed.applied(&stream(1), &[event(author, body)]);
        [typed.of(&stream(1)), typed.of(&stream(2))]
    }

    #[test]
    fn closechat_leaves_no_words_that_were_never_sent() {
        let closed = EventBody::Closed { reason: CloseReason::ClosedByOperator };
        assert_eq!(after(Author::System, closed), [None, Some("Goo".to_owned())]);
    }

    #[test]
    fn chattyping_ends_with_the_words_themselves_and_with_nobody_elses() {
        let words = || EventBody::Message { text: "Hello".to_owned(), file: None };
        assert_eq!(after(Author::Visitor, words()), [None, Some("Goo".to_owned())]);
        assert_eq!(after(Author::System, words())[0].as_deref(), Some("Hel"));
        let mut typed = typing();
        typed.heard(stream(1), None);
        assert_eq!(typed.of(&stream(1)), None);
        typed.clear();
        assert_eq!(typed.of(&stream(2)), None);
    }
}
