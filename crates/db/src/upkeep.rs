//! What a database needs now and then, outside the path of a message.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::migrate::version;
use crate::{DbError, file};

/// What a checkpoint reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Pages in the write-ahead log.
    pub logged: u64,
    /// How many of them are in the file now. All of them: the next write begins the log anew.
    pub moved: u64,
}

/// Moves what it can from the write-ahead log into the file without waiting for anybody. Costs an fsync of each;
/// call it between commits, or on a connection of its own.
///
/// # Errors
/// When the disk refuses; nothing is lost then.
pub fn checkpoint(db: &Connection) -> Result<Checkpoint, DbError> {
    let count = |row: &rusqlite::Row<'_>, at| row.get::<_, i64>(at).map(|pages| pages.max(0).unsigned_abs());
    let pages = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok(Checkpoint { logged: count(row, 1)?, moved: count(row, 2)? })
    })?;
    Ok(pages)
}

/// Reads the whole file and says whether it is sound. Takes seconds for a large one.
///
/// # Errors
/// [`DbError::Corrupt`] when it is not.
pub fn check(db: &Connection) -> Result<(), DbError> {
    let verdict: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(DbError::Corrupt) }
}

/// Writes a consistent copy, under the same key and for its owner alone, to `to`, which must not exist. The copy
/// has its name only when it is whole and on the disk.
///
/// # Errors
/// When `to` exists, or the disk refuses; then there is no copy.
pub fn backup(db: &Connection, to: &Path) -> Result<(), DbError> {
    if to.exists() {
        return Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists).into());
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    // Left behind by a backup that the power ended.
    let _ = fs::remove_file(part);
    file::prepare(part)?;
    let written = export(db, part).and_then(|()| finish(part, to));
    if written.is_err() {
        let _ = fs::remove_file(part);
    }
    written
}

fn export(db: &Connection, part: &Path) -> Result<(), DbError> {
    let name = part.to_str().ok_or_else(|| DbError::Io("the path of the backup is no text".to_owned()))?;
    // Without KEY the copy gets the key of the database itself.
    db.execute("ATTACH DATABASE ?1 AS backup", [name])?;
    let copied = copy(db);
    let detached = db.execute_batch("DETACH DATABASE backup");
    copied?;
    Ok(detached?)
}

fn copy(db: &Connection) -> Result<(), DbError> {
    db.execute_batch("PRAGMA backup.auto_vacuum = INCREMENTAL; PRAGMA backup.synchronous = FULL")?;
    let transaction = db.unchecked_transaction()?;
    transaction.query_row("SELECT sqlcipher_export('backup')", [], |_| Ok(()))?;
    let owner: i32 = transaction.pragma_query_value(None, "application_id", |row| row.get(0))?;
    transaction.pragma_update(Some("backup"), "application_id", owner)?;
    transaction.pragma_update(Some("backup"), "user_version", version(&transaction)?)?;
    Ok(transaction.commit()?)
}

fn finish(part: &Path, to: &Path) -> Result<(), DbError> {
    fs::File::open(part)?.sync_all()?;
    fs::rename(part, to)?;
    file::sync_folder(file::folder_of(to))
}
