//! The data folder: one desk at a time works in it.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use crate::error::DeskError;

/// Held by the desk that works in the folder.
const LOCK: &str = "desk.lock";

/// Makes sure that this is the only desk in the folder.
pub(crate) fn take(folder: &Path) -> Result<File, DeskError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(refused)?;
    let lock =
        File::options().create(true).truncate(false).write(true).open(folder.join(LOCK)).map_err(refused)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(DeskError::DataInUse),
        Err(TryLockError::Error(error)) => Err(refused(error)),
    }
}

/// What the disk said, as a sentence for people.
pub(crate) fn refused(error: io::Error) -> DeskError {
    match error.kind() {
        io::ErrorKind::StorageFull => DeskError::Full,
        io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            DeskError::DataDenied
        }
        kind => DeskError::Disk(kind.to_string()),
    }
}
