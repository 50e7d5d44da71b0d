//! The file of a database before SQLite sees it: only its owner may read it (threats 44).

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use crate::DbError;

/// Makes the folder (0700) and the file (0600) where they are missing, and takes a file that is there away from
/// others. An existing folder is left as it is: it may be anybody's.
pub(crate) fn prepare(path: &Path) -> Result<(), DbError> {
    let folder = folder_of(path);
    make_folder(folder)?;
    match new_file(path) {
        Ok(()) => sync_folder(folder),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(own(path)?),
        Err(error) => Err(error.into()),
    }
}

/// Makes an empty file that only its owner may read.
pub(crate) fn new_file(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// The folder that holds `path`.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes a new name in `folder` survive power loss.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), DbError> {
    // Windows keeps names in its journal and opens no folders.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn make_folder(folder: &Path) -> Result<(), DbError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder)?)
}

#[cfg(unix)]
fn own(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700))
}

#[cfg(not(unix))]
fn own(_path: &Path) -> std::io::Result<()> {
    // The folder below the user's profile carries the rights.
    Ok(())
}
