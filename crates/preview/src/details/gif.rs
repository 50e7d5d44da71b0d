//! GIF: frames and extensions, of which comments and what programs wrote are left out.

use std::io::Write;

use super::{cut, cut_array, put};
use crate::why::Why;

pub(super) fn strip(picture: &[u8], to: &mut impl Write) -> Result<bool, Why> {
    let mut rest = picture;
    let head = cut(&mut rest, 13)?;
    if !head.starts_with(b"GIF8") {
        return Err(Why::Unreadable);
    }
    put(to, head)?;
    put(to, colours(head.get(10), &mut rest)?)?;
    let mut had = false;
    loop {
        match cut_array(&mut rest)? {
            [0x3b] => {
                put(to, &[0x3b])?;
                return Ok(had || rest.iter().any(|byte| *byte != 0));
            }
            [0x2c] => frame(&mut rest, to)?,
            [0x21] => had |= extension(&mut rest, to)?,
            _ => return Err(Why::Unreadable),
        }
    }
}

/// A table of colours, if the flags say that there is one.
fn colours<'a>(flags: Option<&u8>, rest: &mut &'a [u8]) -> Result<&'a [u8], Why> {
    match flags {
        Some(flags) if flags & 0x80 != 0 => cut(rest, 3 << ((flags & 7) + 1)),
        _ => Ok(&[]),
    }
}

fn frame(rest: &mut &[u8], to: &mut impl Write) -> Result<(), Why> {
    let head = cut(rest, 9)?;
    put(to, &[0x2c])?;
    put(to, head)?;
    put(to, colours(head.last(), rest)?)?;
    // The width of its codes.
    put(to, cut(rest, 1)?)?;
    put(to, blocks(rest)?)
}

/// True: it said something. How long a frame stands and how often all is shown is kept.
fn extension(rest: &mut &[u8], to: &mut impl Write) -> Result<bool, Why> {
    let [kind] = cut_array(rest)?;
    let body = blocks(rest)?;
    let is_loop =
        |body: &[u8]| [b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0"].iter().any(|name| body.starts_with(*name));
    if kind != 0xf9 && !(kind == 0xff && is_loop(body)) {
        return Ok(true);
    }
    put(to, &[0x21, kind])?;
    put(to, body)?;
    Ok(false)
}

/// Blocks up to an empty one, which belongs to them.
fn blocks<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Why> {
    let all = *rest;
    loop {
        let [length] = cut_array(rest)?;
        cut(rest, usize::from(length))?;
        if length == 0 {
            return Ok(all.get(..all.len() - rest.len()).unwrap_or_default());
        }
    }
}
