//! Boxes: a length, a name of four letters, and what is in them.

use super::super::edits::Edits;
use super::super::file::File;
use super::super::{cut, cut_array};
use crate::why::Why;

/// Of one after the other, so many are looked at in a file. A film in pieces has two for each.
const BOXES: usize = 100_000;
/// And within another one.
const INNER: usize = 20_000;

pub(super) type Name = [u8; 4];

/// One of the file's own boxes.
#[derive(Clone, Copy)]
pub(super) struct Outer {
    pub(super) name: Name,
    /// Where it begins.
    pub(super) at: u64,
    /// Bytes of its length and its name.
    pub(super) head: u64,
    /// All of it, in bytes.
    pub(super) len: u64,
}

/// A box within another one.
#[derive(Clone, Copy)]
pub(super) struct Inner<'a> {
    pub(super) name: Name,
    /// Where in the file what is in it begins.
    pub(super) at: u64,
    head: u64,
    pub(super) body: &'a [u8],
}

/// The file's boxes, and from where on there are none any more.
pub(super) fn outer(file: &mut File<'_>) -> Result<(Vec<Outer>, u64), Why> {
    let (mut boxes, mut at) = (Vec::new(), 0);
    while let Some(found) = next(file, at)? {
        if boxes.len() == BOXES {
            return Err(Why::TooLarge);
        }
        at += found.len;
        boxes.push(found);
    }
    Ok((boxes, at))
}

fn next(file: &mut File<'_>, at: u64) -> Result<Option<Outer>, Why> {
    let left = file.len() - at;
    if left < 8 {
        return Ok(None);
    }
    let [a, b, c, d, name @ ..] = file.array::<8>(at)?;
    let (head, len) = match u32::from_be_bytes([a, b, c, d]) {
        0 if name == [0; 4] => return Ok(None),
        0 => (8, left),
        1 if left >= 16 => (16, u64::from_be_bytes(file.array(at + 8)?)),
        len => (8, u64::from(len)),
    };
    // A film that was cut off while it was taken.
    let len = if &name == b"mdat" { len.min(left) } else { len };
    Ok((head..=left).contains(&len).then_some(Outer { name, at, head, len }))
}

impl Outer {
    pub(super) fn body(&self) -> (u64, u64) {
        (self.at + self.head, self.len - self.head)
    }

    /// All that is in it, if that is not more than `most` bytes.
    pub(super) fn read(&self, file: &mut File<'_>, most: u64) -> Result<Vec<u8>, Why> {
        let (at, len) = self.body();
        if len > most {
            return Err(Why::TooLarge);
        }
        file.read(at, usize::try_from(len).map_err(|_| Why::TooLarge)?)
    }

    pub(super) fn free(&self, edits: &mut Edits) -> Result<(), Why> {
        let (at, len) = self.body();
        free(self.name, self.at, at, len, edits)
    }
}

impl<'a> Inner<'a> {
    pub(super) fn free(&self, edits: &mut Edits) -> Result<(), Why> {
        free(self.name, self.at - self.head, self.at, self.body.len() as u64, edits)
    }

    /// What is in it, from there on.
    pub(super) fn from(&self, skipped: usize) -> Result<(&'a [u8], u64), Why> {
        Ok((self.body.get(skipped..).ok_or(Why::Unreadable)?, self.at + skipped as u64))
    }

    /// Zeros for all that is in it from there on.
    pub(super) fn blank(&self, skipped: usize, edits: &mut Edits) -> Result<(), Why> {
        let (rest, at) = self.from(skipped.min(self.body.len()))?;
        edits.blank(at, rest.len() as u64)
    }
}

/// Room that nobody uses. What a program has called so before it wrote nothing there is blanked as well.
fn free(name: Name, at: u64, body: u64, len: u64, edits: &mut Edits) -> Result<(), Why> {
    if &name != b"skip" {
        edits.put(at + 4, b"free")?;
    }
    edits.blank(body, len)
}

/// The boxes in a stretch that begins there in the file. It may end in zeros, as QuickTime's lists do.
pub(super) fn inner(mut rest: &[u8], at: u64) -> Result<Vec<Inner<'_>>, Why> {
    let whole = rest.len();
    let mut boxes = Vec::new();
    while rest.iter().any(|byte| *byte != 0) {
        let begin = (whole - rest.len()) as u64;
        let before = rest.len();
        let short = u32::from_be_bytes(cut_array(&mut rest)?);
        let name = cut_array(&mut rest)?;
        let len = match short {
            1 => u64::from_be_bytes(cut_array(&mut rest)?),
            short => u64::from(short),
        };
        let head = (before - rest.len()) as u64;
        let body = len.checked_sub(head).and_then(|len| usize::try_from(len).ok()).ok_or(Why::Unreadable)?;
        if boxes.len() == INNER {
            return Err(Why::TooLarge);
        }
        boxes.push(Inner { name, at: at + begin + head, head, body: cut(&mut rest, body)? });
    }
    Ok(boxes)
}

/// The first of that name.
pub(super) fn find<'a, 'b>(boxes: &'b [Inner<'a>], name: &Name) -> Option<&'b Inner<'a>> {
    boxes.iter().find(|found| &found.name == name)
}
