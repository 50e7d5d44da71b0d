//! The tracks of a film: pictures, sounds and subtitles stay, without their times and names. Others (where the camera
//! was at every moment, how it was moved) go with all that they have in the file.

use super::super::edits::Edits;
use super::boxes::{Inner, Name, find, inner};
use super::{Shown, descriptions, samples};
use crate::why::Why;

/// What is seen, heard and read, and what some players need for it.
const SHOWN: [&Name; 14] = [
    b"vide", b"soun", b"auxv", b"pict", b"subt", b"sbtl", b"text", b"clcp", b"subp", b"hint", b"odsm",
    b"sdsm", b"MPEG", b"hapt",
];
const KEPT: [&Name; 8] = [b"edts", b"tref", b"clip", b"matt", b"load", b"imap", b"tapt", b"trgr"];
const KEPT_MEDIA: [&Name; 2] = [b"minf", b"elng"];
const KEPT_INFORMATION: [&Name; 8] = [b"vmhd", b"smhd", b"hmhd", b"nmhd", b"sthd", b"gmhd", b"dinf", b"stbl"];

/// One of them.
pub(super) struct Track<'a> {
    whole: Inner<'a>,
    boxes: Vec<Inner<'a>>,
    media: Vec<Inner<'a>>,
    information: Vec<Inner<'a>>,
    id: u32,
    handler: Name,
}

impl<'a> Track<'a> {
    pub(super) fn read(whole: &Inner<'a>) -> Result<Self, Why> {
        let boxes = inner(whole.body, whole.at)?;
        let media = within(&boxes, b"mdia")?;
        let information = within(&media, b"minf")?;
        let handler = find(&media, b"hdlr").and_then(|handler| handler.body.get(8..12)?.try_into().ok());
        let id = find(&boxes, b"tkhd").and_then(id).ok_or(Why::Unreadable)?;
        let handler = handler.ok_or(Why::Unreadable)?;
        Ok(Self { whole: *whole, boxes, media, information, id, handler })
    }

    pub(super) fn id(&self) -> u32 {
        self.id
    }

    pub(super) fn is_film(&self) -> bool {
        &self.handler == b"vide"
    }

    pub(super) fn is_shown(&self) -> bool {
        SHOWN.contains(&&self.handler)
    }

    /// What is to be overwritten in one that stays.
    pub(super) fn edits(&self, gone: &[u32], edits: &mut Edits) -> Result<(), Why> {
        for found in &self.boxes {
            match &found.name {
                b"tkhd" => timeless(found, edits)?,
                b"mdia" => {}
                b"tref" => unrelated(found, gone, edits)?,
                name if KEPT.contains(&name) => {}
                _ => found.free(edits)?,
            }
        }
        for found in &self.media {
            match &found.name {
                b"mdhd" => timeless(found, edits)?,
                b"hdlr" => super::properties::nameless(found, edits)?,
                name if KEPT_MEDIA.contains(&name) => {}
                _ => found.free(edits)?,
            }
        }
        for found in &self.information {
            match &found.name {
                b"stbl" if self.is_film() => descriptions::nameless(found, edits)?,
                b"hdlr" => super::properties::nameless(found, edits)?,
                name if KEPT_INFORMATION.contains(&name) => {}
                _ => found.free(edits)?,
            }
        }
        Ok(())
    }

    /// The track, and all of it that lies elsewhere in the file.
    pub(super) fn leave_out(&self, shown: &Shown, edits: &mut Edits) -> Result<(), Why> {
        self.whole.free(edits)?;
        self.each_chunk(&mut |at, len| {
            let is_there = len == 0 || shown.is_data(at, len);
            if is_there { edits.blank(at, len) } else { Err(Why::Unreadable) }
        })
    }

    /// Tells where its samples lie.
    pub(super) fn each_chunk(&self, told: &mut samples::Told<'_>) -> Result<(), Why> {
        samples::each(&within(&self.information, b"stbl")?, told)
    }
}

fn within<'a>(boxes: &[Inner<'a>], name: &Name) -> Result<Vec<Inner<'a>>, Why> {
    let found = find(boxes, name).ok_or(Why::Unreadable)?;
    inner(found.body, found.at)
}

fn id(header: &Inner<'_>) -> Option<u32> {
    let at = if header.body.first()? == &0 { 12 } else { 20 };
    header.body.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

/// When it was made and when it was changed stand at the head of a header.
pub(super) fn timeless(header: &Inner<'_>, edits: &mut Edits) -> Result<(), Why> {
    let len = match header.body.first() {
        Some(0) => 8,
        Some(1) => 16,
        _ => return Err(Why::Unreadable),
    };
    header.body.get(4..4 + len).ok_or(Why::Unreadable)?;
    edits.blank(header.at + 4, len as u64)
}

/// Nothing refers to what is gone.
fn unrelated(references: &Inner<'_>, gone: &[u32], edits: &mut Edits) -> Result<(), Why> {
    for reference in inner(references.body, references.at)? {
        let (ids, _) = reference.body.as_chunks::<4>();
        if ids.iter().any(|id| gone.contains(&u32::from_be_bytes(*id))) {
            reference.free(edits)?;
        }
    }
    Ok(())
}
