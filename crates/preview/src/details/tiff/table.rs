//! A table of entries: what a picture is, and where it lies.

use super::super::file::File;
use super::kept::Kept;
use crate::why::Why;

/// Entries in a table.
const ENTRIES: usize = 500;
/// Further pictures of one.
const OTHERS: u64 = 100;
/// Bytes of all the numbers in an entry.
const NUMBERS: u64 = 8 * 1024 * 1024;

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const BITS: u16 = 258;
const PACKING: u16 = 259;
const MEANING: u16 = 262;
const STRIPS: u16 = 273;
const SAMPLES: u16 = 277;
const STRIP_BYTES: u16 = 279;
const TILES: u16 = 324;
const TILE_BYTES: u16 = 325;
const OTHER_TABLES: u16 = 330;
const CAMERA_RAW: u16 = 50_706;

/// What a picture is shown by. Among them are its colours, its way up, and the layers that it is made of.
#[rustfmt::skip]
const KEPT: [u16; 53] = [
    254, 255, WIDTH, HEIGHT, BITS, PACKING, MEANING, 263, 264, 265, 266, STRIPS, 274, SAMPLES, 278, STRIP_BYTES, 280,
    281, 282, 283, 284, 290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, TILES, TILE_BYTES,
    OTHER_TABLES, 332, 334, 336, 338, 339, 340, 341, 347, 529, 530, 531, 532, 34_675, 37_724, 50_674,
];
/// Ways of packing that lie in strips and tiles alone.
const PACKINGS: [u32; 17] =
    [1, 2, 3, 4, 5, 7, 8, 32_766, 32_771, 32_773, 32_809, 32_946, 34_661, 34_676, 34_887, 34_925, 50_000];
/// A camera's own dots, of which a picture is yet to be made.
const RAW: [u32; 2] = [32_803, 34_892];
const YCBCR: u32 = 6;

/// Which end of a number comes first.
#[derive(Clone, Copy)]
pub(super) enum Order {
    Little,
    Big,
}

impl Order {
    pub(super) fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    pub(super) fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }
}

/// One entry: what, of which type, how many; the values, or where they are.
#[derive(Clone, Copy)]
struct Entry {
    bytes: [u8; 12],
    tag: u16,
    /// Bytes of each value; 0: nobody knows.
    width: u64,
    /// Of all values.
    len: u64,
    /// Where the values are in the file.
    at: u64,
}

pub(super) struct Table {
    order: Order,
    at: u64,
    count: usize,
    kept: Vec<Entry>,
    next: [u8; 4],
}

impl Table {
    pub(super) fn read(file: &mut File<'_>, order: Order, at: u64) -> Result<Self, Why> {
        let count = usize::from(order.u16(file.array(at)?));
        if !(1..=ENTRIES).contains(&count) {
            return Err(Why::Unreadable);
        }
        let bytes = file.read(at + 2, count * 12)?;
        let (entries, _) = bytes.as_chunks::<12>();
        let places = (at + 2..).step_by(12);
        let entries: Vec<_> =
            entries.iter().zip(places).map(|(entry, at)| Entry::new(*entry, order, at)).collect();
        if entries.iter().any(|entry| entry.tag == CAMERA_RAW) {
            return Err(Why::Unsupported);
        }
        let kept = entries.into_iter().filter(|entry| KEPT.contains(&entry.tag)).collect();
        let next = file.array(at + 2 + count as u64 * 12)?;
        Ok(Self { order, at, count, kept, next })
    }

    /// Bytes that it has now.
    pub(super) fn len(&self) -> u64 {
        len_of(self.count)
    }

    /// The same with what is kept.
    pub(super) fn words(&self) -> Vec<u8> {
        let count = u16::try_from(self.kept.len()).unwrap_or_default();
        let count = match self.order {
            Order::Little => count.to_le_bytes(),
            Order::Big => count.to_be_bytes(),
        };
        let entries = self.kept.iter().flat_map(|entry| entry.bytes);
        count.into_iter().chain(entries).chain(self.next).collect()
    }

    /// The next page's.
    pub(super) fn next(&self) -> Option<u64> {
        Some(u64::from(self.order.u32(self.next))).filter(|next| *next != 0)
    }

    /// Those of its further pictures.
    pub(super) fn others(&self, file: &mut File<'_>) -> Result<Vec<u64>, Why> {
        let others = self.numbers(file, OTHER_TABLES)?;
        if others.len() as u64 > OTHERS { Err(Why::Unreadable) } else { Ok(others) }
    }

    /// Keeps it and all that it leads to.
    pub(super) fn keep(&self, file: &mut File<'_>, kept: &mut Kept) -> Result<(), Why> {
        self.is_known(file)?;
        kept.keep_table(self.at, self.len())?;
        for entry in &self.kept {
            if entry.width == 0 {
                return Err(Why::Unreadable);
            }
            if entry.len > 4 {
                kept.keep(entry.at, entry.len)?;
            }
        }
        let strips = self.pieces(file, kept, STRIPS, STRIP_BYTES)?;
        let tiles = self.pieces(file, kept, TILES, TILE_BYTES)?;
        let is_whole = self.packing(file)? != 1 || strips + tiles >= self.dots(file)?;
        if is_whole { Ok(()) } else { Err(Why::Unsupported) }
    }

    fn packing(&self, file: &mut File<'_>) -> Result<u32, Why> {
        self.one(file, PACKING, 1)
    }

    fn is_known(&self, file: &mut File<'_>) -> Result<(), Why> {
        let packing = self.packing(file)?;
        let meaning = self.one(file, MEANING, 0)?;
        let is_known = PACKINGS.contains(&packing) && !RAW.contains(&meaning);
        if is_known { Ok(()) } else { Err(Why::Unsupported) }
    }

    /// Keeps strips or tiles; how many bytes they have.
    fn pieces(&self, file: &mut File<'_>, kept: &mut Kept, places: u16, lens: u16) -> Result<u64, Why> {
        let (places, lens) = (self.numbers(file, places)?, self.numbers(file, lens)?);
        if places.len() != lens.len() {
            return Err(Why::Unsupported);
        }
        let mut all = 0;
        for (at, len) in places.into_iter().zip(lens) {
            match (at, len) {
                // A tile that is nowhere has nothing in it.
                (0, 0) => {}
                (_, 0) => return Err(Why::Unsupported),
                _ => kept.keep(at, len)?,
            }
            all += len;
        }
        Ok(all)
    }

    /// Bytes that dots take which are not packed, as far as their number says it: some programs write too few.
    fn dots(&self, file: &mut File<'_>) -> Result<u64, Why> {
        let has_dots = self.kept.iter().any(|entry| [STRIPS, TILES].contains(&entry.tag));
        if !has_dots || self.one(file, MEANING, 0)? == YCBCR {
            return Ok(0);
        }
        let bits = self.numbers(file, BITS)?.first().copied().unwrap_or(1);
        let [width, height, samples] = [WIDTH, HEIGHT, SAMPLES].map(|tag| self.one(file, tag, 1));
        let dots = u64::from(width?).checked_mul(u64::from(height?)).ok_or(Why::Unreadable)?;
        let bits = u64::from(samples?).checked_mul(bits).and_then(|bits| dots.checked_mul(bits));
        bits.map(|bits| bits / 8).ok_or(Why::Unreadable)
    }

    fn one(&self, file: &mut File<'_>, tag: u16, usual: u32) -> Result<u32, Why> {
        let number = self.numbers(file, tag)?.first().copied();
        number.map_or(Ok(usual), |number| u32::try_from(number).map_err(|_| Why::Unreadable))
    }

    /// The numbers of an entry; none where there is none.
    fn numbers(&self, file: &mut File<'_>, tag: u16) -> Result<Vec<u64>, Why> {
        let Some(entry) = self.kept.iter().find(|entry| entry.tag == tag) else { return Ok(Vec::new()) };
        if entry.len > NUMBERS {
            return Err(Why::TooLarge);
        }
        let bytes = file.read(entry.at, usize::try_from(entry.len).map_err(|_| Why::TooLarge)?)?;
        match entry.width {
            1 => Ok(bytes.into_iter().map(u64::from).collect()),
            2 => Ok(bytes.as_chunks::<2>().0.iter().map(|two| u64::from(self.order.u16(*two))).collect()),
            4 => Ok(bytes.as_chunks::<4>().0.iter().map(|four| u64::from(self.order.u32(*four))).collect()),
            _ => Err(Why::Unreadable),
        }
    }
}

fn len_of(count: usize) -> u64 {
    2 + count as u64 * 12 + 4
}

impl Entry {
    fn new(bytes: [u8; 12], order: Order, place: u64) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = bytes;
        let width = match order.u16([c, d]) {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 0,
        };
        let len = width * u64::from(order.u32([e, f, g, h]));
        let at = if len > 4 { u64::from(order.u32([i, j, k, l])) } else { place + 8 };
        Self { bytes, tag: order.u16([a, b]), width, len, at }
    }
}
