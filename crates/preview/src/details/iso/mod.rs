//! ISO base media files (HEIC, AVIF, MP4, MOV, M4A, 3GP): boxes, of which those that say something are made into free
//! room, each where it is.
//!
//! What must always hold: nothing moves, for pictures and films are found by their place in the file; what is
//! overwritten is no part of a picture, a film or a sound that stays.

mod boxes;
mod descriptions;
mod films;
mod items;
mod properties;
mod samples;
mod tags;
mod tracks;

use super::edits::{Edits, Settled};
use super::file::File;
use crate::why::Why;
use boxes::{Name, Outer};

/// A film's table of contents, and a picture's, in bytes.
const MOST_CONTENTS: u64 = 64 * 1024 * 1024;
const MOST_ITEMS: u64 = 8 * 1024 * 1024;

/// Where pictures, films and sounds are, and how to show them.
const KEPT: [&Name; 10] =
    [b"ftyp", b"styp", b"mdat", b"imda", b"moof", b"mfra", b"sidx", b"ssix", b"pdin", b"wide"];
/// What a file may begin with.
const FIRST: [&Name; 10] =
    [b"ftyp", b"styp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"uuid", b"moof"];

/// Stretches of the file: where, and how many bytes.
type Stretches = Vec<(u64, u64)>;

/// What stays, for it is to be shown; and where what is shown may lie.
#[derive(Default)]
struct Shown {
    stretches: Stretches,
    data: Stretches,
}

impl Shown {
    fn is_data(&self, at: u64, len: u64) -> bool {
        let end = at.checked_add(len);
        self.data.iter().any(|(from, count)| *from <= at && end.is_some_and(|end| end <= from + count))
    }
}

/// Does it begin as one?
pub(super) fn is(file: &mut File<'_>) -> bool {
    file.array::<4>(4).is_ok_and(|name| FIRST.contains(&&name))
}

/// What is to be overwritten; `is_sound`: it is called so by its name.
pub(super) fn edits(file: &mut File<'_>, is_sound: bool) -> Result<Settled, Why> {
    let (boxes, end) = boxes::outer(file)?;
    // A camera's own format, which cannot be developed without what the camera wrote.
    if file.len() >= 12 && file.array::<8>(4)? == *b"ftypcrx " {
        return Err(Why::Unsupported);
    }
    let mut shown = Shown::default();
    let holds_data = |found: &&Outer| [b"mdat", b"imda"].contains(&&found.name);
    shown.data.extend(boxes.iter().filter(holds_data).map(Outer::body));
    let mut edits = Edits::default();
    let mut film = None;
    let mut is_any = false;
    for found in &boxes {
        match &found.name {
            b"moov" if film.is_none() => film = Some(found.read(file, MOST_CONTENTS)?),
            b"moov" => return Err(Why::Unreadable),
            b"meta" => is_any |= items::edits(found, file, &mut shown, &mut edits)?,
            name if KEPT.contains(&name) => {}
            _ => found.free(&mut edits)?,
        }
    }
    let moov = boxes.iter().find(|found| &found.name == b"moov");
    if let Some((moov, body)) = moov.zip(film.as_deref()) {
        films::edits(body, moov.body().0, is_sound, &shown, &mut edits)?;
    } else if !is_any {
        return Err(Why::Unreadable);
    }
    // Cameras put words of their own behind the end.
    edits.blank(end, file.len() - end)?;
    let settled = edits.settled(file.len())?;
    let harms = |(at, len): &(u64, u64)| settled.touches(*at, *len);
    if shown.stretches.iter().any(harms) || film.is_some_and(|body| samples::are_touched(&body, &settled)) {
        return Err(Why::Unreadable);
    }
    Ok(settled)
}
