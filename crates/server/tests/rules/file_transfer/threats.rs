//! The table of abuse, over a real socket.

use deskbell_server::{DeskLimits, DeskOptions};
use deskbell_wire::*;

use super::{Room, names};
use crate::raw_http::{Sample, noise, request};
use crate::sockets::{options, unpaced};

#[tokio::test(flavor = "multi_thread")]
async fn threats_15_and_16_foreign_pages_and_foreign_names_get_no_file() {
    let mut room =
        Room::with(DeskOptions { origins: vec!["https://good.example".into()], ..unpaced() }).await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 100));
    let message = room.send(&file).await;
    let place = room.voice.begin(&mut room.line().await, &Sample::new(2, 1, "y.bin", noise(2, 100))).await;
    let (tus, fetch) = (room.voice.tus(), format!("/v1/files/{message}"));
    let requests = [
        request("GET", &fetch, &tus, &[]),
        request("HEAD", &place, &tus, &[]),
        request("PATCH", &place, &format!("{tus}{}", crate::raw_http::piece(0)), b"x"),
        request("DELETE", &place, &tus, &[]),
        request("OPTIONS", "/v1/files", "", &[]),
        request("POST", "/v1/files", &tus, &[]),
    ];
    for plain in requests {
        let plain = String::from_utf8(plain).unwrap();
        let is_head = plain.starts_with("HEAD");
        let with_origin = |origin: &str| plain.replacen("\r\n", &format!("\r\nOrigin: {origin}\r\n"), 1);
        for evil in ["https://evil.example", "null", "https://good.example.evil.example", "http://127.0.0.1"]
        {
            let mut raw = room.line().await;
            raw.say(with_origin(evil)).await;
            assert_eq!(raw.hear_to(is_head).await.unwrap().status, 403, "{evil}: {plain:.20}");
        }
        for evil in ["rebound.example", "127.0.0.1.nip.example:7717", ""] {
            let mut raw = room.line().await;
            raw.say(plain.replace("Host: localhost", &format!("Host: {evil}"))).await;
            assert_eq!(raw.hear_to(is_head).await.unwrap().status, 403, "{evil}: {plain:.20}");
        }
        let mut raw = room.line().await;
        raw.say(with_origin("https://good.example")).await;
        assert_ne!(raw.hear_to(is_head).await.unwrap().status, 403, "{plain:.20}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_36_a_type_that_lies_is_refused_at_the_end_and_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut room = Room::with(DeskOptions { data: Some(folder.path().into()), ..unpaced() }).await;
    let elf = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 9], &noise(1, 5_000)].concat();
    let windows = [b"MZ\x90\x00".as_slice(), &noise(2, 5_000)].concat();
    let zip = [b"PK\x03\x04".as_slice(), &noise(3, 5_000)].concat();
    let png = [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR".as_slice(), &noise(4, 5_000)].concat();
    let lies = [
        ("photo.png", "image/png", &elf),
        ("photo.jpg", "image/jpeg", &windows),
        ("notes.txt", "text/plain", &elf),
        ("bomb.png", "image/png", &zip),
        ("bill.pdf", "application/pdf", &png),
        ("photo\u{202e}gnp.exe\u{200f}.png", "image/png", &windows),
    ];
    let mut raw = room.line().await;
    for (n, (name, media, bytes)) in (0..).zip(lies) {
        let file = Sample { media: media.into(), ..Sample::new(n, 1, name, bytes.clone()) };
        let place = room.voice.begin(&mut raw, &file).await;
        let (first, last) = bytes.split_at(3);
        assert_eq!(room.voice.patch(&mut raw, &place, 0, first).await.status, 204);
        let answer = room.voice.patch(&mut raw, &place, 3, last).await;
        assert_eq!(answer.refused(), (415, FileRefusal::TypeLies), "{name:?}");
        assert_eq!(room.voice.stand(&mut raw, &place).await.status, 410, "{name:?}");
        assert_eq!(room.carry(&file).await, Err(NackCode::FileMissing), "{name:?}");
    }
    assert!(names(&folder.path().join("files")).is_empty(), "nothing of them is left");
    // The same bytes under a name that does not lie; a lie beside it does not take them away.
    let honest = Sample::new(50, 1, "plan.zip", zip.clone());
    let message = room.send(&honest).await;
    let lie = Sample::new(51, 1, "plan.png", zip);
    assert_eq!(room.voice.upload(&mut raw, &lie).await.refused(), (415, FileRefusal::TypeLies));
    assert!(room.owner.fetch(&mut raw, message, "").await.body == honest.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_37_whatever_it_is_it_leaves_as_an_attachment_of_no_type() {
    let mut room = Room::new().await;
    let files: [(&str, &[u8]); 9] = [
        ("a.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"),
        ("a.html", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("a.xhtml", b"<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj\n"),
        ("a.js", b"alert(1)"),
        ("a.txt", b"words"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"),
        ("a.exe", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("a", b"\xf7\x00\x01"),
    ];
    let mut raw = room.line().await;
    for (n, (name, bytes)) in (0..).zip(files) {
        let file = Sample { media: "text/html".into(), ..Sample::new(n, 1, name, bytes.to_vec()) };
        let answer = room.voice.upload(&mut raw, &file).await;
        assert_eq!(answer.status, 204, "{name}: {answer:?}");
        let message = room.carry(&file).await.unwrap();
        for (more, status) in [("", 200), ("Range: bytes=1-\r\n", 206), ("Range: bytes=999-\r\n", 416)] {
            let given = room.owner.fetch(&mut raw, message, more).await;
            assert_eq!(given.status, status, "{name}");
            for (header, value) in [
                ("content-type", "application/octet-stream"),
                ("x-content-type-options", "nosniff"),
                ("content-security-policy", "sandbox; default-src 'none'"),
                ("cache-control", "private, no-store"),
                ("cross-origin-resource-policy", "same-origin"),
                ("referrer-policy", "no-referrer"),
            ] {
                assert_eq!(given.header(header), Some(value), "{name}: {header}");
            }
            let disposition = given.header("content-disposition").unwrap();
            assert!(disposition.starts_with("attachment; filename=\"file"), "{name}: {disposition}");
            assert!(given.headers.iter().all(|(header, _)| !header.starts_with("access-control-")));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_38_a_name_is_never_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("desk");
    let mut room = Room::with(DeskOptions { data: Some(data.clone()), ..unpaced() }).await;
    let hostile = [
        "../../../../tmp/escaped.txt",
        "..\\..\\escaped.txt",
        "/etc/escaped.txt",
        "C:\\escaped.txt",
        "\\\\host\\share\\escaped.txt",
        "con.txt",
        "nul",
        "a\u{0}b.txt",
        "a\r\nSet-Cookie: x.txt",
        "photo\u{202e}txt.exe",
        "\u{feff}\u{200b}.txt",
        "name.txt::$DATA",
        "trailing. . .",
        "",
        ".",
        "..",
        &"n".repeat(4_000),
        "%2e%2e%2fescaped.txt",
    ];
    let before: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut raw = room.line().await;
    for (n, name) in (0..).zip(hostile) {
        let file = Sample::new(n, 1, name, format!("words {n}").into_bytes());
        let answer = room.voice.upload(&mut raw, &file).await;
        if answer.status != 204 {
            assert_eq!(answer.refused(), (415, FileRefusal::TypeLies), "{name:?}");
            continue;
        }
        let message = room.carry(&file).await.unwrap();
        let given = room.owner.fetch(&mut raw, message, "").await;
        assert!(given.body == file.bytes, "{name:?}");
        let disposition = given.header("content-disposition").unwrap();
        for bad in ["..%2F", "%00", "%0D", "%0A", "%2F", "%5C", "%E2%80%AE", "%EF%BB%BF"] {
            assert!(!disposition.contains(bad), "{name:?}: {disposition}");
        }
        assert!(given.header("set-cookie").is_none());
    }
    let after: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(before, after);
    let kept = names(&data.join("files"));
    assert!(!kept.is_empty());
    for name in kept {
        assert!(name.len() == 62 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    }
    // And a place is never one either.
    for path in
        ["/v1/files/../../etc/passwd", "/v1/files/up/../x", "/v1/files/%2e%2e", "/v1/files/", "/v1/files/up/"]
    {
        let mut raw = room.line().await;
        assert!(matches!(raw.ask("GET", path, &room.owner.tus(), &[]).await.status, 403 | 404), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_43_files_leave_the_desk_its_reserve() {
    let limits = DeskLimits { file_reserve_bytes: u64::MAX / 2, ..DeskLimits::unpaced() };
    let room = Room::with(DeskOptions { limits, ..options() }).await;
    let mut raw = room.line().await;
    let answer = room.voice.announce(&mut raw, &Sample::new(1, 1, "x.bin", noise(1, 10))).await;
    assert_eq!(answer.refused(), (507, FileRefusal::NoSpace));
    assert!(answer.header("retry-after").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_43_a_visitor_sends_so_much_in_a_day_and_a_file_is_so_large() {
    let mut room = Room::new().await;
    let mut raw = room.line().await;
    let bytes = noise(1, 25 * 1024 * 1024);
    for n in 0..4 {
        room.voice.begin(&mut raw, &Sample::new(n, 1, "x.bin", bytes.clone())).await;
    }
    let small = Sample::new(5, 1, "x.bin", noise(1, 1));
    assert_eq!(room.voice.announce(&mut raw, &small).await.refused(), (507, FileRefusal::Quota));
    let large = Sample::new(6, 1, "x.bin", noise(1, 25 * 1024 * 1024 + 1));
    assert_eq!(room.voice.announce(&mut raw, &large).await.refused(), (413, FileRefusal::TooLarge));
    let empty = Sample::new(7, 1, "x.bin", vec![]);
    assert_eq!(room.voice.announce(&mut raw, &empty).await.refused(), (400, FileRefusal::Empty));
    assert_eq!(room.carry(&small).await, Err(NackCode::FileMissing));
}
