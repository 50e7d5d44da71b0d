//! The folder itself: parts and whole files in it.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use deskbell_wire::FileDigest;
use uuid::Uuid;

use crate::blob::Blob;
use crate::error::VaultError;
use crate::folder;
use crate::keys::{BlobName, Keys, random};
use crate::part::{self, Part};
use crate::shared::Shared;

/// A use is noted when the last note is older.
const NOTED: Duration = Duration::from_secs(300);

/// A folder of files. Clones are the same vault; calls block on the disk. One process at a time has a folder.
#[derive(Clone)]
pub struct Vault {
    pub(crate) shared: Arc<Shared>,
}

impl Vault {
    /// Opens the folder, made where it is not. With a key every file in it is sealed under keys derived from it;
    /// without one files lie open.
    ///
    /// # Errors
    /// The disk's.
    pub fn open(root: &Path, key: Option<&[u8; 32]>) -> Result<Self, VaultError> {
        Self::at(root, Keys::of(key)?, false)
    }

    /// A vault in the system's folder for passing files, sealed with a key that only this process has; gone with its last
    /// clone, part and file. What a crash leaves is unreadable to all.
    ///
    /// # Errors
    /// The disk's.
    pub fn passing() -> Result<Self, VaultError> {
        let mut key = [0; 32];
        random(&mut key)?;
        let root = std::env::temp_dir().join(format!("deskbell-files-{}", Uuid::new_v4().simple()));
        Self::at(&root, Keys::of(Some(&key))?, true)
    }

    fn at(root: &Path, keys: Keys, is_passing: bool) -> Result<Self, VaultError> {
        let shared = Arc::new(Shared::new(root.to_owned(), keys, is_passing));
        folder::make(&shared.parts_folder())?;
        folder::make(&shared.blobs_folder())?;
        folder::sync(root)?;
        Ok(Self { shared })
    }

    /// Begins a part; what was there under that id is gone.
    ///
    /// # Errors
    /// The disk's; [`VaultError::Io`] as well while another holds that part.
    pub fn begin(&self, part: Uuid) -> Result<Part, VaultError> {
        Part::begin(&self.shared, part)
    }

    /// Goes on with a part: up to the last record that is whole. Costs a reading of the part, except where this process
    /// put it away itself. `None`: there is none.
    ///
    /// # Errors
    /// The disk's; [`VaultError::Io`] as well while another holds that part.
    pub fn resume(&self, part: Uuid) -> Result<Option<Part>, VaultError> {
        Part::resume(&self.shared, part)
    }

    /// How long a part is, from its length on the disk; after a crash [`Self::resume`] may find less. Not what a part
    /// that is open holds in memory.
    ///
    /// # Errors
    /// The disk's.
    pub fn part_len(&self, part: Uuid) -> Result<Option<u64>, VaultError> {
        part::part_len(&self.shared, part)
    }

    /// Removes a part, if it is there.
    ///
    /// # Errors
    /// The disk's.
    pub fn drop_part(&self, part: Uuid) -> Result<(), VaultError> {
        folder::remove(&self.shared.part_path(part))?;
        Ok(())
    }

    /// The parts, with the time of their last byte; those that are open now included.
    ///
    /// # Errors
    /// The disk's.
    pub fn parts(&self) -> Result<Vec<(Uuid, SystemTime)>, VaultError> {
        let mut parts = Vec::new();
        for path in folder::list(&self.shared.parts_folder())? {
            let id = path.file_name().and_then(|name| name.to_str()?.parse().ok());
            if let (Some(id), Some(found)) = (id, folder::found(fs::metadata(&path))?) {
                parts.push((id, found.modified()?));
            }
        }
        Ok(parts)
    }

    /// Is somebody writing that part now?
    pub fn is_open(&self, part: Uuid) -> bool {
        self.shared.is_open(part)
    }

    /// The whole file of that digest and size, `None` where it is not. Notes that it was used.
    ///
    /// # Errors
    /// [`VaultError::Corrupt`]: what is there is not that long, or of another key. Else the disk's.
    pub fn blob(&self, digest: &FileDigest, size: u64) -> Result<Option<Blob>, VaultError> {
        let path = self.shared.blob_path(&self.name(digest));
        let Some(file) = folder::found(fs::File::open(&path))? else { return Ok(None) };
        note_use(&file);
        Blob::open(&self.shared, file, size).map(Some)
    }

    /// Is the file of that digest here, whole?
    pub fn has(&self, digest: &FileDigest) -> bool {
        self.shared.blob_path(&self.name(digest)).is_file()
    }

    /// Removes the file of that digest, if it is here; durable when it returns. Who reads it reads on.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(&self, digest: &FileDigest) -> Result<(), VaultError> {
        self.remove_name(&self.name(digest))
    }

    pub(crate) fn remove_name(&self, name: &BlobName) -> Result<(), VaultError> {
        let path = self.shared.blob_path(name);
        if folder::remove(&path)?
            && let Some(folder) = path.parent()
        {
            folder::sync(folder)?;
        }
        Ok(())
    }

    /// The name of that file here, for comparing with [`crate::BlobUse`].
    pub fn name(&self, digest: &FileDigest) -> BlobName {
        self.shared.keys.name(digest)
    }

    /// Bytes that this program may still write on that disk.
    ///
    /// # Errors
    /// The system's.
    pub fn free(&self) -> Result<u64, VaultError> {
        Ok(fs4::available_space(&self.shared.root)?)
    }
}

/// As the time of its last change, every few minutes; a disk that does not let us forgets, and an older file goes first.
fn note_use(file: &fs::File) {
    let now = SystemTime::now();
    let noted = file.metadata().and_then(|found| found.modified());
    if noted.is_ok_and(|noted| now.duration_since(noted).is_ok_and(|age| age > NOTED)) {
        let _ = file.set_modified(now);
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.shared.is_passing { "Vault(passing)" } else { "Vault" })
    }
}
