//! Requests of one person that cross each other.

use std::time::Duration;

use deskbell_server::{DeskLimits, DeskOptions, Pace};
use deskbell_wire::*;
use tokio::time::Instant;

use super::{Room, names};
use crate::raw_http::{Raw, Sample, Voice, noise, piece, request};
use crate::sockets::{options, unpaced};

#[tokio::test(flavor = "multi_thread")]
async fn threats_43_a_piece_that_crosses_the_end_of_its_upload_leaves_no_bytes() {
    // Whoever is over his pace waits for a second: on a line where he is known before the desk is asked, on a new line
    // behind it. So a piece is let in, then its upload ended, and then the piece written.
    let folder = tempfile::tempdir().unwrap();
    let limits = DeskLimits { file_requests: Pace::new(2, 1_000), ..DeskLimits::unpaced() };
    let room = Room::with(DeskOptions { data: Some(folder.path().into()), limits, ..options() }).await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 200_000));
    let mut ends = room.line().await;
    let place = room.voice.begin(&mut ends, &file).await;
    assert_eq!(room.voice.stand(&mut ends, &place).await.status, 200, "that was all for now");
    let begun = Instant::now();
    ends.say(request("DELETE", &place, &room.voice.tus(), &[])).await;
    // Strangers' requests, which have no pace, until the end is well before the piece.
    while begun.elapsed() < Duration::from_millis(400) {
        assert_eq!(Voice::visitor(9, 9).stand(&mut room.line().await, &place).await.status, 403);
    }
    let mut sends = room.line().await;
    let headers = format!("{}{}", room.voice.tus(), piece(0));
    sends.say(request("PATCH", &place, &headers, &file.bytes[..100_000])).await;
    assert_eq!(ends.hear().await.status, 204);
    assert_eq!(sends.hear().await.refused(), (410, FileRefusal::Expired));
    assert!(names(&folder.path().join("files")).is_empty(), "no quota counts what would lie here");
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_43_twenty_who_begin_at_once_have_one_quota() {
    let limits = DeskLimits { file_connections: 20, ..DeskLimits::unpaced() };
    let room = Room::with(DeskOptions { limits, ..unpaced() }).await;
    let bytes = noise(1, 25 * 1024 * 1024);
    let mut asked = vec![];
    for n in 0..20 {
        let (voice, address) = (room.voice.clone(), room.desk.address());
        let file = Sample::new(n, 1, "x.bin", bytes.clone());
        asked.push(tokio::spawn(async move { voice.announce(&mut Raw::to(address).await, &file).await }));
    }
    let mut taken = 0;
    for answer in asked {
        let answer = answer.await.unwrap();
        match answer.status {
            201 => taken += 1,
            _ => assert_eq!(answer.refused(), (507, FileRefusal::Quota)),
        }
    }
    assert_eq!(taken, 4, "100 MiB a day");
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_43_a_full_disk_uses_nobodys_quota_up() {
    let limits = DeskLimits { file_reserve_bytes: u64::MAX / 2, open_files: 3, ..DeskLimits::unpaced() };
    let room = Room::with(DeskOptions { limits, ..options() }).await;
    let mut raw = room.line().await;
    for n in 0..6 {
        let answer = room.voice.announce(&mut raw, &Sample::new(n, 1, "x.bin", noise(1, 25 << 20))).await;
        assert_eq!(answer.refused(), (507, FileRefusal::NoSpace), "the {n}th of six that nobody could send");
    }
}
