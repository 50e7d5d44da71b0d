//! Folders and files that only their owner reads, and names in them that survive power loss.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Makes the folder, and those above it, for its owner alone. One that is there is taken as it is.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// How files here are opened to be written.
pub(crate) fn writing() -> OpenOptions {
    let mut options = File::options();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes names in the folder durable. Where folders cannot be synced the system orders them itself.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Moves a durable file to its name for good, in a folder that may not be there yet.
pub(crate) fn settle(from: &Path, to: &Path) -> io::Result<()> {
    let Some(folder) = to.parent() else { return Err(io::ErrorKind::InvalidInput.into()) };
    if !folder.is_dir() {
        make(folder)?;
        folder.parent().map_or(Ok(()), sync)?;
    }
    fs::rename(from, to)?;
    sync(folder)
}

/// Removes a file; one that is not there is removed already. True: it was there.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// What `ask` says of a path, `None` where nothing is.
pub(crate) fn found<T>(answer: io::Result<T>) -> io::Result<Option<T>> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The paths in a folder; none in one that is not there, or that is a file which some system's program left.
pub(crate) fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match found(fs::read_dir(folder)) {
        Ok(Some(entries)) => entries.map(|entry| Ok(entry?.path())).collect(),
        Ok(None) => Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
