//! Bytes, names and declarations: which of them can be true together.

use deskbell_wire::file::{FileRefusal, extensions};
use deskbell_wire::{agree, sniff};
use proptest::prelude::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\0";
const WEBP: &[u8] = b"RIFF\x24\0\0\0WEBPVP8 ";
const BMP: &[u8] = b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0";
const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0";
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0";
const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0";
const MP3: &[u8] = b"ID3\x04\0\0\0\0\0";
const BARE_MP3: &[u8] = b"\xff\xfb\x90\x64\0\0";
const EXE: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0";
const ELF: &[u8] = b"\x7fELF\x02\x01\x01\0";
const MACH: &[u8] = b"\xcf\xfa\xed\xfe\x07\0\0\x01";
const SCRIPT: &[u8] = b"#!/bin/sh\necho\n";
const LNK: &[u8] = b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0";
const TEXT: &[u8] = b"Good morning, where is my parcel?\n";
const CP1251: &[u8] = b"\xc4\xee\xe1\xf0\xee\xe5 \xf3\xf2\xf0\xee\n";
const UTF16: &[u8] = b"\xff\xfeH\0i\0";
const HTML: &[u8] = b"\n<!DOCTYPE html><script>1</script>";
const SVG: &[u8] = b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
const NOISE: &[u8] = b"\x03\x9a\0\x01\x7f\x88\0\x02";

#[test]
fn threats_36_what_agrees_is_taken_as_its_bytes_say() {
    for (name, declared, first, media) in [
        ("a.png", "image/png", PNG, "image/png"),
        ("a.jpg", "image/jpeg", JPEG, "image/jpeg"),
        ("a.png", "image/png", JPEG, "image/jpeg"),
        ("a.gif", "", GIF, "image/gif"),
        ("a.webp", "", WEBP, "image/webp"),
        ("a.bmp", "", BMP, "image/bmp"),
        ("a.pdf", "application/x-thing", PDF, "application/pdf"),
        ("a.docx", "", ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("locked.xlsx", "", OLE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.doc", "", OLE, "application/msword"),
        ("a.doc", "", b"{\\rtf1 words}", "application/msword"),
        ("a.zip", "", ZIP, "application/zip"),
        ("a.mp4", "", MP4, "video/mp4"),
        ("a.m4a", "", MP4, "audio/mp4"),
        ("a.mp3", "", MP3, "audio/mpeg"),
        ("a.mp3", "", BARE_MP3, "audio/mpeg"),
        ("a.mp3", "", NOISE, "audio/mpeg"),
        ("a.txt", "", TEXT, "text/plain"),
        ("a.txt", "", CP1251, "text/plain"),
        ("a.txt", "", UTF16, "text/plain"),
        ("a.csv", "application/vnd.ms-excel", TEXT, "text/csv"),
        ("a.txt", "", NOISE, "application/octet-stream"),
        ("a.txt", "", b"MZ is how a name may begin", "text/plain"),
        ("a.txt", "", b"BMW, ID3 and GIF89a in one sentence", "text/plain"),
        ("a.exe", "", EXE, "application/x-msdownload"),
        ("a.so", "", ELF, "application/x-executable"),
        ("a.sh", "text/x-sh", SCRIPT, "text/x-shellscript"),
        ("a.html", "text/html", HTML, "text/html"),
        ("a.svg", "image/svg+xml", SVG, "image/svg+xml"),
        ("a.xyz", "image/png", NOISE, "application/octet-stream"),
        ("a.xyz", "", PNG, "image/png"),
        ("none", "", TEXT, "text/plain"),
    ] {
        assert_eq!(agree(name, declared, first).as_deref(), Ok(media), "{name} as {declared:?}");
    }
}

#[test]
fn threats_36_and_39_a_type_that_lies_is_refused() {
    for (name, declared, first) in [
        ("bomb.png", "image/png", ZIP),
        ("a.png", "image/png", HTML),
        ("a.png", "image/png", SVG),
        ("a.png", "", TEXT),
        ("a.png", "image/png", NOISE),
        ("a.png", "image/png", b""),
        ("a.gif", "image/gif", b"GIF89a=1;alert(1)//"),
        ("a.jpg", "", EXE),
        ("a.pdf", "", ZIP),
        ("a.pdf", "application/pdf", PNG),
        ("a.pdf", "", NOISE),
        ("a.txt", "text/plain", PNG),
        ("a.txt", "text/plain", EXE),
        ("a.txt", "text/plain", ELF),
        ("a.txt", "text/plain", SCRIPT),
        ("a.txt", "text/plain", LNK),
        ("a.txt", "text/plain", PDF),
        ("a.docx", "", EXE),
        ("a.docx", "", TEXT),
        ("a.zip", "", MACH),
        ("a.zip", "", NOISE),
        ("a.mp3", "", HTML),
        ("a.mp4", "", ZIP),
        ("photo", "image/png", EXE),
        ("photo", "", ELF),
        ("photo.xyz", "", SCRIPT),
        ("a.exe", "image/png", EXE),
    ] {
        assert_eq!(agree(name, declared, first), Err(FileRefusal::TypeLies), "{name} as {declared:?}");
    }
}

#[test]
fn threats_36_no_known_extension_takes_a_program() {
    for extension in extensions() {
        for program in [EXE, ELF, MACH, SCRIPT, LNK] {
            assert!(agree(&format!("a.{extension}"), "", program).is_err(), "{extension}");
        }
    }
}

#[test]
fn marks_are_found_where_they_stand_and_nowhere_else() {
    assert_eq!(sniff(b""), None);
    assert_eq!(sniff(NOISE), None);
    assert_eq!(sniff(b"junk\0 before %PDF-1.4"), Some("application/pdf"));
    assert_eq!(sniff(b"XXXX\x24\0\0\0WEBPVP8 "), None);
    assert_eq!(sniff(b"#!AMR\n\x3c\0\x04"), Some("audio/amr"));
    assert_eq!(sniff(b"\0\0\0\x1cftypheic"), Some("image/heic"));
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    assert_eq!(sniff(&tar), Some("application/x-tar"));
}

proptest! {
    #[test]
    fn any_bytes_have_a_type_or_are_refused(name in "[a-z.]{0,9}", first in proptest::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(media) = agree(&name, "image/png", &first) {
            prop_assert!(media.contains('/'));
        }
    }
}
