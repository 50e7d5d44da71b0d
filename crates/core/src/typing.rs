//! Typing, throttled: it may be told on every key, and goes out four times a second at most.

use deskbell_wire::{Ephemeral, StreamId};

/// Milliseconds between two frames of one stream.
pub const TYPING_MS: u64 = 250;

/// What one person types. A person types in one stream at a time.
#[derive(Debug, Default)]
pub struct Typing {
    pending: Option<Ephemeral>,
    sent_at: Option<u64>,
    shown: Option<StreamId>,
}

impl Typing {
    /// The person typed; returns what else must go out first (typing ended in the stream that was left).
    pub fn type_in(&mut self, stream: &StreamId, typing: bool, text: String) -> Option<Ephemeral> {
        let left = self.shown.take_if(|shown| *shown != *stream);
        self.pending = Some(Ephemeral { stream: stream.clone(), typing, text });
        left.map(|stream| Ephemeral { stream, typing: false, text: String::new() })
    }

    /// A message went out: the desk clears what was typed, nothing is to follow it.
    pub fn clear(&mut self, stream: &StreamId) {
        self.pending.take_if(|pending| pending.stream == *stream);
        self.shown.take_if(|shown| *shown == *stream);
    }

    /// Forget everything: the line is down, and typing is the present.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// When [`Self::due`] has something.
    pub fn deadline(&self) -> Option<u64> {
        self.pending.as_ref().map(|_| self.sent_at.map_or(0, |at| at.saturating_add(TYPING_MS)))
    }

    /// What goes out now.
    pub fn due(&mut self, mono: u64) -> Option<Ephemeral> {
        if self.deadline()? > mono {
            return None;
        }
        let frame = self.pending.take()?;
        if !frame.typing && self.shown.is_none() {
            return None;
        }
        self.sent_at = Some(mono);
        self.shown = frame.typing.then(|| frame.stream.clone());
        Some(frame)
    }
}

#[cfg(test)]
mod tests {
    use deskbell_wire::{SiteKey, VisitorId};

    use super::*;

    fn stream(n: u128) -> StreamId {
        StreamId::public(SiteKey::main(), VisitorId(uuid::Uuid::from_u128(n)))
    }

    #[test]
    fn chattyping_goes_out_at_most_four_times_a_second_and_ends_with_the_last_words() {
        let (mut typing, mut sent) = (Typing::default(), Vec::new());
        for mono in 0..1_000 {
            typing.type_in(&stream(1), true, format!("{mono}"));
            sent.extend(typing.due(mono));
        }
        sent.extend(typing.due(2_000));
        assert_eq!(sent.len(), 5);
        assert_eq!(sent.last().map(|frame| frame.text.as_str()), Some("999"));
    }

    #[test]
    fn nothing_follows_a_message_and_leaving_a_stream_ends_typing_there() {
        let mut typing = Typing::default();
        typing.type_in(&stream(1), true, "a".into());
        typing.clear(&stream(1));
        assert_eq!(typing.due(10), None);
        typing.type_in(&stream(1), true, "a".into());
        assert!(typing.due(300).is_some());
        let left = typing.type_in(&stream(2), true, "b".into());
        assert_eq!(left.map(|frame| (frame.stream, frame.typing)), Some((stream(1), false)));
    }
}
