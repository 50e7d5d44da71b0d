//! The store itself: each call of the contract as one transaction.

use std::fmt;

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};

use deskbell_core::store::{
    OutboxRow, OutboxState, Receipts, Store, StoreError, StreamRow, Upload, UploadState,
};
use deskbell_db::{DbError, Key, Location, open_alone};
use deskbell_wire::{
    ChatId, Epoch, Event, FileDigest, FileRefusal, MessageId, Secret, Seq, Side, StreamId, Timestamp, Uid,
};

use crate::refusal::Refusal;
use crate::schema::MIGRATIONS;
use crate::{files, log, outbox, reset, stream, upload};

/// The client's memory in one SQLite file, or in memory for this session only. `Send`: it may be made on one
/// thread and used on another.
///
/// A call costs one fsync; reads cost none. Calls block: use it where blocking is right.
pub struct SqliteStore {
    db: Connection,
}

impl SqliteStore {
    /// Opens the store, makes it where it is missing, and holds it against other copies of the program.
    ///
    /// # Errors
    /// [`DbError::InUse`] when another copy has it open, [`DbError::WrongKey`], [`DbError::Newer`],
    /// [`DbError::Corrupt`], [`DbError::Denied`], [`DbError::Full`]. A refused file is left as it was.
    pub fn open(location: &Location, key: Option<&Key>) -> Result<Self, DbError> {
        Ok(Self { db: open_alone(location, key, MIGRATIONS)? })
    }

    /// Reads the whole file and says whether it is sound. Takes seconds for a large one.
    ///
    /// # Errors
    /// [`DbError::Corrupt`] when it is not.
    pub fn check(&self) -> Result<(), DbError> {
        deskbell_db::check(&self.db)
    }

    /// The largest size that the file may grow to, in pages of 4 KiB; a write beyond it is [`StoreError::Full`].
    ///
    /// # Errors
    /// When the database refuses.
    pub fn limit_pages(&self, pages: u32) -> Result<(), DbError> {
        Ok(self.db.pragma_update(None, "max_page_count", pages)?)
    }

    fn change(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<(), Refusal>,
    ) -> Result<(), StoreError> {
        Ok(in_transaction(&mut self.db, work)?)
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqliteStore")
    }
}

/// A refusal leaves nothing behind: the transaction rolls back when it is dropped.
fn in_transaction(
    db: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    work(&transaction)?;
    Ok(transaction.commit()?)
}

/// C3: events, outbox and cursor together.
fn apply(
    db: &Connection,
    id: &StreamId,
    epoch: Epoch,
    events: &[Event],
    settled: &[Uid],
) -> Result<(), Refusal> {
    if let (Some((first, _)), Some(newest)) = (log::range(id, events)?, events.last()) {
        let held = stream::know(db, id)?;
        let base = match held.end {
            Some((life, seq)) if life == epoch && seq + 1 == first => held.base,
            Some(_) => return Err(Refusal::Gap),
            None => first - 1,
        };
        log::insert(db, held.id, events)?;
        stream::stand(db, held.id, base, Some((epoch, newest)))?;
    }
    let named = events.iter().filter_map(|event| event.uid);
    outbox::remove(db, named.chain(settled.iter().copied()))
}

fn prepend(db: &Connection, id: &StreamId, events: &[Event]) -> Result<(), Refusal> {
    let Some((first, last)) = log::range(id, events)? else {
        return Ok(());
    };
    let held = stream::find(db, id)?.filter(|held| held.base == last).ok_or(Refusal::Gap)?;
    log::insert(db, held.id, events)?;
    stream::lower(db, held.id, first - 1)?;
    outbox::remove(db, events.iter().filter_map(|event| event.uid))
}

impl Store for SqliteStore {
    fn queue(&mut self, row: &OutboxRow) -> Result<(), StoreError> {
        self.change(|db| outbox::append(db, row).map(drop))
    }

    fn queue_file(&mut self, row: &OutboxRow, upload: &Upload) -> Result<(), StoreError> {
        self.change(|db| upload::append(db, row, upload))
    }

    fn uploads(&self) -> Result<Vec<Upload>, StoreError> {
        Ok(upload::all(&self.db)?)
    }

    fn set_upload(&mut self, uid: Uid, state: UploadState, place: Option<&Secret>) -> Result<(), StoreError> {
        self.change(|db| upload::set(db, uid, state, place))
    }

    fn set_refused(&mut self, uid: Uid, refused: Option<FileRefusal>) -> Result<(), StoreError> {
        self.change(|db| upload::set_refused(db, uid, refused))
    }

    fn release(&mut self, uid: Uid, now: Timestamp) -> Result<(), StoreError> {
        self.change(|db| upload::release(db, uid, now))
    }

    fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        Ok(outbox::all(&self.db)?)
    }

    fn set_outbox_state(&mut self, uid: Uid, state: OutboxState) -> Result<(), StoreError> {
        self.change(|db| outbox::set_state(db, uid, state))
    }

    fn requeue(&mut self, uid: Uid, now: Timestamp) -> Result<(), StoreError> {
        self.change(|db| outbox::requeue(db, uid, now))
    }

    fn discard(&mut self, uid: Uid) -> Result<(), StoreError> {
        self.change(|db| outbox::remove(db, std::iter::once(uid)))
    }

    fn streams(&self) -> Result<Vec<StreamRow>, StoreError> {
        Ok(stream::all(&self.db)?)
    }

    fn apply(
        &mut self,
        stream: &StreamId,
        epoch: Epoch,
        events: &[Event],
        settled: &[Uid],
    ) -> Result<(), StoreError> {
        self.change(|db| apply(db, stream, epoch, events, settled))
    }

    fn prepend(&mut self, stream: &StreamId, events: &[Event]) -> Result<(), StoreError> {
        self.change(|db| prepend(db, stream, events))
    }

    fn reset(
        &mut self,
        stream: &StreamId,
        epoch: Epoch,
        snapshot: &[Event],
        since: Timestamp,
    ) -> Result<(), StoreError> {
        self.change(|db| reset::reset(db, stream, epoch, snapshot, since))
    }

    fn raise(&mut self, stream: &StreamId, side: Side, receipts: Receipts) -> Result<(), StoreError> {
        self.change(|db| {
            let held = stream::know(db, stream)?;
            stream::raise(db, held.id, side, receipts)
        })
    }

    fn before(&self, stream: &StreamId, before: Seq, limit: u32) -> Result<Vec<Event>, StoreError> {
        match stream::find(&self.db, stream)? {
            Some(held) => Ok(log::before(&self.db, stream, &held, before, limit)?),
            None => Ok(Vec::new()),
        }
    }

    fn file_event(&self, message: MessageId) -> Result<Option<Event>, StoreError> {
        Ok(files::of_message(&self.db, message)?)
    }

    fn files(
        &self,
        stream: &StreamId,
        chat: Option<ChatId>,
        below: Option<Seq>,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        Ok(files::below(&self.db, stream, chat, below, limit)?)
    }

    fn wanted_digests(&self) -> Result<Vec<FileDigest>, StoreError> {
        Ok(upload::digests(&self.db)?)
    }

    fn unread(&self, stream: &StreamId, reader: Side) -> Result<u64, StoreError> {
        Ok(log::unread(&self.db, stream, reader)?)
    }

    fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(setting(&self.db, key)?)
    }

    fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.change(|db| set_setting(db, key, value))
    }
}

fn setting(db: &Connection, key: &str) -> Result<Option<String>, Refusal> {
    let mut select = db.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
    Ok(select.query_row([key], |row| row.get(0)).optional()?)
}

fn set_setting(db: &Connection, key: &str, value: &str) -> Result<(), Refusal> {
    let mut upsert = db.prepare_cached(
        "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
    )?;
    upsert.execute([key, value])?;
    Ok(())
}
