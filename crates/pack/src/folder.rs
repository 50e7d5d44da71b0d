//! A pack's folder on the disk.
//!
//! What must always hold: nothing outside the folder is read, no link is followed out of it, nothing that can block
//! (a pipe, a device) is opened, and no byte is read before the sizes are known to fit.

use std::ffi::OsStr;
use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::files::{Files, PACK_BYTES, PACK_FILES, unreadable};
use crate::flaw::{Flaw, FlawKind};
use crate::path;
use crate::text::shortened;

/// How many folders may lie inside one another.
const PACK_DEPTH: usize = 16;

/// What one folder may hold, hidden things counted, before it is looked at no further.
const LISTED: usize = PACK_FILES * 2;

/// Something in the folder that is no folder itself.
struct Found {
    /// Below the pack's folder.
    path: PathBuf,
    kind: FileType,
    bytes: u64,
    changed: Option<SystemTime>,
}

/// What a pack's folder looked like from outside: the paths, sizes and times of its files.
///
/// Two that are equal mean that nothing has changed. No file is opened for it, so that it can be taken several times a
/// second; a folder with far more files than a pack may have is looked at no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(Vec<(PathBuf, u64, Option<SystemTime>)>);

impl Fingerprint {
    /// The folder as it is now.
    ///
    /// # Errors
    /// When the folder, or one in it, cannot be listed.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let found = walk(folder).map_err(|(_, err)| err)?;
        Ok(Self(found.into_iter().map(|found| (found.path, found.bytes, found.changed)).collect()))
    }
}

/// Reads every file of a pack's folder.
pub(crate) fn read(folder: &Path) -> Result<Files, Flaw> {
    let root = folder.canonicalize().map_err(|err| failed(Path::new(""), &err))?;
    let found = walk(&root).map_err(|(path, err)| failed(&path, &err))?;
    if found.len() > PACK_FILES {
        return Err(Flaw { file: String::new(), place: None, kind: FlawKind::TooMany(PACK_FILES) });
    }
    if found.iter().fold(0, |sum: u64, found| sum.saturating_add(found.bytes)) > PACK_BYTES {
        return Err(too_large(&found));
    }
    let mut files = Files::default();
    for found in &found {
        let path = named(&found.path)?;
        files.check(&path, found.bytes)?;
        let bytes = contents(&root, found)?;
        files.insert(path, bytes)?;
    }
    Ok(files)
}

/// Names the file where one alone is too large.
fn too_large(found: &[Found]) -> Flaw {
    let file = found.iter().find(|found| found.bytes > PACK_BYTES).map(|found| shown(&found.path));
    Flaw { file: file.unwrap_or_default(), place: None, kind: FlawKind::TooLarge(PACK_BYTES) }
}

/// Everything below `root` but hidden things, in the order of the names. A few more than a pack may have at most:
/// whoever points at a home folder does not wait until all of it has been looked at.
fn walk(root: &Path) -> Result<Vec<Found>, (PathBuf, io::Error)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    let mut seen = 0;
    while let Some(folder) = folders.pop().filter(|_| found.len() <= PACK_FILES) {
        seen += 1;
        if seen > PACK_FILES || folder.components().count() > PACK_DEPTH {
            return Err((folder, io::Error::other("there are too many folders in it")));
        }
        list(root, &folder, &mut found, &mut folders).map_err(|err| (folder, err))?;
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// What lies in one folder: folders to `folders`, everything else to `found`.
fn list(root: &Path, folder: &Path, found: &mut Vec<Found>, folders: &mut Vec<PathBuf>) -> io::Result<()> {
    for (at, entry) in fs::read_dir(root.join(folder))?.enumerate() {
        let entry = entry?;
        if at >= LISTED {
            return Err(io::Error::other("there are too many things in it"));
        }
        let name = entry.file_name();
        if name.to_str().is_some_and(path::is_left_out) {
            continue;
        }
        let meta = entry.metadata()?;
        let path = folder.join(name);
        if meta.is_dir() {
            folders.push(path);
        } else {
            found.push(Found {
                path,
                kind: meta.file_type(),
                bytes: meta.len(),
                changed: meta.modified().ok(),
            });
        }
    }
    Ok(())
}

fn contents(root: &Path, found: &Found) -> Result<Vec<u8>, Flaw> {
    let place = root.join(&found.path);
    let place = if found.kind.is_symlink() { linked(root, &found.path, &place)? } else { place };
    // Opening a pipe would wait for somebody to write into it.
    if !fs::symlink_metadata(&place).map_err(|err| failed(&found.path, &err))?.is_file() {
        return Err(unreadable(&shown(&found.path), "it is not a plain file"));
    }
    let mut bytes = Vec::new();
    let file = File::open(&place).map_err(|err| failed(&found.path, &err))?;
    file.take(PACK_BYTES + 1).read_to_end(&mut bytes).map_err(|err| failed(&found.path, &err))?;
    Ok(bytes)
}

/// Where a link leads, if that is inside the folder.
fn linked(root: &Path, path: &Path, link: &Path) -> Result<PathBuf, Flaw> {
    let named = fs::read_link(link).map_err(|err| failed(path, &err))?.to_string_lossy().into_owned();
    let named = shortened(&named);
    let flaw = |kind| Flaw { file: shown(path), place: None, kind };
    let Ok(target) = link.canonicalize() else { return Err(flaw(FlawKind::Missing(named))) };
    // What is left out (a hidden file, a library's folder) is as good as outside: it was not meant to be given away.
    let inside = target.strip_prefix(root).ok();
    let is_left_out = |part: &OsStr| part.to_str().is_none_or(path::is_left_out);
    match inside {
        Some(inside) if !inside.iter().any(is_left_out) => Ok(target),
        _ => Err(flaw(FlawKind::Outside(named))),
    }
}

fn named(path: &Path) -> Result<String, Flaw> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    parts
        .map(|parts| path::composed(&parts.join("/")).into_owned())
        .ok_or_else(|| unreadable(&shown(path), "its name is no Unicode"))
}

fn shown(path: &Path) -> String {
    shortened(&path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// Without the system's own words where it has a kind: they depend on the system and its language.
fn failed(path: &Path, err: &io::Error) -> Flaw {
    let why = if err.get_ref().is_some() { err.to_string() } else { err.kind().to_string() };
    unreadable(&shown(path), &why)
}
