//! A copy of a desk while it runs, as a data folder that another desk can be started in.
//!
//! What must always hold: the copy is one moment of the database, encrypted with the same key and its owner's alone;
//! the database has its name in the copy only when everything is there, so a copy that was cut short is seen to be one.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::DeskError;
use crate::folder;
use crate::store::SecondWay;

/// The database's file in a data folder.
pub(crate) const DATABASE: &str = "desk.db";
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
        let written = copy_packs(&self.data, to)
            .map_err(folder::refused)
            .and_then(|()| Ok(self.way.backup(&to.join(DATABASE))?));
        if written.is_err() {
            // A part of a copy is of no use to anybody.
            let _ = fs::remove_dir_all(to);
        }
        written
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
