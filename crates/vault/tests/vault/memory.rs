//! What a large file costs in memory: by the system's own count of this process' peak.

use std::process::Command;

use deskbell_vault::Vault;
use uuid::Uuid;

use crate::bytes::{KEY, bytes};

const MIB: usize = 1024 * 1024;

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    let run = |mib: &str| {
        let args = ["memory::the_writer", "--exact", "--ignored", "--nocapture"];
        let env = [("DESKBELL_TEST_VAULT", folder.path().to_str().unwrap()), ("MIB", mib)];
        let done = Command::new(&this).args(args).envs(env).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let peak = said.split("peak ").nth(1).unwrap_or_else(|| panic!("{said}"));
        peak.split(' ').next().unwrap().parse::<usize>().unwrap()
    };
    let (small, large) = (run("2"), run("128"));
    println!("peak with 2 MiB {small} KiB, with 128 MiB {large} KiB");
    assert!(large < small + 1_024, "peak {small} KiB, then {large} KiB");
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "run by the test above, which reads its peak"]
fn the_writer() {
    let Some(folder) = std::env::var_os("DESKBELL_TEST_VAULT") else { return };
    let mib: usize = std::env::var("MIB").unwrap().parse().unwrap();
    let vault = Vault::open(folder.as_ref(), Some(&KEY)).unwrap();
    let id = Uuid::new_v4();
    let mut part = vault.begin(id).unwrap();
    let piece = bytes(MIB, 1);
    (0..mib).for_each(|_| part.append(&piece).unwrap());
    drop(part);
    let part = Vault::open(folder.as_ref(), Some(&KEY)).unwrap().resume(id).unwrap().unwrap();
    let size = part.len();
    let digest = part.finish(None, size).unwrap();
    let mut blob = vault.blob(&digest, size).unwrap().unwrap();
    assert_eq!(std::io::copy(&mut blob, &mut std::io::sink()).unwrap(), size);
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("peak {} KiB", peak.trim().trim_end_matches(" kB"));
}
