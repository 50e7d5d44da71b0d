//! The shape of the file, step by step.
//!
//! What must always hold: step n takes a file from version n to n + 1 in one transaction; a step once released is
//! never changed, only followed by another; a file newer than the steps is not written to.

use rusqlite::{Connection, TransactionBehavior};

use crate::DbError;

/// One step: SQL without `BEGIN` and `COMMIT`. Its place in the list is the version that it starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration(pub &'static str);

/// "Desk" in ASCII: tells `file` and us whose database it is.
const APPLICATION_ID: i32 = 0x4465_736b;

/// Refuses a file of a newer program, or of another one. Reads only, and by that finds a wrong key.
pub(crate) fn admit(db: &Connection, migrations: &[Migration]) -> Result<(), DbError> {
    let (found, known) = (version(db)?, count(migrations));
    if found > known {
        return Err(DbError::Newer { found, known });
    }
    let owner: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if owner == APPLICATION_ID || (owner == 0 && found == 0) { Ok(()) } else { Err(DbError::Corrupt) }
}

/// Takes the file to the newest version. Another connection may do the same at the same time.
pub(crate) fn migrate(db: &mut Connection, migrations: &[Migration]) -> Result<(), DbError> {
    if version(db)? == count(migrations) {
        return Ok(());
    }
    for (from, step) in (0u32..).zip(migrations) {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Read inside the transaction: the other connection may have been faster.
        if version(&transaction)? == from {
            transaction.execute_batch(step.0)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", from + 1)?;
        }
        transaction.commit()?;
    }
    Ok(())
}

pub(crate) fn version(db: &Connection) -> Result<u32, DbError> {
    Ok(db.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn count(migrations: &[Migration]) -> u32 {
    u32::try_from(migrations.len()).unwrap_or(u32::MAX)
}
