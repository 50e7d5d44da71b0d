//! A profile's secrets as a file that a passphrase opens: for computers without a keyring.
//!
//! The file: a magic word, the version, argon2id's cost, its salt, a nonce, the secrets as XChaCha20-Poly1305 leaves
//! them, and a SHA-256 of all that, which tells a damaged file from a wrong passphrase. It is a checksum of what
//! anybody may read, so it helps nobody to guess. What must always hold: everything before the sealed part is
//! authenticated with it; the cost that a file names is bounded before anything is paid; `Debug` shows no secret.

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::ProfileSecrets;

const MAGIC: &[u8; 8] = b"deskbell";
const VERSION: u8 = 1;
const SALT: usize = 16;
const NONCE: usize = 24;
const SUM: usize = 32;
/// Magic, version, three numbers, salt.
const HEAD: usize = 8 + 1 + 12 + SALT;
/// A file is never larger, in bytes: thousands of desks fit.
pub const SEALED_BYTES: usize = 1 << 20;

/// What a person types to open their keys.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// The least characters of a new one.
    pub const LEAST: usize = 8;
    /// The most characters.
    pub const MOST: usize = 256;

    /// Takes what was typed, as it is: a space at the end belongs to it.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// May it become a new one?
    pub fn is_fit(&self) -> bool {
        (Self::LEAST..=Self::MOST).contains(&self.0.chars().count())
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// Why a file does not open, or is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// It opens, but not with this passphrase.
    WrongPassphrase,
    /// It is not what this program wrote.
    Damaged,
    /// A newer version of this program wrote it.
    Newer,
    /// The passphrase is too short or too long for a new one.
    Unfit,
    /// The system gives no random numbers.
    NoRandom,
    /// There is not enough memory.
    Memory,
}

/// What trying one passphrase costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    memory: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// 64 MiB and three passes: some tenths of a second for the person, for whoever guesses each time anew.
    pub const USUAL: Self = Self { memory: 64 * 1024, passes: 3, lanes: 1 };
    /// What is paid at most for a file, whoever wrote it.
    const MOST: Self = Self { memory: 256 * 1024, passes: 8, lanes: 4 };

    /// For tests that seal often; nothing else may.
    #[doc(hidden)]
    pub const CHEAP: Self = Self { memory: 8, passes: 1, lanes: 1 };

    fn is_bearable(self) -> bool {
        let within = |of: fn(Self) -> u32| (1..=of(Self::MOST)).contains(&of(self));
        within(|cost| cost.memory) && within(|cost| cost.passes) && within(|cost| cost.lanes)
    }

    fn derive(self, passphrase: &Passphrase, salt: &[u8; SALT]) -> Result<Zeroizing<[u8; 32]>, SealError> {
        let params = Params::new(self.memory, self.passes, self.lanes, Some(32));
        let params = params.map_err(|_| SealError::Damaged)?;
        let mut blocks: Vec<Block> = Vec::new();
        blocks.try_reserve_exact(params.block_count()).map_err(|_| SealError::Memory)?;
        blocks.resize(params.block_count(), Block::default());
        let mut key = Zeroizing::new([0; 32]);
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let text = passphrase.0.as_bytes();
        let derived = argon2.hash_password_into_with_memory(text, salt, key.as_mut_slice(), &mut blocks);
        blocks.iter_mut().for_each(Zeroize::zeroize);
        derived.map(|()| key).map_err(|_| SealError::Damaged)
    }
}

/// A passphrase that was used once, as the key that it gives: seals anew without asking again.
#[derive(Clone)]
pub struct Seal {
    cost: Cost,
    salt: [u8; SALT],
    key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seal").field("cost", &self.cost).finish_non_exhaustive()
    }
}

impl Seal {
    /// A new one. Takes as long as [`Cost`] says.
    ///
    /// # Errors
    /// [`SealError::Unfit`], [`SealError::NoRandom`], [`SealError::Memory`].
    pub fn new(passphrase: &Passphrase, cost: Cost) -> Result<Self, SealError> {
        if !passphrase.is_fit() {
            return Err(SealError::Unfit);
        }
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt).map_err(|_| SealError::NoRandom)?;
        Ok(Self { cost, salt, key: cost.derive(passphrase, &salt)? })
    }

    /// Opens a file, and gives what seals it again.
    ///
    /// # Errors
    /// [`SealError::WrongPassphrase`], [`SealError::Damaged`], [`SealError::Newer`], [`SealError::Memory`].
    pub fn open(passphrase: &Passphrase, file: &[u8]) -> Result<(Self, ProfileSecrets), SealError> {
        let parts = Parts::of(file)?;
        let seal =
            Self { cost: parts.cost, salt: parts.salt, key: parts.cost.derive(passphrase, &parts.salt)? };
        let payload = Payload { msg: parts.sealed, aad: parts.head };
        let text = seal.cipher().decrypt(&XNonce::from(parts.nonce), payload);
        let text = Zeroizing::new(text.map_err(|_| SealError::WrongPassphrase)?);
        let text = std::str::from_utf8(&text).map_err(|_| SealError::Damaged)?;
        // It was sealed with this passphrase, so a program of ours wrote it: one that knows more.
        let secrets = ProfileSecrets::from_json(text).map_err(|_| SealError::Newer)?;
        Ok((seal, secrets))
    }

    /// The file that holds these secrets.
    ///
    /// # Errors
    /// [`SealError::NoRandom`]; [`SealError::Memory`] where they are more than a file holds.
    pub fn close(&self, secrets: &ProfileSecrets) -> Result<Vec<u8>, SealError> {
        let text = secrets.to_json().map_err(|_| SealError::Memory)?;
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| SealError::NoRandom)?;
        let mut file = self.head();
        let payload = Payload { msg: text.as_bytes(), aad: &file };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Memory)?;
        file.extend_from_slice(&nonce);
        file.extend_from_slice(&sealed);
        let sum = Sha256::digest(&file);
        file.extend_from_slice(&sum);
        if file.len() > SEALED_BYTES { Err(SealError::Memory) } else { Ok(file) }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.key).into())
    }

    fn head(&self) -> Vec<u8> {
        let Cost { memory, passes, lanes } = self.cost;
        let mut head = Vec::with_capacity(HEAD);
        head.extend_from_slice(MAGIC);
        head.push(VERSION);
        for number in [memory, passes, lanes] {
            head.extend_from_slice(&number.to_be_bytes());
        }
        head.extend_from_slice(&self.salt);
        head
    }
}

/// A file as it lies there.
struct Parts<'a> {
    head: &'a [u8],
    cost: Cost,
    salt: [u8; SALT],
    nonce: [u8; NONCE],
    sealed: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(file: &'a [u8]) -> Result<Self, SealError> {
        match file.strip_prefix(MAGIC).and_then(<[u8]>::first) {
            Some(&VERSION) if file.len() <= SEALED_BYTES => Self::read(file).ok_or(SealError::Damaged),
            Some(version) if *version > VERSION => Err(SealError::Newer),
            _ => Err(SealError::Damaged),
        }
    }

    /// `None`: it is damaged, or asks for more than anybody should pay.
    fn read(file: &'a [u8]) -> Option<Self> {
        let (all, sum) = file.split_last_chunk::<SUM>()?;
        if Sha256::digest(all).as_slice() != sum {
            return None;
        }
        let (head, rest) = all.split_at_checked(HEAD)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>()?;
        let salt = *head.last_chunk::<SALT>()?;
        let number = |at: usize| Some(u32::from_be_bytes(*head.get(at..)?.first_chunk()?));
        let cost = Cost { memory: number(9)?, passes: number(13)?, lanes: number(17)? };
        cost.is_bearable().then_some(Self { head, cost, salt, nonce: *nonce, sealed })
    }
}

#[cfg(test)]
mod tests;
