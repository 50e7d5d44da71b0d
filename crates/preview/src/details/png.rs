//! PNG: chunks, of which those are kept that a picture is shown by.

use std::io::Write;

use super::{cut, cut_array, put, turn};
use crate::why::Why;

const MARK: &[u8] = b"\x89PNG\r\n\x1a\n";
const KEPT: [&[u8; 4]; 20] = [
    b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
    b"cICP", b"mDCV", b"cLLI", b"hIST", b"acTL", b"fcTL", b"fdAT", b"IEND", b"sTER",
];

pub(super) fn strip(picture: &[u8], to: &mut impl Write) -> Result<bool, Why> {
    let mut rest = picture;
    if cut(&mut rest, MARK.len())? != MARK {
        return Err(Why::Unreadable);
    }
    put(to, MARK)?;
    let mut had = false;
    loop {
        let all = rest;
        let length =
            usize::try_from(u32::from_be_bytes(cut_array(&mut rest)?)).map_err(|_| Why::Unreadable)?;
        let kind: [u8; 4] = cut_array(&mut rest)?;
        let body = cut(&mut rest, length)?;
        cut(&mut rest, 4)?;
        let whole = all.get(..length.saturating_add(12)).ok_or(Why::Unreadable)?;
        match &kind {
            kind if KEPT.contains(&kind) => put(to, whole)?,
            b"eXIf" => had |= turned(body, to)?,
            // A capital at its head: nobody may show the picture who does not know it.
            [b'A'..=b'Z', ..] => return Err(Why::Unreadable),
            _ => had = true,
        }
        if &kind == b"IEND" {
            return Ok(had || !rest.is_empty());
        }
    }
}

/// True: it said more than how the picture is turned.
fn turned(exif: &[u8], to: &mut impl Write) -> Result<bool, Why> {
    let Some(words) = turn::only(exif) else { return Ok(true) };
    let checked = [b"eXIf".as_slice(), &words].concat();
    let length = u32::try_from(words.len()).map_err(|_| Why::Unreadable)?;
    put(to, &length.to_be_bytes())?;
    put(to, &checked)?;
    put(to, &crc(&checked).to_be_bytes())?;
    Ok(words != exif)
}

/// CRC-32 as PNG has it.
fn crc(bytes: &[u8]) -> u32 {
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    });
    !crc
}
