//! TIFF, of both byte orders.

use super::{PLACE, becomes_quiet, dots, found, has, place_of};
use crate::why::Why;

/// A file that grows, and how numbers are written in it.
pub(super) struct Made {
    pub(super) bytes: Vec<u8>,
    is_little: bool,
}

/// One entry: tag, type, the values' own bytes.
type Entry = (u16, u16, Vec<u8>);

impl Made {
    pub(super) fn new(is_little: bool) -> Self {
        let mark = if is_little { b"II*\0\0\0\0\0" } else { b"MM\0*\0\0\0\0" };
        Self { bytes: mark.to_vec(), is_little }
    }

    fn short(&self, number: u16) -> Vec<u8> {
        if self.is_little { number.to_le_bytes().to_vec() } else { number.to_be_bytes().to_vec() }
    }

    pub(super) fn long(&self, number: usize) -> Vec<u8> {
        let number = u32::try_from(number).unwrap();
        if self.is_little { number.to_le_bytes().to_vec() } else { number.to_be_bytes().to_vec() }
    }

    fn append(&mut self, bytes: &[u8]) -> usize {
        self.bytes.extend_from_slice(bytes);
        self.bytes.len() - bytes.len()
    }

    fn set(&mut self, at: usize, number: usize) {
        let number = self.long(number);
        self.bytes[at..at + 4].copy_from_slice(&number);
    }

    /// Writes a table, and where the place of the next one stands.
    fn table(&mut self, entries: &[Entry]) -> (usize, usize) {
        let values: Vec<_> = entries
            .iter()
            .map(|(.., values)| if values.len() > 4 { Some(self.append(values)) } else { None })
            .collect();
        let at = self.bytes.len();
        let count = self.short(u16::try_from(entries.len()).unwrap());
        self.append(&count);
        for ((tag, kind, values), place) in entries.iter().zip(values) {
            let width = [0, 1, 1, 2, 4, 8, 1, 1][usize::from(*kind)];
            let mut here = values.clone();
            here.resize(4, 0);
            let here = place.map_or(here, |place| self.long(place));
            let entry = [self.short(*tag), self.short(*kind), self.long(values.len() / width), here].concat();
            self.append(&entry);
        }
        (at, self.append(&[0; 4]))
    }

    /// What every picture has; 32 × 20 dots of a byte.
    fn picture(&mut self, seed: u8) -> (Vec<Entry>, Vec<u8>) {
        let dots = dots(seed, 640);
        let (one, two) = dots.split_at(320);
        let places = [self.append(one), self.append(b"gap!") - 320 + 324, 0];
        let second = self.append(two);
        let places = [self.long(places[0]), self.long(second)].concat();
        let lens = [self.long(320), self.long(320)].concat();
        let short = Self::short;
        let entries = vec![
            (256, 3, short(self, 32)),
            (257, 3, short(self, 20)),
            (258, 3, short(self, 8)),
            (259, 3, short(self, 1)),
            (262, 3, short(self, 1)),
            (273, 4, places),
            (274, 3, short(self, 6)),
            (278, 3, short(self, 10)),
            (279, 4, lens),
            (282, 5, [self.long(300), self.long(1)].concat()),
        ];
        (entries, dots)
    }
}

/// Two pages and a small picture; the camera's words everywhere.
pub(super) fn tiff(is_little: bool) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut made = Made::new(is_little);
    let words = |tag| (tag, 2, PLACE.to_vec());
    let (gps, _) = made.table(&[(2, 5, PLACE[..24].to_vec()), words(29)]);
    let (exif, _) = made.table(&[words(36_867), words(42_033), (37_500, 7, PLACE.to_vec())]);
    made.append(PLACE);
    let (small, small_dots) = made.picture(5);
    let (small, _) = made.table(&small);
    let (page, page_dots) = made.picture(6);
    let (second, _) = made.table(&page);
    let (mut first, dots) = made.picture(7);
    let (gps, exif, small) = (made.long(gps), made.long(exif), made.long(small));
    first.extend([words(270), words(271), words(305), words(306), words(315), words(316), (330, 4, small)]);
    first.extend([(700, 1, PLACE.to_vec()), (33_432, 2, b"Me\0\0".to_vec()), words(33_723), words(34_377)]);
    first.extend([(34_665, 4, exif), (34_675, 7, b"colours are these".to_vec()), (34_853, 4, gps)]);
    let (at, next) = made.table(&first);
    made.set(4, at);
    made.set(next, second);
    let colours = b"colours are these".to_vec();
    let halves = [dots, page_dots, small_dots].map(|dots| dots[..320].to_vec());
    (made.bytes, halves.into_iter().chain([colours]).collect())
}

#[test]
fn a_picture_on_pages_loses_its_place_and_keeps_its_dots() {
    for is_little in [true, false] {
        let (tiff, shown) = tiff(is_little);
        let quiet = becomes_quiet("image/tiff", &tiff, &shown);
        assert!(place_of(&quiet, b"Me\0\0").is_none(), "nor what stands in an entry itself");
        assert!(place_of(&quiet, b"gap!").is_none(), "nor what nothing leads to");
        let made = Made { bytes: Vec::new(), is_little };
        let turned = [made.short(274), made.short(3), made.long(1), made.short(6)].concat();
        assert!(place_of(&tiff, &turned).is_some());
        assert_eq!(place_of(&quiet, &turned), place_of(&tiff, &turned), "and stays upright");
    }
}

#[test]
fn threats_39_tables_that_lead_round_or_lie_on_something_are_not_touched() {
    for is_little in [true, false] {
        let mut made = Made::new(is_little);
        let (picture, _) = made.picture(1);
        let (at, next) = made.table(&picture);
        made.set(4, at);
        assert!(found("image/tiff", &made.bytes).is_ok());
        for next_at in [at, 1, 8, at + 12, made.bytes.len() - 1, made.bytes.len() + 7] {
            made.set(next, next_at);
            assert!(found("image/tiff", &made.bytes).is_err(), "next is {next_at}");
        }
        // A strip that reaches into the table.
        made.set(next, 0);
        let lens = [made.long(320), made.long(320)].concat();
        let lens = place_of(&made.bytes, &lens).unwrap();
        made.set(lens + 4, at - 300);
        assert_eq!(found("image/tiff", &made.bytes).err(), Some(Why::Unreadable));
    }
}

#[test]
fn what_cannot_be_known_is_not_claimed_to_be_clean() {
    let with = |change: &dyn Fn(&mut Made, &mut Vec<Entry>)| {
        let mut made = Made::new(true);
        let (mut picture, _) = made.picture(1);
        change(&mut made, &mut picture);
        let (at, _) = made.table(&picture);
        made.set(4, at);
        found("image/tiff", &made.bytes).err()
    };
    let set = |tag: u16, number: u8| {
        with(&move |_, picture| {
            picture.iter_mut().filter(|entry| entry.0 == tag).for_each(|entry| entry.2[0] = number);
        })
    };
    assert_eq!(set(259, 1), None);
    assert_eq!(set(259, 6), Some(Why::Unsupported), "packed in a way that reaches elsewhere");
    assert_eq!(set(256, 33), Some(Why::Unsupported), "more dots than bytes");
    let raw = |_: &mut Made, picture: &mut Vec<Entry>| picture.push((50_706, 1, vec![1, 4, 0, 0]));
    assert_eq!(with(&raw), Some(Why::Unsupported), "a negative");
    let no_lens = |_: &mut Made, picture: &mut Vec<Entry>| picture.retain(|entry| entry.0 != 279);
    assert_eq!(with(&no_lens), Some(Why::Unsupported), "strips without an end");
    let (mut tiff, _) = tiff(true);
    tiff[2] = 43;
    assert_eq!(has("image/tiff", &tiff), Err(Why::Unsupported), "places of eight bytes");
}
