//! The folder of packs beside the database: one archive for each site, `<site>.tar`, or `_<site>.tar` where Windows
//! keeps that name for a device.
//!
//! Why files and not rows: a pack is put there without the database's key, and while the desk runs. What must always
//! hold: an archive is there whole or not at all, also after a power cut; nothing of it is believed before it was
//! checked.

pub(crate) mod watch;

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use deskbell_pack::{Flaw, Pack, is_device};
use deskbell_wire::limits::PACK_BYTES;
use deskbell_wire::{PackDigest, SiteKey};
use sha2::{Digest as _, Sha256};

use crate::desk::SitePack;
use crate::error::DeskError;
use crate::folder;

/// Below the data folder.
const FOLDER: &str = "packs";
/// What an archive's name ends with.
const ENDING: &str = ".tar";
/// Held by whoever writes in the folder.
const LOCK: &str = ".lock";

/// The packs of a desk's sites, whether the desk runs or not.
#[derive(Clone, Debug)]
pub struct PackFolder(PathBuf);

/// Why a pack was not put there, or not read.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// It is not as it should be.
    #[error("{0}")]
    Flawed(#[from] Flaw),
    /// The disk refused.
    #[error("{0}")]
    Desk(#[from] DeskError),
    /// The file cannot be read.
    #[error("The file {} cannot be read ({}).", .0.display(), .1)]
    Unreadable(PathBuf, io::ErrorKind),
    /// The file is larger than any archive.
    #[error("The file {} is larger than {PACK_BYTES} bytes.", .0.display())]
    TooLarge(PathBuf),
}

/// A pack and its archive.
pub struct Checked {
    /// What is in it.
    pub pack: Pack,
    /// As the desk gives it out.
    pub archive: SitePack,
}

impl PackFolder {
    /// Those of the desk with this data folder, which need not exist.
    pub fn of(data: &Path) -> Self {
        Self(data.join(FOLDER))
    }

    /// Makes it the site's pack. A desk that runs notices within a second.
    ///
    /// # Errors
    /// [`PackError::TooLarge`], or what the disk says; then the site's pack is the one that it was.
    pub fn install(&self, site: &SiteKey, pack: &Pack) -> Result<PackDigest, PackError> {
        let archive = pack.to_archive();
        if archive.len() > PACK_BYTES {
            return Err(PackError::TooLarge(self.file(site)));
        }
        self.write(site, &archive).map_err(folder::refused)?;
        Ok(digest_of(&archive))
    }

    /// Takes the site's pack away; its visitors see the app's own form. `false`: there was none.
    ///
    /// # Errors
    /// What the disk says.
    pub fn remove(&self, site: &SiteKey) -> Result<bool, PackError> {
        let removed = self.lock().and_then(|_lock| {
            fs::remove_file(self.file(site))?;
            sync(&self.0)
        });
        match removed {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(folder::refused(error).into()),
        }
    }

    /// The sites that have a file there, in order.
    ///
    /// # Errors
    /// What the disk says.
    pub fn sites(&self) -> Result<Vec<SiteKey>, PackError> {
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(folder::refused(error).into()),
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut sites: Vec<SiteKey> = names.filter_map(|name| site_of(&name)).collect();
        sites.sort();
        Ok(sites)
    }

    /// Reads the site's pack, and checks it.
    ///
    /// # Errors
    /// What is wrong with it, or what the disk says.
    pub fn read(&self, site: &SiteKey) -> Result<Checked, PackError> {
        let path = self.file(site);
        let unreadable = |error: io::Error| PackError::Unreadable(path.clone(), error.kind());
        let file = File::open(&path).map_err(unreadable)?;
        let most = u64::try_from(PACK_BYTES).unwrap_or(u64::MAX);
        let length = file.metadata().map_err(unreadable)?.len();
        let mut bytes = Vec::with_capacity(usize::try_from(length.min(most)).unwrap_or_default());
        file.take(most + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() > PACK_BYTES {
            return Err(PackError::TooLarge(path));
        }
        let pack = Pack::from_archive(&bytes)?;
        let archive = SitePack { digest: digest_of(&bytes), bytes: bytes.into() };
        Ok(Checked { pack, archive })
    }

    fn file(&self, site: &SiteKey) -> PathBuf {
        self.0.join(name_of(site))
    }

    /// Beside it first: whoever reads sees the old one or the new one.
    fn write(&self, site: &SiteKey, archive: &[u8]) -> io::Result<()> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let is_new = !self.0.exists();
        builder.create(&self.0)?;
        if let Some(data) = self.0.parent().filter(|_| is_new) {
            sync(data)?;
        }
        let _lock = self.lock()?;
        let new = self.0.join(format!(".{site}.new"));
        let written = fill(&new, archive).and_then(|()| fs::rename(&new, self.file(site)));
        if written.is_err() {
            // What went wrong is said; that something is left behind is not worth another sentence.
            let _ = fs::remove_file(&new);
        }
        written.and_then(|()| sync(&self.0))
    }

    fn lock(&self) -> io::Result<File> {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lock = options.open(self.0.join(LOCK))?;
        lock.lock()?;
        Ok(lock)
    }
}

fn name_of(site: &SiteKey) -> String {
    let mark = if is_device(site.as_str()) { "_" } else { "" };
    format!("{mark}{site}{ENDING}")
}

/// The site of an archive with that name: there is one name for each.
fn site_of(name: &str) -> Option<SiteKey> {
    let site: SiteKey = name.strip_suffix(ENDING)?.trim_start_matches('_').parse().ok()?;
    (name_of(&site) == name).then_some(site)
}

/// The digest by which an archive is known.
pub fn digest_of(archive: &[u8]) -> PackDigest {
    PackDigest(Sha256::digest(archive).into())
}

fn fill(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        // One that was interrupted left it, or none.
        _ => {}
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a name in the folder durable.
fn sync(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
