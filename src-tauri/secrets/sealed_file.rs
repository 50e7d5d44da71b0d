//! The file that a passphrase opens, in the profile's folder.
//!
//! What must always hold: only sealed bytes are ever written; the file is replaced whole or not at all; nothing larger
//! than it can be is read.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use deskbell_api::profile::{Cost, Passphrase, ProfileSecrets, SEALED_BYTES, Seal, SealError};

use super::entry::{Entry, EntryError};
use crate::profile::{Profile, write_whole};

/// Its name.
pub(super) const FILE: &str = "secrets.sealed";

/// An open one.
#[derive(Debug)]
pub(super) struct SealedFile {
    folder: PathBuf,
    seal: Seal,
}

/// Has the profile one?
pub(super) fn is_there(profile: &Profile) -> bool {
    // One that cannot be looked at is there.
    fs::symlink_metadata(profile.folder.join(FILE))
        .map_or_else(|error| error.kind() != ErrorKind::NotFound, |_| true)
}

/// Opens the profile's.
pub(super) fn open(
    profile: &Profile,
    passphrase: &Passphrase,
) -> Result<(SealedFile, ProfileSecrets), &'static str> {
    let bytes = read(&profile.folder.join(FILE)).map_err(|error| {
        tracing::error!(kind = ?error.kind(), "the sealed keys");
        "store_io"
    })?;
    let (seal, secrets) = Seal::open(passphrase, &bytes).map_err(code)?;
    Ok((SealedFile { folder: profile.folder.clone(), seal }, secrets))
}

/// Seals the secrets under a new passphrase; a file that was there gives way once the new one is whole.
pub(super) fn create(
    profile: &Profile,
    passphrase: &Passphrase,
    secrets: &ProfileSecrets,
) -> Result<SealedFile, &'static str> {
    let seal = Seal::new(passphrase, Cost::USUAL).map_err(code)?;
    let file = SealedFile { folder: profile.folder.clone(), seal };
    file.write(secrets).map_err(|error| if error == EntryError::Full { "disk_full" } else { "store_io" })?;
    Ok(file)
}

/// Removes the profile's; none is as good.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_file(folder.join(FILE)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Entry for SealedFile {
    fn write(&self, secrets: &ProfileSecrets) -> Result<(), EntryError> {
        let bytes = self.seal.close(secrets).map_err(|_| EntryError::Failed)?;
        write_whole(&self.folder, FILE, &bytes).map_err(|error| {
            tracing::error!(kind = ?error.kind(), "the sealed keys");
            match error.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => EntryError::Full,
                _ => EntryError::Failed,
            }
        })
    }

    fn remove(&self) -> Result<(), EntryError> {
        remove(&self.folder).map_err(|_| EntryError::Failed)
    }
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let (mut bytes, most) = (Vec::new(), SEALED_BYTES as u64 + 1);
    File::open(file)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn code(error: SealError) -> &'static str {
    match error {
        SealError::WrongPassphrase => "passphrase_wrong",
        SealError::Damaged => "sealed_damaged",
        SealError::Newer => "sealed_newer",
        SealError::Unfit => "passphrase_unfit",
        SealError::NoRandom => "no_random",
        SealError::Memory => "no_memory",
    }
}
