//! What can go wrong with files on a disk. No variant holds a path or a name.

use std::io;

/// Why the vault could not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The disk has no room left, or its owner's share of it is used up.
    #[error("no space left on the disk")]
    Full,
    /// The system does not let this program at the folder.
    #[error("the folder of files may not be read or written")]
    Denied,
    /// What lies there is not what was written, or was written with another key.
    #[error("a stored file is damaged")]
    Corrupt,
    /// The whole is not what was announced.
    #[error("a file's digest or size is not what was announced")]
    Digest,
    /// Anything else, in the system's words.
    #[error("the disk says: {0}")]
    Io(String),
}

impl From<io::Error> for VaultError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => Self::Full,
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => Self::Denied,
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<VaultError> for io::Error {
    fn from(error: VaultError) -> Self {
        let kind = match error {
            VaultError::Full => io::ErrorKind::StorageFull,
            VaultError::Denied => io::ErrorKind::PermissionDenied,
            VaultError::Corrupt | VaultError::Digest => io::ErrorKind::InvalidData,
            VaultError::Io(_) => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}
