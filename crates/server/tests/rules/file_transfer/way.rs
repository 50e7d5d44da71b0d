//! The way of a file, as it should be.

use deskbell_server::{DeskOptions, start};
use deskbell_wire::*;

use super::{Room, names};
use crate::raw_http::{Raw, Sample, Voice, checksum, noise, piece};
use crate::sockets::{unpaced, visitor_at};

#[tokio::test(flavor = "multi_thread")]
async fn i14_a_file_goes_up_in_pieces_and_comes_down_whole_and_in_parts() {
    let mut room = Room::new().await;
    let file = Sample::new(1, 1, "a plan.bin", noise(1, 700_001));
    let mut raw = room.line().await;
    let answer = room.voice.announce(&mut raw, &file).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(answer.header("upload-expires").is_some_and(|date| date.ends_with(" GMT")));
    assert_eq!(answer.header("tus-resumable"), Some("1.0.0"));
    let place = answer.header("location").unwrap().to_owned();
    let mut at = 0;
    for until in [1, 65_536, 65_537, 400_000, 700_001] {
        let bytes = &file.bytes[at..until];
        let headers = format!("{}{}", piece(at as u64), checksum(bytes));
        let answer = room.voice.patch_with(&mut raw, &place, &headers, bytes).await;
        assert_eq!((answer.status, answer.offset()), (204, until as u64));
        at = until;
    }
    let stand = room.voice.stand(&mut raw, &place).await;
    assert_eq!((stand.status, stand.offset()), (200, 700_001));
    assert_eq!(stand.header("upload-length"), Some("700001"));
    assert_eq!(stand.header("cache-control"), Some("no-store"));
    let message = room.carry(&file).await.unwrap();
    let whole = room.owner.fetch(&mut raw, message, "").await;
    assert_eq!((whole.status, whole.body == file.bytes), (200, true));
    let tag = whole.header("etag").unwrap().to_owned();
    for (range, from, until) in
        [("bytes=0-", 0, 700_001), ("bytes=65530-65545", 65_530, 65_546), ("bytes=-3", 699_998, 700_001)]
    {
        let more = format!("Range: {range}\r\nIf-Range: {tag}\r\n");
        let part = room.owner.fetch(&mut raw, message, &more).await;
        assert_eq!(part.status, 206, "{part:?}");
        assert!(part.body == file.bytes[from..until], "{range}");
        let said = format!("bytes {from}-{}/700001", until - 1);
        assert_eq!(part.header("content-range"), Some(said.as_str()));
    }
    let other = room.owner.fetch(&mut raw, message, "Range: bytes=5-\r\nIf-Range: \"other\"\r\n").await;
    assert_eq!((other.status, other.body.len()), (200, 700_001), "another file is not continued");
    let outside = room.owner.fetch(&mut raw, message, "Range: bytes=700001-\r\n").await;
    assert_eq!((outside.status, outside.header("content-range")), (416, Some("bytes */700001")));
    let path = format!("/v1/files/{message}");
    let head = raw.ask("HEAD", &path, &room.owner.headers(), &[]).await;
    assert_eq!((head.status, head.header("content-length")), (200, Some("700001")));
    // And by its author, on the same line still.
    assert_eq!(room.voice.fetch(&mut raw, message, "").await.body.len(), 700_001);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operators_file_reaches_his_visitor() {
    let mut room = Room::new().await;
    // A chat has to be open before an operator writes.
    let words = crate::common::entry(
        &crate::common::stream(crate::common::visitor(1)),
        99,
        crate::common::text("hello"),
    );
    room.ann.say(&ClientFrame::Send(words)).await;
    room.ann.until(|frame| matches!(frame, DeskFrame::Ack(_)).then_some(())).await;
    let owner = Voice::owner(&room.desk, 51);
    let file = Sample::new(1, 1, "bill.txt", b"Three lamps.\n".to_vec());
    let mut raw = room.line().await;
    assert_eq!(owner.upload(&mut raw, &file).await.status, 204);
    let who = Identity::Operator { token: owner.token.clone() };
    let mut operator = crate::sockets::connect(room.desk.address()).await;
    operator
        .say(&ClientFrame::Hello(Hello { proto: PROTO, device_id: owner.device, who, cursors: vec![] }))
        .await;
    let message = super::carry(&mut operator, &file).await.unwrap();
    let read = room.voice.fetch(&mut raw, message, "").await;
    assert_eq!((read.status, read.body), (200, file.bytes));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_desk_can_is_told_and_other_versions_are_refused() {
    let room = Room::new().await;
    let mut raw = room.line().await;
    let told = raw.ask("OPTIONS", "/v1/files", "", &[]).await;
    assert_eq!((told.status, told.header("tus-version")), (204, Some("1.0.0")));
    assert_eq!(told.header("tus-extension"), Some("creation,checksum,expiration,termination"));
    assert_eq!(told.header("tus-checksum-algorithm"), Some("sha256"));
    for version in ["", "Tus-Resumable: 0.9.0\r\n", "Tus-Resumable: 1.0.0\r\nTus-Resumable: 1.0.0\r\n"] {
        let mut raw = room.line().await;
        let headers = format!("{}{version}", room.voice.headers());
        let answer = raw.ask("POST", "/v1/files", &headers, &[]).await;
        assert_eq!((answer.status, answer.header("tus-version")), (412, Some("1.0.0")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_ended_is_gone_and_so_are_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::with(DeskOptions { data: Some(folder.path().into()), ..unpaced() }).await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 200_000));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    assert_eq!(room.voice.patch(&mut raw, &place, 0, &file.bytes[..100_000]).await.offset(), 100_000);
    assert_eq!(names(&folder.path().join("files")).len(), 1);
    assert_eq!(raw.ask("DELETE", &place, &room.voice.tus(), &[]).await.status, 204);
    assert_eq!(room.voice.stand(&mut raw, &place).await.status, 410);
    assert!(names(&folder.path().join("files")).is_empty());
    // Whole, but without its message.
    let place = room.voice.begin(&mut raw, &file).await;
    assert_eq!(room.voice.patch(&mut raw, &place, 0, &file.bytes).await.status, 204);
    assert_eq!(raw.ask("DELETE", &place, &room.voice.tus(), &[]).await.status, 204);
    assert!(names(&folder.path().join("files")).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_after_the_desk_was_restarted_under_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let options = || DeskOptions {
        data: Some(folder.path().into()),
        key: Some(zeroize::Zeroizing::new([7; 32])),
        ..unpaced()
    };
    let mut words = b"words that nobody else may read, again and again; ".repeat(6_000);
    words.truncate(250_001);
    let file = Sample::new(1, 1, "words.txt", words);
    let room = Room::with(options()).await;
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    assert_eq!(room.voice.patch(&mut raw, &place, 0, &file.bytes[..150_000]).await.offset(), 150_000);
    room.desk.stop();
    let mut room = Room::with(options()).await;
    let mut raw = room.line().await;
    let at = room.voice.stand(&mut raw, &place).await.offset();
    assert_eq!(at, 150_000, "the desk ended in order");
    let rest = &file.bytes[usize::try_from(at).unwrap()..];
    assert_eq!(room.voice.patch(&mut raw, &place, at, rest).await.status, 204);
    let message = room.carry(&file).await.unwrap();
    room.desk.stop();
    // Threats 44: nothing of it can be read there, neither its bytes nor its name.
    for path in walk(folder.path()) {
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(12).any(|part| part == b"nobody else "), "{}", path.display());
    }
    let room = Room::with(options()).await;
    let mut raw = room.line().await;
    assert!(room.owner.fetch(&mut raw, message, "").await.body == file.bytes);
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_44_a_copy_of_a_running_desk_has_its_files_and_bears_it_when_one_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("desk"), folder.path().join("copy"));
    let options = |data: &std::path::Path| DeskOptions {
        data: Some(data.into()),
        key: Some(zeroize::Zeroizing::new([7; 32])),
        ..unpaced()
    };
    let mut room = Room::with(options(&data)).await;
    let (kept, waits) =
        (Sample::new(1, 1, "kept.bin", noise(1, 100_000)), Sample::new(2, 1, "w.bin", noise(2, 9)));
    let message = room.send(&kept).await;
    assert_eq!(room.voice.upload(&mut room.line().await, &waits).await.status, 204);
    room.desk.backup().unwrap().write(&copy).unwrap();
    assert_eq!(names(&copy.join("files")).len(), 2);
    assert!(!copy.join("desk.db.unfinished").exists());
    let restored = Room::with(options(&copy)).await;
    assert!(restored.owner.fetch(&mut restored.line().await, message, "").await.body == kept.bytes);
    restored.desk.stop();
    // A copy whose files were left out.
    std::fs::remove_dir_all(copy.join("files")).unwrap();
    let desk = start(options(&copy)).unwrap();
    let mut ann = visitor_at(desk.address(), 1, 1).await;
    let owner = Voice::owner(&desk, 50);
    let mut raw = Raw::to(desk.address()).await;
    let gone = owner.fetch(&mut raw, message, "").await;
    assert_eq!(gone.refused(), (403, FileRefusal::Forbidden));
    // What waits for its message has to come again before it is taken.
    assert_eq!(super::carry(&mut ann, &waits).await, Err(NackCode::FileMissing));
    assert_eq!(Voice::visitor(1, 1).upload(&mut raw, &waits).await.status, 204);
    let message = super::carry(&mut ann, &waits).await.unwrap();
    assert!(owner.fetch(&mut raw, message, "").await.body == waits.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_somebody_talks_files_take_a_part_of_the_machine() {
    const PIECE: usize = 8 * 1024 * 1024;
    let mut room = Room::new().await;
    let file = Sample::new(1, 1, "a film.bin", noise(1, 3 * PIECE));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    let body = SendBody::Message { text: "Good day".to_owned(), group: None, file: None };
    let words = Entry { created_at: Timestamp(0), ..crate::common::entry(&file.stream, 900, body) };
    room.ann.say(&ClientFrame::Send(words)).await;
    room.ann.until(|frame| matches!(frame, DeskFrame::Ack(_)).then_some(())).await;
    let begun = std::time::Instant::now();
    for (n, bytes) in file.bytes.chunks(PIECE).enumerate() {
        let answer = room.voice.patch(&mut raw, &place, (n * PIECE) as u64, bytes).await;
        assert_eq!(answer.status, 204, "{answer:?}");
    }
    // 96 MiB in a second, and the first write does not wait.
    let least = std::time::Duration::from_millis(240);
    assert!(begun.elapsed() >= least, "24 MiB in {:?}", begun.elapsed());
}
