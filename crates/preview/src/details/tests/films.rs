//! Films and recordings.

use super::boxes::{Words, boxed, film, full, long_box};
use super::{PLACE, becomes_quiet, dots, found, has, place_of, says};
use crate::why::Why;

fn place() -> Vec<u8> {
    boxed(b"\xa9xyz", &[&[0, 43, 0x15, 0xc7], PLACE])
}

fn words() -> Words {
    let more = boxed(b"meta", &[&full(b"hdlr", 0, &[&[0; 4], b"mdta", &[0; 13]]), PLACE]);
    Words { udta: boxed(b"udta", &[&place()]), more, places: true, pictures: true }
}

/// A tag of a recording.
fn tag(name: &[u8; 4], words: &[u8]) -> Vec<u8> {
    boxed(name, &[&boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], words])])
}

fn tags(list: &[Vec<u8>]) -> Words {
    let handler = full(b"hdlr", 0, &[&[0; 4], b"mdir", b"appl", &[0; 9]]);
    let meta = full(b"meta", 0, &[&handler, &boxed(b"ilst", &[&list.concat()])]);
    let udta = boxed(b"udta", &[&meta, &boxed(b"loci", &[PLACE]), &[0; 4]]);
    Words { udta, more: Vec::new(), places: false, pictures: false }
}

#[test]
fn a_film_loses_its_place_and_keeps_its_pictures() {
    for is_behind in [false, true] {
        for media in ["video/mp4", "video/quicktime", "video/3gpp"] {
            let (film, shown) = film(&words(), is_behind);
            let quiet = becomes_quiet(media, &film, &shown);
            assert!(place_of(&quiet, b"udta").is_none() && place_of(&quiet, b"uuid").is_none());
            assert_eq!(quiet.windows(4).filter(|name| name == b"trak").count(), 2, "nor a track of places");
            assert!(place_of(&quiet, b"tmcd").is_none(), "nor one that refers to it");
        }
    }
}

#[test]
fn a_recording_keeps_what_it_is_called_and_loses_where_it_was_made() {
    let kept =
        [tag(b"\xa9nam", b"The kettle sings"), tag(b"aART", b"Two kettles"), tag(b"\xa9day", b"2024-05-06")];
    let gone = [
        tag(b"\xa9xyz", PLACE),
        tag(b"apID", PLACE),
        tag(b"\xa9too", PLACE),
        tag(b"----", PLACE),
        tag(b"\xa9day", b"2024-05-06T07:08:09Z"),
    ];
    let (sound, mut shown) = film(&tags(&[kept.as_slice(), &gone].concat()), true);
    shown.extend(kept);
    let quiet = becomes_quiet("audio/mp4", &sound, &shown);
    assert!(place_of(&quiet, b"07:08:09").is_none(), "a moment is no day");
    // By its tracks, where its name says film.
    becomes_quiet("video/mp4", &sound, &shown);
    // And a film's words go, however they are packed.
    let (film, _) = film(&Words { pictures: true, ..tags(&[tag(b"\xa9nam", PLACE)]) }, true);
    becomes_quiet("video/mp4", &film, &[]);
}

#[test]
fn a_film_of_which_not_all_is_known_is_not_claimed_to_be_clean() {
    let with = |more: Vec<u8>| found("video/mp4", &film(&Words { more, ..words() }, true).0).err();
    assert_eq!(with(boxed(b"cmov", &[&[0; 20]])), Some(Why::Unsupported), "its contents are packed");
    assert_eq!(with(full(b"mvex", 0, &[])), Some(Why::Unsupported), "places in pieces, anywhere in the file");
    assert_eq!(has("video/mp4", PLACE), Err(Why::Unsupported), "something else");
    assert_eq!(has("audio/mpeg", PLACE), Ok(false), "of which nothing is claimed");
    let (film, shown) = film(&words(), true);
    becomes_quiet("audio/aac", &film, &shown[..1]);
}

#[test]
fn no_sample_that_is_shown_is_overwritten() {
    let (film, _) = film(&words(), true);
    // A track's first chunk is moved into the words behind it.
    let words = place_of(&film, b"\xa9xyz").unwrap();
    let list = place_of(&film, b"stco").unwrap() + 12;
    let mut other = film.clone();
    other[list..list + 4].copy_from_slice(&u32::try_from(words).unwrap().to_be_bytes());
    assert_eq!(found("video/mp4", &other).err(), Some(Why::Unreadable));
    // The track of places claims the pictures.
    let places = film.windows(4).rposition(|name| name == b"stco").unwrap() + 12;
    let mut other = film.clone();
    other.copy_within(list..list + 4, places);
    assert_eq!(found("video/mp4", &other).err(), Some(Why::Unreadable));
}

#[test]
fn lengths_of_every_kind_are_understood() {
    let (film, _) = film(&words(), true);
    let moov = film.windows(4).position(|name| name == b"moov").unwrap() - 4;
    let head = boxed(b"ftyp", &[b"mp42", &[0; 4]]);
    let contents = |bytes: &[u8]| {
        let len = u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
        bytes[..len].to_vec()
    };
    let moov = contents(&film[moov..]);
    let no_tracks = boxed(b"moov", &[&full(b"mvhd", 0, &[&[0; 96]]), &boxed(b"udta", &[PLACE])]);
    let data = dots(9, 5_000);
    let open_end = [b"\0\0\0\0mdat".as_slice(), &data].concat();
    let cut_off = [b"\0\x10\0\0mdat".as_slice(), &data].concat();
    for last in [open_end, cut_off, long_box(b"mdat", &data)] {
        let film = [head.as_slice(), &long_box(b"uuid", PLACE), &no_tracks, &last].concat();
        becomes_quiet("video/mp4", &film, std::slice::from_ref(&data));
    }
    for bad in
        [b"\0\0\0\x07uuid".as_slice(), b"\0\0\0\x01uuid\xff\xff\xff\xff\xff\xff\xff\xff", b"\0\0\0\x01uuid\0"]
    {
        // No box any more: what a camera puts behind the end.
        let film = [head.as_slice(), &no_tracks, bad, PLACE].concat();
        becomes_quiet("video/mp4", &film, &[]);
        let film = [head.as_slice(), bad, &moov].concat();
        assert_eq!(found("video/mp4", &film).err(), Some(Why::Unreadable), "before it is known what it is");
    }
    assert!(says(&moov));
    assert_eq!(
        found("video/mp4", &[head, moov.clone(), moov].concat()).err(),
        Some(Why::Unreadable),
        "twice"
    );
}
