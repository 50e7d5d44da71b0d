//! Room: what is used, what nobody wants, what a backup holds, what is free.

use std::collections::HashSet;
use std::fs;
use std::time::{Duration, SystemTime};

use deskbell_vault::Vault;
use tempfile::tempdir;

use crate::bytes::{KEY, bytes, files, keep, read};

#[test]
fn what_nobody_wants_and_nobody_used_goes() {
    let folder = tempdir().unwrap();
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let [wanted, fresh, stale] = [1, 2, 3].map(|seed| keep(&vault, &bytes(9_000, seed)));
    let now = SystemTime::now();
    let old = now - Duration::from_secs(100_000);
    for path in files(folder.path()) {
        fs::File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
    }
    // Reading a file is using it.
    vault.blob(&fresh, 9_000).unwrap().unwrap();
    let used = vault.used().unwrap();
    assert_eq!(used.len(), 3);
    assert!(used.iter().all(|used| used.bytes == 9_000 + 40 + 28));
    assert!(
        used.iter().any(|used| used.name == vault.name(&fresh) && used.used > old + Duration::from_secs(9))
    );
    let before = now - Duration::from_secs(3_600);
    assert_eq!(vault.retain(&HashSet::from([wanted]), before), Ok(1));
    assert!(vault.has(&wanted) && vault.has(&fresh) && !vault.has(&stale));
    let last = vault.used().unwrap().into_iter().find(|used| used.name == vault.name(&fresh)).unwrap();
    vault.remove_use(&last).unwrap();
    assert!(!vault.has(&fresh));
}

#[test]
fn a_copy_is_a_vault_and_outlives_the_first() {
    let (one, other) = (tempdir().unwrap(), tempdir().unwrap());
    let vault = Vault::open(one.path(), Some(&KEY)).unwrap();
    let whole = bytes(200_000, 4);
    let digest = keep(&vault, &whole);
    let target = other.path().join("backup").join("files");
    // What some system's program leaves everywhere is nobody's file.
    fs::write(one.path().join("blobs").join(".DS_Store"), b"x").unwrap();
    assert_eq!(vault.used().unwrap().len(), 1);
    assert_eq!(vault.copy_to(&target), Ok(1));
    assert_eq!(vault.copy_to(&target), Ok(0), "what is there is left");
    keep(&vault, &bytes(10, 5));
    assert_eq!(vault.copy_to(&target), Ok(1));
    vault.remove(&digest).unwrap();
    assert!(read(&Vault::open(&target, Some(&KEY)).unwrap(), &digest, 200_000) == whole);
}

#[test]
fn it_says_how_much_room_is_left() {
    let folder = tempdir().unwrap();
    assert!(Vault::open(folder.path(), None).unwrap().free().unwrap() > 1024);
}
