//! What a picture says beside itself (place, time, camera, program, a small copy of an earlier state), found and left
//! out. The picture stays as it is, byte for byte; only how it is turned is said anew.
//!
//! Formats are walked, not decoded. What is not known to be needed for showing the picture is left out.

mod gif;
mod jpeg;
mod png;
mod turn;
mod webp;

use std::io::{self, Write};

use crate::why::Why;

/// Writes the picture without its details; says whether there were any.
pub(crate) fn strip(media: &str, picture: &[u8], to: &mut impl Write) -> Result<bool, Why> {
    match media {
        "image/jpeg" => jpeg::strip(picture, to),
        "image/png" => png::strip(picture, to),
        "image/webp" => webp::strip(picture, to),
        "image/gif" => gif::strip(picture, to),
        "image/bmp" if picture.starts_with(b"BM") => put(to, picture).map(|()| false),
        "image/bmp" => Err(Why::Unreadable),
        _ => Err(Why::Unsupported),
    }
}

fn put(to: &mut impl Write, bytes: &[u8]) -> Result<(), Why> {
    to.write_all(bytes).map_err(|error: io::Error| Why::Bytes(error.kind()))
}

/// The first `count` bytes, which `rest` then no longer has.
fn cut<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], Why> {
    let (cut, left) = rest.split_at_checked(count).ok_or(Why::Unreadable)?;
    *rest = left;
    Ok(cut)
}

/// The same as an array.
fn cut_array<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Why> {
    cut(rest, N)?.try_into().map_err(|_| Why::Unreadable)
}
