//! How a file lies on the disk: a head, then records of 64 KiB, each sealed with its place in the file.
//!
//! A record's place is part of what is sealed, and each file has a key of its own: neither records nor files can be
//! exchanged. That none is missing at the end is seen by who knows the file's size. Without a key there is neither
//! head nor seal: the file is its bytes.

use std::ops::Range;

use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};

use crate::error::VaultError;
use crate::keys::{Keys, Salt, random};

/// Bytes of the file in one record.
pub(crate) const RECORD: usize = 64 * 1024;

/// Says what it is, and in which version of this layout.
const MARK: &[u8; 8] = b"DBfile\x00\x01";
const HEAD: usize = MARK.len() + size_of::<Salt>();
const TAG: usize = 16;

/// Seals and opens the records of one file.
pub(crate) struct Seal(Option<LessSafeKey>);

impl Seal {
    /// For a new file, with its head.
    pub(crate) fn fresh(keys: &Keys) -> Result<(Self, Vec<u8>), VaultError> {
        if !keys.are_sealing() {
            return Ok((Self(None), Vec::new()));
        }
        let mut salt = Salt::default();
        random(&mut salt)?;
        let head = [MARK.as_slice(), &salt].concat();
        Ok((Self(keys.of_file(&salt)?), head))
    }

    /// For a file that has a head of [`Lengths::head`] bytes.
    pub(crate) fn of(keys: &Keys, head: &[u8]) -> Result<Self, VaultError> {
        if !keys.are_sealing() {
            return Ok(Self(None));
        }
        let salt = head.strip_prefix(MARK).and_then(|salt| Salt::try_from(salt).ok());
        Ok(Self(keys.of_file(&salt.ok_or(VaultError::Corrupt)?)?))
    }

    /// Puts the record as it lies on the disk into `out`, in place of what is there.
    pub(crate) fn seal(&self, index: u64, plain: &[u8], out: &mut Vec<u8>) -> Result<(), VaultError> {
        out.clear();
        let Some(key) = &self.0 else {
            out.extend_from_slice(plain);
            return Ok(());
        };
        let mut nonce = [0; NONCE_LEN];
        random(&mut nonce)?;
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let body = out.get_mut(NONCE_LEN..).unwrap_or_default();
        let tag = key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(index.to_be_bytes()),
                body,
            )
            .map_err(|_| VaultError::Io("a record could not be sealed".to_owned()))?;
        out.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// Opens a record where it lies; says where in it the file's bytes are.
    pub(crate) fn open(&self, index: u64, record: &mut [u8]) -> Result<Range<usize>, VaultError> {
        let Some(key) = &self.0 else { return Ok(0..record.len()) };
        let Some((nonce, sealed)) = record.split_at_mut_checked(NONCE_LEN) else {
            return Err(VaultError::Corrupt);
        };
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Corrupt)?;
        let plain = key
            .open_in_place(nonce, Aad::from(index.to_be_bytes()), sealed)
            .map_err(|_| VaultError::Corrupt)?;
        Ok(NONCE_LEN..NONCE_LEN + plain.len())
    }
}

/// How long things are on the disk.
#[derive(Clone, Copy)]
pub(crate) struct Lengths {
    /// The head of a file.
    pub(crate) head: usize,
    /// What a seal adds to a record.
    pub(crate) seal: usize,
}

impl Lengths {
    pub(crate) fn of(keys: &Keys) -> Self {
        if keys.are_sealing() {
            Self { head: HEAD, seal: NONCE_LEN + TAG }
        } else {
            Self { head: 0, seal: 0 }
        }
    }

    /// Bytes of a whole record on the disk.
    pub(crate) fn record(self) -> usize {
        RECORD + self.seal
    }

    /// Where that record begins.
    pub(crate) fn place(self, index: u64) -> u64 {
        self.head as u64 + index.saturating_mul(self.record() as u64)
    }

    /// Bytes of people's in a file of that length. A tail too short to be a record holds none.
    pub(crate) fn held(self, on_disk: u64) -> u64 {
        let body = on_disk.saturating_sub(self.head as u64);
        let (records, rest) = (body / self.record() as u64, body % self.record() as u64);
        records * RECORD as u64 + rest.saturating_sub(self.seal as u64)
    }

    /// The length of a file that holds so many bytes.
    pub(crate) fn on_disk(self, held: u64) -> u64 {
        let (records, rest) = (held / RECORD as u64, held % RECORD as u64);
        let tail = if rest == 0 { 0 } else { rest + self.seal as u64 };
        self.place(records) + tail
    }
}
