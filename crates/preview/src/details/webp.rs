//! WebP: chunks in a RIFF, whose head says how long they are together and what is among them.

use std::io::Write;

use super::{cut, cut_array, put, turn};
use crate::why::Why;

const KEPT: [&[u8; 4]; 6] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ICCP"];
/// In a frame of a moving one, behind its head.
const KEPT_IN_FRAME: [&[u8; 4]; 3] = [b"VP8 ", b"VP8L", b"ALPH"];
/// Where a frame stands, how large it is and how long it is shown.
const FRAME_HEAD: usize = 16;
/// In the first byte of `VP8X`.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

pub(super) fn strip(picture: &[u8], to: &mut impl Write) -> Result<bool, Why> {
    let (body, trails) = body(picture)?;
    let (mut kept, mut had) = (Vec::new(), trails);
    let mut rest = body;
    let mut turned = None;
    while !rest.is_empty() {
        let (kind, chunk) = chunk(&mut rest)?;
        match &kind {
            kind if KEPT.contains(&kind) => kept.push((*kind, chunk.to_vec())),
            b"ANMF" => {
                let frame = frame(chunk)?;
                had |= frame.len() < chunk.len();
                kept.push((kind, frame));
            }
            b"EXIF" => {
                turned = turn::only(chunk);
                had |= turned.as_deref() != Some(chunk);
            }
            _ => had = true,
        }
    }
    flags(&mut kept, turned.is_some())?;
    kept.extend(turned.map(|words| (*b"EXIF", words)));
    write(&kept, to)?;
    Ok(had)
}

fn chunk<'a>(rest: &mut &'a [u8]) -> Result<([u8; 4], &'a [u8]), Why> {
    let kind = cut_array(rest)?;
    let length = usize::try_from(u32::from_le_bytes(cut_array(rest)?)).map_err(|_| Why::Unreadable)?;
    let chunk = cut(rest, length)?;
    // The last one's filling is forgotten by some.
    let filling = (length % 2).min(rest.len());
    cut(rest, filling)?;
    Ok((kind, chunk))
}

/// A frame without what else was put into it.
fn frame(mut rest: &[u8]) -> Result<Vec<u8>, Why> {
    let mut frame = cut(&mut rest, FRAME_HEAD)?.to_vec();
    while !rest.is_empty() {
        let before = rest;
        let (kind, _) = chunk(&mut rest)?;
        if KEPT_IN_FRAME.contains(&&kind) {
            frame.extend_from_slice(before.get(..before.len() - rest.len()).unwrap_or_default());
        }
    }
    Ok(frame)
}

/// What is in the RIFF, and whether anything trails it.
fn body(picture: &[u8]) -> Result<(&[u8], bool), Why> {
    let mut rest = picture;
    if &cut_array(&mut rest)? != b"RIFF" {
        return Err(Why::Unreadable);
    }
    let length = usize::try_from(u32::from_le_bytes(cut_array(&mut rest)?)).map_err(|_| Why::Unreadable)?;
    let mut inside = cut(&mut rest, length)?;
    if &cut_array(&mut inside)? != b"WEBP" {
        return Err(Why::Unreadable);
    }
    Ok((inside, rest.iter().any(|byte| *byte != 0)))
}

fn flags(kept: &mut [([u8; 4], Vec<u8>)], is_turned: bool) -> Result<(), Why> {
    match kept.first_mut() {
        Some((kind, extended)) if kind == b"VP8X" => {
            let flags = extended.first_mut().ok_or(Why::Unreadable)?;
            *flags = *flags & !(HAS_EXIF | HAS_XMP) | if is_turned { HAS_EXIF } else { 0 };
            Ok(())
        }
        Some(_) => Ok(()),
        None => Err(Why::Unreadable),
    }
}

fn write(kept: &[([u8; 4], Vec<u8>)], to: &mut impl Write) -> Result<(), Why> {
    let length: usize = 4 + kept.iter().map(|(_, chunk)| 8 + chunk.len().next_multiple_of(2)).sum::<usize>();
    let number = |length: usize| u32::try_from(length).map(u32::to_le_bytes).map_err(|_| Why::Unreadable);
    put(to, b"RIFF")?;
    put(to, &number(length)?)?;
    put(to, b"WEBP")?;
    for (kind, chunk) in kept {
        put(to, kind)?;
        put(to, &number(chunk.len())?)?;
        put(to, chunk)?;
        put(to, [0].get(..chunk.len() % 2).unwrap_or_default())?;
    }
    Ok(())
}
