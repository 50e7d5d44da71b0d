//! A film's table of contents (`moov`): when it was made, and everybody's own words beside its tracks.

use super::super::edits::Edits;
use super::boxes::{Name, find, inner};
use super::tracks::{self, Track};
use super::{Shown, tags};
use crate::why::Why;

const KEPT: [&Name; 5] = [b"mvex", b"iods", b"pssh", b"clip", b"ctab"];

pub(super) fn edits(
    body: &[u8],
    at: u64,
    is_sound: bool,
    shown: &Shown,
    edits: &mut Edits,
) -> Result<(), Why> {
    let boxes = inner(body, at)?;
    let tracks = boxes.iter().filter(|found| &found.name == b"trak").map(Track::read);
    let tracks: Vec<_> = tracks.collect::<Result<_, _>>()?;
    let is_sound = is_sound || !tracks.iter().any(Track::is_film);
    for found in &boxes {
        match &found.name {
            b"mvhd" => tracks::timeless(found, edits)?,
            b"trak" => {}
            b"udta" if is_sound => tags::edits(found, edits)?,
            // Packed as a whole: nobody looks into it here.
            b"cmov" => return Err(Why::Unsupported),
            name if KEPT.contains(&name) => {}
            _ => found.free(edits)?,
        }
    }
    let is_in_pieces = find(&boxes, b"mvex").is_some();
    let gone: Vec<_> = tracks.iter().filter(|track| !track.is_shown()).map(Track::id).collect();
    for track in &tracks {
        match track.is_shown() {
            true => track.edits(&gone, edits)?,
            // Its pieces are all over the file.
            false if is_in_pieces => return Err(Why::Unsupported),
            false => track.leave_out(shown, edits)?,
        }
    }
    Ok(())
}
