//! What a disk, or somebody at it, did to a file.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use deskbell_vault::{Vault, VaultError};
use deskbell_wire::FileDigest;
use tempfile::tempdir;

use crate::bytes::{KEY, RECORD, bytes, files, keep};

const HEAD: usize = 40;
const SEALED: usize = RECORD + 28;

fn outcome(vault: &Vault, digest: &FileDigest, size: usize) -> Result<usize, VaultError> {
    let mut blob = vault.blob(digest, size as u64)?.ok_or(VaultError::Io("gone".to_owned()))?;
    let (mut read, mut piece) = (0, vec![0; 100_000]);
    loop {
        match blob.read_at(read as u64, &mut piece)? {
            0 => return Ok(read),
            more => read += more,
        }
    }
}

fn damaged(change: impl FnOnce(&mut Vec<u8>)) -> Result<usize, VaultError> {
    let folder = tempdir().unwrap();
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let digest = keep(&vault, &bytes(3 * RECORD + 9, 5));
    let path = files(folder.path()).remove(0);
    let mut lying = fs::read(&path).unwrap();
    change(&mut lying);
    fs::write(&path, lying).unwrap();
    outcome(&vault, &digest, 3 * RECORD + 9)
}

#[test]
fn every_kind_of_damage_is_found() {
    assert_eq!(damaged(|_| {}), Ok(3 * RECORD + 9));
    for at in
        [0, 7, 8, 39, HEAD, HEAD + 12, HEAD + SEALED - 1, HEAD + 2 * SEALED + 5_000, HEAD + 3 * SEALED + 36]
    {
        assert_eq!(damaged(|lying| lying[at] ^= 1), Err(VaultError::Corrupt), "a bit at {at}");
    }
    assert_eq!(damaged(|lying| lying.truncate(HEAD + 3 * SEALED)), Err(VaultError::Corrupt));
    assert_eq!(damaged(|lying| lying.truncate(lying.len() - 1)), Err(VaultError::Corrupt));
    assert_eq!(damaged(|lying| lying.truncate(3)), Err(VaultError::Corrupt));
    assert_eq!(damaged(|lying| lying.push(0)), Err(VaultError::Corrupt));
    let swap = |lying: &mut Vec<u8>| {
        let (before, after) = lying[HEAD..].split_at_mut(SEALED);
        before.swap_with_slice(&mut after[..SEALED]);
    };
    assert_eq!(damaged(swap), Err(VaultError::Corrupt), "records changed places");
}

#[test]
fn a_record_of_another_file_and_a_whole_other_file_are_found() {
    let folder = tempdir().unwrap();
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let one = keep(&vault, &bytes(2 * RECORD, 6));
    let first = files(folder.path()).remove(0);
    let other = keep(&vault, &bytes(2 * RECORD, 7));
    let second = files(folder.path()).into_iter().find(|path| *path != first).unwrap();
    let mut lying = fs::read(&first).unwrap();
    lying[HEAD + SEALED..].copy_from_slice(&fs::read(&second).unwrap()[HEAD + SEALED..]);
    fs::write(&first, lying).unwrap();
    assert_eq!(outcome(&vault, &one, 2 * RECORD), Err(VaultError::Corrupt));
    assert_eq!(outcome(&vault, &other, 2 * RECORD), Ok(2 * RECORD));
}

#[test]
fn with_another_key_nothing_is_found_and_nothing_is_read() {
    let folder = tempdir().unwrap();
    let whole = bytes(70_000, 8);
    let digest = keep(&Vault::open(folder.path(), Some(&KEY)).unwrap(), &whole);
    let name = |root: &Path| files(root).remove(0).strip_prefix(root).unwrap().to_owned();
    for key in [Some(&[8; 32]), None] {
        let other = Vault::open(folder.path(), key).unwrap();
        assert!(!other.has(&digest));
        // Even under the name that this key would give it.
        let twin = tempdir().unwrap();
        keep(&Vault::open(twin.path(), key).unwrap(), &whole);
        let to = folder.path().join(name(twin.path()));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(folder.path().join(name(folder.path())), &to).unwrap();
        assert_eq!(outcome(&other, &digest, 70_000), Err(VaultError::Corrupt));
        fs::remove_file(to).unwrap();
    }
}

#[test]
fn a_damaged_file_is_mended_by_the_next_of_its_digest() {
    let folder = tempdir().unwrap();
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let whole = bytes(70_000, 9);
    let digest = keep(&vault, &whole);
    let path = files(folder.path()).remove(0);
    fs::write(&path, b"damaged").unwrap();
    assert_eq!(outcome(&vault, &digest, 70_000), Err(VaultError::Corrupt));
    keep(&vault, &whole);
    assert_eq!(outcome(&vault, &digest, 70_000), Ok(70_000));
}

#[test]
fn a_wrong_size_is_no_file() {
    let folder = tempdir().unwrap();
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let digest = keep(&vault, &bytes(RECORD, 1));
    let mut into = Vec::new();
    assert_eq!(vault.blob(&digest, RECORD as u64 + 1).unwrap_err(), VaultError::Corrupt);
    assert_eq!(vault.blob(&digest, RECORD as u64 - 1).unwrap_err(), VaultError::Corrupt);
    vault.blob(&digest, RECORD as u64).unwrap().unwrap().read_to_end(&mut into).unwrap();
}
