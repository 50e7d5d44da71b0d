//! Packs that were fetched, kept by their digests: `<profile>/packs/<digest>.tar`.
//!
//! What must always hold: what is taken from the shelf is what was put there, whoever has been at the files since: a
//! file that does not match its name is deleted. What was put there is there after a power cut, too. Only its owner may
//! read the folder (threats 44). At most [`KEPT`] packs are kept, those that were used last.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use deskbell_wire::PackDigest;
use deskbell_wire::limits::PACK_BYTES;

use super::fetch::digest_of;
use crate::profile::Keep;

/// Packs that are kept.
const KEPT: usize = 3;
const ENDING: &str = ".tar";
/// Ends the names of files that are being written.
const PART: &str = ".part";

/// Where packs are kept. A session that keeps nothing has none: the pack that is in use is in memory.
pub(crate) struct Shelf(Option<PathBuf>);

impl Shelf {
    /// A profile's shelf.
    pub(crate) fn of(keep: &Keep) -> Self {
        match keep {
            Keep::Disk { folder } => Self(Some(folder.join("packs"))),
            Keep::SessionOnly => Self(None),
        }
    }

    /// Takes a pack's bytes, where they are there and are its bytes.
    pub(crate) fn take(&self, digest: PackDigest) -> Option<Vec<u8>> {
        self.0.as_deref().and_then(|folder| take(&file_of(folder, digest), digest))
    }

    /// Puts a pack there, whole or not at all; the one that was used longest ago makes room.
    ///
    /// # Errors
    /// When the disk refuses. The others are still there then.
    pub(crate) fn put(&self, digest: PackDigest, bytes: &[u8]) -> io::Result<()> {
        self.0.as_deref().map_or(Ok(()), |folder| put(folder, digest, bytes))
    }
}

fn file_of(folder: &Path, digest: PackDigest) -> PathBuf {
    folder.join(format!("{digest}{ENDING}"))
}

fn take(path: &Path, digest: PackDigest) -> Option<Vec<u8>> {
    // A link would lead elsewhere, and a device has no end.
    let kept = fs::symlink_metadata(path).ok()?;
    let bytes = if kept.is_file() { read(path).ok()? } else { Vec::new() };
    if digest_of(&bytes) != digest {
        tracing::warn!(%digest, "a kept pack does not match its name: it is deleted");
        let _ = fs::remove_file(path);
        return None;
    }
    used_now(path);
    Some(bytes)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(PACK_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The file's time says when it was used last; where that cannot be said, it may have to go sooner.
fn used_now(path: &Path) {
    if let Ok(file) = File::options().append(true).open(path) {
        let _ = file.set_modified(SystemTime::now());
    }
}

fn put(folder: &Path, digest: PackDigest, bytes: &[u8]) -> io::Result<()> {
    make_folder(folder)?;
    let part = folder.join(format!("{digest}-{}{PART}", std::process::id()));
    let written = write(&part, bytes).and_then(|()| fs::rename(&part, file_of(folder, digest)));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written?;
    sync(folder)?;
    make_room(folder, digest)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    folder.parent().map_or(Ok(()), sync)
}

/// Makes a new name in the folder survive power loss. Windows keeps names in its journal and opens no folders.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // What a write left that was cut off is not continued.
    let _ = fs::remove_file(path);
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Deletes what is too much, never the pack that has just come, and nothing that has another kind of name.
fn make_room(folder: &Path, newest: PackDigest) -> io::Result<()> {
    let mut others = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Some(name) = name.to_str() else { continue };
        match name.strip_suffix(ENDING).and_then(|digest| digest.parse::<PackDigest>().ok()) {
            Some(digest) if digest != newest => {
                let used = entry.metadata().and_then(|kept| kept.modified()).ok();
                others.push((used, path));
            }
            // Cut off in another life of this program.
            None if name.ends_with(PART) => drop(fs::remove_file(path)),
            Some(_) | None => {}
        }
    }
    others.sort();
    let too_many = (others.len() + 1).saturating_sub(KEPT);
    others.into_iter().take(too_many).try_for_each(|(_, path)| fs::remove_file(path))
}
