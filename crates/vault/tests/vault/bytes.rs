//! Bytes to put away, and a folder to put them into.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use deskbell_vault::Vault;
use deskbell_wire::FileDigest;
use uuid::Uuid;

pub(crate) const KEY: [u8; 32] = [7; 32];
pub(crate) const RECORD: usize = 64 * 1024;

/// So many bytes that do not repeat within a record.
pub(crate) fn bytes(count: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let mut bytes: Vec<u8> = std::iter::repeat_with(&mut next).take(count / 8 + 1).flatten().collect();
    bytes.truncate(count);
    bytes
}

pub(crate) fn digest(bytes: &[u8]) -> FileDigest {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    FileDigest(digest.as_ref().try_into().unwrap())
}

/// Puts the bytes away, whole.
pub(crate) fn keep(vault: &Vault, bytes: &[u8]) -> FileDigest {
    let mut part = vault.begin(Uuid::new_v4()).unwrap();
    part.append(bytes).unwrap();
    part.finish(Some(&digest(bytes)), bytes.len() as u64).unwrap()
}

pub(crate) fn read(vault: &Vault, digest: &FileDigest, size: u64) -> Vec<u8> {
    let mut whole = Vec::new();
    vault.blob(digest, size).unwrap().unwrap().read_to_end(&mut whole).unwrap();
    whole
}

/// Every file below the folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}
