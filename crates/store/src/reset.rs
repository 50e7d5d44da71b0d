//! C5: the desk began another life, and what is held of a stream gives way to a snapshot of it.
//!
//! What must always hold: an own message of the last days is in the snapshot or in the outbox, never in neither.

use std::collections::HashSet;

use rusqlite::Connection;

use deskbell_core::store::{OutboxRow, OutboxState, Upload};
use deskbell_wire::{Epoch, Event, FileId, SendBody, StreamId, Timestamp, Uid};

use crate::refusal::Refusal;
use crate::{log, outbox, stream, upload};

pub(crate) fn reset(
    db: &Connection,
    id: &StreamId,
    epoch: Epoch,
    snapshot: &[Event],
    since: Timestamp,
) -> Result<(), Refusal> {
    let range = log::range(id, snapshot)?;
    let held = stream::know(db, id)?;
    let lost = lost(db, held.id, snapshot, since)?;
    log::clear(db, held.id)?;
    log::insert(db, held.id, snapshot)?;
    outbox::remove(db, snapshot.iter().filter_map(|event| event.uid))?;
    for own in lost {
        take_back(db, id, own)?;
    }
    stream::forget_receipts(db, held.id)?;
    let base = range.map_or(0, |(first, _)| first - 1);
    stream::stand(db, held.id, base, snapshot.last().map(|newest| (epoch, newest)))
}

/// Own messages that the restored desk does not have.
fn lost(db: &Connection, id: i64, snapshot: &[Event], since: Timestamp) -> Result<Vec<log::Own>, Refusal> {
    let there: HashSet<Uid> = snapshot.iter().filter_map(|event| event.uid).collect();
    let mut own = log::own(db, id, since)?;
    own.retain(|message| !there.contains(&message.uid));
    Ok(own)
}

/// To the outbox, held; with its file, where it had one.
fn take_back(db: &Connection, stream: &StreamId, own: log::Own) -> Result<(), Refusal> {
    let file = own.file.as_ref().map(|_| FileId(own.uid.0));
    let row = OutboxRow {
        uid: own.uid,
        stream: stream.clone(),
        body: SendBody::Message { text: own.text, group: None, file },
        created_at: own.ts,
        state: OutboxState::Held,
    };
    match own.file {
        Some(card) => upload::append(db, &row, &Upload::again(own.uid, card)),
        None => outbox::append(db, &row).map(drop),
    }
}
