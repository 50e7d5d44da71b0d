//! What becomes of a wish: decided from the log alone, before anything is written.
//!
//! What must always hold: a verb whose effect already holds causes no second event; it is acknowledged with the
//! seq of the event that caused the effect.

use deskbell_wire::limits::{BODY_BYTES, TEXT_CHARS};
use deskbell_wire::{CloseReason, Entry, EventBody, NackCode, OpenedBy, OperatorCard, SendBody, Seq};
use sha2::{Digest as _, Sha256};

use super::log::Log;

/// Who wishes.
#[derive(Clone, Debug)]
pub(crate) enum Writer {
    /// The visitor whose stream it is.
    Visitor,
    /// An operator: row and card.
    Operator(i64, OperatorCard),
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Write these; the last of them answers the entry.
    Write(Vec<EventBody>),
    /// Nothing: this event has done it before.
    Holds(Seq),
}

/// Decides. The right to wish it was checked before.
///
/// # Errors
/// [`NackCode::Stale`] where the chat that is meant is over.
pub(crate) fn plan(log: &Log, writer: &Writer, body: SendBody) -> Result<Plan, NackCode> {
    match (body, writer, log.chat.as_deref()) {
        (SendBody::Message { text, .. }, Writer::Visitor, None) => {
            let opened = EventBody::Opened { by: OpenedBy::Message, group: None };
            Ok(Plan::Write(vec![opened, EventBody::Message { text }]))
        }
        (SendBody::Message { text, .. }, Writer::Operator(row, card), Some(chat)) => {
            let message = EventBody::Message { text };
            if chat.members.contains(row) {
                return Ok(Plan::Write(vec![message]));
            }
            Ok(Plan::Write(vec![EventBody::Joined { operator: card.clone() }, message]))
        }
        (SendBody::Message { .. }, Writer::Operator(..), None) => Err(NackCode::Stale),
        (SendBody::Message { text, .. }, Writer::Visitor, Some(_)) => {
            Ok(Plan::Write(vec![EventBody::Message { text }]))
        }
        (SendBody::Start {}, _, None) => {
            Ok(Plan::Write(vec![EventBody::Opened { by: OpenedBy::Start, group: None }]))
        }
        (SendBody::Start {}, _, Some(chat)) => Ok(Plan::Holds(chat.opened)),
        (SendBody::Close {}, writer, Some(_)) => {
            let reason = match writer {
                Writer::Visitor => CloseReason::ClosedByVisitor,
                Writer::Operator(..) => CloseReason::ClosedByOperator,
            };
            Ok(Plan::Write(vec![EventBody::Closed { reason }]))
        }
        (SendBody::Close {}, _, None) if log.closed > 0 => Ok(Plan::Holds(log.closed)),
        (SendBody::Close {}, _, None) => Err(NackCode::Stale),
        _ => Err(NackCode::Unavailable),
    }
}

/// Is the entry one that can be taken at all?
///
/// # Errors
/// [`NackCode::TooLarge`] and [`NackCode::Invalid`], both final.
pub(crate) fn check(entry: &Entry) -> Result<(), NackCode> {
    if !entry.files.is_empty() {
        // Files are no part of the desk yet.
        return Err(NackCode::Invalid);
    }
    let SendBody::Message { text, .. } = &entry.body else { return Ok(()) };
    if text.contains('\0') || text.trim().is_empty() {
        return Err(NackCode::Invalid);
    }
    if text.chars().count() > TEXT_CHARS || !fits(&entry.body, text) {
        return Err(NackCode::TooLarge);
    }
    Ok(())
}

/// Would the body's JSON stay within its limit? Encoded only where the text alone does not tell.
fn fits(body: &SendBody, text: &str) -> bool {
    const LONGEST_ESCAPE: usize = 6;
    const AROUND: usize = 64;
    text.len() * LONGEST_ESCAPE + AROUND <= BODY_BYTES
        || serde_json::to_string(body).is_ok_and(|json| json.len() <= BODY_BYTES)
}

/// S2: tells one body from another under the same uid. The stream belongs to what is meant.
pub(crate) fn hash(stream: i64, body: &SendBody) -> [u8; 16] {
    let mut digest = Sha256::new();
    digest.update(stream.to_be_bytes());
    digest.update(body.kind());
    if let SendBody::Message { text, .. } = body {
        digest.update([0]);
        digest.update(text);
    }
    let mut short = [0; 16];
    short.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
    short
}

#[cfg(test)]
mod tests {
    use deskbell_wire::{ChatId, OperatorId, SiteKey, StreamId, Timestamp, Uid, VisitorId};
    use uuid::Uuid;

    use super::*;
    use crate::desk::log::Chat;

    fn message(text: &str) -> SendBody {
        SendBody::message(text)
    }

    fn open(members: Vec<i64>) -> Log {
        let chat = Chat {
            row: 1,
            id: ChatId(Uuid::nil()),
            opened: 5,
            opened_at: Timestamp(0),
            members,
            operator: None,
        };
        Log { head: 5, chat: Some(Box::new(chat)), ..Log::default() }
    }

    fn operator() -> Writer {
        let card = OperatorCard { id: OperatorId(Uuid::nil()), name: "A".into(), position: String::new() };
        Writer::Operator(7, card)
    }

    fn kinds(plan: Result<Plan, NackCode>) -> Vec<&'static str> {
        match plan {
            Ok(Plan::Write(events)) => events.iter().map(EventBody::kind).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_visitors_words_open_a_chat_and_an_operators_first_words_join_it() {
        assert_eq!(kinds(plan(&Log::default(), &Writer::Visitor, message("x"))), ["opened", "message"]);
        assert_eq!(kinds(plan(&open(vec![]), &Writer::Visitor, message("x"))), ["message"]);
        assert_eq!(kinds(plan(&open(vec![]), &operator(), message("x"))), ["joined", "message"]);
        assert_eq!(kinds(plan(&open(vec![7]), &operator(), message("x"))), ["message"]);
        assert_eq!(plan(&Log::default(), &operator(), message("x")), Err(NackCode::Stale));
    }

    #[test]
    fn a_verb_whose_effect_holds_names_the_event_that_caused_it() {
        assert_eq!(plan(&open(vec![]), &Writer::Visitor, SendBody::Start {}), Ok(Plan::Holds(5)));
        let closed = Log { head: 9, closed: 9, ..Log::default() };
        assert_eq!(plan(&closed, &operator(), SendBody::Close {}), Ok(Plan::Holds(9)));
        assert_eq!(plan(&Log::default(), &Writer::Visitor, SendBody::Close {}), Err(NackCode::Stale));
        assert_eq!(kinds(plan(&open(vec![]), &Writer::Visitor, SendBody::Close {})), ["closed"]);
    }

    #[test]
    fn threats_20_and_24_only_words_within_the_limits_are_taken() {
        let check = |text: &str, files: usize| {
            check(&Entry {
                stream: StreamId::public(SiteKey::main(), VisitorId(Uuid::nil())),
                uid: Uid(Uuid::nil()),
                prev_uid: None,
                body: message(text),
                files: vec![Uid(Uuid::nil()); files],
                created_at: Timestamp(0),
            })
        };
        assert_eq!(check("x", 0), Ok(()));
        assert_eq!(check("x", 1), Err(NackCode::Invalid));
        for text in ["", " \n\t", "\u{3000}", "a\0b"] {
            assert_eq!(check(text, 0), Err(NackCode::Invalid));
        }
        assert_eq!(check(&"ж".repeat(8_000), 0), Ok(()));
        assert_eq!(check(&"ж".repeat(8_001), 0), Err(NackCode::TooLarge));
        assert_eq!(check(&"\u{1}a".repeat(4_000), 0), Ok(()));
        assert_eq!(check(&"\u{1}".repeat(8_000), 0), Err(NackCode::TooLarge), "48 KiB as JSON");
    }

    #[test]
    fn threats_5_another_body_or_stream_has_another_hash() {
        let all = [
            hash(1, &message("a")),
            hash(1, &message("b")),
            hash(2, &message("a")),
            hash(1, &SendBody::Start {}),
            hash(1, &SendBody::Close {}),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(all[at + 1..].iter().all(|other| other != one));
        }
        assert_eq!(hash(1, &message("a")), all[0]);
    }
}
