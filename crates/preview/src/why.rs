//! Why there is no picture.

use std::io;

/// Why a file is not shown, or its details are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Why {
    /// Nothing here reads that type.
    #[error("files of that type are not shown")]
    Unsupported,
    /// It is damaged, not of its type, or made to harm.
    #[error("the file cannot be read as what it says it is")]
    Unreadable,
    /// More bytes, or more dots, than are looked at.
    #[error("the file is too large to be shown")]
    TooLarge,
    /// It took too long.
    #[error("looking at the file took too long")]
    Late,
    /// The file's bytes could not be had, or the result could not be put away.
    #[error("the file's bytes could not be read or written")]
    Bytes(io::ErrorKind),
    /// The worker could not be started.
    #[error("the worker could not be started")]
    Worker(io::ErrorKind),
}

impl From<Why> for io::Error {
    fn from(why: Why) -> Self {
        let kind = match why {
            Why::Unsupported => io::ErrorKind::Unsupported,
            Why::Unreadable | Why::TooLarge => io::ErrorKind::InvalidData,
            Why::Late => io::ErrorKind::TimedOut,
            Why::Bytes(kind) | Why::Worker(kind) => kind,
        };
        Self::new(kind, why)
    }
}
