//! Made-up streams, entries and events, the same for the same numbers.

use deskbell_core::store::{OutboxRow, OutboxState, Upload};
use deskbell_wire::{
    Author, ChatId, CloseReason, Epoch, Event, EventBody, FileCard, FileDigest, FileId, MessageId,
    OperatorCard, OperatorId, SendBody, Seq, SiteKey, StreamId, Timestamp, Uid, VisitorId,
};
use uuid::Uuid;

/// The public stream of the n-th visitor.
pub fn stream(n: u32) -> StreamId {
    StreamId::public(SiteKey::main(), VisitorId(Uuid::from_u128(u128::from(n) + 1)))
}

/// The n-th uid of this device.
pub fn uid(n: u64) -> Uid {
    Uid(Uuid::from_u128(0x0d00_0000 << 64 | u128::from(n)))
}

/// The n-th life of the desk.
pub fn epoch(n: u8) -> Epoch {
    Epoch(Uuid::from_bytes([n; 16]))
}

/// When the desk committed the event at `seq`, as events of this module have it.
pub fn time(seq: Seq) -> Timestamp {
    Timestamp(1_000 * i64::try_from(seq).unwrap_or(i64::MAX / 1_000))
}

/// An operator.
pub fn operator() -> OperatorCard {
    OperatorCard {
        id: OperatorId(Uuid::from_u128(7)),
        name: "Ada Lovelace".to_owned(),
        position: "Support".to_owned(),
    }
}

/// Words that the visitor queued.
pub fn entry(stream: &StreamId, n: u64, text: &str) -> OutboxRow {
    OutboxRow {
        uid: uid(n),
        stream: stream.clone(),
        body: SendBody::message(text),
        created_at: Timestamp(i64::try_from(n).unwrap_or(0)),
        state: OutboxState::Queued,
    }
}

/// The n-th file: of n hundred bytes.
pub fn card(n: u64) -> FileCard {
    let mut digest = [0; 32];
    digest[..8].copy_from_slice(&n.to_be_bytes());
    let (name, media) = (format!("file {n}.txt"), "text/plain".to_owned());
    FileCard { name, size: 100 * n, media, digest: FileDigest(digest) }
}

/// The n-th file that the visitor queued, with words.
pub fn file_entry(stream: &StreamId, n: u64, text: &str) -> (OutboxRow, Upload) {
    let file = Some(FileId(uid(n).0));
    let body = SendBody::Message { text: text.to_owned(), group: None, file };
    (OutboxRow { body, ..entry(stream, n, text) }, Upload::again(uid(n), card(n)))
}

/// The visitor's n-th file; with a uid, this device's own.
pub fn filed(stream: &StreamId, seq: Seq, own: Option<u64>, n: u64) -> Event {
    let body = EventBody::Message { text: String::new(), file: Some(card(n)) };
    Event { uid: own.map(uid), ..event(stream, seq, Author::Visitor, body) }
}

/// An event of any body.
pub fn event(stream: &StreamId, seq: Seq, author: Author, body: EventBody) -> Event {
    let visitor = stream.visitor.0.as_u128();
    Event {
        stream: stream.clone(),
        seq,
        message_id: MessageId(Uuid::from_u128(visitor << 64 | u128::from(seq))),
        chat_id: Some(ChatId(Uuid::from_u128(visitor))),
        author,
        ts: time(seq),
        body,
        uid: None,
    }
}

/// The visitor's words; with a uid, this device's own.
pub fn asked(stream: &StreamId, seq: Seq, own: Option<u64>) -> Event {
    let words = EventBody::Message { text: format!("question {seq}"), file: None };
    Event { uid: own.map(uid), ..event(stream, seq, Author::Visitor, words) }
}

/// The operator's words.
pub fn answered(stream: &StreamId, seq: Seq) -> Event {
    let words = EventBody::Message { text: format!("answer {seq}"), file: None };
    event(stream, seq, Author::Operator(operator()), words)
}

/// The end of a chat: an event without words.
pub fn closed(stream: &StreamId, seq: Seq) -> Event {
    event(stream, seq, Author::System, EventBody::Closed { reason: CloseReason::ClosedByTimeout })
}

/// The operator leaves: an event of an operator without words.
pub fn left(stream: &StreamId, seq: Seq) -> Event {
    let card = operator();
    let body = EventBody::Left { operator: card.id };
    event(stream, seq, Author::Operator(card), body)
}

/// A dense run of events: questions and answers by turns.
pub fn talk(stream: &StreamId, seqs: std::ops::RangeInclusive<Seq>) -> Vec<Event> {
    let turn = |seq| if seq % 2 == 1 { asked(stream, seq, None) } else { answered(stream, seq) };
    seqs.map(turn).collect()
}
