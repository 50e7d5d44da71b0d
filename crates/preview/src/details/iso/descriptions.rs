//! How a film's pictures are packed (`stsd`): beside it, cameras write who made them.

use super::super::edits::Edits;
use super::boxes::{Inner, Name, find, inner};
use crate::why::Why;

/// For these, no player needs to know who packed them.
const PLAIN: [&Name; 7] = [b"avc1", b"avc3", b"hvc1", b"hev1", b"av01", b"vp09", b"mp4v"];
/// Where a maker of four letters stands.
const MAKER: usize = 12;
/// And a name of its own length.
const NAME: usize = 42;
const NAME_BYTES: usize = 32;

pub(super) fn nameless(stbl: &Inner<'_>, edits: &mut Edits) -> Result<(), Why> {
    let tables = inner(stbl.body, stbl.at)?;
    let Some(descriptions) = find(&tables, b"stsd") else { return Ok(()) };
    let (entries, at) = descriptions.from(8)?;
    for entry in inner(entries, at)?.iter().filter(|entry| PLAIN.contains(&&entry.name)) {
        entry.from(NAME + NAME_BYTES)?;
        edits.blank(entry.at + MAKER as u64, 4)?;
        edits.blank(entry.at + NAME as u64, NAME_BYTES as u64)?;
    }
    Ok(())
}
