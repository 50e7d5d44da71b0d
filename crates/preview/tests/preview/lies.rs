//! Damaged pictures, in many ways: there is a picture or a refusal, and the program goes on.

use std::io::Cursor;

use deskbell_preview::Why;
use image::ImageFormat;

use crate::made::{encoded, pdf, worker};

const KINDS: [(ImageFormat, &str); 5] = [
    (ImageFormat::Png, "image/png"),
    (ImageFormat::Jpeg, "image/jpeg"),
    (ImageFormat::Gif, "image/gif"),
    (ImageFormat::WebP, "image/webp"),
    (ImageFormat::Bmp, "image/bmp"),
];

fn files() -> Vec<(Vec<u8>, &'static str)> {
    let pictures = KINDS.map(|(format, media)| (encoded(40, 30, format), media));
    pictures.into_iter().chain([(pdf(100, 50, "0 0 9 9 re f"), "application/pdf")]).collect()
}

/// Nothing else than these may come of it.
fn is_told<T>(outcome: Result<T, Why>) -> bool {
    matches!(outcome, Ok(_) | Err(Why::Unreadable | Why::TooLarge | Why::Unsupported))
}

#[test]
fn threats_39_cut_files_harm_nobody() {
    for (file, media) in files() {
        for cut in [1, 8, 20, file.len() / 2, file.len() - 1] {
            assert!(is_told(worker().picture(&mut &file[..cut], media, 64)), "{media} cut at {cut}");
        }
        assert!(worker().picture(&mut &*file, media, 64).is_ok(), "{media}");
    }
}

#[test]
fn threats_39_changed_bytes_harm_nobody() {
    let seed: u64 = std::env::var("SEED").map_or(0x0dd, |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    let mut state = seed | 1;
    let mut below = |end: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % end as u64).unwrap()
    };
    for (file, media) in files() {
        for _ in 0..12 {
            let mut changed = file.clone();
            for _ in 0..1 + below(8) {
                let at = below(changed.len());
                changed[at] = u8::try_from(below(256)).unwrap();
            }
            assert!(is_told(worker().picture(&mut &*changed, media, 64)), "{media}");
            let mut without = Vec::new();
            assert!(
                is_told(worker().without_details(&mut Cursor::new(&*changed), media, &mut without)),
                "{media}"
            );
        }
    }
}

#[test]
fn threats_36_one_type_is_not_read_as_another() {
    for (file, media) in files() {
        for (_, other) in files().into_iter().filter(|(_, other)| *other != media) {
            assert_eq!(worker().picture(&mut &*file, other, 64), Err(Why::Unreadable), "{media} as {other}");
        }
    }
}
