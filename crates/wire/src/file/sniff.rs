//! What a file's first bytes say, and whether name, declaration and bytes can all be true.

use super::FileRefusal;
use super::danger::is_dangerous_extension;
use super::kind::{Family, by_extension};
use super::name::extension;

/// Bytes that are enough to know what a file is, as far as it can be known.
pub const SNIFFED: usize = 4 * 1024;

const UNKNOWN: &str = "application/octet-stream";

/// Where a mark begins, the mark, and what it says.
type Mark = (usize, &'static [u8], &'static str);

const MARKS: &[Mark] = &[
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"\0\0\x01\0", "image/x-icon"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"PK\x07\x08", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
    (0, b"MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
    (0, b"\xed\xab\xee\xdb", "application/x-rpm"),
    (0, b"!<arch>\n", "application/x-archive"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"MThd", "audio/midi"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-wmv"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\0\0\x01\xba", "video/mpeg"),
    (0, b"\0\0\x01\xb3", "video/mpeg"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (0, b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (0, b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xca\xfe\xba\xbe", "application/java-vm"),
    (0, b"\0asm", "application/wasm"),
    (0, b"\x4c\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"ZM", "application/x-msdownload"),
];

/// What the first bytes of a file, at best 4 KiB, are for certain; `None`: nothing that is known here.
pub fn sniff(first: &[u8]) -> Option<&'static str> {
    let first = first.get(..SNIFFED).unwrap_or(first);
    let marked = |sure: bool| {
        let found = MARKS.iter().find(|mark| is_sure(mark) == sure && bears(first, mark));
        found.map(|(.., media)| *media)
    };
    marked(true).or_else(|| written(first)).or_else(|| marked(false)).or_else(|| unmarked(first))
}

/// No text begins so.
fn is_sure((_, mark, _): &Mark) -> bool {
    mark.iter().any(|byte| !matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e))
}

fn bears(first: &[u8], (at, mark, _): &Mark) -> bool {
    let has_mark = first.get(*at..).is_some_and(|rest| rest.starts_with(mark));
    has_mark && (*at != 8 || first.starts_with(b"RIFF"))
}

/// Formats that are known by more than a mark, or whose mark may stand later.
fn unmarked(first: &[u8]) -> Option<&'static str> {
    let has_pdf = first.get(..1024).unwrap_or(first).windows(5).any(|five| five == b"%PDF-");
    let reserved = first.get(6..10) == Some(&[0; 4]);
    match first {
        _ if has_pdf => Some("application/pdf"),
        _ if first.get(4..8) == Some(b"ftyp") => Some(brand(first.get(8..12).unwrap_or_default())),
        [b'B', b'M', ..] if reserved => Some("image/bmp"),
        [0xff, 0xf1 | 0xf9, ..] => Some("audio/aac"),
        // A frame of layer 3: sync, a version, a bit rate and a sampling rate that there are.
        [0xff, 0xe2 | 0xe3 | 0xf2 | 0xf3 | 0xfa | 0xfb, rates, ..]
            if rates >> 4 != 15 && (rates >> 2) & 3 != 3 =>
        {
            Some("audio/mpeg")
        }
        _ => None,
    }
}

fn brand(brand: &[u8]) -> &'static str {
    match brand {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => "image/heic",
        b"avif" | b"avis" => "image/avif",
        b"qt  " => "video/quicktime",
        b"M4A " | b"M4B " | b"M4P " => "audio/mp4",
        [b'3', b'g', ..] => "video/3gpp",
        _ => "video/mp4",
    }
}

/// What text is, and what a system takes for more than text.
fn written(first: &[u8]) -> Option<&'static str> {
    let is_wide = first.starts_with(b"\xff\xfe") || first.starts_with(b"\xfe\xff");
    let begin = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    if begin.starts_with(b"#!") && !begin.starts_with(b"#!AMR") {
        return Some("text/x-shellscript");
    }
    if is_wide && !first.starts_with(b"\xff\xfe\0\0") && first.len() >= 4 {
        return Some("text/plain");
    }
    if first.is_empty() || !first.iter().all(|byte| is_written(*byte)) {
        return None;
    }
    let begin = begin.trim_ascii_start();
    let starts = |with: &[u8]| begin.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    let names = |what: &[u8]| begin.windows(what.len()).any(|part| part.eq_ignore_ascii_case(what));
    Some(match () {
        () if starts(b"%PDF-") => "application/pdf",
        () if starts(b"{\\rtf") => "application/rtf",
        () if [b"<!doctype html".as_slice(), b"<html", b"<head", b"<body", b"<script", b"<iframe"]
            .iter()
            .any(|tag| starts(tag)) =>
        {
            "text/html"
        }
        () if starts(b"<svg") || (starts(b"<?xml") || starts(b"<!")) && names(b"<svg") => "image/svg+xml",
        () if starts(b"<?xml") => "text/xml",
        () => "text/plain",
    })
}

fn is_written(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | 0x08 | 0x0c | 0x1b | 0x20..=0x7e | 0x80..)
}

fn family(media: &str) -> Option<Family> {
    let (main, _) = media.split_once('/')?;
    Some(match (main, media) {
        (_, "text/x-shellscript" | "application/x-msdownload" | "application/x-executable") => {
            Family::Program
        }
        (_, "application/x-mach-binary" | "application/java-vm" | "application/x-ms-shortcut") => {
            Family::Program
        }
        (_, "image/svg+xml") | ("text", _) => Family::Text,
        ("image", _) => Family::Picture,
        ("audio" | "video", _) => Family::Reel,
        (_, "application/pdf") => Family::Pdf,
        (_, "application/zip") => Family::Zip,
        (_, "application/x-ole-storage") => Family::Ole,
        (_, "application/rtf") => Family::RichText,
        _ => Family::Packed,
    })
}

/// The type on which a tidied name, a declaration and the first bytes agree; `application/octet-stream` where nothing is
/// known.
///
/// # Errors
/// [`FileRefusal::TypeLies`]: the name promises what the bytes are not, or hides that they are a program.
pub fn agree(name: &str, declared: &str, first: &[u8]) -> Result<String, FileRefusal> {
    let extension = extension(name);
    let found = sniff(first);
    let kind = found.and_then(family);
    let is_admitted = extension.as_deref().is_some_and(is_dangerous_extension);
    if kind == Some(Family::Program) && (!is_admitted || shows(declared)) {
        return Err(FileRefusal::TypeLies);
    }
    let known = extension.as_deref().and_then(by_extension);
    if known.is_some_and(|known| !known.bytes.fits(kind)) {
        return Err(FileRefusal::TypeLies);
    }
    Ok(settled(known.map(|known| known.media), found, kind).to_owned())
}

/// Containers and texts are told apart by their names, all else by its bytes.
fn settled(named: Option<&'static str>, found: Option<&'static str>, kind: Option<Family>) -> &'static str {
    let by_name = matches!(
        kind,
        Some(Family::Zip | Family::Ole | Family::Text | Family::RichText | Family::Reel | Family::Packed)
    );
    match (named, found) {
        (Some(named), Some(_)) if by_name => named,
        // A text's name with bytes that are none.
        (Some(named), None) if !named.starts_with("text/") => named,
        (_, found) => found.unwrap_or(UNKNOWN),
    }
}

/// Does the declaration promise what is looked at or listened to?
fn shows(declared: &str) -> bool {
    let declared = declared.to_ascii_lowercase();
    ["image/", "audio/", "video/", "application/pdf"].iter().any(|kind| declared.starts_with(kind))
}
