//! What can be shown is shown: small, upright, in a format of ours.

use deskbell_preview::{Picture, Why};
use image::{GenericImageView as _, ImageFormat};

use crate::made::{dots, encoded, pdf, worker};

fn shown(bytes: &[u8], media: &str, side: u32) -> Result<Picture, Why> {
    worker().picture(&mut &*bytes, media, side)
}

/// The dots near the corners: left above, right above, below.
fn corners(picture: &Picture) -> [[u8; 4]; 3] {
    let image = image::load_from_memory(&picture.bytes).unwrap();
    assert_eq!(image.dimensions(), (picture.width, picture.height));
    let (right, low) = (picture.width - 1, picture.height - 1);
    [image.get_pixel(1, 1).0, image.get_pixel(right - 1, 1).0, image.get_pixel(1, low - 1).0]
}

fn is_near(one: [u8; 4], other: [u8; 4]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) < 12)
}

#[test]
fn every_kind_of_picture_becomes_a_small_one() {
    for (format, media) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Gif, "image/gif"),
        (ImageFormat::WebP, "image/webp"),
        (ImageFormat::Bmp, "image/bmp"),
    ] {
        let picture = shown(&encoded(800, 600, format), media, 200).unwrap();
        assert_eq!((picture.width, picture.height, picture.media), (200, 150, "image/jpeg"), "{media}");
        let [left, right, below] = corners(&picture);
        assert!(
            is_near(left, [200, 0, 0, 255]) && is_near(right, [0, 0, 200, 255]),
            "{media}: {left:?} {right:?}"
        );
        assert!(is_near(below, [0, 200, 0, 255]), "{media}: {below:?}");
        assert!(picture.bytes.len() < 10_000);
    }
}

#[test]
fn a_small_picture_is_not_made_larger_and_what_is_clear_stays_so() {
    let picture = shown(&encoded(30, 20, ImageFormat::Png), "image/png", 200).unwrap();
    assert_eq!((picture.width, picture.height), (30, 20));
    let mut bytes = std::io::Cursor::new(Vec::new());
    dots(30, 20, 100).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let picture = shown(&bytes.into_inner(), "image/png", 200).unwrap();
    assert_eq!((picture.media, corners(&picture)[0]), ("image/png", [200, 0, 0, 100]));
    let long = shown(&encoded(3_000, 4, ImageFormat::Png), "image/png", 100).unwrap();
    assert_eq!((long.width, long.height), (100, 1));
}

#[test]
fn a_turned_photograph_is_shown_upright() {
    let turned = crate::details::jpeg_with_exif(6);
    let picture = shown(&turned, "image/jpeg", 200).unwrap();
    assert_eq!((picture.width, picture.height), (150, 200));
    // A quarter to the right: what was left above is right above, what was below is left.
    let [left_above, right_above, _] = corners(&picture);
    assert!(
        is_near(left_above, [0, 200, 0, 255]) && is_near(right_above, [200, 0, 0, 255]),
        "{left_above:?}"
    );
}

#[test]
fn a_page_is_shown_with_its_words_on_white() {
    let page = pdf(200, 100, "1 0 0 rg 10 10 50 50 re f BT /F 24 Tf 80 40 Td 0 g (Words) Tj ET");
    let picture = shown(&page, "application/pdf", 400).unwrap();
    assert_eq!((picture.width, picture.height, picture.media), (400, 200, "image/jpeg"));
    let image = image::load_from_memory(&picture.bytes).unwrap();
    assert!(is_near(image.get_pixel(390, 10).0, [255; 4]));
    assert!(is_near(image.get_pixel(70, 130).0, [255, 0, 0, 255]));
    let words = image.crop_imm(160, 80, 200, 60).to_luma8();
    assert!(words.pixels().filter(|dot| dot.0[0] < 80).count() > 100, "no words are to be seen");
}

#[test]
fn what_cannot_be_shown_is_said() {
    assert_eq!(shown(b"<svg/>", "image/svg+xml", 200), Err(Why::Unsupported));
    assert_eq!(shown(b"", "image/png", 200), Err(Why::Unreadable));
    assert_eq!(shown(b"%PDF-1.7", "application/pdf", 200), Err(Why::Unreadable));
    assert_eq!(shown(b"x", "image/png\nstrip image/png", 200), Err(Why::Unsupported));
}

/// How long a photograph of twelve million dots takes; printed, for it depends on the machine.
#[test]
fn a_large_photograph_is_shown_within_its_time() {
    let photo = encoded(4_000, 3_000, ImageFormat::Jpeg);
    let begun = std::time::Instant::now();
    let picture = shown(&photo, "image/jpeg", 1_600).unwrap();
    println!("{:?} for {picture:?}", begun.elapsed());
    assert_eq!((picture.width, picture.height), (1_600, 1_200));
}
