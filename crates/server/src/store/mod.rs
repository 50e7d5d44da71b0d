//! The desk's memory on disk: statements only, no decisions.
//!
//! What must always hold: one connection writes, on the desk's thread (S1); after a commit that failed the handle is
//! closed and the log is read again, because the outcome is unknown (S5).

mod accounts;
mod chats;
mod files;
mod links;
mod log;
mod mails;
mod offers;
mod requests;
mod schema;
mod site;
mod visitors;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use deskbell_db::{self as db, DbError, Key, Location};
use deskbell_wire::{Epoch, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

pub(crate) use accounts::Account;
pub(crate) use chats::NewChat;
pub(crate) use files::{FileOwner, FileRow, NewFileRow};
pub(crate) use links::LinkRow;
pub(crate) use log::{Known, NewRow, StoredEvent};
pub(crate) use mails::{Mail, NewMail};
pub(crate) use requests::RequestKey;
pub(crate) use site::SiteRow;
pub(crate) use visitors::VisitorRecord;

#[doc(hidden)]
pub use schema::MIGRATIONS;

/// The desk's page cache, in KiB. It fills as the desk is used.
const CACHE_KIB: i64 = 32 * 1024;

/// What a test makes a commit do (S5).
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It succeeds.
    None,
    /// It fails, and nothing is kept.
    Lost,
    /// It fails, and all is kept.
    Kept,
    /// No space is left; nothing is kept.
    Full,
}

/// Asked before every commit.
#[doc(hidden)]
pub type FaultHook = Arc<dyn Fn() -> Fault + Send + Sync>;

/// A second connection, for checkpoints beside the commits. The desk takes it away while it recovers (S5).
#[derive(Clone)]
pub(crate) struct SecondWay {
    location: Location,
    key: Option<Key>,
    open: Arc<Mutex<Option<Connection>>>,
}

impl SecondWay {
    /// Moves what it can into the file while the desk goes on committing.
    pub(crate) fn checkpoint(&self) -> Result<db::Checkpoint, DbError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.is_none() {
            *open = Some(db::open(&self.location, self.key.as_ref(), MIGRATIONS)?);
        }
        open.as_ref().ok_or(DbError::InUse).and_then(db::checkpoint)
    }

    /// Writes a copy of one moment to a file that does not exist, while the desk goes on committing.
    pub(crate) fn backup(&self, to: &Path) -> Result<(), DbError> {
        db::backup(&db::open(&self.location, self.key.as_ref(), MIGRATIONS)?, to)
    }

    /// The database's file.
    pub(crate) fn file(&self) -> Option<&Path> {
        match &self.location {
            Location::File(file) => Some(file),
            Location::Memory => None,
        }
    }

    /// Closes the connection.
    pub(crate) fn close(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The desk's database.
pub(crate) struct Store {
    location: Location,
    key: Option<Key>,
    db: Option<Connection>,
    second: Arc<Mutex<Option<Connection>>>,
    faults: Option<FaultHook>,
}

impl Store {
    /// Opens or makes the database; `None` keeps it in memory.
    pub(crate) fn open(
        path: Option<PathBuf>,
        key: Option<Key>,
        faults: Option<FaultHook>,
    ) -> Result<Self, DbError> {
        let location = path.map_or(Location::Memory, Location::File);
        let mut store = Self { location, key, db: None, second: Arc::default(), faults };
        store.db = Some(store.connect()?);
        Ok(store)
    }

    /// A second way in, for checkpoints on a thread of their own. `None` in memory.
    pub(crate) fn second_way(&self) -> Option<SecondWay> {
        let (location, key, open) = (self.location.clone(), self.key.clone(), self.second.clone());
        (location != Location::Memory).then_some(SecondWay { location, key, open })
    }

    fn connect(&self) -> Result<Connection, DbError> {
        let connection = db::open(&self.location, self.key.as_ref(), MIGRATIONS)?;
        // Checkpoints are made between commits or beside them, never inside one.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        // A page that left the cache is read, checked and decrypted again.
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        Ok(connection)
    }

    fn db(&self) -> Result<&Connection, DbError> {
        self.db.as_ref().ok_or_else(|| DbError::Io("the database is closed".to_owned()))
    }

    /// Begins a transaction.
    pub(crate) fn begin(&self) -> Result<(), DbError> {
        self.run("BEGIN IMMEDIATE")
    }

    /// Begins one entry's part of the transaction (S1).
    pub(crate) fn begin_entry(&self) -> Result<(), DbError> {
        self.run("SAVEPOINT entry")
    }

    /// Ends one entry's part.
    pub(crate) fn end_entry(&self) -> Result<(), DbError> {
        self.run("RELEASE entry")
    }

    /// Takes one entry's part back. `false`: the whole transaction is gone.
    pub(crate) fn undo_entry(&self) -> bool {
        let open = self.db.as_ref().is_some_and(|db| !db.is_autocommit());
        open && self.run("ROLLBACK TO entry").and_then(|()| self.end_entry()).is_ok()
    }

    /// Takes everything since [`Self::begin`] back, as far as SQLite has not done so.
    pub(crate) fn rollback(&self) {
        if self.db.as_ref().is_some_and(|db| !db.is_autocommit()) {
            // A failure shows in whatever is done next.
            let _ = self.run("ROLLBACK");
        }
    }

    /// Makes the transaction durable. After an error the outcome is unknown: see [`Self::recover`].
    pub(crate) fn commit(&self) -> Result<(), DbError> {
        match self.faults.as_ref().map_or(Fault::None, |fault| fault()) {
            Fault::None => self.run("COMMIT"),
            Fault::Lost => Err(DbError::Io("a test's fault".to_owned())),
            Fault::Full => Err(DbError::Full),
            Fault::Kept => {
                self.run("COMMIT")?;
                Err(DbError::Io("a test's fault".to_owned()))
            }
        }
    }

    /// S5: closes the handle, opens the file again, and makes whatever the log holds now durable, because the next
    /// acknowledgement may rest on it. In memory the handle is all there is: there a rollback is certain.
    pub(crate) fn recover(&mut self) -> Result<(), DbError> {
        self.rollback();
        if self.location == Location::Memory {
            return Ok(());
        }
        let second = self.second.clone();
        let mut second = second.lock().unwrap_or_else(PoisonError::into_inner);
        *second = None;
        self.db = None;
        let connection = self.connect()?;
        let checkpoint = db::checkpoint(&connection);
        self.db = Some(connection);
        let reached = checkpoint?;
        if reached.moved < reached.logged { Err(DbError::InUse) } else { Ok(()) }
    }

    /// Is there a handle at all? Reading goes on without space, too.
    pub(crate) fn readable(&self) -> bool {
        self.db.is_some()
    }

    /// Moves the write-ahead log into the file, as far as nobody is in the way.
    pub(crate) fn checkpoint(&self) -> Result<db::Checkpoint, DbError> {
        db::checkpoint(self.db()?)
    }

    /// This life of the database; begins it at the first start.
    pub(crate) fn epoch(&self, fresh: Uuid, now: Timestamp) -> Result<Epoch, DbError> {
        self.change(
            "INSERT OR IGNORE INTO desk (id, epoch, created, certificate, private_key) VALUES (1, ?1, ?2, x'', x'')",
            params![fresh.as_bytes(), now.0],
        )?;
        let epoch = self.one("SELECT epoch FROM desk", [], |row| row.get(0))?.ok_or(DbError::Corrupt)?;
        Ok(Epoch(Uuid::from_bytes(epoch)))
    }

    /// The certificate that the desk made for itself, and its key; empty before.
    pub(crate) fn certificate(&self) -> Result<(Vec<u8>, Vec<u8>), DbError> {
        let kept =
            self.one("SELECT certificate, private_key FROM desk", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        kept.ok_or(DbError::Corrupt)
    }

    /// Keeps the certificate that the desk made for itself, and its key.
    pub(crate) fn keep_certificate(&self, certificate: &[u8], private_key: &[u8]) -> Result<(), DbError> {
        self.change("UPDATE desk SET certificate = ?1, private_key = ?2", params![certificate, private_key])
            .map(drop)
    }

    fn run(&self, sql: &'static str) -> Result<(), DbError> {
        self.db()?.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    fn insert(&self, sql: &'static str, params: impl rusqlite::Params) -> Result<i64, DbError> {
        Ok(self.db()?.prepare_cached(sql)?.insert(params)?)
    }

    fn change(&self, sql: &'static str, params: impl rusqlite::Params) -> Result<usize, DbError> {
        Ok(self.db()?.prepare_cached(sql)?.execute(params)?)
    }

    fn one<T>(
        &self,
        sql: &'static str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, DbError> {
        Ok(self.db()?.prepare_cached(sql)?.query_row(params, read).optional()?)
    }

    fn all<T>(
        &self,
        sql: &'static str,
        params: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, DbError> {
        let mut statement = self.db()?.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A seq or count as SQLite keeps it.
fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A seq or count as it was kept.
fn number(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}
