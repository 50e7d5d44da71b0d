//! Entries that the desk has not yet given back, in the order in which they were queued (C2).

use rusqlite::{Connection, Row, params};

use deskbell_core::store::{OutboxRow, OutboxState};
use deskbell_wire::{NackCode, Timestamp, Uid};

use crate::refusal::Refusal;
use crate::row::{from_json, to_json, uuid_at};
use crate::stream;

/// Appends; a uid that is there already changes nothing (C1): then `false`.
pub(crate) fn append(db: &Connection, row: &OutboxRow) -> Result<bool, Refusal> {
    let id = stream::know(db, &row.stream)?.id;
    let (state, code) = state_in(row.state);
    let mut insert = db.prepare_cached(
        "INSERT INTO outbox (uid, stream, created_at, state, code, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (uid) DO NOTHING",
    )?;
    let uid = row.uid.0.as_bytes();
    Ok(insert.execute(params![uid, id, row.created_at.0, state, code, to_json(&row.body)?])? > 0)
}

pub(crate) fn all(db: &Connection) -> Result<Vec<OutboxRow>, Refusal> {
    let mut select =
        db.prepare_cached("SELECT * FROM outbox JOIN streams ON streams.id = outbox.stream ORDER BY place")?;
    let mut rows = select.query([])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(entry(row)?);
    }
    Ok(entries)
}

fn entry(row: &Row<'_>) -> Result<OutboxRow, Refusal> {
    let text = |at: &str| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
    let code = row.get_ref("code")?.as_str_or_null().map_err(rusqlite::Error::from)?;
    Ok(OutboxRow {
        uid: Uid(uuid_at(row, "uid")?),
        stream: stream::id_at(row)?,
        body: from_json(text("body")?)?,
        created_at: Timestamp(row.get("created_at")?),
        state: state_out(text("state")?, code)?,
    })
}

pub(crate) fn set_state(db: &Connection, uid: Uid, state: OutboxState) -> Result<(), Refusal> {
    let (state, code) = state_in(state);
    db.prepare_cached("UPDATE outbox SET state = ?2, code = ?3 WHERE uid = ?1")?.execute(params![
        uid.0.as_bytes(),
        state,
        code
    ])?;
    Ok(())
}

/// To the end, as if it had been queued `now`.
pub(crate) fn requeue(db: &Connection, uid: Uid, now: Timestamp) -> Result<(), Refusal> {
    db.prepare_cached(
        "UPDATE outbox SET place = (SELECT max(place) + 1 FROM outbox), state = 'queued', code = NULL,
                           created_at = ?2
         WHERE uid = ?1",
    )?
    .execute(params![uid.0.as_bytes(), now.0])?;
    Ok(())
}

pub(crate) fn remove(db: &Connection, uids: impl Iterator<Item = Uid>) -> Result<(), Refusal> {
    let mut delete = db.prepare_cached("DELETE FROM outbox WHERE uid = ?1")?;
    for uid in uids {
        delete.execute([uid.0.as_bytes()])?;
    }
    Ok(())
}

fn state_in(state: OutboxState) -> (&'static str, Option<&'static str>) {
    match state {
        OutboxState::Queued => ("queued", None),
        OutboxState::Held => ("held", None),
        OutboxState::Failed(code) => ("failed", Some(code.name())),
    }
}

fn state_out(state: &str, code: Option<&str>) -> Result<OutboxState, Refusal> {
    match (state, code) {
        ("queued", None) => Ok(OutboxState::Queued),
        ("held", None) => Ok(OutboxState::Held),
        ("failed", Some(code)) => Ok(OutboxState::Failed(code_out(code)?)),
        _ => Err(Refusal::DAMAGED),
    }
}

/// The wire's own names, so that the two cannot drift.
fn code_out(name: &str) -> Result<NackCode, Refusal> {
    serde_json::from_value(name.into()).map_err(|_| Refusal::DAMAGED)
}
