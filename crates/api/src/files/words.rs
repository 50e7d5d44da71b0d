//! The first words of a text, whatever wrote it.
//!
//! What must always hold: at most 64 KiB are read, and what is no text is no reason to fail.

use std::io::{self, Read};

use crate::dto::FileWords;

/// Bytes that are read.
const FIRST: u64 = 64 * 1024;

/// Reads them.
pub(super) fn first(from: &mut impl Read) -> io::Result<FileWords> {
    let mut bytes = Vec::new();
    from.take(FIRST + 1).read_to_end(&mut bytes)?;
    let more = bytes.len() as u64 > FIRST;
    if more {
        bytes.pop();
    }
    Ok(FileWords { text: decoded(&bytes, more).replace('\0', "\u{FFFD}"), more })
}

fn decoded(bytes: &[u8], cut: bool) -> String {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, cut),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes, cut),
    }
}

/// A letter that the cut has halved is left out.
fn utf8(bytes: &[u8], cut: bool) -> String {
    let whole = match std::str::from_utf8(bytes) {
        Err(error) if cut && error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    };
    String::from_utf8_lossy(bytes.get(..whole).unwrap_or_default()).into_owned()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit);
    char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(bytes: &[u8]) -> FileWords {
        first(&mut &bytes[..]).unwrap()
    }

    #[test]
    fn text_is_read_as_it_was_written() {
        for bytes in [
            "Zwölf Ёжик".as_bytes().to_vec(),
            [b"\xEF\xBB\xBF".as_slice(), "Zwölf Ёжик".as_bytes()].concat(),
            [0xFF, 0xFE].into_iter().chain("Zwölf Ёжик".encode_utf16().flat_map(u16::to_le_bytes)).collect(),
            [0xFE, 0xFF].into_iter().chain("Zwölf Ёжик".encode_utf16().flat_map(u16::to_be_bytes)).collect(),
        ] {
            assert_eq!(words(&bytes), FileWords { text: "Zwölf Ёжик".to_owned(), more: false });
        }
        assert_eq!(words(b"a\0b\xFFc").text, "a\u{FFFD}b\u{FFFD}c");
    }

    #[test]
    fn a_long_text_is_cut_between_two_letters() {
        let long = "Ё".repeat(40_000);
        let FileWords { text, more } = words(&[b"x".as_slice(), long.as_bytes()].concat());
        assert!(more && text.len() == 65_535 && !text.contains('\u{FFFD}'), "{}", text.len());
        let exact = "y".repeat(65_536);
        assert_eq!(words(exact.as_bytes()), FileWords { text: exact, more: false });
    }
}
