//! What a vault holds, in all: for a limit of room, for what nobody refers to, for a copy.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use deskbell_wire::FileDigest;

use crate::error::VaultError;
use crate::folder;
use crate::keys::BlobName;
use crate::vault::Vault;

/// A whole file, as the room it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobUse {
    /// Compare with [`Vault::name`].
    pub name: BlobName,
    /// Bytes on the disk.
    pub bytes: u64,
    /// When it was written or opened last, to five minutes.
    pub used: SystemTime,
}

impl Vault {
    /// Every whole file, in no order.
    ///
    /// # Errors
    /// The disk's.
    pub fn used(&self) -> Result<Vec<BlobUse>, VaultError> {
        let mut all = Vec::new();
        for below in folder::list(&self.shared.blobs_folder())? {
            for path in folder::list(&below)? {
                // One that is removed meanwhile is not used.
                if let Some(found) = folder::found(fs::metadata(&path))?
                    && let Some(name) = name_of(&path)
                {
                    all.push(BlobUse { name, bytes: found.len(), used: found.modified()? });
                }
            }
        }
        Ok(all)
    }

    /// Removes one of [`Self::used`].
    ///
    /// # Errors
    /// The disk's.
    pub fn remove_use(&self, found: &BlobUse) -> Result<(), VaultError> {
        self.remove_name(&found.name)
    }

    /// Removes the files that nobody wants and that were not used since; says how many.
    ///
    /// # Errors
    /// The disk's; those removed so far are gone.
    pub fn retain(&self, wanted: &HashSet<FileDigest>, older_than: SystemTime) -> Result<u64, VaultError> {
        let wanted: HashSet<BlobName> = wanted.iter().map(|digest| self.name(digest)).collect();
        let mut removed = 0;
        for found in self.used()? {
            if found.used < older_than && !wanted.contains(&found.name) {
                self.remove_use(&found)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Puts every whole file into another folder, from which [`Vault::open`] reads them with the same key; those that are
    /// there are left. By a second name where the disk can, else by a copy; durable when it returns. Says how many
    /// came anew.
    ///
    /// # Errors
    /// The disk's; what was copied so far is whole.
    pub fn copy_to(&self, root: &Path) -> Result<u64, VaultError> {
        let target = root.join("blobs");
        folder::make(&target)?;
        let mut copied = 0;
        for below in folder::list(&self.shared.blobs_folder())? {
            let files: Vec<_> =
                folder::list(&below)?.into_iter().filter(|path| name_of(path).is_some()).collect();
            let Some(name) = below.file_name().filter(|_| !files.is_empty()) else { continue };
            let into = target.join(name);
            folder::make(&into)?;
            for path in files {
                copied += u64::from(double(&path, &into)?);
            }
            folder::sync(&into)?;
        }
        folder::sync(&target)?;
        folder::sync(root)?;
        Ok(copied)
    }
}

/// False: it is there already, or gone meanwhile.
fn double(path: &Path, into: &Path) -> io::Result<bool> {
    let Some(name) = path.file_name() else { return Ok(false) };
    let to = into.join(name);
    if to.exists() {
        return Ok(false);
    }
    if fs::hard_link(path, &to).is_ok() {
        return Ok(true);
    }
    let partial = to.with_extension("partial");
    let Some(mut from) = folder::found(fs::File::open(path))? else { return Ok(false) };
    let mut copy = folder::writing().create(true).truncate(true).open(&partial)?;
    io::copy(&mut from, &mut copy)?;
    copy.sync_all()?;
    fs::rename(&partial, &to)?;
    Ok(true)
}

/// `None`: a stranger's file, or an interrupted copy.
fn name_of(path: &Path) -> Option<BlobName> {
    let rest = path.file_name()?.to_str()?;
    let folder = path.parent()?.file_name()?.to_str()?;
    let name = format!("{folder}{rest}");
    let is_ours = name.len() == 64 && folder.len() == 2 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_ours.then_some(BlobName(name))
}
