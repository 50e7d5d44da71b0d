//! How a picture is turned: all that is kept of what a camera wrote.

use image::metadata::Orientation;

/// What stands before the camera's words in a JPEG, and in some WebP.
pub(super) const PREFIX: &[u8] = b"Exif\0\0";

/// The camera's words that say only that; `None` where they are not needed.
pub(super) fn only(exif: &[u8]) -> Option<Vec<u8>> {
    let exif = exif.strip_prefix(PREFIX).unwrap_or(exif);
    let turn = Orientation::from_exif_chunk(exif)?.to_exif();
    let is_upright = !(2..=8).contains(&turn);
    // Big end first; one entry: tag 0x0112, a short, one of them, and no further table.
    let words = [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[turn], b"\0\0\0\0\0\0"];
    (!is_upright).then(|| words.concat())
}
