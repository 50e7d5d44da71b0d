//! A copy of a desk while it runs, as a data folder that another desk can be started in.
//!
//! What must always hold: the copy is one moment of the database, encrypted with the same key and its owner's alone;
//! the database has its name in the copy only when everything is there, so a copy that was cut short is seen to be one.
//! Files are copied after the database's moment, so that every message of the copy has its file.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use deskbell_vault::{Vault, VaultError};

use crate::error::DeskError;
use crate::folder;
use crate::store::SecondWay;

/// The database's file in a data folder.
pub(crate) const DATABASE: &str = "desk.db";
/// The folder of files in a data folder.
pub(crate) const FILES: &str = "files";
/// The database's name in a copy that is not whole yet.
const UNFINISHED: &str = "desk.db.unfinished";
/// The folder of packs in a data folder.
const PACKS: &str = "packs";

/// A way to copy a desk.
pub struct Backup {
    way: SecondWay,
    data: PathBuf,
}

impl Backup {
    pub(crate) fn by(way: Option<SecondWay>) -> Result<Self, DeskError> {
        let way = way.ok_or(DeskError::NoDesk)?;
        let data = way.file().and_then(Path::parent).ok_or(DeskError::NoDesk)?.to_owned();
        Ok(Self { way, data })
    }

    /// Writes the copy to a new folder. Nobody who is connected waits for it.
    ///
    /// # Errors
    /// [`DeskError::DataDenied`] where there is something already, or what the disk says. There is no copy then.
    pub fn write(&self, to: &Path) -> Result<(), DeskError> {
        make(to).map_err(folder::refused)?;
        let written = self.fill(to);
        if written.is_err() {
            // A part of a copy is of no use to anybody.
            let _ = fs::remove_dir_all(to);
        }
        written
    }

    fn fill(&self, to: &Path) -> Result<(), DeskError> {
        copy_packs(&self.data, to).map_err(folder::refused)?;
        let unfinished = to.join(UNFINISHED);
        self.way.backup(&unfinished)?;
        copy_files(&self.data, to).map_err(|error| folder::refused(error.into()))?;
        fs::rename(&unfinished, to.join(DATABASE)).and_then(|()| sync(to)).map_err(folder::refused)
    }
}

impl fmt::Debug for Backup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Backup")
    }
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes the names in a folder durable.
fn sync(folder: &Path) -> io::Result<()> {
    // Elsewhere folders cannot be synced; the system orders names itself.
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Files are copied as they lie there: sealed, where the desk has a key.
fn copy_files(data: &Path, to: &Path) -> Result<(), VaultError> {
    let files = data.join(FILES);
    if !files.is_dir() {
        return Ok(());
    }
    make(&to.join(FILES))?;
    // No key: nothing is read.
    Vault::open(&files, None)?.copy_to(&to.join(FILES)).map(drop)
}

/// A pack's file is replaced whole or not at all, so each is copied whole.
fn copy_packs(data: &Path, to: &Path) -> io::Result<()> {
    let packs = data.join(PACKS);
    if !packs.is_dir() {
        return Ok(());
    }
    make(&to.join(PACKS))?;
    for entry in fs::read_dir(packs)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "tar")
            && let Some(name) = file.file_name()
        {
            fs::copy(&file, to.join(PACKS).join(name))?;
        }
    }
    Ok(())
}
