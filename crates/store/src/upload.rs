//! Files of entries that the desk has not yet given back. Each leaves with its entry: the schema sees to that.

use rusqlite::{Connection, Row, params};

use deskbell_core::store::{OutboxRow, Upload, UploadState};
use deskbell_wire::{FileCard, FileDigest, FileRefusal, GroupId, Secret, Timestamp, Uid};

use crate::outbox;
use crate::refusal::Refusal;
use crate::row::{from_json, maybe_uuid_at, to_json, uuid_at};

/// Appends an entry with its file; a uid that is there already changes nothing (C1).
pub(crate) fn append(db: &Connection, row: &OutboxRow, upload: &Upload) -> Result<(), Refusal> {
    if !outbox::append(db, row)? {
        return Ok(());
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO uploads (uid, audience_group, place, state, card, digest, batch, refused)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    insert.execute(params![
        row.uid.0.as_bytes(),
        upload.group.map(|group| group.0),
        upload.place.as_ref().map(Secret::bytes),
        state_in(upload.state),
        to_json(&upload.card)?,
        upload.card.digest.0,
        upload.batch.0.as_bytes(),
        upload.refused.map(refused_in).transpose()?,
    ])?;
    Ok(())
}

pub(crate) fn all(db: &Connection) -> Result<Vec<Upload>, Refusal> {
    let mut select =
        db.prepare_cached("SELECT uploads.* FROM uploads JOIN outbox USING (uid) ORDER BY outbox.place")?;
    let mut rows = select.query([])?;
    let mut uploads = Vec::new();
    while let Some(row) = rows.next()? {
        uploads.push(upload(row)?);
    }
    Ok(uploads)
}

fn upload(row: &Row<'_>) -> Result<Upload, Refusal> {
    let text = |at: &str| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
    let card: FileCard = from_json(text("card")?)?;
    let refused = row.get_ref("refused")?.as_str_or_null().map_err(rusqlite::Error::from)?;
    let uid = uuid_at(row, "uid")?;
    Ok(Upload {
        uid: Uid(uid),
        card,
        batch: Uid(maybe_uuid_at(row, "batch")?.unwrap_or(uid)),
        group: row.get::<_, Option<u32>>("audience_group")?.map(GroupId),
        place: row.get::<_, Option<[u8; 32]>>("place")?.map(Secret::new),
        state: state_out(text("state")?)?,
        refused: refused.and_then(refused_out),
    })
}

pub(crate) fn set(
    db: &Connection,
    uid: Uid,
    state: UploadState,
    place: Option<&Secret>,
) -> Result<(), Refusal> {
    let mut update = db.prepare_cached("UPDATE uploads SET state = ?2, place = ?3 WHERE uid = ?1")?;
    update.execute(params![uid.0.as_bytes(), state_in(state), place.map(Secret::bytes)])?;
    Ok(())
}

pub(crate) fn set_refused(db: &Connection, uid: Uid, refused: Option<FileRefusal>) -> Result<(), Refusal> {
    let refused = refused.map(refused_in).transpose()?;
    let mut update = db.prepare_cached("UPDATE uploads SET refused = ?2 WHERE uid = ?1")?;
    update.execute(params![uid.0.as_bytes(), refused])?;
    Ok(())
}

/// Whole, and its entry to the end of the outbox.
pub(crate) fn release(db: &Connection, uid: Uid, now: Timestamp) -> Result<(), Refusal> {
    let mut update = db.prepare_cached("UPDATE uploads SET state = 'whole' WHERE uid = ?1")?;
    match update.execute([uid.0.as_bytes()])? {
        0 => Ok(()),
        _ => outbox::requeue(db, uid, now),
    }
}

/// What entries and events name.
pub(crate) fn digests(db: &Connection) -> Result<Vec<FileDigest>, Refusal> {
    let mut select = db.prepare_cached("SELECT digest FROM uploads UNION SELECT digest FROM files")?;
    let digests = select.query_map([], |row| row.get(0).map(FileDigest))?;
    Ok(digests.collect::<Result<_, _>>()?)
}

fn state_in(state: UploadState) -> &'static str {
    match state {
        UploadState::Going => "going",
        UploadState::Paused => "paused",
        UploadState::Whole => "whole",
    }
}

fn state_out(state: &str) -> Result<UploadState, Refusal> {
    match state {
        "going" => Ok(UploadState::Going),
        "paused" => Ok(UploadState::Paused),
        "whole" => Ok(UploadState::Whole),
        _ => Err(Refusal::DAMAGED),
    }
}

/// The wire's own names, so that the two cannot drift.
fn refused_in(refused: FileRefusal) -> Result<String, Refusal> {
    to_json(&refused)
}

/// It is for words alone: one that is not known says nothing, and damages nothing.
fn refused_out(text: &str) -> Option<FileRefusal> {
    from_json(text).ok()
}
