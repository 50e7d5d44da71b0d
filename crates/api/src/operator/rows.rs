//! The list of visitors as the page shows it, with or without a line to the desk.

use deskbell_core::Session;
use deskbell_core::replica::Replica;
use deskbell_core::store::Store;
use deskbell_store::SqliteStore;
use deskbell_wire::{Event, EventBody, Side, StreamId, VisitorId, VisitorRow, VisitorStatus};

use crate::dto::{Message, Sender, VisitorListRow, VisitorListStatus};
use crate::lines;

/// Messages looked at for a row's last words while there is no line.
const LAST_WORDS: u32 = 10;
/// Characters of the last words.
const LAST_CHARS: usize = 120;

pub(super) fn stream_of(session: &Session<SqliteStore>, visitor: VisitorId) -> Option<StreamId> {
    let listed = session.rows().0.map(|row| &row.stream);
    let held = session.streams().map(|held| &held.stream);
    listed.chain(held).find(|stream| stream.visitor == visitor).cloned()
}

pub(super) fn from_row(row: &VisitorRow) -> VisitorListRow {
    VisitorListRow {
        visitor: row.stream.visitor.to_string(),
        name: row.name.clone(),
        status: status(row.status),
        since: row.since.0,
        connected: row.connected,
        chatting: row.chat_id.is_some(),
        operator: row.operator.as_ref().map(lines::operator),
        group: crate::detail::number(row.group),
        last_text: row.last.as_ref().map(|last| last.text.clone()),
        last_sender: row.last.as_ref().map(|last| sender(last.side)),
        last_date: row.last.as_ref().map(|last| last.ts.0),
        unread: row.unread,
    }
}

/// What is known before the desk's first word: the conversations that this device holds.
pub(super) fn from_history(session: &Session<SqliteStore>) -> Vec<VisitorListRow> {
    session.streams().filter_map(|held| from_replica(session, held)).collect()
}

fn from_replica(session: &Session<SqliteStore>, held: &Replica) -> Option<VisitorListRow> {
    let events = session.store().before(&held.stream, i64::MAX.unsigned_abs(), LAST_WORDS).ok()?;
    let newest = events.first()?;
    let last = events.iter().map(last_words).find(|line| !line.text.is_empty());
    let chatting = !matches!(newest.body, EventBody::Closed { .. });
    Some(VisitorListRow {
        visitor: held.stream.visitor.to_string(),
        name: None,
        status: VisitorListStatus::Gone,
        since: newest.ts.0,
        connected: false,
        chatting,
        operator: None,
        group: None,
        last_text: last.as_ref().map(|line| line.text.chars().take(LAST_CHARS).collect()),
        last_sender: last.as_ref().map(|line| line.sender),
        last_date: last.as_ref().map(|line| line.date),
        unread: session.store().unread(&held.stream, Side::Operator).unwrap_or(0),
    })
}

/// A line; of a file without words its name, as the desk lists it.
fn last_words(event: &Event) -> Message {
    let mut line = lines::from_event(event);
    if let (true, Some(card)) = (line.text.trim().is_empty(), event.body.file()) {
        line.text.clone_from(&card.name);
    }
    line
}

fn status(status: VisitorStatus) -> VisitorListStatus {
    match status {
        VisitorStatus::OnSite => VisitorListStatus::OnSite,
        VisitorStatus::Invited => VisitorListStatus::Invited,
        VisitorStatus::FormShown => VisitorListStatus::FormShown,
        VisitorStatus::Waiting => VisitorListStatus::Waiting,
        VisitorStatus::InChat => VisitorListStatus::InChat,
        VisitorStatus::Gone => VisitorListStatus::Gone,
    }
}

fn sender(side: Side) -> Sender {
    match side {
        Side::Visitor => Sender::Visitor,
        Side::Operator => Sender::Operator,
    }
}
