//! The folder of files beside an export.
//!
//! What must always hold: it has its name only when all of it is written, and goes with an export that does not come to
//! be; a folder that is there already is neither written to nor removed; every file in it is its owner's alone, cannot be
//! run, and is called what its message calls it as far as no other is (threats 36, 38).

use std::collections::{HashMap, HashSet};
use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};

use deskbell_wire::file::extension;
use deskbell_wire::{FileCard, FileDigest};

use crate::files::came_from_elsewhere;
use crate::whole;

/// Of the export's name, so many bytes are in the folder's: what is added must find room in a file system's 255.
const NAME_BYTES: usize = 180;
/// Folders of the same name that are there from before.
const FOLDERS: u32 = 1_000;
/// Files that a file system takes for one although their names differ.
const CLASHES: u32 = 1_000;

/// A folder that comes with an export. Dropped, it goes with all that is in it.
pub(super) struct Folder {
    export: PathBuf,
    /// What it is called; `{name}` is the export.
    called: String,
    made: Option<Made>,
    /// Names that are taken, in lower case: some systems make no difference.
    taken: HashSet<String>,
    /// The number to try next.
    next: HashMap<String, u32>,
    /// The same file under the same name is there once.
    known: HashMap<(FileDigest, String), String>,
}

/// It, on the disk.
struct Made {
    /// Where it is now.
    at: PathBuf,
    /// What it is called in the end.
    name: String,
}

impl Folder {
    /// Nothing is made before there is a file.
    pub(super) fn beside(export: &Path, called: String) -> Self {
        let (taken, next, known) = Default::default();
        Self { export: export.to_owned(), called, made: None, taken, next, known }
    }

    /// Adds a file; gives its place, seen from the export.
    ///
    /// # Errors
    /// What `write` says, or the disk: then it is not there.
    pub(super) fn add<E: From<io::Error>>(
        &mut self,
        card: &FileCard,
        write: impl FnOnce(&mut File) -> Result<(), E>,
    ) -> Result<String, E> {
        let same = (card.digest, card.name.clone());
        if let Some(path) = self.known.get(&same) {
            return Ok(path.clone());
        }
        let (name, place, mut file) = self.create(&card.name)?;
        if let Err(error) = write(&mut file).and_then(|()| Ok(file.sync_all()?)) {
            drop(file);
            fs::remove_file(place)?;
            return Err(error);
        }
        came_from_elsewhere(&place);
        let path = format!("{}/{name}", self.made()?.name);
        self.known.insert(same, path.clone());
        Ok(path)
    }

    /// All is written: from now on it has its name.
    ///
    /// # Errors
    /// Where the disk refuses, or something else has that name meanwhile.
    pub(super) fn settle(&mut self) -> io::Result<()> {
        let Some(made) = &mut self.made else { return Ok(()) };
        #[cfg(unix)]
        File::open(&made.at)?.sync_all()?;
        let end = self.export.with_file_name(&made.name);
        if end.symlink_metadata().is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(&made.at, &end)?;
        made.at = end;
        Ok(())
    }

    /// The export is there: it stays. `None`: there was no file.
    pub(super) fn keep(mut self) -> Option<PathBuf> {
        self.made.take().map(|made| made.at)
    }

    fn create(&mut self, wanted: &str) -> io::Result<(String, PathBuf, File)> {
        let folder = self.made()?.at.clone();
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        for _ in 0..CLASHES {
            let name = self.free(wanted);
            let place = folder.join(&name);
            match options.open(&place) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                opened => return Ok((name, place, opened?)),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// The name, or the first that is like it and not taken; it is taken now.
    fn free(&mut self, wanted: &str) -> String {
        let number = self.next.entry(wanted.to_lowercase()).or_insert(1);
        loop {
            let name = numbered(wanted, *number);
            *number += 1;
            if self.taken.insert(name.to_lowercase()) {
                return name;
            }
        }
    }

    fn made(&mut self) -> io::Result<&Made> {
        if self.made.is_none() {
            self.made = Some(make(&self.export, &self.called)?);
        }
        self.made.as_ref().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(made) = &self.made
            && let Err(error) = fs::remove_dir_all(&made.at)
        {
            tracing::warn!(%error, "files of an export that did not come to be stay behind");
        }
    }
}

/// Makes it under a name that says that it is not whole.
fn make(export: &Path, called: &str) -> io::Result<Made> {
    let stem = export.file_stem().unwrap_or_default().to_string_lossy();
    let called = called.replace("{name}", cut(&stem));
    let names = (1..=FOLDERS).map(|number| numbered_folder(&called, number));
    let is_free = |name: &String| export.with_file_name(name).symlink_metadata().is_err();
    let name = names.into_iter().find(is_free).ok_or(io::ErrorKind::AlreadyExists)?;
    let mut maker = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    let (at, ()) = whole::part(&export.with_file_name(&name), |part| maker.create(part))?;
    Ok(Made { at, name })
}

/// `photo (2).jpg`; the first is called what it is.
pub(crate) fn numbered(name: &str, number: u32) -> String {
    match extension(name).and(name.rsplit_once('.')) {
        _ if number == 1 => name.to_owned(),
        Some((stem, extension)) => format!("{stem} ({number}).{extension}"),
        None => format!("{name} ({number})"),
    }
}

fn numbered_folder(name: &str, number: u32) -> String {
    if number == 1 { name.to_owned() } else { format!("{name} ({number})") }
}

fn cut(name: &str) -> &str {
    let ends = name.char_indices().map(|(end, _)| end).chain([name.len()]);
    let end = ends.take_while(|end| *end <= NAME_BYTES).last().unwrap_or(0);
    name.get(..end).unwrap_or(name)
}
