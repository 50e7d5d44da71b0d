//! Where a track's samples lie in the file: in chunks, each with so many samples of such sizes.

use super::super::cut_array;
use super::super::edits::Settled;
use super::boxes::{Inner, find, inner};
use crate::why::Why;

/// Told where a chunk is, and how many bytes it has.
pub(super) type Told<'a> = dyn FnMut(u64, u64) -> Result<(), Why> + 'a;

/// Sizes of samples, one after the other.
struct Sizes<'a> {
    each: u64,
    /// Bits of a number in the list.
    bits: usize,
    list: &'a [u8],
    next: usize,
    count: usize,
}

/// Of a film's table of contents: is any sample of a track that is shown overwritten? Damage is none of ours.
pub(super) fn are_touched(moov: &[u8], edits: &Settled) -> bool {
    let mut is_touched = false;
    let tracks = inner(moov, 0).unwrap_or_default();
    for track in tracks.iter().filter(|found| &found.name == b"trak") {
        let Ok(read) = super::tracks::Track::read(track) else { continue };
        if !read.is_shown() {
            continue;
        }
        let mut look = |at, len| {
            is_touched |= edits.touches(at, len);
            if is_touched { Err(Why::Unreadable) } else { Ok(()) }
        };
        // What cannot be read is not known to be harmed, and no player reads it either.
        let _ = read.each_chunk(&mut look);
    }
    is_touched
}

/// Every chunk, of a table of samples.
pub(super) fn each(stbl: &[Inner<'_>], told: &mut Told<'_>) -> Result<(), Why> {
    let (places, width) = match (find(stbl, b"stco"), find(stbl, b"co64")) {
        (Some(short), _) => (list(short, 4)?, 4),
        (None, Some(long)) => (list(long, 8)?, 8),
        (None, None) => return Ok(()),
    };
    let runs = list(find(stbl, b"stsc").ok_or(Why::Unreadable)?, 12)?;
    let (runs, _) = runs.as_chunks::<12>();
    let mut runs = runs.iter().map(|run| run_of(*run)).peekable();
    let mut sizes = Sizes::read(stbl)?;
    let mut samples = 0;
    for (at, mut place) in (1_u32..).zip(places.chunks_exact(width)) {
        if let Some((_, count)) = runs.next_if(|(first, _)| *first <= at) {
            samples = count;
        }
        let place = if width == 4 {
            u64::from(u32::from_be_bytes(cut_array(&mut place)?))
        } else {
            u64::from_be_bytes(cut_array(&mut place)?)
        };
        told(place, sizes.sum(samples))?;
    }
    Ok(())
}

/// From which chunk on, and how many samples each has.
fn run_of([a, b, c, d, e, f, g, h, ..]: [u8; 12]) -> (u32, u32) {
    (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]))
}

/// What a table has, of so many bytes each.
fn list<'a>(table: &Inner<'a>, width: usize) -> Result<&'a [u8], Why> {
    let (mut rest, _) = table.from(4)?;
    let count = usize::try_from(u32::from_be_bytes(cut_array(&mut rest)?)).map_err(|_| Why::Unreadable)?;
    count.checked_mul(width).and_then(|len| rest.get(..len)).ok_or(Why::Unreadable)
}

impl<'a> Sizes<'a> {
    fn read(stbl: &[Inner<'a>]) -> Result<Self, Why> {
        let (table, is_compact) = match (find(stbl, b"stsz"), find(stbl, b"stz2")) {
            (Some(table), _) => (table, false),
            (None, Some(table)) => (table, true),
            (None, None) => return Err(Why::Unreadable),
        };
        let (mut list, _) = table.from(4)?;
        let first = u32::from_be_bytes(cut_array(&mut list)?);
        let count =
            usize::try_from(u32::from_be_bytes(cut_array(&mut list)?)).map_err(|_| Why::Unreadable)?;
        let (each, bits) = match first {
            bits @ (4 | 8 | 16) if is_compact => (0, bits as usize),
            _ if is_compact => return Err(Why::Unreadable),
            each => (u64::from(each), if each == 0 { 32 } else { 0 }),
        };
        if count.saturating_mul(bits).div_ceil(8) > list.len() {
            return Err(Why::Unreadable);
        }
        Ok(Self { each, bits, list, next: 0, count })
    }

    /// Of the next so many samples.
    fn sum(&mut self, samples: u32) -> u64 {
        let left = self.count - self.next;
        let samples = usize::try_from(samples).unwrap_or(left).min(left);
        let from = self.next;
        self.next += samples;
        if self.bits == 0 {
            return self.each.saturating_mul(samples as u64);
        }
        (from..self.next).map(|at| self.size(at)).sum()
    }

    fn size(&self, at: usize) -> u64 {
        let byte = |at: usize| u64::from(self.list.get(at).copied().unwrap_or_default());
        match self.bits {
            4 if at.is_multiple_of(2) => byte(at / 2) >> 4,
            4 => byte(at / 2) & 15,
            bits => (0..bits / 8).fold(0, |size, more| size << 8 | byte(at * (bits / 8) + more)),
        }
    }
}
