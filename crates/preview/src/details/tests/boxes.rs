//! Boxes as a camera writes them.

use super::{PLACE, dots};

pub(super) fn boxed(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let len = u32::try_from(body.len() + 8).unwrap();
    [&len.to_be_bytes(), name.as_slice(), &body].concat()
}

/// With eight bytes for its length.
pub(super) fn long_box(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [b"\0\0\0\x01".as_slice(), name, &(body.len() as u64 + 16).to_be_bytes(), body].concat()
}

/// With a version in front.
pub(super) fn full(name: &[u8; 4], version: u8, parts: &[&[u8]]) -> Vec<u8> {
    boxed(name, &[&[version, 0, 0, 0], &parts.concat()])
}

pub(super) fn handler(kind: &[u8; 4]) -> Vec<u8> {
    full(b"hdlr", 0, &[&[0; 4], kind, &[0; 12], PLACE, &[0]])
}

fn be(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_be_bytes()
}

/// A tile, one in the box of items itself, and where each lies among the words.
pub(super) struct Heic {
    pub(super) bytes: Vec<u8>,
    pub(super) shown: Vec<Vec<u8>>,
}

fn item(id: u8, kind: &[u8; 4], more: &[u8]) -> Vec<u8> {
    full(b"infe", 2, &[&[0, id, 0, 0], kind, &[0], more])
}

/// `exif_from`: moves the camera's words, of which it is told where they are.
pub(super) fn heic(exif_from: impl Fn(usize) -> usize) -> Heic {
    let (tile, grid) = (dots(1, 300), dots(2, 40));
    let exif = [b"\0\0\0\0MM\0*\0\0\0\x08".as_slice(), PLACE].concat();
    let xmp = [b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>".as_slice(), PLACE, b"</x:xmpmeta>"].concat();
    let head = boxed(b"ftyp", &[b"heic", &[0; 4], b"mif1heic"]);
    let meta = |data: usize| {
        let places = [
            (1, 0, data, tile.len()),
            (2, 0, exif_from(data + tile.len()), exif.len()),
            (3, 0, data + tile.len() + exif.len(), xmp.len()),
            (4, 1, 0, grid.len()),
            (5, 1, grid.len(), PLACE.len()),
        ];
        let place = |(id, method, at, len): (u8, u8, usize, usize)| {
            [&[0, id, 0, method, 0, 0, 0, 1], be(at).as_slice(), &be(len)].concat()
        };
        let places: Vec<u8> = places.into_iter().flat_map(place).collect();
        let items = [
            item(1, b"hvc1", b""),
            item(2, b"Exif", b""),
            item(3, b"mime", b"application/rdf+xml\0"),
            item(4, b"grid", b""),
            item(5, b"mime", b"application/json\0"),
        ];
        let properties = [
            boxed(b"irot", &[&[1]]),
            full(b"udes", 0, &[b"en\0", PLACE, b"\0\0\0"]),
            full(b"crtt", 0, &[&PLACE[..8]]),
            boxed(b"uuid", &[&[7; 16], PLACE]),
        ];
        let parts = [
            handler(b"pict"),
            full(b"pitm", 0, &[&[0, 1]]),
            full(b"iinf", 0, &[&[0, 5], &items.concat()]),
            boxed(b"iprp", &[&boxed(b"ipco", &[&properties.concat()]), &full(b"ipma", 0, &[&[0; 4]])]),
            boxed(b"idat", &[&grid, PLACE]),
            full(b"iloc", 1, &[&[0x44, 0, 0, 5], &places]),
            boxed(b"uuid", &[&[9; 16], PLACE]),
        ];
        full(b"meta", 0, &[&parts.concat()])
    };
    let data = head.len() + meta(0).len() + 8;
    let film = boxed(b"mpvd", &[PLACE]);
    let bytes = [head, meta(data), boxed(b"mdat", &[&tile, &exif, &xmp]), film, PLACE.to_vec()].concat();
    Heic { bytes, shown: vec![tile, grid, boxed(b"irot", &[&[1]])] }
}

/// What stands beside the tracks of a film.
pub(super) struct Words {
    /// `udta` of the film.
    pub(super) udta: Vec<u8>,
    /// Further boxes of the table of contents.
    pub(super) more: Vec<u8>,
    /// Is there a track of places?
    pub(super) places: bool,
    /// Are there pictures?
    pub(super) pictures: bool,
}

/// A film, its table of contents in front or behind.
pub(super) fn film(words: &Words, is_behind: bool) -> (Vec<u8>, Vec<Vec<u8>>) {
    let (pictures, sounds) = (dots(3, 500), dots(4, 200));
    let places = if words.places { PLACE } else { b"" };
    let head = boxed(b"ftyp", &[b"mp42", &[0; 4], b"isommp42"]);
    let gap = boxed(b"free", &[PLACE]);
    let data = long_box(b"mdat", &[&pictures, places, &sounds].map(|part: &[u8]| part).concat());
    let contents = |data: usize| {
        let about = [boxed(b"udta", &[PLACE]), boxed(b"uuid", &[&[7; 16], PLACE])].concat();
        let reference =
            boxed(b"tref", &[&boxed(b"tmcd", &[&[0, 0, 0, 3]]), &boxed(b"chap", &[&[0, 0, 0, 2]])]);
        let film = track(1, b"vide", (data, pictures.len()), &[reference, about].concat());
        let sound = track(2, b"soun", (data + pictures.len() + places.len(), sounds.len()), b"");
        let place = track(3, b"meta", (data + pictures.len(), PLACE.len()), b"");
        let header = full(b"mvhd", 0, &[&PLACE[..8], &[1; 88]]);
        let mut parts = vec![header, sound, words.udta.clone(), words.more.clone()];
        parts.extend(words.pictures.then_some(film));
        parts.extend(words.places.then_some(place));
        boxed(b"moov", &[&parts.concat()])
    };
    let before = head.len() + gap.len();
    let len = contents(0).len();
    let bytes = if is_behind {
        [head, gap, data, contents(before + 16), boxed(b"uuid", &[&[5; 16], PLACE])].concat()
    } else {
        [head, gap, contents(before + len + 16), data, full(b"meta", 0, &[&handler(b"mdta"), PLACE])].concat()
    };
    let mut shown = vec![sounds, boxed(b"chap", &[&[0, 0, 0, 2]])];
    shown.push(pictures);
    if !words.pictures {
        shown.remove(1);
    }
    (bytes, shown)
}

/// All its samples in two chunks: one of three, one of one.
fn track(id: u8, kind: &[u8; 4], (at, len): (usize, usize), more: &[u8]) -> Vec<u8> {
    let part = len / 4;
    let first = 3 * part;
    let sizes = [part, part, part, len - first].map(be).concat();
    let description = if kind == b"vide" {
        boxed(b"avc1", &[&[0; 12], b"ABCD", &[0; 26], &PLACE[..32], &[0; 4]])
    } else {
        boxed(b"what", &[&[0; 20]])
    };
    let tables = [
        full(b"stsd", 0, &[&[0, 0, 0, 1], &description]),
        full(b"stsc", 0, &[&be(2), &be(1), &be(3), &be(1), &be(2), &be(1), &be(1)]),
        full(b"stsz", 0, &[&be(0), &be(4), &sizes]),
        if id.is_multiple_of(2) {
            full(b"co64", 0, &[&be(2), &[0; 4], &be(at), &[0; 4], &be(at + first)])
        } else {
            full(b"stco", 0, &[&be(2), &be(at), &be(at + first)])
        },
    ];
    let media = [
        full(b"mdhd", 1, &[&PLACE[..16], &[2; 16]]),
        handler(kind),
        boxed(b"minf", &[&boxed(b"stbl", &[&tables.concat()]), &boxed(b"udta", &[PLACE])]),
        boxed(b"meta", &[PLACE]),
    ];
    let header = full(b"tkhd", 0, &[&PLACE[..8], &[0, 0, 0, id], &[3; 68]]);
    boxed(b"trak", &[&header, &boxed(b"mdia", &[&media.concat()]), more])
}
