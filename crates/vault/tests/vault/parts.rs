//! Files that come, and are read.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};

use deskbell_vault::{Vault, VaultError};
use tempfile::tempdir;
use uuid::Uuid;

use crate::bytes::{KEY, RECORD, bytes, digest, files, keep, read};

#[test]
fn what_comes_in_pieces_of_any_size_is_given_back_as_it_came() {
    for key in [Some(&KEY), None] {
        let folder = tempdir().unwrap();
        let vault = Vault::open(folder.path(), key).unwrap();
        for size in [0, 1, RECORD - 1, RECORD, RECORD + 1, 3 * RECORD, 3 * RECORD + 17] {
            let whole = bytes(size, size as u64);
            let mut part = vault.begin(Uuid::new_v4()).unwrap();
            for piece in whole.chunks(40_009) {
                part.append(piece).unwrap();
            }
            assert_eq!(part.len(), size as u64);
            let digest = part.finish(Some(&digest(&whole)), size as u64).unwrap();
            assert!(vault.has(&digest));
            assert!(read(&vault, &digest, size as u64) == whole, "{size} bytes, key {}", key.is_some());
        }
        assert_eq!(vault.parts().unwrap(), []);
    }
}

#[test]
fn a_part_is_as_long_as_the_disk_says_and_goes_on_where_it_stands() {
    let folder = tempdir().unwrap();
    let whole = bytes(5 * RECORD + 100, 1);
    let id = Uuid::new_v4();
    for cut in [0, 10, RECORD, 2 * RECORD + 7, 5 * RECORD + 100] {
        let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
        let mut part = vault.begin(id).unwrap();
        part.append(&whole[..cut]).unwrap();
        drop(part);
        assert_eq!(vault.part_len(id), Ok(Some(cut as u64)));
        // In this process its digest is known, in the next it is computed again.
        for vault in [vault, Vault::open(folder.path(), Some(&KEY)).unwrap()] {
            let part = vault.resume(id).unwrap().unwrap();
            assert_eq!(part.len(), cut as u64);
        }
        let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
        let mut part = vault.resume(id).unwrap().unwrap();
        part.append(&whole[cut..]).unwrap();
        let digest = part.finish(Some(&digest(&whole)), whole.len() as u64).unwrap();
        assert!(read(&vault, &digest, whole.len() as u64) == whole);
        vault.remove(&digest).unwrap();
        assert!(!vault.has(&digest) && vault.blob(&digest, 1).unwrap().is_none());
    }
    assert_eq!(files(folder.path()).len(), 0);
}

#[test]
fn another_digest_or_size_than_announced_is_refused_and_leaves_nothing() {
    let folder = tempdir().unwrap();
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let whole = bytes(100_000, 2);
    for (claim, size) in [(digest(b"other"), 100_000), (digest(&whole), 99_999), (digest(&whole), 100_001)] {
        let mut part = vault.begin(Uuid::new_v4()).unwrap();
        part.append(&whole).unwrap();
        assert_eq!(part.finish(Some(&claim), size), Err(VaultError::Digest));
        assert!(!vault.has(&claim));
    }
    assert_eq!(files(folder.path()).len(), 0);
}

#[test]
fn a_blob_is_read_anywhere() {
    let folder = tempdir().unwrap();
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let whole = bytes(4 * RECORD + 1_234, 3);
    let digest = keep(&vault, &whole);
    let mut blob = vault.blob(&digest, whole.len() as u64).unwrap().unwrap();
    for from in [0, 1, RECORD - 1, RECORD, 3 * RECORD - 5, whole.len() - 3, whole.len(), whole.len() + 9] {
        let mut into = vec![0; 150_000];
        let read = blob.read_at(from as u64, &mut into).unwrap();
        let expected = whole.get(from..).unwrap_or_default();
        assert!(into[..read] == expected[..expected.len().min(into.len())], "from {from}");
    }
    assert_eq!(blob.seek(SeekFrom::End(-3)).unwrap(), whole.len() as u64 - 3);
    let mut tail = Vec::new();
    blob.read_to_end(&mut tail).unwrap();
    assert_eq!(tail, whole[whole.len() - 3..]);
    assert!(blob.seek(SeekFrom::Current(-9_999_999)).is_err());
}

#[test]
fn a_part_has_one_writer_at_a_time() {
    let folder = tempdir().unwrap();
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let id = Uuid::new_v4();
    assert!(vault.resume(id).unwrap().is_none());
    let part = vault.begin(id).unwrap();
    assert!(vault.is_open(id));
    assert!(vault.begin(id).is_err() && vault.clone().resume(id).is_err());
    drop(part);
    assert!(!vault.is_open(id));
    assert!(vault.resume(id).unwrap().is_some());
    vault.drop_part(id).unwrap();
    vault.drop_part(id).unwrap();
    assert!(vault.resume(id).unwrap().is_none());
}

/// Names on the disk come from digests under the key, and what is in them is sealed.
#[test]
fn threats_38_and_44_on_the_disk_is_neither_a_word_of_the_file_nor_its_digest() {
    let folder = tempdir().unwrap();
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let secret = b"a sentence nobody else may read ".repeat(9_000);
    let digest = keep(&vault, &secret);
    let mut part = vault.begin(Uuid::new_v4()).unwrap();
    part.append(&secret).unwrap();
    part.sync().unwrap();
    let all = files(folder.path());
    assert_eq!(all.len(), 2);
    for path in all {
        assert!(!path.to_str().unwrap().contains(&digest.to_string()));
        assert!(!fs::read(&path).unwrap().windows(13).any(|some| some == b"nobody else m"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        }
    }
    assert!(
        !format!("{vault:?}{part:?}{:?}", vault.used().unwrap())
            .contains(&folder.path().display().to_string())
    );
}
