//! Reading a chosen file into the vault, and whether it stayed the same meanwhile.
//!
//! What must always hold: nothing but a plain file is opened; what is kept has the size that it had when it was begun,
//! and its bytes, its name and what it was said to be agree.

use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::time::SystemTime;

use deskbell_vault::{Part, Vault};
use deskbell_wire::file::{agree, tidy_name};
use deskbell_wire::{FileCard, VisitorId};
use uuid::Uuid;

use super::refused::Refused;
use super::rules::Bounds;
use super::staged::Staged;
use crate::dto::NewPiece;

/// Bytes that are read at once.
const CHUNK: usize = 128 * 1024;
/// Bytes by which a type is known.
const FIRST: usize = 4_096;
/// Bytes that are left to whatever else this computer does.
const RESERVE: u64 = 64 * 1024 * 1024;

/// What a path is called, for people.
pub(super) fn name_of(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    tidy_name(&name.unwrap_or_default(), "")
}

/// What a file was said to be when it was begun.
pub(super) struct Announced {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) media: String,
}

/// A file that is being taken in.
pub(super) struct Reading {
    part: Part,
    announced: Announced,
    first: Vec<u8>,
}

impl Reading {
    /// Begins one.
    ///
    /// # Errors
    /// When there is no space for it, or the disk refuses.
    pub(super) fn new(id: Uuid, announced: Announced, vault: &Vault) -> Result<Self, Refused> {
        if vault.free().is_ok_and(|free| free < announced.size.saturating_add(RESERVE)) {
            return Err(Refused::NoSpace);
        }
        Ok(Self { part: vault.begin(id)?, announced, first: Vec::new() })
    }

    /// Begins one that a page announced.
    ///
    /// # Errors
    /// As [`Self::new`], and what the rules have against it.
    pub(super) fn announced(
        to: VisitorId,
        file: &NewPiece,
        bounds: &Bounds,
        vault: &Vault,
    ) -> Result<(Staged, Self), Refused> {
        let name = tidy_name(&file.name, &file.media);
        bounds.check(&name, file.size)?;
        let staged = Staged::new(to, name.clone(), file.size, file.media.clone());
        let announced = Announced { name, size: file.size, media: file.media.clone() };
        let reading = Self::new(staged.id, announced, vault)?;
        Ok((staged, reading))
    }

    /// The next bytes. Returns how many there are now.
    ///
    /// # Errors
    /// [`Refused::Changed`] when they are more than was announced; the disk's.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<u64, Refused> {
        let taken = self.part.len().saturating_add(bytes.len() as u64);
        if taken > self.announced.size {
            return Err(Refused::Changed);
        }
        let missing = FIRST.saturating_sub(self.first.len());
        self.first.extend(bytes.iter().take(missing));
        self.part.append(bytes)?;
        Ok(taken)
    }

    /// Every byte has come: makes it durable.
    ///
    /// # Errors
    /// [`Refused::Changed`] when some are missing, [`Refused::TypeLies`], the disk's.
    pub(super) fn end(self) -> Result<FileCard, Refused> {
        let Self { part, announced: Announced { name, size, media }, first } = self;
        if part.len() != size {
            return Err(Refused::Changed);
        }
        let media = agree(&name, &media, &first).map_err(|_| Refused::TypeLies)?;
        let digest = part.finish(None, size)?;
        Ok(FileCard { name: tidy_name(&name, &media), size, media, digest })
    }
}

/// A file at its place.
pub(super) struct Source {
    file: File,
    pub(super) size: u64,
    changed: Option<SystemTime>,
    chunk: Vec<u8>,
    read: u64,
}

impl Source {
    /// Opens it.
    ///
    /// # Errors
    /// What it is if it is no file, what the rules have against it, and the system's word.
    pub(super) fn open(path: &Path, bounds: &Bounds) -> Result<Self, Refused> {
        // A pipe would never open, so it is not tried.
        let found = plain(&fs::metadata(path).map_err(|error| refused(&error))?)?;
        bounds.check(&name_of(path), found)?;
        let file = File::open(path).map_err(|error| refused(&error))?;
        let metadata = file.metadata().map_err(|error| refused(&error))?;
        let size = plain(&metadata)?;
        bounds.check(&name_of(path), size)?;
        Ok(Self { file, size, changed: metadata.modified().ok(), chunk: vec![0; CHUNK], read: 0 })
    }

    pub(super) fn announced(&self, path: &Path) -> Announced {
        Announced { name: name_of(path), size: self.size, media: String::new() }
    }

    /// The next bytes; `None` at its end.
    ///
    /// # Errors
    /// When it cannot be read on, or grows.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, Refused> {
        let read = self.file.read(&mut self.chunk).map_err(|error| refused(&error))?;
        self.read = self.read.saturating_add(read as u64);
        if self.read > self.size {
            return Err(Refused::Changed);
        }
        Ok(self.chunk.get(..read).filter(|bytes| !bytes.is_empty()))
    }

    /// Is it, and is what stands at its place, what it was?
    ///
    /// # Errors
    /// [`Refused::Changed`] or [`Refused::Gone`] when it is not.
    pub(super) fn unchanged(&self, path: &Path) -> Result<(), Refused> {
        let now = self.file.metadata().map_err(|error| refused(&error))?;
        let there = fs::metadata(path).map_err(|error| refused(&error))?;
        let same = |found: &Metadata| found.len() == self.size && found.modified().ok() == self.changed;
        if self.read == self.size && same(&now) && same(&there) { Ok(()) } else { Err(Refused::Changed) }
    }
}

/// The size of a plain file.
fn plain(found: &Metadata) -> Result<u64, Refused> {
    match () {
        () if found.is_dir() => Err(Refused::Folder),
        () if found.is_file() => Ok(found.len()),
        () => Err(Refused::Unreadable),
    }
}

fn refused(error: &std::io::Error) -> Refused {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::StaleNetworkFileHandle => Refused::Gone,
        ErrorKind::IsADirectory => Refused::Folder,
        _ => Refused::Unreadable,
    }
}
