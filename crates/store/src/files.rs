//! Which held events carry a file: found by message, listed by conversation and by chat without reading all words.
//!
//! What must always hold: a row stands beside each message that carries a file, and beside no other.

use rusqlite::{Connection, params};

use deskbell_wire::{ChatId, Event, MessageId, Seq, StreamId};

use crate::refusal::Refusal;
use crate::row::seq_in;
use crate::stream::{Held, id_at};
use crate::{log, stream};

/// Notes an event that was inserted, where it carries a file.
pub(crate) fn note(db: &Connection, id: i64, event: &Event) -> Result<(), Refusal> {
    let Some(card) = event.body.file() else { return Ok(()) };
    let mut insert = db.prepare_cached(
        "INSERT INTO files (stream, seq, message_id, chat, digest) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    insert.execute(params![
        id,
        seq_in(event.seq),
        event.message_id.0.as_bytes(),
        event.chat_id.as_ref().map(|chat| chat.0.as_bytes()),
        card.digest.0,
    ])?;
    Ok(())
}

/// The event of a message that carries a file.
pub(crate) fn of_message(db: &Connection, message: MessageId) -> Result<Option<Event>, Refusal> {
    let mut select = db.prepare_cached(
        "SELECT messages.*, streams.site, streams.visitor, streams.audience FROM files
         JOIN messages USING (stream, seq) JOIN streams ON streams.id = files.stream
         WHERE files.message_id = ?1 ORDER BY files.stream, files.seq LIMIT 1",
    )?;
    let mut rows = select.query([message.0.as_bytes()])?;
    match rows.next()? {
        Some(row) => Ok(Some(log::event(row, &id_at(row)?)?)),
        None => Ok(None),
    }
}

/// Those of a conversation, or of one chat of it, below a seq, newest first.
pub(crate) fn below(
    db: &Connection,
    stream: &StreamId,
    chat: Option<ChatId>,
    below: Option<Seq>,
    limit: u32,
) -> Result<Vec<Event>, Refusal> {
    let Some(Held { id, .. }) = stream::find(db, stream)? else { return Ok(Vec::new()) };
    let (below, sql) = (below.map_or(i64::MAX, seq_in), of_chat(chat.is_some()));
    let mut select = db.prepare_cached(sql)?;
    let mut rows = match chat {
        Some(chat) => select.query(params![id, below, limit, chat.0.as_bytes()])?,
        None => select.query(params![id, below, limit])?,
    };
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(log::event(row, stream)?);
    }
    Ok(events)
}

fn of_chat(one: bool) -> &'static str {
    if one {
        "SELECT messages.* FROM files JOIN messages USING (stream, seq)
         WHERE files.stream = ?1 AND files.seq < ?2 AND files.chat = ?4 ORDER BY files.seq DESC LIMIT ?3"
    } else {
        "SELECT messages.* FROM files JOIN messages USING (stream, seq)
         WHERE files.stream = ?1 AND files.seq < ?2 ORDER BY files.seq DESC LIMIT ?3"
    }
}
