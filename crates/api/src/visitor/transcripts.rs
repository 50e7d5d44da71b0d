//! Transcripts that were asked for from here: the method is answered by what became of the mail.

use std::collections::HashMap;

use deskbell_wire::{Event, EventBody, MailOutcome, MessageId, Uid};

/// Those under way: asked for, and not heard of since.
#[derive(Debug, Default)]
pub(super) struct Transcripts {
    waiting: HashMap<MessageId, Uid>,
    answered: HashMap<MessageId, MailOutcome>,
}

/// What is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// The method's answer.
    Answer(Uid, MailOutcome),
    /// The mail was refused after all, when the method had long been answered.
    RefusedLater,
}

impl Transcripts {
    /// Takes in an event.
    pub(super) fn heard(&mut self, event: &Event) -> Option<News> {
        match (&event.body, event.uid) {
            (EventBody::TranscriptAsked { .. }, Some(uid)) => {
                self.waiting.insert(event.message_id, uid);
                None
            }
            (EventBody::TranscriptEnded { asked, outcome }, _) => self.ended(*asked, *outcome),
            _ => None,
        }
    }

    fn ended(&mut self, asked: MessageId, outcome: MailOutcome) -> Option<News> {
        if let Some(uid) = self.waiting.remove(&asked) {
            self.answered.insert(asked, outcome);
            return Some(News::Answer(uid, outcome));
        }
        let before = self.answered.insert(asked, outcome);
        let late = before != Some(MailOutcome::Refused) && outcome == MailOutcome::Refused;
        late.then_some(News::RefusedLater)
    }
}
