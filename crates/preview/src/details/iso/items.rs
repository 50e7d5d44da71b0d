//! A picture's items (`meta`): its tiles, and beside them what the camera wrote, each found by its place.

use std::collections::HashMap;

use super::super::cut_array;
use super::super::edits::{Edit, Edits};
use super::super::file::File;
use super::boxes::{Inner, Name, Outer, find, inner};
use super::{MOST_ITEMS, Shown, properties};
use crate::why::Why;

/// Coded pictures, and pictures that are made of them.
const PICTURES: [&Name; 17] = [
    b"hvc1", b"hev1", b"lhv1", b"av01", b"avc1", b"vvc1", b"j2k1", b"unci", b"mski", b"grid", b"iovl",
    b"iden", b"tmap", b"sato", b"rsz1", b"hvt1", b"pred",
];
const KEPT: [&Name; 9] = [b"pitm", b"iinf", b"iloc", b"ipro", b"iprp", b"iref", b"idat", b"grpl", b"dinf"];

/// A camera's words that say nothing: where they begin, and an empty table.
const NO_EXIF: &[u8] = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0";
const NO_XMP: &[u8] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>";

/// What an item is.
enum Item {
    Picture,
    Exif,
    Xmp,
    Words,
}

/// Where an item lies; `is_inside`: in the box of items itself.
struct Place {
    id: u32,
    is_inside: bool,
    stretches: Vec<(u64, u64)>,
}

/// True: these are a picture's. Others are a film's words, and go as a whole.
pub(super) fn edits(
    meta: &Outer,
    file: &mut File<'_>,
    shown: &mut Shown,
    edits: &mut Edits,
) -> Result<bool, Why> {
    let body = meta.read(file, MOST_ITEMS)?;
    let at = meta.body().0;
    let Some(boxes) = pictures(&body, at) else {
        return meta.free(edits).map(|()| false);
    };
    for found in &boxes {
        match &found.name {
            b"hdlr" => properties::nameless(found, edits)?,
            b"iprp" => properties::edits(found, edits)?,
            name if KEPT.contains(&name) => {}
            _ => found.free(edits)?,
        }
    }
    let kinds = find(&boxes, b"iinf").map_or(Ok(HashMap::new()), kinds)?;
    let inside = find(&boxes, b"idat").map(|idat| (idat.at, idat.body.len() as u64));
    for place in find(&boxes, b"iloc").map_or(Ok(Vec::new()), places)? {
        let stretches = placed(&place, inside)?;
        match kinds.get(&place.id).unwrap_or(&Item::Words) {
            Item::Picture => shown.stretches.extend(stretches),
            words => silence(words, &stretches, shown, inside, edits)?,
        }
    }
    Ok(true)
}

/// The boxes, if they are a picture's.
fn pictures(body: &[u8], at: u64) -> Option<Vec<Inner<'_>>> {
    let boxes = inner(body.get(4..)?, at + 4).ok()?;
    let handler = find(&boxes, b"hdlr")?;
    (handler.body.get(8..12)? == b"pict").then_some(boxes)
}

fn silence(
    item: &Item,
    stretches: &[(u64, u64)],
    shown: &Shown,
    inside: Option<(u64, u64)>,
    edits: &mut Edits,
) -> Result<(), Why> {
    let (mut words, fill) = match item {
        Item::Exif => (NO_EXIF, 0),
        Item::Xmp => (NO_XMP, b' '),
        _ => (b"".as_slice(), 0),
    };
    for (at, len) in stretches {
        let is_inside = inside.is_some_and(|(from, count)| *at >= from && at + len <= from + count);
        if !is_inside && !shown.is_data(*at, *len) {
            return Err(Why::Unreadable);
        }
        let fits = words.len() as u64 <= *len;
        edits.add(Edit {
            at: *at,
            len: *len,
            words: if fits { words.to_vec() } else { Vec::new() },
            fill,
        })?;
        words = b"";
    }
    Ok(())
}

/// In the file.
fn placed(place: &Place, inside: Option<(u64, u64)>) -> Result<Vec<(u64, u64)>, Why> {
    if !place.is_inside {
        return Ok(place.stretches.clone());
    }
    let (from, count) = inside.ok_or(Why::Unreadable)?;
    let moved = |(at, len): &(u64, u64)| {
        let fits = at.checked_add(*len).is_some_and(|end| end <= count);
        fits.then_some((from + at, *len)).ok_or(Why::Unreadable)
    };
    place.stretches.iter().map(moved).collect()
}

/// What each item is. One that may say something which nobody here can look for is not touched, nor is its file.
fn kinds(iinf: &Inner<'_>) -> Result<HashMap<u32, Item>, Why> {
    let is_long = iinf.body.first().is_some_and(|version| *version > 0);
    let (entries, at) = iinf.from(if is_long { 8 } else { 6 })?;
    let entries = inner(entries, at)?;
    entries.iter().filter(|entry| &entry.name == b"infe").map(kind).collect()
}

fn kind(infe: &Inner<'_>) -> Result<(u32, Item), Why> {
    let mut rest = infe.body;
    let [version, ..] = cut_array::<4>(&mut rest)?;
    let id = match version {
        2 => u32::from(u16::from_be_bytes(cut_array(&mut rest)?)),
        3 => u32::from_be_bytes(cut_array(&mut rest)?),
        _ => return Err(Why::Unsupported),
    };
    let [_, _, name @ ..] = cut_array::<6>(&mut rest)?;
    let mut texts = rest.split(|byte| *byte == 0).skip(1);
    let (media, packing) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
    let item = match &name {
        b"Exif" => Item::Exif,
        b"mime" if media == b"application/rdf+xml" && packing.is_empty() => Item::Xmp,
        b"mime" if !media.starts_with(b"image/") => Item::Words,
        b"uri " => Item::Words,
        name if PICTURES.contains(&name) => Item::Picture,
        _ => return Err(Why::Unsupported),
    };
    Ok((id, item))
}

/// How many bytes the numbers in `iloc` have.
struct Widths {
    offset: u8,
    length: u8,
    base: u8,
    index: u8,
}

fn places(iloc: &Inner<'_>) -> Result<Vec<Place>, Why> {
    let mut rest = iloc.body;
    let [version, _, _, _, widths, more] = cut_array(&mut rest)?;
    let widths = Widths { offset: widths >> 4, length: widths & 15, base: more >> 4, index: more & 15 };
    if version > 2 || widths.length == 0 {
        return Err(Why::Unsupported);
    }
    let count = if version < 2 {
        u32::from(u16::from_be_bytes(cut_array(&mut rest)?))
    } else {
        u32::from_be_bytes(cut_array(&mut rest)?)
    };
    (0..count).map(|_| place(&mut rest, version, &widths)).collect()
}

fn place(rest: &mut &[u8], version: u8, widths: &Widths) -> Result<Place, Why> {
    let id = number(rest, if version < 2 { 2 } else { 4 })?;
    let method = if version == 0 { 0 } else { number(rest, 2)? & 15 };
    // In another file, or in another item.
    if number(rest, 2)? != 0 || method > 1 {
        return Err(Why::Unsupported);
    }
    let base = number(rest, widths.base)?;
    let mut stretches = Vec::new();
    for _ in 0..number(rest, 2)? {
        number(rest, if version == 0 { 0 } else { widths.index })?;
        let at = base.checked_add(number(rest, widths.offset)?).ok_or(Why::Unreadable)?;
        let len = number(rest, widths.length)?;
        // All there is, whatever that would be.
        if len == 0 || at.checked_add(len).is_none() {
            return Err(Why::Unreadable);
        }
        stretches.push((at, len));
    }
    Ok(Place { id: u32::try_from(id).map_err(|_| Why::Unreadable)?, is_inside: method == 1, stretches })
}

fn number(rest: &mut &[u8], width: u8) -> Result<u64, Why> {
    match width {
        0 => Ok(0),
        2 => Ok(u64::from(u16::from_be_bytes(cut_array(rest)?))),
        4 => Ok(u64::from(u32::from_be_bytes(cut_array(rest)?))),
        8 => Ok(u64::from_be_bytes(cut_array(rest)?)),
        _ => Err(Why::Unreadable),
    }
}
