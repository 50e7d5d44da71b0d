//! What lines and clients do to HTTP.

use std::time::Duration;

use deskbell_server::{DeskLimits, DeskOptions};
use deskbell_wire::*;
use tokio::io::AsyncWriteExt as _;
use tokio::time::Instant;

use super::Room;
use crate::raw_http::{Sample, Voice, checksum, noise, piece, request};
use crate::sockets::unpaced;

/// The head of a `PATCH` that announces so many bytes.
fn head(voice: &Voice, place: &str, offset: u64, length: usize) -> String {
    let headers = format!("{}{}Content-Length: {length}\r\n\r\n", voice.tus(), piece(offset));
    format!("PATCH {place} HTTP/1.1\r\nHost: localhost\r\n{headers}")
}

/// Until the upload stands there.
async fn stands(room: &Room, place: &str, offset: u64) {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let at = room.voice.stand(&mut room.line().await, place).await.offset();
        if at == offset {
            return;
        }
        assert!(Instant::now() < end, "it stands at {at}, not at {offset}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_come_together_are_answered_one_after_the_other() {
    let room = Room::new().await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 30_000));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    let (first, second) = file.bytes.split_at(20_000);
    let tus = room.voice.tus();
    let mut together = request("PATCH", &place, &format!("{tus}{}", piece(0)), first);
    together.extend(request("HEAD", &place, &tus, &[]));
    together.extend(request("PATCH", &place, &format!("{tus}{}", piece(20_000)), second));
    together.extend(request("HEAD", &place, &tus, &[]));
    raw.say(together).await;
    let mut offsets = vec![];
    for is_head in [false, true, false, true] {
        offsets.push(raw.hear_to(is_head).await.unwrap().offset());
    }
    assert_eq!(offsets, [20_000, 20_000, 30_000, 30_000]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_expects_to_be_told_to_go_on_is_told() {
    let room = Room::new().await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 30_000));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    let ask = |offset| {
        head(&room.voice, &place, offset, 30_000).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n")
    };
    // Refused before a byte of the body.
    raw.say(ask(7)).await;
    let refused = raw.hear().await;
    assert_eq!((refused.status, refused.header("connection")), (400, Some("close")));
    let mut raw = room.line().await;
    raw.say(ask(0)).await;
    assert_eq!(raw.hear().await.status, 100);
    raw.say(&file.bytes).await;
    assert_eq!(raw.hear().await.status, 204);
    // And the line is still good.
    assert_eq!(room.voice.stand(&mut raw, &place).await.offset(), 30_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_a_length_or_over_the_limit_is_not_read() {
    let room = Room::new().await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 9_000_000));
    let place = room.voice.begin(&mut room.line().await, &file).await;
    let (tus, piece) = (room.voice.tus(), piece(0));
    let start = format!("PATCH {place} HTTP/1.1\r\nHost: localhost\r\n{tus}{piece}");
    for (more, expected) in [
        ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", (411, FileRefusal::Invalid)),
        ("Content-Length: 8388609\r\n\r\nxyz", (413, FileRefusal::TooLarge)),
        ("Content-Length: 99999999999999999\r\n\r\nxyz", (413, FileRefusal::TooLarge)),
    ] {
        let mut raw = room.line().await;
        raw.say(format!("{start}{more}")).await;
        let answer = raw.hear().await;
        assert_eq!(answer.refused(), expected, "{more}");
        assert_eq!(answer.header("connection"), Some("close"), "{more}");
    }
    // Two lengths are no request at all.
    let mut raw = room.line().await;
    raw.say(format!("{start}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")).await;
    assert!(raw.hear_to(false).await.is_none_or(|answer| answer.status == 400));
    // Without any: an empty piece, which changes nothing.
    assert_eq!(room.voice.stand(&mut room.line().await, &place).await.offset(), 0);
    // Past the end of the file.
    let mut raw = room.line().await;
    let answer = room.voice.patch(&mut raw, &place, 8_999_999, b"ab").await;
    assert_eq!(answer.refused(), (400, FileRefusal::Invalid));
    // And an announcement has no body.
    let answer = raw.ask("POST", "/v1/files", &tus, b"hello").await;
    assert_eq!(answer.refused(), (400, FileRefusal::Invalid));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_longer_or_shorter_than_announced_spoils_nothing() {
    let room = Room::new().await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 30_000));
    let place = room.voice.begin(&mut room.line().await, &file).await;
    // Longer: what is too much is no request.
    let mut raw = room.line().await;
    raw.say(head(&room.voice, &place, 0, 10_000)).await;
    raw.say(&file.bytes[..15_000]).await;
    assert_eq!(raw.hear().await.offset(), 10_000);
    assert_eq!(raw.hear_to(false).await.map(|answer| answer.status), Some(400));
    assert!(raw.is_closed().await);
    stands(&room, &place, 10_000).await;
    // Shorter: what came is kept.
    let mut raw = room.line().await;
    raw.say(head(&room.voice, &place, 10_000, 20_000)).await;
    raw.say(&file.bytes[10_000..17_001]).await;
    raw.tcp.shutdown().await.unwrap();
    while raw.hear_to(false).await.is_some() {}
    stands(&room, &place, 17_001).await;
    // Torn down: of what is on its way some may be lost.
    let mut raw = room.line().await;
    raw.say(
        head(&room.voice, &place, 17_001, 12_999).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"),
    )
    .await;
    assert_eq!(raw.hear().await.status, 100);
    raw.say(&file.bytes[17_001..20_000]).await;
    drop(raw);
    let mut raw = room.line().await;
    let at = room.voice.stand(&mut raw, &place).await.offset();
    assert!((17_001..=20_000).contains(&at), "{at}");
    let at = usize::try_from(at).unwrap();
    let rest = room.voice.patch(&mut raw, &place, at as u64, &file.bytes[at..]).await;
    assert_eq!(rest.status, 204, "and it is whole in the end: {rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_piece_at_a_time_and_who_comes_back_need_not_wait_for_the_line_that_hangs() {
    let room = Room::new().await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 30_000));
    let place = room.voice.begin(&mut room.line().await, &file).await;
    let mut hanging = room.line().await;
    let hangs = head(&room.voice, &place, 0, 20_000).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
    hanging.say(hangs).await;
    assert_eq!(hanging.hear().await.status, 100, "it writes");
    hanging.say(&file.bytes[..5_000]).await;
    let mut second = room.line().await;
    let busy = room.voice.patch(&mut second, &place, 0, &file.bytes[..9_000]).await;
    assert_eq!(busy.refused(), (429, FileRefusal::Busy));
    assert!(busy.header("retry-after").is_some());
    // Who asks where it stands goes on with it; the first is told that it is no longer the one.
    let before = Instant::now();
    let at = room.voice.stand(&mut second, &place).await.offset();
    assert!(at <= 5_000 && before.elapsed() < Duration::from_secs(5), "{at}");
    assert_eq!(hanging.hear().await.refused(), (408, FileRefusal::Offset));
    let at = usize::try_from(at).unwrap();
    let rest = room.voice.patch(&mut second, &place, at as u64, &file.bytes[at..]).await;
    assert_eq!(rest.status, 204, "{rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_last_pieces_at_once_make_one_file() {
    let mut room = Room::new().await;
    for n in 0..10 {
        let file = Sample::new(n, 1, "x.bin", noise(n.to_le_bytes()[0], 300_000));
        let place = room.voice.begin(&mut room.line().await, &file).await;
        let (mut one, mut two) = (room.line().await, room.line().await);
        let (first, second) = tokio::join!(
            room.voice.patch(&mut one, &place, 0, &file.bytes),
            room.voice.patch(&mut two, &place, 0, &file.bytes)
        );
        let statuses = [first.status, second.status];
        assert!(statuses.contains(&204), "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 204 | 409 | 429)), "{statuses:?}");
        let message = room.carry(&file).await.unwrap();
        assert!(room.owner.fetch(&mut one, message, "").await.body == file.bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_piece_may_be_sent_again() {
    let mut room = Room::new().await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 30_000));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    for _ in 0..2 {
        let answer = room.voice.patch(&mut raw, &place, 0, &file.bytes).await;
        assert_eq!((answer.status, answer.offset()), (204, 30_000));
    }
    let message = room.carry(&file).await.unwrap();
    let answer = room.voice.patch(&mut raw, &place, 30_000, &[]).await;
    assert_eq!((answer.status, answer.offset()), (204, 30_000), "also once its message is there");
    assert_eq!(room.voice.stand(&mut raw, &place).await.offset(), 30_000);
    // Announced again, it needs no bytes either: the person's device did not hear of its end.
    let again = room.voice.begin(&mut raw, &file).await;
    assert_eq!(room.voice.stand(&mut raw, &again).await.offset(), 30_000);
    assert_eq!(raw.ask("DELETE", &again, &room.voice.tus(), &[]).await.status, 204);
    assert_eq!(room.owner.fetch(&mut raw, message, "").await.status, 200, "a message keeps its file");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_that_was_damaged_on_its_way_is_thrown_away_and_no_other() {
    let room = Room::new().await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 300_000));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    assert_eq!(room.voice.patch(&mut raw, &place, 0, &file.bytes[..100_000]).await.offset(), 100_000);
    let mut damaged = file.bytes[100_000..].to_vec();
    damaged[150_000] ^= 1;
    let headers = format!("{}{}", piece(100_000), checksum(&file.bytes[100_000..]));
    let answer = room.voice.patch_with(&mut raw, &place, &headers, &damaged).await;
    assert_eq!(answer.refused(), (460, FileRefusal::Checksum));
    assert_eq!(room.voice.stand(&mut raw, &place).await.offset(), 100_000);
    let answer = room.voice.patch_with(&mut raw, &place, &headers, &file.bytes[100_000..]).await;
    assert_eq!((answer.status, answer.offset()), (204, 300_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offset_that_is_not_where_it_stands_is_refused() {
    let room = Room::new().await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 1_000));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    for offset in [1, 500, 999] {
        let answer = room.voice.patch(&mut raw, &place, offset, b"x").await;
        assert_eq!(answer.refused(), (409, FileRefusal::Offset));
    }
    let answer = room.voice.patch(&mut raw, &place, 0, &[]).await;
    assert_eq!((answer.status, answer.offset()), (204, 0), "nothing is a piece, too");
    assert_eq!(room.voice.patch(&mut raw, &place, 0, &file.bytes).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_served_files_becomes_no_websocket() {
    let room = Room::new().await;
    let mut raw = room.line().await;
    room.voice.begin(&mut raw, &Sample::new(1, 1, "x.bin", noise(1, 10))).await;
    let upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    assert_eq!(raw.ask("GET", "/v1/ws", upgrade, &[]).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_stops_does_not_wait_for_a_line_that_hangs_and_keeps_what_came() {
    let folder = tempfile::tempdir().unwrap();
    let options = || DeskOptions { data: Some(folder.path().into()), ..unpaced() };
    let room = Room::with(options()).await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 30_000));
    let place = room.voice.begin(&mut room.line().await, &file).await;
    let mut raw = room.line().await;
    let hangs = head(&room.voice, &place, 0, 20_000).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
    raw.say(hangs).await;
    assert_eq!(raw.hear().await.status, 100);
    raw.say(&file.bytes[..5_000]).await;
    let before = Instant::now();
    room.desk.stop();
    assert!(before.elapsed() < Duration::from_secs(3), "{:?}", before.elapsed());
    let room = Room::with(options()).await;
    let at = room.voice.stand(&mut room.line().await, &place).await.offset();
    assert!(at <= 5_000);
    let at = usize::try_from(at).unwrap();
    let rest = room.voice.patch(&mut room.line().await, &place, at as u64, &file.bytes[at..]).await;
    assert_eq!(rest.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_19_a_body_that_stands_still_is_cut_and_what_came_is_kept() {
    let limits = DeskLimits { file_stall_ms: 300, ..DeskLimits::unpaced() };
    let room = Room::with(DeskOptions { limits, ..unpaced() }).await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 30_000));
    let place = room.voice.begin(&mut room.line().await, &file).await;
    let mut raw = room.line().await;
    raw.say(head(&room.voice, &place, 0, 20_000)).await;
    raw.say(&file.bytes[..5_000]).await;
    let answer = raw.hear().await;
    assert_eq!(answer.refused(), (408, FileRefusal::Offset));
    assert!(raw.is_closed().await);
    assert_eq!(room.voice.stand(&mut room.line().await, &place).await.offset(), 5_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_19_21_who_does_not_read_a_file_is_cut_and_others_go_on() {
    let limits = DeskLimits { file_stall_ms: 300, file_connections: 1, ..DeskLimits::unpaced() };
    let mut room = Room::with(DeskOptions { limits, ..unpaced() }).await;
    // More than the buffers of the system hold.
    let file = Sample::new(1, 1, "x.bin", noise(1, 24 << 20));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    for (n, piece) in file.bytes.chunks(8 << 20).enumerate() {
        let at = n as u64 * (8 << 20);
        assert_eq!(room.voice.patch(&mut raw, &place, at, piece).await.status, 204);
    }
    let message = room.carry(&file).await.unwrap();
    let mut stuck = room.line().await;
    stuck.say(request("GET", &format!("/v1/files/{message}"), &room.owner.headers(), &[])).await;
    // Another reads all of it meanwhile.
    assert!(room.voice.fetch(&mut raw, message, "").await.body == file.bytes);
    // The only place of whoever does not read becomes free when the desk has cut the line.
    let end = Instant::now() + Duration::from_secs(20);
    while room.owner.fetch(&mut room.line().await, message, "Range: bytes=0-0\r\n").await.status != 206 {
        assert!(Instant::now() < end, "still there");
    }
    let mut bytes = vec![];
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut stuck.tcp, &mut bytes).await;
    assert!(bytes.len() < file.bytes.len(), "{}", bytes.len());
}
