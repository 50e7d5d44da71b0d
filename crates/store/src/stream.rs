//! What is held of each stream: base, cursor, receipts.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use deskbell_core::store::{Receipts, StreamRow};
use deskbell_wire::{Cursor, Epoch, Event, MessageId, Seq, Side, StreamId, VisitorId};

use crate::refusal::Refusal;
use crate::row::{audience_in, audience_out, maybe_uuid_at, seq_at, seq_in, uuid_at};

/// A stream's row, as far as the log needs it.
pub(crate) struct Held {
    pub(crate) id: i64,
    pub(crate) base: Seq,
    /// Life of the desk and newest seq, where anything is held.
    pub(crate) end: Option<(Epoch, Seq)>,
}

pub(crate) fn find(db: &Connection, stream: &StreamId) -> Result<Option<Held>, Refusal> {
    let mut select = db.prepare_cached(
        "SELECT id, base, epoch, cursor_seq FROM streams WHERE site = ?1 AND visitor = ?2 AND audience = ?3",
    )?;
    let held = select.query_row(
        params![stream.site.as_str(), stream.visitor.0.as_bytes(), audience_in(stream.audience)],
        |row| {
            let epoch = maybe_uuid_at(row, "epoch")?.map(Epoch);
            let seq = row.get::<_, Option<i64>>("cursor_seq")?.map(i64::unsigned_abs);
            Ok(Held { id: row.get("id")?, base: seq_at(row, "base")?, end: epoch.zip(seq) })
        },
    );
    Ok(held.optional()?)
}

/// Finds the stream, or makes it known.
pub(crate) fn know(db: &Connection, stream: &StreamId) -> Result<Held, Refusal> {
    if let Some(held) = find(db, stream)? {
        return Ok(held);
    }
    let mut insert =
        db.prepare_cached("INSERT INTO streams (site, visitor, audience) VALUES (?1, ?2, ?3)")?;
    let id = insert.insert(params![
        stream.site.as_str(),
        stream.visitor.0.as_bytes(),
        audience_in(stream.audience)
    ])?;
    Ok(Held { id, base: 0, end: None })
}

/// Moves base and cursor in one step; `newest` is the event that the cursor stands on.
pub(crate) fn stand(
    db: &Connection,
    id: i64,
    base: Seq,
    newest: Option<(Epoch, &Event)>,
) -> Result<(), Refusal> {
    let mut update = db.prepare_cached(
        "UPDATE streams SET base = ?2, epoch = ?3, cursor_seq = ?4, cursor_id = ?5 WHERE id = ?1",
    )?;
    let epoch = newest.as_ref().map(|(epoch, _)| epoch.0.as_bytes());
    let seq = newest.as_ref().map(|(_, event)| seq_in(event.seq));
    let message = newest.as_ref().map(|(_, event)| event.message_id.0.as_bytes());
    update.execute(params![id, seq_in(base), epoch, seq, message])?;
    Ok(())
}

/// Lets the base fall; the cursor stays.
pub(crate) fn lower(db: &Connection, id: i64, base: Seq) -> Result<(), Refusal> {
    db.prepare_cached("UPDATE streams SET base = ?2 WHERE id = ?1")?.execute(params![id, seq_in(base)])?;
    Ok(())
}

pub(crate) fn raise(db: &Connection, id: i64, side: Side, to: Receipts) -> Result<(), Refusal> {
    let sql = match side {
        Side::Visitor => {
            "UPDATE streams SET visitor_delivered = max(visitor_delivered, ?2),
                                visitor_read = max(visitor_read, ?3) WHERE id = ?1"
        }
        Side::Operator => {
            "UPDATE streams SET operator_delivered = max(operator_delivered, ?2),
                                operator_read = max(operator_read, ?3) WHERE id = ?1"
        }
    };
    db.prepare_cached(sql)?.execute(params![id, seq_in(to.delivered), seq_in(to.read)])?;
    Ok(())
}

/// Receipts of another life of the desk say nothing of this one.
pub(crate) fn forget_receipts(db: &Connection, id: i64) -> Result<(), Refusal> {
    db.prepare_cached(
        "UPDATE streams SET visitor_delivered = 0, visitor_read = 0, operator_delivered = 0, operator_read = 0
         WHERE id = ?1",
    )?
    .execute([id])?;
    Ok(())
}

pub(crate) fn all(db: &Connection) -> Result<Vec<StreamRow>, Refusal> {
    let mut select = db.prepare_cached("SELECT * FROM streams ORDER BY id")?;
    let mut rows = select.query([])?;
    let mut streams = Vec::new();
    while let Some(row) = rows.next()? {
        streams.push(stream_row(row)?);
    }
    Ok(streams)
}

fn stream_row(row: &Row<'_>) -> Result<StreamRow, Refusal> {
    Ok(StreamRow {
        stream: id_at(row)?,
        base: seq_at(row, "base")?,
        cursor: cursor_at(row)?,
        visitor: Receipts {
            delivered: seq_at(row, "visitor_delivered")?,
            read: seq_at(row, "visitor_read")?,
        },
        operator: Receipts {
            delivered: seq_at(row, "operator_delivered")?,
            read: seq_at(row, "operator_read")?,
        },
    })
}

/// The stream's name; for any statement that joins `streams`.
pub(crate) fn id_at(row: &Row<'_>) -> Result<StreamId, Refusal> {
    Ok(StreamId {
        site: row.get::<_, String>("site")?.try_into().map_err(|_| Refusal::DAMAGED)?,
        visitor: VisitorId(uuid_at(row, "visitor")?),
        audience: audience_out(row.get_ref("audience")?.as_str().map_err(rusqlite::Error::from)?)?,
    })
}

fn cursor_at(row: &Row<'_>) -> Result<Option<Cursor>, Refusal> {
    let Some(epoch) = maybe_uuid_at(row, "epoch")?.map(Epoch) else {
        return Ok(None);
    };
    let (seq, message_id) = (seq_at(row, "cursor_seq")?, MessageId(uuid_at(row, "cursor_id")?));
    Ok(Some(Cursor { epoch, seq, message_id }))
}
