//! What a crash leaves of a part: the disk kept some of the last bytes, or others in their place.

use std::fs;

use deskbell_vault::Vault;
use tempfile::tempdir;
use uuid::Uuid;

use crate::bytes::{KEY, RECORD, bytes, digest, read};

const HEAD: usize = 40;
const SEALED: usize = RECORD + 28;

/// What is left after that was done to the part's file; and it goes on from there to the whole.
fn left_after(change: impl FnOnce(&mut Vec<u8>)) -> u64 {
    let folder = tempdir().unwrap();
    let whole = bytes(3 * RECORD + 500, 11);
    let id = Uuid::new_v4();
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let mut part = vault.begin(id).unwrap();
    part.append(&whole).unwrap();
    part.sync().unwrap();
    drop(part);
    let path = folder.path().join("parts").join(id.to_string());
    let mut lying = fs::read(&path).unwrap();
    change(&mut lying);
    fs::write(&path, lying).unwrap();
    // The same process, that knows its digest, must not believe it either.
    for vault in [vault, Vault::open(folder.path(), Some(&KEY)).unwrap()] {
        let left = vault.resume(id).unwrap().unwrap().len();
        assert_eq!(vault.part_len(id), Ok(Some(left)), "the torn end is cut off");
    }
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let mut part = vault.resume(id).unwrap().unwrap();
    let left = part.len();
    part.append(&whole[usize::try_from(left).unwrap()..]).unwrap();
    let digest = part.finish(Some(&digest(&whole)), whole.len() as u64).unwrap();
    assert!(read(&vault, &digest, whole.len() as u64) == whole);
    left
}

#[test]
fn a_torn_tail_falls_back_to_the_last_whole_record() {
    let records = |count: usize| (count * RECORD) as u64;
    assert_eq!(left_after(|_| {}), records(3) + 500);
    assert_eq!(left_after(|lying| lying.truncate(lying.len() - 1)), records(3));
    assert_eq!(left_after(|lying| lying.truncate(HEAD + 3 * SEALED + 20)), records(3));
    assert_eq!(left_after(|lying| lying.truncate(HEAD + 3 * SEALED)), records(3));
    assert_eq!(left_after(|lying| lying.truncate(HEAD + 2 * SEALED + 9_000)), records(2));
    assert_eq!(left_after(|lying| lying.truncate(HEAD + 1)), 0);
    assert_eq!(left_after(|lying| lying.truncate(HEAD - 1)), 0);
    assert_eq!(left_after(Vec::clear), 0);
    assert_eq!(left_after(|lying| lying[HEAD + SEALED + 5..HEAD + 2 * SEALED].fill(0)), records(1));
    assert_eq!(left_after(|lying| lying[HEAD + 3 * SEALED..].fill(0)), records(3));
    assert_eq!(left_after(|lying| lying.extend([0; 4_096])), records(3));
    assert_eq!(left_after(|lying| lying[..8].fill(0)), 0);
}

#[test]
fn the_same_without_a_key_is_found_by_the_digest() {
    let folder = tempdir().unwrap();
    let whole = bytes(2 * RECORD, 12);
    let vault = Vault::open(folder.path(), None).unwrap();
    let id = Uuid::new_v4();
    let mut part = vault.begin(id).unwrap();
    part.append(&whole[..RECORD]).unwrap();
    drop(part);
    let path = folder.path().join("parts").join(id.to_string());
    let mut lying = fs::read(&path).unwrap();
    lying[100] ^= 1;
    fs::write(&path, lying).unwrap();
    let mut part = Vault::open(folder.path(), None).unwrap().resume(id).unwrap().unwrap();
    part.append(&whole[RECORD..]).unwrap();
    assert!(part.finish(Some(&digest(&whole)), whole.len() as u64).is_err());
    assert!(!vault.has(&digest(&whole)));
}

/// A process that is killed while it writes; the next one goes on.
#[cfg(unix)]
#[test]
fn a_killed_writer_leaves_what_it_synced() {
    let folder = tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    let mut child = std::process::Command::new(this)
        .args(["crash::the_writer", "--exact", "--ignored", "--nocapture"])
        .env("DESKBELL_TEST_VAULT", folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    while !said.contains("synced 20") {
        assert!(std::io::BufRead::read_line(&mut out, &mut said).unwrap() > 0, "{said}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let (id, _) = vault.parts().unwrap().remove(0);
    let part = vault.resume(id).unwrap().unwrap();
    // What was synced and not touched again; a short last record may be torn by the kill.
    let synced = 20 * 40_000 / RECORD as u64 * RECORD as u64;
    assert!(part.len() >= synced, "{} of {synced}", part.len());
    let size = part.len();
    let expected = bytes(40_000, 13).repeat(10_000);
    part.finish(Some(&digest(&expected[..usize::try_from(size).unwrap()])), size).unwrap();
}

#[test]
#[ignore = "run by the test above, which kills it"]
fn the_writer() {
    let Some(folder) = std::env::var_os("DESKBELL_TEST_VAULT") else { return };
    let vault = Vault::open(folder.as_ref(), Some(&KEY)).unwrap();
    let mut part = vault.begin(Uuid::new_v4()).unwrap();
    let piece = bytes(40_000, 13);
    for round in 1..10_000 {
        part.append(&piece).unwrap();
        part.sync().unwrap();
        println!("synced {round}");
    }
}
