//! Pictures of items: HEIC and AVIF.

use super::boxes::{boxed, full, heic};
use super::{PLACE, becomes_quiet, found, has, place_of, without};
use crate::why::Why;

#[test]
fn a_phones_picture_loses_its_place_and_keeps_its_dots() {
    let heic = heic(|at| at);
    let quiet = becomes_quiet("image/heic", &heic.bytes, &heic.shown);
    // Words that say nothing, where words are looked for.
    assert!(place_of(&quiet, b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0").is_some());
    assert!(place_of(&quiet, b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>   ").is_some());
    // A property is known by its number, so it stays where it is.
    assert!(place_of(&quiet, b"udes").is_some());
}

#[test]
fn words_that_lie_on_the_picture_are_not_taken_out_of_it() {
    assert_eq!(found("image/heic", &heic(|at| at - 10).bytes).err(), Some(Why::Unreadable), "on the tile");
    assert_eq!(found("image/heic", &heic(|_| 4).bytes).err(), Some(Why::Unreadable), "on the file's head");
    assert_eq!(found("image/heic", &heic(|at| at + 5).bytes).err(), Some(Why::Unreadable), "on other words");
    assert_eq!(found("image/heic", &heic(|at| at + 5_000).bytes).err(), Some(Why::Unreadable), "nowhere");
}

#[test]
fn what_nobody_knows_to_look_into_is_not_claimed_to_be_clean() {
    let heic = heic(|at| at).bytes;
    let with = |from: &[u8], to: &[u8]| {
        let at = place_of(&heic, from).unwrap();
        let mut other = heic.clone();
        other[at..at + to.len()].copy_from_slice(to);
        found("image/heic", &other).err()
    };
    assert_eq!(with(b"grid", b"what"), Some(Why::Unsupported), "an item");
    assert_eq!(
        with(b"application/json", b"image/jpeg\0\0\0\0\0\0"),
        Some(Why::Unsupported),
        "a picture in words"
    );
    assert_eq!(with(b"ftypheic", b"ftypcrx "), Some(Why::Unsupported), "a camera's own");
    // In an item, in another file.
    let methods = place_of(&heic, &[0, 1, 0, 0, 0, 0, 0, 1]).unwrap();
    let mut other = heic.clone();
    other[methods + 3] = 2;
    assert_eq!(found("image/heic", &other).err(), Some(Why::Unsupported));
    other[methods + 3] = 0;
    other[methods + 5] = 1;
    assert_eq!(found("image/heic", &other).err(), Some(Why::Unsupported));
    let film = boxed(b"ftyp", &[b"heic", &[0; 4]]);
    assert_eq!(has("image/heic", &film), Err(Why::Unreadable), "neither a picture nor a film");
}

#[test]
fn a_picture_that_says_nothing_stays_as_it_is() {
    let quiet = without("image/heic", &heic(|at| at).bytes).unwrap();
    assert_eq!(has("image/heic", &quiet), Ok(false));
    let loud = [quiet.as_slice(), PLACE].concat();
    assert_eq!(has("image/heic", &loud), Ok(true), "and what is put behind it is seen");
}

#[test]
fn threats_39_a_list_of_places_without_numbers_is_not_believed() {
    // Of 65,535 places in six bytes, as often as there is room for.
    let places = [0, 1, 0, 0, 0xff, 0xff].repeat(60_000);
    let iloc = full(b"iloc", 0, &[&[0, 0, 0xea, 0x60], &places]);
    let handler = full(b"hdlr", 0, &[&[0; 4], b"pict", &[0; 13]]);
    let heic = [boxed(b"ftyp", &[b"heic", &[0; 4]]), full(b"meta", 0, &[&handler, &iloc])].concat();
    assert_eq!(found("image/heic", &heic).err(), Some(Why::Unsupported));
}
