//! The events held of a stream: a gapless range (I7), each once (I2).

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Row, params};

use deskbell_wire::{ChatId, Event, EventBody, FileCard, MessageId, Seq, Side, StreamId, Timestamp, Uid};

use crate::files;
use crate::refusal::Refusal;
use crate::row::{author_in, author_out, from_json, maybe_uuid_at, seq_at, seq_in, to_json, uuid_at};
use crate::stream::Held;

/// The first and the last seq of events that follow each other in one stream, oldest first.
///
/// # Errors
/// [`Refusal::Gap`] when they do not.
pub(crate) fn range(stream: &StreamId, events: &[Event]) -> Result<Option<(Seq, Seq)>, Refusal> {
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Ok(None);
    };
    let dense =
        events.iter().zip(first.seq..).all(|(event, seq)| event.seq == seq && event.stream == *stream);
    let counts = first.seq > 0 && i64::try_from(last.seq).is_ok();
    if dense && counts { Ok(Some((first.seq, last.seq))) } else { Err(Refusal::Gap) }
}

/// Inserts events whose range was checked.
///
/// # Errors
/// [`Refusal::Gap`] when the stream holds one of their uids already (I2): such events are of no log of ours.
pub(crate) fn insert(db: &Connection, id: i64, events: &[Event]) -> Result<(), Refusal> {
    let mut insert = db.prepare_cached(
        "INSERT INTO messages (stream, seq, message_id, side, kind, ts, chat, uid, operator, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for event in events {
        let (side, operator) = author_in(&event.author)?;
        let inserted = insert.execute(params![
            id,
            seq_in(event.seq),
            event.message_id.0.as_bytes(),
            side,
            event.body.kind(),
            event.ts.0,
            event.chat_id.as_ref().map(|chat| chat.0.as_bytes()),
            event.uid.as_ref().map(|uid| uid.0.as_bytes()),
            operator,
            to_json(&event.body)?,
        ]);
        inserted.map_err(twice)?;
        files::note(db, id, event)?;
    }
    Ok(())
}

fn twice(error: rusqlite::Error) -> Refusal {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => Refusal::Gap,
        _ => error.into(),
    }
}

/// Events below `before`, newest first.
pub(crate) fn before(
    db: &Connection,
    stream: &StreamId,
    held: &Held,
    before: Seq,
    limit: u32,
) -> Result<Vec<Event>, Refusal> {
    let mut select = db
        .prepare_cached("SELECT * FROM messages WHERE stream = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3")?;
    let mut rows = select.query(params![held.id, seq_in(before), limit])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(event(row, stream)?);
    }
    Ok(events)
}

/// A row of `messages`.
pub(crate) fn event(row: &Row<'_>, stream: &StreamId) -> Result<Event, Refusal> {
    let text = |at: &str| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
    let operator = row.get_ref("operator")?.as_str_or_null().map_err(rusqlite::Error::from)?;
    Ok(Event {
        stream: stream.clone(),
        seq: seq_at(row, "seq")?,
        message_id: MessageId(uuid_at(row, "message_id")?),
        chat_id: maybe_uuid_at(row, "chat")?.map(ChatId),
        author: author_out(text("side")?, operator)?,
        ts: Timestamp(row.get("ts")?),
        body: from_json(text("body")?)?,
        uid: maybe_uuid_at(row, "uid")?.map(Uid),
    })
}

/// The other side's messages above what `reader` has read.
pub(crate) fn unread(db: &Connection, stream: &StreamId, reader: Side) -> Result<u64, Refusal> {
    let sql = match reader {
        Side::Visitor => {
            "SELECT count(*) FROM messages JOIN streams ON streams.id = stream
             WHERE stream = ?1 AND seq > visitor_read AND side = 'operator' AND kind = 'message'"
        }
        Side::Operator => {
            "SELECT count(*) FROM messages JOIN streams ON streams.id = stream
             WHERE stream = ?1 AND seq > operator_read AND side = 'visitor' AND kind = 'message'"
        }
    };
    let Some(held) = crate::stream::find(db, stream)? else {
        return Ok(0);
    };
    let count: Option<i64> = db.prepare_cached(sql)?.query_row([held.id], |row| row.get(0)).optional()?;
    Ok(count.unwrap_or(0).unsigned_abs())
}

/// A message of this device's own, as the log held it.
pub(crate) struct Own {
    pub(crate) uid: Uid,
    pub(crate) ts: Timestamp,
    pub(crate) text: String,
    pub(crate) file: Option<FileCard>,
}

/// Own messages younger than `since`, oldest first.
pub(crate) fn own(db: &Connection, id: i64, since: Timestamp) -> Result<Vec<Own>, Refusal> {
    let mut select = db.prepare_cached(
        "SELECT uid, ts, body FROM messages
         WHERE stream = ?1 AND uid IS NOT NULL AND kind = 'message' AND ts > ?2 ORDER BY seq",
    )?;
    let mut rows = select.query(params![id, since.0])?;
    let mut own = Vec::new();
    while let Some(row) = rows.next()? {
        let body = from_json(row.get_ref("body")?.as_str().map_err(rusqlite::Error::from)?)?;
        if let EventBody::Message { text, file } = body {
            own.push(Own { uid: Uid(uuid_at(row, "uid")?), ts: Timestamp(row.get("ts")?), text, file });
        }
    }
    Ok(own)
}

pub(crate) fn clear(db: &Connection, id: i64) -> Result<(), Refusal> {
    db.prepare_cached("DELETE FROM messages WHERE stream = ?1")?.execute([id])?;
    Ok(())
}
