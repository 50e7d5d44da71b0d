//! What is derived from the owner's key: the names of files and each file's own key.

use std::fmt;

use deskbell_wire::FileDigest;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::{aead, hkdf, hmac};

use crate::error::VaultError;

/// Of the vault's key: no other use of the owner's key gives the same.
const FILES: &[u8] = b"deskbell files 1";
const NAMES: &[u8] = b"deskbell file names 1";
const ONE_FILE: &[u8] = b"deskbell one file 1";
/// Names where nothing is secret.
const OPEN_NAMES: &[u8] = b"deskbell open file names 1";

/// Random bytes at the head of each sealed file.
pub(crate) type Salt = [u8; 32];

/// A whole file's name on the disk: tells only who has the key which file it is.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobName(pub(crate) String);

impl fmt::Debug for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlobName(…)")
    }
}

/// The keys of one vault. `seals` is `None` where files lie open.
pub(crate) struct Keys {
    names: hmac::Key,
    seals: Option<hkdf::Prk>,
}

impl Keys {
    pub(crate) fn of(key: Option<&[u8; 32]>) -> Result<Self, VaultError> {
        let Some(key) = key else {
            return Ok(Self { names: hmac::Key::new(hmac::HMAC_SHA256, OPEN_NAMES), seals: None });
        };
        let owner = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(key);
        let names = hmac::Key::new(hmac::HMAC_SHA256, &derived(&owner, NAMES)?);
        let seals = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, &derived(&owner, FILES)?);
        Ok(Self { names, seals: Some(seals) })
    }

    pub(crate) fn name(&self, digest: &FileDigest) -> BlobName {
        let tag = hmac::sign(&self.names, &digest.0);
        BlobName(tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(crate) fn are_sealing(&self) -> bool {
        self.seals.is_some()
    }

    /// The key of the file with that salt.
    pub(crate) fn of_file(&self, salt: &Salt) -> Result<Option<aead::LessSafeKey>, VaultError> {
        let Some(seals) = &self.seals else { return Ok(None) };
        let info = [ONE_FILE, salt.as_slice()];
        let made = seals.expand(&info, &aead::AES_256_GCM).map_err(|_| refused())?;
        Ok(Some(aead::LessSafeKey::new(aead::UnboundKey::from(made))))
    }
}

/// Fills with random bytes of the system.
pub(crate) fn random(into: &mut [u8]) -> Result<(), VaultError> {
    SystemRandom::new().fill(into).map_err(|_| VaultError::Io("the system gives no random bytes".to_owned()))
}

fn derived(from: &hkdf::Prk, label: &[u8]) -> Result<[u8; 32], VaultError> {
    let mut key = [0; 32];
    let label = [label];
    let made = from.expand(&label, hkdf::HKDF_SHA256).map_err(|_| refused())?;
    made.fill(&mut key).map_err(|_| refused())?;
    Ok(key)
}

fn refused() -> VaultError {
    VaultError::Io("a key could not be derived".to_owned())
}
