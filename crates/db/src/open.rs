//! Opening: the one way to a connection.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::migrate::{admit, migrate, version};
use crate::{DbError, Key, Migration, file};

/// Where a database lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In a file; its write-ahead log lies beside it.
    File(PathBuf),
    /// In memory, gone with the connection.
    Memory,
}

/// How long a statement waits for another connection's.
const BUSY: Duration = Duration::from_secs(5);
/// How long opening alone waits for a copy of the program that is just ending.
const BUSY_ALONE: Duration = Duration::from_millis(500);
/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 64;
/// Bytes that the write-ahead log keeps after a checkpoint emptied it.
const LOG_BYTES: i64 = 16 * 1024 * 1024;

/// Opens the database, makes it where it is missing, and takes it to the newest version. Other connections may
/// have it open, too. In memory the key is not used.
///
/// # Errors
/// [`DbError::WrongKey`], [`DbError::Newer`], [`DbError::Corrupt`], [`DbError::InUse`] after 5 s,
/// [`DbError::Denied`], [`DbError::Full`]. A file that is refused is left as it was.
pub fn open(location: &Location, key: Option<&Key>, migrations: &[Migration]) -> Result<Connection, DbError> {
    open_with(location, key, migrations, Sharing::Shared)
}

/// As [`open`], and holds the file so that no other connection gets it, here or in another process.
///
/// # Errors
/// As [`open`]; [`DbError::InUse`] after half a second when anybody else has it open.
pub fn open_alone(
    location: &Location,
    key: Option<&Key>,
    migrations: &[Migration],
) -> Result<Connection, DbError> {
    open_with(location, key, migrations, Sharing::Alone)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    Shared,
    Alone,
}

fn open_with(
    location: &Location,
    key: Option<&Key>,
    migrations: &[Migration],
    sharing: Sharing,
) -> Result<Connection, DbError> {
    let mut db = connect(location, key)?;
    prepare(&db, sharing)?;
    admit(&db, migrations)?;
    if version(&db)? == 0 {
        // Takes effect in an empty file alone; in another it would write to it.
        db.execute_batch("PRAGMA auto_vacuum = INCREMENTAL")?;
    }
    make_durable(&db, location)?;
    migrate(&mut db, migrations)?;
    if sharing == Sharing::Alone {
        // The lock is taken by the first write; after it nobody else gets in.
        db.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
    }
    Ok(db)
}

fn connect(location: &Location, key: Option<&Key>) -> Result<Connection, DbError> {
    let Location::File(path) = location else {
        return Ok(Connection::open_in_memory()?);
    };
    file::prepare(path)?;
    // Without SQLITE_OPEN_URI: a path is a path. Without CREATE: the file was made just now, with its mode.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    // SQLCipher would write to stderr what we return.
    db.execute_batch("PRAGMA cipher_log_level = NONE")?;
    if let Some(key) = key {
        db.execute_batch(&key.pragma())?;
    }
    Ok(db)
}

/// Settings of the connection; nothing in here writes to the file.
fn prepare(db: &Connection, sharing: Sharing) -> Result<(), DbError> {
    db.busy_timeout(if sharing == Sharing::Alone { BUSY_ALONE } else { BUSY })?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    if sharing == Sharing::Alone {
        db.execute_batch("PRAGMA locking_mode = EXCLUSIVE")?;
    }
    // temp_store: a temporary file would hold plaintext.
    db.execute_batch(
        "PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;
         PRAGMA foreign_keys = ON;
         PRAGMA synchronous = FULL;",
    )?;
    Ok(())
}

fn make_durable(db: &Connection, location: &Location) -> Result<(), DbError> {
    db.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    let mode: String = db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    match location {
        Location::File(_) if mode != "wal" => Err(DbError::Io("no write-ahead log on this disk".to_owned())),
        _ => Ok(()),
    }
}
