//! The shelf.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::super::fetch::digest_of;
use super::super::shelf::Shelf;
use super::some_bytes;
use crate::profile::Keep;

fn shelf_in(folder: &tempfile::TempDir) -> Shelf {
    Shelf::of(&Keep::Disk { folder: folder.path().to_owned() })
}

fn files(folder: &tempfile::TempDir) -> Vec<PathBuf> {
    let read = fs::read_dir(folder.path().join("packs")).unwrap();
    let mut files: Vec<_> = read.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn file_of(folder: &tempfile::TempDir, bytes: &[u8]) -> PathBuf {
    folder.path().join("packs").join(format!("{}.tar", digest_of(bytes)))
}

#[test]
fn what_was_put_is_taken_also_by_the_next_session() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = some_bytes(1);
    assert_eq!(shelf_in(&folder).take(digest_of(&bytes)), None);
    shelf_in(&folder).put(digest_of(&bytes), &bytes).unwrap();
    assert!(shelf_in(&folder).take(digest_of(&bytes)) == Some(bytes.clone()));
    assert_eq!(files(&folder), [file_of(&folder, &bytes)], "and nothing else is left there");
}

#[test]
fn threats_38_a_file_that_does_not_match_its_name_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = some_bytes(1);
    let digest = digest_of(&bytes);
    for other in [&bytes[1..], &[], &some_bytes(2)] {
        shelf_in(&folder).put(digest, &bytes).unwrap();
        fs::write(file_of(&folder, &bytes), other).unwrap();
        assert_eq!(shelf_in(&folder).take(digest), None);
        assert!(files(&folder).is_empty());
    }
}

#[cfg(unix)]
#[test]
fn threats_38_a_link_on_the_shelf_leads_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = some_bytes(1);
    let (elsewhere, digest) = (folder.path().join("elsewhere"), digest_of(&bytes));
    fs::write(&elsewhere, &bytes).unwrap();
    fs::create_dir(folder.path().join("packs")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, file_of(&folder, &bytes)).unwrap();
    assert_eq!(shelf_in(&folder).take(digest), None);
    assert!(files(&folder).is_empty());
    assert_eq!(fs::read(elsewhere).unwrap(), bytes);
}

#[cfg(unix)]
#[test]
fn threats_44_kept_packs_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let bytes = some_bytes(1);
    shelf_in(&folder).put(digest_of(&bytes), &bytes).unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(file_of(&folder, &bytes)), 0o600);
    assert_eq!(mode(folder.path().join("packs")), 0o700);
}

#[test]
fn the_three_that_were_used_last_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let all: Vec<_> = (1..=4).map(some_bytes).collect();
    for (at, bytes) in all.iter().take(3).enumerate() {
        shelf_in(&folder).put(digest_of(bytes), bytes).unwrap();
        let file = fs::File::options().append(true).open(file_of(&folder, bytes)).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(at as u64)).unwrap();
    }
    // Somebody else's, and what was cut off while it was written.
    for name in ["notes.txt", "x.tar", "y.part"] {
        fs::write(folder.path().join("packs").join(name), "x").unwrap();
    }
    assert!(shelf_in(&folder).take(digest_of(&all[0])).is_some(), "used now");
    shelf_in(&folder).put(digest_of(&all[3]), &all[3]).unwrap();
    let kept = |at: usize| file_of(&folder, &all[at]).exists();
    assert_eq!([kept(0), kept(1), kept(2), kept(3)], [true, false, true, true]);
    let others = |name| folder.path().join("packs").join(name).exists();
    assert_eq!([others("notes.txt"), others("x.tar"), others("y.part")], [true, true, false]);
}

#[test]
fn threats_44_a_session_that_keeps_nothing_has_no_shelf() {
    let shelf = Shelf::of(&Keep::SessionOnly);
    let bytes = some_bytes(1);
    shelf.put(digest_of(&bytes), &bytes).unwrap();
    assert!(shelf.take(digest_of(&bytes)).is_none());
}
