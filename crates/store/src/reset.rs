//! C5: the desk began another life, and what is held of a stream gives way to a snapshot of it.
//!
//! What must always hold: an own message of the last days is in the snapshot or in the outbox, never in neither.

use std::collections::HashSet;

use rusqlite::Connection;

use deskbell_core::store::{OutboxRow, OutboxState};
use deskbell_wire::{Epoch, Event, SendBody, StreamId, Timestamp, Uid};

use crate::refusal::Refusal;
use crate::{log, outbox, stream};

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
        outbox::append(db, &returned(id, own))?;
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

fn returned(stream: &StreamId, own: log::Own) -> OutboxRow {
    OutboxRow {
        uid: own.uid,
        stream: stream.clone(),
        body: SendBody::message(own.text),
        created_at: own.ts,
        state: OutboxState::Held,
    }
}
