//! A disk that is really full: a tmpfs of one MiB, in a mount namespace of its own.
//!
//! Where the system gives no such namespace the test says so and leaves the question to `faults`, which asks it
//! with SQLite's own limit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use deskbell_core::store::{Store as _, StoreError};
use deskbell_store::{Key, Location, SqliteStore};
use deskbell_testkit::events::{entry, stream};

/// Says to the process in the namespace where its disk is.
const DISK: &str = "DESKBELL_TEST_TMPFS";

fn in_namespace(script: &str, folder: &Path, then: &[&str]) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]);
    command.arg(folder).args(then).env(DISK, folder);
    command
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_without_space_loses_nothing_and_goes_on_when_there_is_space() {
    let folder = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=1m none \"$1\"";
    if !in_namespace(mount, folder.path(), &[]).output().is_ok_and(|done| done.status.success()) {
        println!("skipped: no mount namespace to be had here");
        return;
    }
    let this = std::env::current_exe().unwrap();
    let run = format!("{mount} && shift && exec \"$@\"");
    let then =
        [this.to_str().unwrap(), "full_disk::on_the_small_disk", "--exact", "--ignored", "--nocapture"];
    let done = in_namespace(&run, folder.path(), &then).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "run by the test above, on a disk of its own"]
fn on_the_small_disk() {
    let disk = PathBuf::from(std::env::var_os(DISK).unwrap());
    let open = || {
        SqliteStore::open(&Location::File(disk.join("data").join("store.db")), Some(&Key::new([7; 32])))
            .unwrap()
    };
    let ballast = disk.join("ballast");
    fs::write(&ballast, vec![1; 400_000]).unwrap();
    let mut store = open();
    let words = "words that fill a disk ".repeat(100);
    let refused_at = (1..10_000).find(|n| match store.queue(&entry(&stream(0), *n, &words)) {
        Ok(()) => false,
        Err(error) => {
            assert_eq!(error, StoreError::Full);
            true
        }
    });
    let kept = refused_at.unwrap() - 1;
    assert!(kept > 10, "{kept}");
    assert_eq!(store.outbox().unwrap().len() as u64, kept, "reading goes on");
    drop(store);
    let mut store = open();
    assert_eq!(store.outbox().unwrap().len() as u64, kept, "history opens on a full disk");
    fs::remove_file(ballast).unwrap();
    store.queue(&entry(&stream(0), 20_000, &words)).unwrap();
    drop(store);
    assert_eq!(open().outbox().unwrap().len() as u64, kept + 1);
    open().check().unwrap();
}
