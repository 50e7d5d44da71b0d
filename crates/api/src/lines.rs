//! Events and outbox rows as lines of a conversation.

use deskbell_core::store::{OutboxRow, OutboxState, Receipts as CoreReceipts, Store, StoreError};
use deskbell_core::{EntryStatus, LinkPhase, Session};
use deskbell_wire::{Author, Event, EventBody, OperatorCard, SendBody, Seq, StreamId, Uid};

use crate::detail::{self, Told};
use crate::dto::{
    Connection, Locale, Message, MessageKind, MessageStatus, MessagesPage, Operator, Phase, Receipts, Sender,
    StatusChange,
};
use crate::files::Book;
use crate::problem::{closed_code, nack_code, sentence, stop_code};

/// No seq is larger on any desk; SQLite's integers end here.
const NEWEST: Seq = i64::MAX.unsigned_abs();

pub(crate) fn operator(card: &OperatorCard) -> Operator {
    Operator { id: card.id.to_string(), name: card.name.clone(), position: card.position.clone() }
}

pub(crate) fn receipts(receipts: CoreReceipts) -> Receipts {
    Receipts { delivered: receipts.delivered, read: receipts.read }
}

/// An event as a line.
pub(crate) fn from_event(event: &Event) -> Message {
    let Told { kind, text, reason, detail } = detail::of(event);
    Message {
        key: event.uid.map_or_else(|| event.message_id.to_string(), |uid| uid.to_string()),
        kind,
        text,
        date: event.ts.0,
        sender: match kind {
            MessageKind::Message => sender(&event.author),
            MessageKind::Invited => Sender::Operator,
            _ => Sender::System,
        },
        mine: event.uid.is_some(),
        operator: author(event),
        seq: Some(event.seq),
        message_id: Some(event.message_id.to_string()),
        uid: event.uid.map(|uid| uid.to_string()),
        chat_id: event.chat_id.map(|chat| chat.to_string()),
        status: MessageStatus::Sent,
        code: None,
        reason: reason.map(str::to_owned),
        detail,
        file: None,
    }
}

fn author(event: &Event) -> Option<Operator> {
    match (&event.body, &event.author) {
        (EventBody::Joined { operator: card } | EventBody::Rated { operator: card, .. }, _)
        | (_, Author::Operator(card)) => Some(operator(card)),
        _ => None,
    }
}

fn sender(author: &Author) -> Sender {
    match author {
        Author::Visitor => Sender::Visitor,
        Author::Operator(_) => Sender::Operator,
        Author::System => Sender::System,
    }
}

/// Words of a person, and not what became of a chat.
pub(crate) fn is_words(event: &Event) -> bool {
    matches!(event.body, EventBody::Message { .. })
}

/// A row of the outbox as a line; `None` for what is no message.
pub(crate) fn from_row(row: &OutboxRow, acked: bool, sender: Sender) -> Option<Message> {
    let SendBody::Message { text, .. } = &row.body else { return None };
    let (status, code) = match row.state {
        OutboxState::Queued if acked => (MessageStatus::Sent, None),
        OutboxState::Queued => (MessageStatus::Queued, None),
        OutboxState::Failed(code) => (MessageStatus::Failed, Some(nack_code(code).to_owned())),
        OutboxState::Held => (MessageStatus::Held, None),
    };
    Some(Message {
        key: row.uid.to_string(),
        kind: MessageKind::Message,
        text: text.clone(),
        date: row.created_at.0,
        sender,
        mine: true,
        operator: None,
        seq: None,
        message_id: None,
        uid: Some(row.uid.to_string()),
        chat_id: None,
        status,
        code,
        reason: None,
        detail: None,
        file: None,
    })
}

/// Lines below `before`, newest first.
pub(crate) fn page<S: Store>(
    session: &Session<S>,
    book: &Book,
    (stream, before, limit): (&StreamId, Option<Seq>, u32),
    shown: fn(&Event) -> bool,
) -> Result<MessagesPage, StoreError> {
    let base = session.held(stream).map_or(0, |held| held.base);
    let mut below = before.unwrap_or(NEWEST).min(NEWEST);
    let mut messages = Vec::new();
    loop {
        let events = session.store().before(stream, below, limit)?;
        let Some(oldest) = events.last() else { return Ok(MessagesPage { messages, more: false }) };
        below = oldest.seq;
        for event in events.iter().filter(|event| shown(event)) {
            messages.push(book.line(session, event));
            if messages.len() >= limit as usize {
                return Ok(MessagesPage { messages, more: event.seq > base + 1 });
            }
        }
        if below <= base + 1 {
            return Ok(MessagesPage { messages, more: false });
        }
    }
}

/// The newest lines, oldest first, then what waits.
pub(crate) fn tail<S: Store>(
    session: &Session<S>,
    book: &Book,
    (stream, limit): (&StreamId, u32),
    own: Sender,
) -> Result<MessagesPage, StoreError> {
    let shown = if own == Sender::Visitor { detail::is_talk } else { all };
    let mut page = page(session, book, (stream, None, limit), shown)?;
    page.messages.reverse();
    if let Some(held) = session.held(stream) {
        let rows = held.outbox.rows();
        let line = |row| book.row(session, row, (held.outbox.is_acked(row.uid), own));
        page.messages.extend(rows.filter_map(line));
    }
    Ok(page)
}

/// Operators are shown everything.
pub(crate) fn all(_: &Event) -> bool {
    true
}

/// News of an own entry. `None`: it was taken back, and whoever did that knows.
pub(crate) fn status_change(uid: Uid, status: EntryStatus, locale: Locale) -> Option<StatusChange> {
    let mut change = StatusChange {
        uid: uid.to_string(),
        status: MessageStatus::Queued,
        seq: None,
        message_id: None,
        chat_id: None,
        date: None,
        code: None,
        sentence: None,
    };
    match status {
        EntryStatus::Queued => {}
        EntryStatus::Held => change.status = MessageStatus::Held,
        EntryStatus::Discarded => return None,
        EntryStatus::Failed(code) => {
            change.status = MessageStatus::Failed;
            change.code = Some(nack_code(code).to_owned());
            change.sentence = Some(sentence(nack_code(code), locale));
        }
        EntryStatus::Sent(place) => {
            change.status = MessageStatus::Sent;
            change.seq = Some(place.seq);
            change.message_id = Some(place.message_id.to_string());
            change.date = Some(place.ts.0);
        }
    }
    Some(change)
}

/// An own entry came back as an event: it has its place now.
pub(crate) fn committed(event: &Event) -> Option<StatusChange> {
    let uid = event.uid?;
    Some(StatusChange {
        uid: uid.to_string(),
        status: MessageStatus::Sent,
        seq: Some(event.seq),
        message_id: Some(event.message_id.to_string()),
        chat_id: event.chat_id.map(|chat| chat.to_string()),
        date: Some(event.ts.0),
        code: None,
        sentence: None,
    })
}

/// The line to the desk, in words.
pub(crate) fn connection<S: Store>(session: &Session<S>, since: i64, locale: Locale) -> Connection {
    let (phase, code) = match session.link() {
        LinkPhase::Connecting => (Phase::Connecting, None),
        LinkPhase::Live => (Phase::Online, None),
        LinkPhase::Waiting => (Phase::Offline, session.ended().map(closed_code)),
        LinkPhase::Stopped(reason) => (Phase::Stopped, Some(stop_code(reason))),
    };
    let sentence = code.map(|code| sentence(code, locale));
    Connection { phase, since, code: code.map(str::to_owned), sentence }
}
