//! Files of entries that the desk has not yet given back. Each leaves with its entry: the schema sees to that.

use rusqlite::{Connection, Row, params};

use deskbell_core::store::{OutboxRow, Upload, UploadState};
use deskbell_wire::{FileCard, FileDigest, GroupId, Secret, Timestamp, Uid};

use crate::outbox;
use crate::refusal::Refusal;
use crate::row::{from_json, to_json, uuid_at};

/// Appends an entry with its file; a uid that is there already changes nothing (C1).
pub(crate) fn append(db: &Connection, row: &OutboxRow, upload: &Upload) -> Result<(), Refusal> {
    if !outbox::append(db, row)? {
        return Ok(());
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO uploads (uid, audience_group, place, state, card, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    insert.execute(params![
        row.uid.0.as_bytes(),
        upload.group.map(|group| group.0),
        upload.place.as_ref().map(Secret::bytes),
        state_in(upload.state),
        to_json(&upload.card)?,
        upload.card.digest.0,
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
    Ok(Upload {
        uid: Uid(uuid_at(row, "uid")?),
        card,
        group: row.get::<_, Option<u32>>("audience_group")?.map(GroupId),
        place: row.get::<_, Option<[u8; 32]>>("place")?.map(Secret::new),
        state: state_out(text("state")?)?,
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
