//! Who takes too much.

use std::time::Duration;

use deskbell_server::{DeskLimits, DeskOptions, Pace};
use deskbell_wire::*;
use tokio::io::AsyncWriteExt as _;
use tokio::time::Instant;

use super::Room;
use crate::raw_http::{Raw, Sample, Voice, noise};
use crate::sockets::{options, unpaced, visitor_at};

#[tokio::test(flavor = "multi_thread")]
async fn threats_19_whoever_carries_files_is_no_stranger_and_has_so_many_lines() {
    let limits = DeskLimits { strangers_on_loopback: 3, file_connections: 4, ..DeskLimits::unpaced() };
    let room = Room::with(DeskOptions { limits, ..options() }).await;
    let mut lines: Vec<Raw> = vec![];
    for n in 0..4 {
        let mut raw = room.line().await;
        room.voice.begin(&mut raw, &Sample::new(n, 1, "x.bin", noise(1, 10))).await;
        lines.push(raw);
    }
    let mut fifth = room.line().await;
    let busy = room.voice.announce(&mut fifth, &Sample::new(9, 1, "x.bin", noise(1, 10))).await;
    assert_eq!(busy.refused(), (429, FileRefusal::Busy));
    drop(fifth);
    // Others have lines of their own.
    visitor_at(room.desk.address(), 2, 2).await;
    assert_eq!(Voice::visitor(2, 2).stand(&mut room.line().await, "/v1/files/up/x").await.status, 403);
    // Who hangs up makes room. The desk notices when it notices.
    lines.pop();
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let mut raw = room.line().await;
        if room.voice.announce(&mut raw, &Sample::new(9, 1, "x.bin", noise(1, 10))).await.status == 201 {
            break;
        }
        assert!(Instant::now() < end);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_19_1_000_strangers_with_half_a_file_keep_nobody_out() {
    let limits = DeskLimits { header_ms: 300, strangers_on_loopback: 1_100, ..DeskLimits::unpaced() };
    let mut room = Room::with(DeskOptions { limits, ..options() }).await;
    let mut silent = vec![];
    for n in 0..1_000 {
        let mut raw = room.line().await;
        match n % 3 {
            // Half a header; a body for an upload that is nobody's; nothing.
            0 => raw.say("PATCH /v1/files/up/00 HTTP/1.1\r\nHost: localhost\r\n").await,
            1 => {
                let place = format!("/v1/files/up/{}", "0".repeat(64));
                let voice = Voice::visitor(9, 9);
                let headers = format!("{}{}Content-Length: 1000", voice.tus(), crate::raw_http::piece(0));
                raw.say(format!("PATCH {place} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\nx")).await;
            }
            _ => {}
        }
        silent.push(raw);
    }
    for raw in &mut silent {
        // Refused, perhaps, and closed in any case.
        while raw.hear_to(false).await.is_some() {}
    }
    let file = Sample::new(1, 1, "x.bin", noise(1, 10_000));
    let message = room.send(&file).await;
    assert!(room.owner.fetch(&mut room.line().await, message, "").await.body == file.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_22_who_asks_faster_than_he_may_is_served_more_slowly() {
    let limits = DeskLimits { file_requests: Pace::new(5, 50), ..DeskLimits::unpaced() };
    let room = Room::with(DeskOptions { limits, ..options() }).await;
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &Sample::new(1, 1, "x.bin", noise(1, 10))).await;
    let before = Instant::now();
    for _ in 0..15 {
        assert_eq!(room.voice.stand(&mut raw, &place).await.status, 200);
    }
    // Five are free, ten take their turn; a clock of milliseconds rounds.
    assert!(before.elapsed() >= Duration::from_millis(400), "{:?}", before.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_22_neither_a_new_line_nor_another_person_on_it_is_a_new_pace() {
    let limits = DeskLimits { file_requests: Pace::new(5, 50), ..DeskLimits::unpaced() };
    let room = Room::with(DeskOptions { limits, ..options() }).await;
    visitor_at(room.desk.address(), 2, 2).await;
    let other = Voice::visitor(2, 2);
    let begin = async |voice: &Voice, n| {
        let mut file = Sample::new(n, 1, "x.bin", noise(1, 10));
        file.stream = crate::common::stream(voice.visitor.unwrap());
        voice.begin(&mut room.line().await, &file).await
    };
    let (own, others) = (begin(&room.voice, 1).await, begin(&other, 2).await);
    let before = Instant::now();
    for _ in 0..15 {
        assert_eq!(room.voice.stand(&mut room.line().await, &own).await.status, 200);
    }
    assert!(before.elapsed() >= Duration::from_millis(400), "lines: {:?}", before.elapsed());
    let (before, mut raw) = (Instant::now(), room.line().await);
    for _ in 0..15 {
        assert_eq!(room.voice.stand(&mut raw, &own).await.status, 200);
        assert_eq!(other.stand(&mut raw, &others).await.status, 200);
    }
    assert!(before.elapsed() >= Duration::from_millis(400), "people: {:?}", before.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_22_who_is_known_does_not_knock_for_strangers() {
    let room = Room::new().await;
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &Sample::new(1, 1, "x.bin", noise(1, 10))).await;
    let answer = Voice::visitor(9, 9).fetch(&mut raw, MessageId(uuid::Uuid::nil()), "").await;
    assert_eq!((answer.status, answer.header("connection")), (403, Some("close")));
    assert!(raw.is_closed().await);
    // His own mistakes cost him no line.
    let mut raw = room.line().await;
    assert_eq!(room.voice.stand(&mut raw, &place).await.status, 200);
    assert_eq!(room.voice.fetch(&mut raw, MessageId(uuid::Uuid::nil()), "").await.status, 403);
    assert_eq!(room.voice.stand(&mut raw, &place).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_22_so_many_uploads_are_open_and_begun() {
    let limits = DeskLimits { open_files: 3, ..DeskLimits::unpaced() };
    let room = Room::with(DeskOptions { limits, ..options() }).await;
    let mut raw = room.line().await;
    for n in 0..3 {
        room.voice.begin(&mut raw, &Sample::new(n, 1, "x.bin", noise(1, 10))).await;
    }
    let fourth = room.voice.announce(&mut raw, &Sample::new(4, 1, "x.bin", noise(1, 10))).await;
    assert_eq!(fourth.refused(), (429, FileRefusal::Busy));
    let limits = DeskLimits { uploads: Pace::new(2, 60_000), ..DeskLimits::unpaced() };
    let room = Room::with(DeskOptions { limits, ..options() }).await;
    let mut raw = room.line().await;
    for n in 0..2 {
        room.voice.begin(&mut raw, &Sample::new(n, 1, "x.bin", noise(1, 10))).await;
    }
    let third = room.voice.announce(&mut raw, &Sample::new(4, 1, "x.bin", noise(1, 10))).await;
    assert_eq!(third.refused(), (429, FileRefusal::Busy));
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_22_a_stranger_asks_once_on_a_line() {
    let room = Room::new().await;
    let mut raw = room.line().await;
    let answer = Voice::visitor(9, 9).fetch(&mut raw, MessageId(uuid::Uuid::nil()), "").await;
    assert_eq!((answer.status, answer.header("connection")), (403, Some("close")));
    assert!(raw.is_closed().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_20_a_header_without_end_is_not_read() {
    let room = Room::new().await;
    for (padding, expected) in [(30_000, Some(431)), (200_000, Some(431))] {
        let mut raw = room.line().await;
        let headers = format!("{}X-Padding: {}\r\n", room.voice.tus(), "x".repeat(padding));
        // The desk may be quicker to close than we are to send.
        let long = crate::raw_http::request("HEAD", "/v1/files/up/x", &headers, &[]);
        let _ = raw.tcp.write_all(&long).await;
        let status = raw.hear_to(true).await.map(|answer| answer.status);
        assert!(status.is_none() || status == expected, "{status:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_cross_the_desk_while_files_do() {
    let mut room = Room::with(unpaced()).await;
    let mut uploads = vec![];
    for n in 0..4 {
        let (voice, address) = (room.voice.clone(), room.desk.address());
        uploads.push(tokio::spawn(async move {
            let file = Sample::new(n, 1, "x.bin", noise(n.to_le_bytes()[0], 8 << 20));
            voice.upload(&mut Raw::to(address).await, &file).await.status
        }));
    }
    let own = crate::common::stream(crate::common::visitor(1));
    let mut said = 0;
    while said < 20 || uploads.iter().any(|upload| !upload.is_finished()) {
        said += 1;
        let words = crate::common::entry(&own, 1_000 + said, crate::common::text("x"));
        room.ann.say(&ClientFrame::Send(words)).await;
        room.ann.until(|frame| matches!(frame, DeskFrame::Ack(_)).then_some(())).await;
    }
    for upload in uploads {
        assert_eq!(upload.await.unwrap(), 204);
    }
}
