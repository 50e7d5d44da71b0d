//! What a file says beside itself (place, time, camera, program, a small copy of an earlier state), found and left out.
//! The picture, the film or the sound stays as it is, byte for byte; only how a picture is turned is said anew.
//!
//! Formats are walked, not decoded. What is not known to be needed for showing them is left out: of pictures that are
//! read in a row while they are written anew, of all others in place, by [`Edits`](edits::Edits), for in them everything
//! is found by its place in the file.

pub(crate) mod edits;
pub(crate) mod file;
mod gif;
mod iso;
mod jpeg;
mod pdf;
mod png;
#[cfg(test)]
mod tests;
mod tiff;
mod turn;
mod webp;

use std::io::{self, Write};

use crate::why::Why;
use edits::Settled;
use file::File;

/// Films and sounds of which it is known what they say; of others nothing is claimed.
const REELS: [&str; 4] = ["video/mp4", "video/quicktime", "video/3gpp", "audio/mp4"];

/// Is a file of that type written anew? Others are overwritten here and there.
pub(crate) fn is_written_anew(media: &str) -> bool {
    matches!(media, "image/jpeg" | "image/png" | "image/webp" | "image/gif" | "image/bmp")
}

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

/// What is to be overwritten for the same.
pub(crate) fn edits(media: &str, file: &mut File<'_>) -> Result<Settled, Why> {
    match media {
        "image/tiff" => tiff::edits(file),
        "image/heic" | "image/avif" => iso::edits(file, false),
        // Films and sounds are called by their names, whatever they are packed in.
        _ if is_reel(media) && iso::is(file) => iso::edits(file, media.starts_with("audio/")),
        _ => Err(Why::Unsupported),
    }
}

/// Does the file say anything?
pub(crate) fn are_in(media: &str, file: &mut File<'_>) -> Result<bool, Why> {
    if media == "application/pdf" {
        return pdf::says(file);
    }
    let is_other = is_reel(media) && !REELS.contains(&media) && !iso::is(file);
    if is_other { Ok(false) } else { edits(media, file)?.change(file) }
}

fn is_reel(media: &str) -> bool {
    media.starts_with("video/") || media.starts_with("audio/")
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
