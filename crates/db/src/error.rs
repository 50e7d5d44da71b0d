//! What can go wrong with a database, sorted by what a person or a program can do about it.
//!
//! What must always hold: no text in here comes from a row, a path or a statement.

use std::io;

use rusqlite::ffi::ErrorCode;

/// Why the database could not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// No space is left. Reading still works.
    #[error("no space is left on the disk")]
    Full,
    /// The file is damaged.
    #[error("the database is damaged")]
    Corrupt,
    /// The file was written by a newer program; it was not touched.
    #[error("the database is of a newer version ({found}, this program knows {known})")]
    Newer {
        /// The file's version.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The key does not fit, or the head of the file is damaged: encrypted, the two look alike.
    #[error("the key does not fit the database, or the database is damaged")]
    WrongKey,
    /// Another connection holds it.
    #[error("the database is in use by another program")]
    InUse,
    /// The file or its folder may not be read or written.
    #[error("the database may not be opened or written")]
    Denied,
    /// Anything else that the disk said. The outcome of a commit is unknown then: read again before going on.
    #[error("the disk refused: {0}")]
    Io(String),
}

impl DbError {
    /// Can the same call succeed later, with the same file, key and program?
    pub fn retryable(&self) -> bool {
        match self {
            Self::Full | Self::InUse | Self::Io(_) => true,
            Self::Corrupt | Self::Newer { .. } | Self::WrongKey | Self::Denied => false,
        }
    }

    fn of_code(error: rusqlite::ffi::Error) -> Self {
        match error.code {
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::DatabaseCorrupt => Self::Corrupt,
            ErrorCode::NotADatabase => Self::WrongKey,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
                Self::InUse
            }
            ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::CannotOpen => Self::Denied,
            // The code alone: a message could quote a statement.
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error;
        match error {
            Error::SqliteFailure(code, _) => Self::of_code(code),
            Error::SqlInputError { error: code, .. } => Self::of_code(code),
            // A row holds what no version of this program writes.
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::Utf8Error(..) => Self::Corrupt,
            Error::QueryReturnedNoRows => Self::Io("a row is missing".to_owned()),
            _ => Self::Io("the statement does not fit the database".to_owned()),
        }
    }
}

impl From<io::Error> for DbError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::Denied,
            kind => Self::Io(kind.to_string()),
        }
    }
}
