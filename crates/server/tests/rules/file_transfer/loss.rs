//! Disks that refuse, and crashes at the worst moment.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use deskbell_server::{DeskLimits, DeskOptions, Fault};
use deskbell_wire::*;

use super::{Room, names};
use crate::raw_http::{Sample, noise};
use crate::sockets::{options, unpaced};

#[tokio::test(flavor = "multi_thread")]
async fn s5_a_file_whose_row_cannot_be_written_is_not_whole_and_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let fails = Arc::new(AtomicBool::new(false));
    let now = fails.clone();
    let fault = move || if now.load(Ordering::SeqCst) { Fault::Full } else { Fault::None };
    let options =
        DeskOptions { data: Some(folder.path().into()), faults: Some(Arc::new(fault)), ..unpaced() };
    let mut room = Room::with(options).await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 100_000));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    fails.store(true, Ordering::SeqCst);
    let answer = room.voice.patch(&mut raw, &place, 0, &file.bytes).await;
    assert!(
        matches!(answer.refused(), (507, FileRefusal::NoSpace) | (503, FileRefusal::Storage)),
        "{answer:?}"
    );
    fails.store(false, Ordering::SeqCst);
    // The desk looks after its database before it writes again.
    let mut at = room.voice.stand(&mut raw, &place).await;
    while at.status == 503 || at.status == 507 {
        at = room.voice.stand(&mut raw, &place).await;
    }
    assert_eq!(at.offset(), 0, "it begins anew");
    let mut again = room.voice.patch(&mut raw, &place, 0, &file.bytes).await;
    while again.status != 204 {
        assert!(again.code().retryable(), "{again:?}");
        again = room.voice.patch(&mut raw, &place, 0, &file.bytes).await;
    }
    let message = loop {
        match room.carry(&file).await {
            Ok(message) => break message,
            Err(code) => assert!(code.retryable(), "{code:?}"),
        }
    };
    assert!(room.owner.fetch(&mut raw, message, "").await.body == file.bytes);
    assert_eq!(names(&folder.path().join("files")).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_the_files_name_and_its_row_has_it_come_again() {
    let folder = tempfile::tempdir().unwrap();
    let options = || DeskOptions { data: Some(folder.path().into()), ..unpaced() };
    let room = Room::with(options()).await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 100_000));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    assert_eq!(room.voice.patch(&mut raw, &place, 0, &file.bytes[..99_999]).await.status, 204);
    room.desk.stop();
    // What such a crash leaves: the bytes in their last place, and a row that knows nothing of it.
    let vault = deskbell_vault::Vault::open(&folder.path().join("files"), None).unwrap();
    let (id, _) = vault.parts().unwrap().pop().unwrap();
    let mut part = vault.resume(id).unwrap().unwrap();
    part.append(&file.bytes[99_999..]).unwrap();
    part.finish(None, 100_000).unwrap();
    drop(vault);
    let mut room = Room::with(options()).await;
    let mut raw = room.line().await;
    assert_eq!(room.carry(&file).await, Err(NackCode::FileMissing));
    assert_eq!(room.voice.stand(&mut raw, &place).await.offset(), 0);
    assert_eq!(room.voice.patch(&mut raw, &place, 0, &file.bytes).await.status, 204);
    let message = room.carry(&file).await.unwrap();
    assert!(room.owner.fetch(&mut raw, message, "").await.body == file.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_the_last_byte_has_it_end_when_its_author_asks() {
    let folder = tempfile::tempdir().unwrap();
    let options = || DeskOptions { data: Some(folder.path().into()), ..unpaced() };
    let room = Room::with(options()).await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 100_000));
    let place = room.voice.begin(&mut room.line().await, &file).await;
    let some = &file.bytes[..70_000];
    assert_eq!(room.voice.patch(&mut room.line().await, &place, 0, some).await.status, 204);
    room.desk.stop();
    let vault = deskbell_vault::Vault::open(&folder.path().join("files"), None).unwrap();
    let (id, _) = vault.parts().unwrap().pop().unwrap();
    vault.resume(id).unwrap().unwrap().append(&file.bytes[70_000..]).unwrap();
    drop(vault);
    let mut room = Room::with(options()).await;
    assert_eq!(room.voice.stand(&mut room.line().await, &place).await.offset(), 100_000);
    let message = room.carry(&file).await.unwrap();
    assert!(room.owner.fetch(&mut room.line().await, message, "").await.body == file.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_damaged_on_the_disk_is_cut_off_and_never_given() {
    let folder = tempfile::tempdir().unwrap();
    let key = Some(zeroize::Zeroizing::new([7; 32]));
    let mut room = Room::with(DeskOptions { data: Some(folder.path().into()), key, ..unpaced() }).await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 200_000));
    let message = room.send(&file).await;
    let blobs = folder.path().join("files/blobs");
    let below = std::fs::read_dir(blobs).unwrap().next().unwrap().unwrap().path();
    let path = std::fs::read_dir(below).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[150_000] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let mut raw = room.line().await;
    raw.say(crate::raw_http::request("GET", &format!("/v1/files/{message}"), &room.owner.headers(), &[]))
        .await;
    assert!(raw.hear_to(false).await.is_none(), "the line ends before the length that was told");
    std::fs::write(&path, &bytes[..100_000]).unwrap();
    let answer = room.owner.fetch(&mut room.line().await, message, "").await;
    assert_eq!(answer.refused(), (403, FileRefusal::Forbidden), "as if it were not there");
}

/// Says to the process in the namespace where its disk is.
const DISK: &str = "DESKBELL_TEST_TMPFS";

#[cfg(target_os = "linux")]
#[test]
fn threats_43_a_full_disk_keeps_what_came_and_takes_the_rest_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=8m none \"$1\"";
    let in_namespace = |script: &str, then: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]);
        command.arg(folder.path()).args(then).env(DISK, folder.path());
        command.output()
    };
    if !in_namespace(mount, &[]).is_ok_and(|done| done.status.success()) {
        println!("skipped: no mount namespace to be had here");
        return;
    }
    let this = std::env::current_exe().unwrap();
    let run = format!("{mount} && shift && exec \"$@\"");
    let test = "file_transfer::loss::on_the_small_disk";
    let then = [this.to_str().unwrap(), test, "--exact", "--ignored", "--nocapture"];
    let done = in_namespace(&run, &then).unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test above, on a disk of its own"]
async fn on_the_small_disk() {
    let disk = PathBuf::from(std::env::var_os(DISK).unwrap());
    let limits = DeskLimits { file_reserve_bytes: 0, ..DeskLimits::unpaced() };
    let data = disk.join("desk");
    let mut room = Room::with(DeskOptions { data: Some(data.clone()), limits, ..options() }).await;
    // Room for the database's own writes: what fills the disk is a file.
    let ballast = disk.join("ballast");
    let file = Sample::new(1, 1, "x.bin", noise(1, 3_000_000));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    assert_eq!(room.voice.patch(&mut raw, &place, 0, &file.bytes[..500_000]).await.status, 204);
    let mut full = std::fs::File::create(&ballast).unwrap();
    let left = deskbell_vault::Vault::open(&data.join("files"), None).unwrap().free().unwrap();
    let mut taken = 0;
    while taken + 300_000 < left {
        std::io::Write::write_all(&mut full, &[1; 50_000]).unwrap();
        taken += 50_000;
    }
    drop(full);
    // The disk has less than the piece: refused before a byte of it.
    let answer = room.voice.patch(&mut raw, &place, 500_000, &file.bytes[500_000..]).await;
    assert_eq!(answer.refused(), (507, FileRefusal::NoSpace));
    assert_eq!(room.voice.stand(&mut raw, &place).await.offset(), 500_000, "what came is kept");
    // Two share what is there: it ends while a piece is being written.
    let piece = usize::try_from(left - taken).unwrap() - 60_000;
    let headers =
        format!("{}{}Content-Length: {piece}\r\n\r\n", room.voice.tus(), crate::raw_http::piece(500_000));
    raw.say(format!("PATCH {place} HTTP/1.1\r\nHost: localhost\r\n{headers}")).await;
    raw.say(&file.bytes[500_000..500_010]).await;
    let mut more = std::fs::File::options().append(true).open(&ballast).unwrap();
    while std::io::Write::write_all(&mut more, &[1; 4_096]).is_ok() {}
    drop(more);
    raw.say(&file.bytes[500_010..500_000 + piece]).await;
    let answer = raw.hear().await;
    assert_eq!(answer.refused(), (507, FileRefusal::NoSpace));
    assert!(room.carry(&file).await.unwrap_err().retryable(), "nothing is half visible");
    std::fs::remove_file(ballast).unwrap();
    let at = room.voice.stand(&mut raw, &place).await.offset();
    assert!((400_000..500_000 + piece as u64).contains(&at), "{at}");
    let rest = &file.bytes[usize::try_from(at).unwrap()..];
    let mut answer = room.voice.patch(&mut raw, &place, at, rest).await;
    while answer.status != 204 {
        assert!(answer.code().retryable(), "{answer:?}");
        let at = room.voice.stand(&mut raw, &place).await.offset();
        answer = room.voice.patch(&mut raw, &place, at, &file.bytes[usize::try_from(at).unwrap()..]).await;
    }
    let message = loop {
        if let Ok(message) = room.carry(&file).await {
            break message;
        }
    };
    assert!(room.owner.fetch(&mut raw, message, "").await.body == file.bytes);
}
