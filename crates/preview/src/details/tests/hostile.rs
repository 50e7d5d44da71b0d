//! Damage of every kind: there is an answer, soon, and what is claimed to be clean is as long as it was and stays clean.

use super::boxes::{Words, boxed, film, full, heic};
use super::tiffs::tiff;
use super::{PLACE, found, has, without};
use crate::why::Why;

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let words = |pictures| Words {
        udta: boxed(
            b"udta",
            &[&full(
                b"meta",
                0,
                &[
                    &full(b"hdlr", 0, &[&[0; 4], b"mdir", &[0; 13]]),
                    &boxed(b"ilst", &[&boxed(b"\xa9xyz", &[PLACE])]),
                ],
            )],
        ),
        more: Vec::new(),
        places: pictures,
        pictures,
    };
    vec![
        ("image/heic", heic(|at| at).bytes),
        ("video/mp4", film(&words(true), true).0),
        ("video/quicktime", film(&words(true), false).0),
        ("audio/mp4", film(&words(false), true).0),
        ("image/tiff", tiff(true).0),
        ("image/tiff", tiff(false).0),
    ]
}

#[track_caller]
fn is_answered(media: &str, bytes: &[u8]) {
    if let Ok(quiet) = without(media, bytes) {
        assert_eq!(quiet.len(), bytes.len());
        assert_eq!(has(media, &quiet), Ok(false), "{media}");
    }
}

#[test]
fn threats_39_files_cut_anywhere_harm_nobody() {
    for (media, file) in files() {
        assert!(without(media, &file).is_ok(), "{media}");
        (0..file.len()).for_each(|cut| is_answered(media, &file[..cut]));
    }
}

#[test]
fn threats_39_changed_words_harm_nobody() {
    let seed: u64 = std::env::var("SEED").map_or(0x0de7, |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    let mut state = seed | 1;
    let mut below = |end: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % end as u64).unwrap()
    };
    for (media, file) in files() {
        for _ in 0..3_000 {
            let mut changed = file.clone();
            for _ in 0..1 + below(4) {
                let at = below(changed.len());
                changed[at] = [0, 1, 0x7f, 0x80, 0xff, u8::try_from(below(256)).unwrap()][below(6)];
            }
            is_answered(media, &changed);
        }
    }
}

#[test]
fn threats_36_one_type_is_not_taken_for_another() {
    for (media, file) in files() {
        for other in ["image/tiff", "image/heic"].into_iter().filter(|other| *other != media) {
            let told = has(other, &file);
            // A box is a box: a film that is called a picture is cleaned like a film.
            assert!(
                other == "image/heic" && told == Ok(true) || told.is_err(),
                "{media} as {other}: {told:?}"
            );
        }
    }
}

#[test]
fn threats_39_boxes_without_end_have_an_end() {
    let head = boxed(b"ftyp", &[b"mp42", &[0; 4]]);
    let many = [head.as_slice(), &boxed(b"moov", &[]), &boxed(b"wide", &[]).repeat(200_000)].concat();
    assert_eq!(found("video/mp4", &many).err(), Some(Why::TooLarge));
    let moov = boxed(b"moov", &[&boxed(b"free", &[]).repeat(50_000)]);
    assert_eq!(found("video/mp4", &[head.as_slice(), &moov].concat()).err(), Some(Why::TooLarge));
    let mut deep = boxed(b"udta", &[]);
    (0..2_000).for_each(|_| deep = boxed(b"udta", &[&deep]));
    let film = [head.as_slice(), &boxed(b"moov", &[&deep])].concat();
    assert_eq!(has("video/mp4", &film), Ok(true), "what is blanked is not looked into");
}
