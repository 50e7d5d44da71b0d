//! Why a desk could not do it: one clear sentence for people, one stable code for programs.

use std::io;
use std::net::SocketAddr;

use deskbell_db::DbError;

/// Why a desk does not start, or does not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// Somebody listens there already.
    #[error("The port {} is already in use; choose another one or stop the program that uses it.", .0.port())]
    PortInUse(SocketAddr),
    /// The address may not be listened on.
    #[error("This program may not listen on {0}; choose a port above 1023 or an address of this computer.")]
    ListenDenied(SocketAddr),
    /// Listening failed otherwise.
    #[error("The desk cannot listen on {address}: {cause}.")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why, in the system's words.
        cause: io::ErrorKind,
    },
    /// The data folder may not be read or written.
    #[error("The data folder of the desk may not be read or written; check who owns it.")]
    DataDenied,
    /// Another desk works in that folder.
    #[error("Another desk is running in this data folder.")]
    DataInUse,
    /// The database is damaged.
    #[error("The database of the desk is damaged; it was left as it is. Restore a backup.")]
    Corrupt,
    /// The database is of a newer program.
    #[error("The database of the desk was written by a newer version of Deskbell; update this program.")]
    Newer,
    /// The key is not the one.
    #[error("The key does not fit the database of the desk, or its file is damaged.")]
    WrongKey,
    /// No space is left.
    #[error("No space is left on the disk of the desk.")]
    Full,
    /// The disk refused otherwise.
    #[error("The disk of the desk refused: {0}.")]
    Disk(String),
    /// The certificate or its key cannot be used.
    #[error("The certificate cannot be used: {0}.")]
    Certificate(String),
    /// A login that exists.
    #[error("This login is taken.")]
    LoginTaken,
    /// A name, login or password that cannot be.
    #[error("{0}")]
    BadAccount(&'static str),
    /// There is no such account.
    #[error("There is no such operator.")]
    NoAccount,
    /// There is nothing to copy.
    #[error("There is no desk in this folder.")]
    NoDesk,
    /// The desk has stopped.
    #[error("The desk has stopped.")]
    Stopped,
    /// The operating system refused a thread or random bytes.
    #[error("The operating system refused: {0}.")]
    System(String),
}

impl DeskError {
    /// Stable, for programs. Never changes its meaning.
    pub fn code(&self) -> &'static str {
        match self {
            Self::PortInUse(_) => "port_in_use",
            Self::ListenDenied(_) => "listen_denied",
            Self::Listen { .. } => "listen",
            Self::DataDenied => "data_denied",
            Self::DataInUse => "data_in_use",
            Self::Corrupt => "corrupt",
            Self::Newer => "newer",
            Self::WrongKey => "wrong_key",
            Self::Full => "full",
            Self::Disk(_) => "disk",
            Self::Certificate(_) => "certificate",
            Self::LoginTaken => "login_taken",
            Self::BadAccount(_) => "bad_account",
            Self::NoAccount => "no_account",
            Self::NoDesk => "no_desk",
            Self::Stopped => "stopped",
            Self::System(_) => "system",
        }
    }

    pub(crate) fn listen(address: SocketAddr, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::AddrInUse => Self::PortInUse(address),
            io::ErrorKind::PermissionDenied => Self::ListenDenied(address),
            cause => Self::Listen { address, cause },
        }
    }

    pub(crate) fn system(error: impl ToString) -> Self {
        Self::System(error.to_string())
    }
}

impl From<DbError> for DeskError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Full => Self::Full,
            DbError::Corrupt => Self::Corrupt,
            DbError::Newer { .. } => Self::Newer,
            DbError::WrongKey => Self::WrongKey,
            DbError::InUse => Self::DataInUse,
            DbError::Denied => Self::DataDenied,
            DbError::Io(cause) => Self::Disk(cause),
        }
    }
}
