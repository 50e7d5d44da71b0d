//! Threats 43: a disk that is really full, a tmpfs of one MiB in a mount namespace of its own.
//!
//! Where the system gives no such namespace the test says so.

use std::path::Path;
use std::process::Command;

use deskbell_vault::{Vault, VaultError};
use uuid::Uuid;

use crate::bytes::{KEY, bytes, digest, keep, read};

const MOUNT: &str = "mount -t tmpfs -o size=1m none \"$1\"";

fn in_namespace(script: &str, folder: &Path, then: &[&str]) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]);
    command.arg(folder).args(then).env("DESKBELL_TEST_VAULT", folder);
    command
}

#[cfg(target_os = "linux")]
#[test]
fn threats_43_a_full_disk_is_told_and_harms_no_file() {
    let folder = tempfile::tempdir().unwrap();
    if !in_namespace(MOUNT, folder.path(), &[]).output().is_ok_and(|done| done.status.success()) {
        println!("skipped: no mount namespace to be had here");
        return;
    }
    let this = std::env::current_exe().unwrap();
    let run = format!("{MOUNT} && shift && exec \"$@\"");
    let then =
        [this.to_str().unwrap(), "small_disk::on_the_small_disk", "--exact", "--ignored", "--nocapture"];
    let done = in_namespace(&run, folder.path(), &then).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "run by the test above, on a disk of one MiB"]
fn on_the_small_disk() {
    let Some(folder) = std::env::var_os("DESKBELL_TEST_VAULT") else { return };
    let vault = Vault::open(folder.as_ref(), Some(&KEY)).unwrap();
    let small = bytes(300_000, 1);
    let kept = keep(&vault, &small);
    assert!(vault.free().unwrap() < 800_000);
    let id = Uuid::new_v4();
    let large = bytes(650_000, 2);
    let mut part = vault.begin(id).unwrap();
    let pieces: Vec<_> = (0..4).map(|_| part.append(&large)).collect();
    assert!(pieces.contains(&Err(VaultError::Full)), "{pieces:?}");
    assert!(part.append(b"more").is_err() && part.sync().is_err(), "after a failure nothing is written");
    drop(part);
    assert!(read(&vault, &kept, 300_000) == small);
    // There is room again, and it goes on from what was whole.
    vault.remove(&kept).unwrap();
    let mut part = vault.resume(id).unwrap().unwrap();
    let stands = usize::try_from(part.len()).unwrap();
    assert!((64 * 1024..1024 * 1024).contains(&stands), "{stands}");
    let size = stands as u64 + 1_000;
    part.append(&large.repeat(2)[stands..stands + 1_000]).unwrap();
    let whole = &large.repeat(2)[..stands + 1_000];
    part.finish(Some(&digest(whole)), size).unwrap();
}
