//! JPEG: segments, and between them the picture's own bytes, which are copied as they are.

use std::io::Write;

use super::{cut, cut_array, put, turn};
use crate::why::Why;

const BEGIN: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

enum Fate {
    Kept,
    Gone,
    /// In other words.
    Instead(Vec<u8>),
}

pub(super) fn strip(picture: &[u8], to: &mut impl Write) -> Result<bool, Why> {
    let mut rest = picture;
    if cut(&mut rest, 2)? != [0xff, BEGIN] {
        return Err(Why::Unreadable);
    }
    put(to, &[0xff, BEGIN])?;
    let mut had = false;
    loop {
        match marker(&mut rest)? {
            END => {
                put(to, &[0xff, END])?;
                // Cameras put films and further pictures behind the end.
                return Ok(had || rest.iter().any(|byte| *byte != 0));
            }
            // Alone, without a length.
            alone @ (0x01 | 0xd0..=0xd7) => put(to, &[0xff, alone])?,
            kind => {
                had |= segment(kind, &mut rest, to)?;
                if kind == SCAN {
                    scan(&mut rest, to)?;
                }
            }
        }
    }
}

/// Any number of 0xff may stand before one.
fn marker(rest: &mut &[u8]) -> Result<u8, Why> {
    let [0xff] = cut_array(rest)? else { return Err(Why::Unreadable) };
    loop {
        match cut_array(rest)? {
            [0xff] => {}
            [0] => return Err(Why::Unreadable),
            [kind] => return Ok(kind),
        }
    }
}

/// True: it said something.
fn segment(kind: u8, rest: &mut &[u8], to: &mut impl Write) -> Result<bool, Why> {
    let length = usize::from(u16::from_be_bytes(cut_array(rest)?));
    let body = cut(rest, length.checked_sub(2).ok_or(Why::Unreadable)?)?;
    let (kept, had) = match fate(kind, body) {
        Fate::Kept => (body.to_vec(), false),
        Fate::Gone => return Ok(true),
        Fate::Instead(other) => {
            let had = other != body;
            (other, had)
        }
    };
    let length = u16::try_from(kept.len() + 2).map_err(|_| Why::Unreadable)?;
    put(to, &[0xff, kind])?;
    put(to, &length.to_be_bytes())?;
    put(to, &kept)?;
    Ok(had)
}

fn fate(kind: u8, body: &[u8]) -> Fate {
    match kind {
        // A small copy of the picture may stand in it.
        0xe0 if body.starts_with(b"JFIF\0") => {
            let head = body.get(..12).unwrap_or(body);
            Fate::Instead([head, &[0; 2]].concat())
        }
        0xe1 if body.starts_with(turn::PREFIX) => match turn::only(body) {
            Some(words) => Fate::Instead([turn::PREFIX, &words].concat()),
            None => Fate::Gone,
        },
        // Its colours.
        0xe2 if body.starts_with(b"ICC_PROFILE\0") => Fate::Kept,
        0xee if body.starts_with(b"Adobe") => Fate::Instead(body.get(..12).unwrap_or(body).to_vec()),
        // Frames, tables, scans.
        0xc0..=0xcf | 0xda..=0xdf | 0xf7..=0xf8 => Fate::Kept,
        // Everybody's own, comments, and what nobody has a use for.
        _ => Fate::Gone,
    }
}

/// The picture's bytes up to the next marker; 0xff in them is followed by zero, or by a restart.
fn scan(rest: &mut &[u8], to: &mut impl Write) -> Result<(), Why> {
    let mut from = 0;
    loop {
        let after = rest.get(from..).unwrap_or_default();
        let at = after.iter().position(|byte| *byte == 0xff).ok_or(Why::Unreadable)? + from;
        match rest.get(at + 1) {
            Some(0 | 0xd0..=0xd7) => from = at + 2,
            Some(0xff) => from = at + 1,
            Some(_) => return put(to, cut(rest, at)?),
            None => return Err(Why::Unreadable),
        }
    }
}
