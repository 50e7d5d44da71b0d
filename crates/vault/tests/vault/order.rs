//! Power loss: what is on the disk in which order, by the system calls themselves.
//!
//! Where strace is not to be had the test says so.

use std::process::Command;

use deskbell_vault::Vault;
use uuid::Uuid;

use crate::bytes::{KEY, bytes};

#[cfg(target_os = "linux")]
#[test]
fn a_file_is_synced_before_it_gets_its_name_and_the_name_before_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let this = std::env::current_exe().unwrap();
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2,write", "-o"]);
    let run = strace.arg(&log).arg(this).args(["order::the_finisher", "--exact", "--ignored", "--nocapture"]);
    let Ok(done) = run.env("DESKBELL_TEST_VAULT", folder.path().join("vault")).output() else {
        println!("skipped: no strace to be had here");
        return;
    };
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let log = std::fs::read_to_string(&log).unwrap();
    let at = |what: &dyn Fn(&str) -> bool| log.lines().rposition_of(what).unwrap_or_else(|| panic!("{log}"));
    let last_byte = at(&|line| line.contains("write(") && line.contains("/parts/"));
    let file = at(&|line| line.contains("fsync(") && line.contains("/parts/"));
    let name = at(&|line| line.contains("rename") && line.contains("/blobs/"));
    let folder = at(&|line| line.contains("fsync(") && line.contains("/blobs/"));
    let said = at(&|line| line.contains("it is durable"));
    assert!(last_byte < file && file < name && name < folder && folder < said, "{log}");
    let above = at(&|line| line.contains("fsync(") && line.contains("/blobs>"));
    assert!(above < said, "the new subfolder has its name, too: {log}");
}

trait Last<'a> {
    fn rposition_of(self, what: &dyn Fn(&str) -> bool) -> Option<usize>;
}

impl<'a, I: Iterator<Item = &'a str>> Last<'a> for I {
    fn rposition_of(self, what: &dyn Fn(&str) -> bool) -> Option<usize> {
        self.enumerate().filter(|(_, line)| what(line)).map(|(at, _)| at).last()
    }
}

#[test]
#[ignore = "run by the test above, under strace"]
fn the_finisher() {
    let Some(folder) = std::env::var_os("DESKBELL_TEST_VAULT") else { return };
    let vault = Vault::open(folder.as_ref(), Some(&KEY)).unwrap();
    let mut part = vault.begin(Uuid::new_v4()).unwrap();
    part.append(&bytes(100_000, 1)).unwrap();
    part.finish(None, 100_000).unwrap();
    println!("it is durable");
}
