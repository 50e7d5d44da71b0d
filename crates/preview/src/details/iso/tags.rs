//! The tags of a piece of music: what it is called and who plays it is what it is sent for. Where it was recorded, by
//! which program, and whose account bought it, is not.

use super::super::edits::Edits;
use super::boxes::{Inner, Name, find, inner};
use crate::why::Why;

/// Beside the list: names as phones wrote them, and chapters.
const KEPT: [&Name; 8] = [b"titl", b"perf", b"albm", b"auth", b"gnre", b"cprt", b"yrrc", b"chpl"];
/// In the list: the work, its people, its place among others, its words and its cover.
const KEPT_TAGS: [&Name; 26] = [
    b"\xa9nam", b"\xa9ART", b"aART", b"\xa9alb", b"\xa9wrt", b"\xa9gen", b"gnre", b"\xa9grp", b"\xa9lyr",
    b"\xa9wrk", b"\xa9mvn", b"\xa9mvi", b"\xa9mvc", b"trkn", b"disk", b"cpil", b"pgap", b"tmpo", b"covr",
    b"cprt", b"stik", b"sonm", b"soar", b"soaa", b"soal", b"soco",
];
/// A year or a day is the work's own; a moment is when somebody recorded it.
const DAY: usize = 10;

/// What cannot be read goes as a whole.
pub(super) fn edits(udta: &Inner<'_>, edits: &mut Edits) -> Result<(), Why> {
    let Ok(boxes) = inner(udta.body, udta.at) else { return udta.free(edits) };
    for found in boxes {
        match &found.name {
            b"meta" => listed(&found, edits)?,
            name if KEPT.contains(&name) => {}
            _ => found.free(edits)?,
        }
    }
    Ok(())
}

fn listed(meta: &Inner<'_>, edits: &mut Edits) -> Result<(), Why> {
    // QuickTime's has no version.
    let has_version = meta.body.get(4..8) != Some(b"hdlr");
    let Ok((body, at)) = meta.from(if has_version { 4 } else { 0 }) else { return meta.free(edits) };
    let boxes = inner(body, at).unwrap_or_default();
    let handler = find(&boxes, b"hdlr").and_then(|handler| handler.body.get(8..12));
    if handler != Some(b"mdir") {
        return meta.free(edits);
    }
    for found in &boxes {
        match &found.name {
            b"hdlr" => {}
            b"ilst" => tags(found, edits)?,
            _ => found.free(edits)?,
        }
    }
    Ok(())
}

fn tags(list: &Inner<'_>, edits: &mut Edits) -> Result<(), Why> {
    let Ok(tags) = inner(list.body, list.at) else { return list.free(edits) };
    for tag in tags {
        let is_kept = match &tag.name {
            b"\xa9day" => is_day(&tag),
            name => KEPT_TAGS.contains(&name),
        };
        if !is_kept {
            tag.free(edits)?;
        }
    }
    Ok(())
}

/// A box of data: four bytes of its type, four of its language, and the words.
fn is_day(tag: &Inner<'_>) -> bool {
    let data = inner(tag.body, tag.at).unwrap_or_default();
    data.iter().all(|data| &data.name == b"data" && data.body.len() <= 8 + DAY)
}
