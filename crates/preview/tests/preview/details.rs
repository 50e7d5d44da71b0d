//! What a picture says beside itself: found, and left out without a dot changed.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use deskbell_preview::Why;
use image::ImageFormat;

use crate::made::{chunk, encoded, worker};

/// What must not be in a picture that was sent.
const PLACE: &[u8] = b"59.9343N 30.3351E at home";

/// Has no end.
struct Endless;

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        into.fill(1);
        Ok(into.len())
    }
}

impl Seek for Endless {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Ok(0)
    }
}

/// A camera's words: turned so, and where.
fn exif(turn: u8) -> Vec<u8> {
    let head = b"II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0".as_slice();
    let place = [
        b"\x0e\x01\x02\0".as_slice(),
        &u32::try_from(PLACE.len()).unwrap().to_le_bytes(),
        &38_u32.to_le_bytes(),
    ];
    [head, &[turn, 0, 0, 0], &place.concat(), &[0; 4], PLACE].concat()
}

fn segment(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, kind], u16::try_from(body.len() + 2).unwrap().to_be_bytes().as_slice(), body].concat()
}

/// 800 × 600, from a camera that was held that way.
pub(crate) fn jpeg_with_exif(turn: u8) -> Vec<u8> {
    let mut jpeg = encoded(800, 600, ImageFormat::Jpeg);
    jpeg.splice(2..2, segment(0xe1, &[b"Exif\0\0".as_slice(), &exif(turn)].concat()));
    jpeg
}

fn loud_jpeg() -> Vec<u8> {
    let mut jpeg = jpeg_with_exif(6);
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), PLACE].concat();
    let more = [
        segment(0xe1, &xmp),
        segment(0xed, PLACE),
        segment(0xfe, PLACE),
        segment(0xe2, b"MPF\0"),
        segment(0xe5, PLACE),
        segment(0xf3, PLACE),
        segment(0x4f, PLACE),
    ];
    jpeg.splice(2..2, more.concat());
    jpeg.extend_from_slice(PLACE);
    jpeg
}

fn loud_png() -> Vec<u8> {
    let mut png = encoded(80, 60, ImageFormat::Png);
    let text = [b"Comment\0".as_slice(), PLACE].concat();
    let more = [
        chunk(b"tEXt", &text),
        chunk(b"eXIf", &exif(3)),
        chunk(b"tIME", &[7; 7]),
        chunk(b"caBX", PLACE),
        chunk(b"pHYs", &[0; 9]),
    ];
    png.splice(33..33, more.concat());
    png.extend_from_slice(PLACE);
    png
}

fn loud_webp() -> Vec<u8> {
    let webp = encoded(80, 60, ImageFormat::WebP);
    let part = |kind: &[u8], body: &[u8]| {
        let filling = [0].get(..body.len() % 2).unwrap();
        [kind, &u32::try_from(body.len()).unwrap().to_le_bytes(), body, filling].concat()
    };
    let extended = part(b"VP8X", &[0x0c, 0, 0, 0, 79, 0, 0, 59, 0, 0]);
    let inside = [b"WEBP", &*extended, &webp[12..], &part(b"EXIF", &exif(8)), &part(b"XMP ", PLACE)].concat();
    part(b"RIFF", &inside)
}

fn loud_gif() -> Vec<u8> {
    let mut gif = encoded(80, 60, ImageFormat::Gif);
    let colours = 13 + if gif[10] & 0x80 == 0 { 0 } else { 3 << ((gif[10] & 7) + 1) };
    let comment = [b"\x21\xfe".as_slice(), &[u8::try_from(PLACE.len()).unwrap()], PLACE, &[0]].concat();
    gif.splice(colours..colours, comment);
    gif
}

fn without(picture: &[u8], media: &str) -> Vec<u8> {
    let mut without = Vec::new();
    worker().without_details(&mut Cursor::new(picture), media, &mut without).unwrap();
    without
}

fn says(bytes: &[u8]) -> bool {
    bytes.windows(8).any(|some| PLACE.starts_with(some))
}

#[test]
fn pictures_lose_what_they_say_and_keep_their_dots() {
    for (picture, media) in [
        (loud_jpeg(), "image/jpeg"),
        (loud_png(), "image/png"),
        (loud_webp(), "image/webp"),
        (loud_gif(), "image/gif"),
    ] {
        assert!(says(&picture), "{media}");
        assert_eq!(worker().has_details(&mut Cursor::new(&*picture), media), Ok(true), "{media}");
        let quiet = without(&picture, media);
        assert!(!says(&quiet) && quiet.len() < picture.len(), "{media}");
        let [before, after] =
            [&picture, &quiet].map(|bytes| image::load_from_memory(bytes).unwrap().into_rgba8());
        assert!(before == after, "{media}: dot for dot");
        assert_eq!(
            worker().has_details(&mut Cursor::new(&*quiet), media),
            Ok(false),
            "{media}: once is enough"
        );
        assert_eq!(without(&quiet, media), quiet, "{media}");
        // As it was held, so it is shown.
        let [before, after] =
            [&picture, &quiet].map(|bytes| worker().picture(&mut &**bytes, media, 64).unwrap());
        assert_eq!((before.width, before.height), (after.width, after.height), "{media}");
        assert!(before.bytes == after.bytes, "{media}");
    }
}

#[test]
fn what_stands_in_a_frame_of_a_moving_picture_goes_as_well() {
    let part = |kind: &[u8], body: &[u8]| {
        let filling = [0].get(..body.len() % 2).unwrap();
        [kind, &u32::try_from(body.len()).unwrap().to_le_bytes(), body, filling].concat()
    };
    let still = encoded(80, 60, ImageFormat::WebP);
    let moving = |more: &[u8]| {
        let head = [0, 0, 0, 0, 0, 0, 79, 0, 0, 59, 0, 0, 100, 0, 0, 0];
        let frame = part(b"ANMF", &[head.as_slice(), &still[12..], more].concat());
        let inside = [
            b"WEBP".as_slice(),
            &part(b"VP8X", &[0x02, 0, 0, 0, 79, 0, 0, 59, 0, 0]),
            &part(b"ANIM", &[0; 6]),
            &frame,
        ];
        part(b"RIFF", &inside.concat())
    };
    let (loud, quiet) = (moving(&part(b"XMP ", PLACE)), moving(&[]));
    assert_eq!(worker().has_details(&mut Cursor::new(&*loud), "image/webp"), Ok(true));
    assert_eq!(worker().has_details(&mut Cursor::new(&*quiet), "image/webp"), Ok(false));
    assert!(without(&loud, "image/webp") == quiet);
    assert!(worker().picture(&mut &*quiet, "image/webp", 64).is_ok());
}

#[test]
fn a_picture_that_says_nothing_stays_byte_for_byte() {
    for (format, media) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Gif, "image/gif"),
        (ImageFormat::WebP, "image/webp"),
        (ImageFormat::Bmp, "image/bmp"),
    ] {
        let picture = encoded(80, 60, format);
        assert_eq!(worker().has_details(&mut Cursor::new(&*picture), media), Ok(false), "{media}");
        assert_eq!(without(&picture, media), picture, "{media}");
    }
}

#[test]
fn every_way_to_hold_a_camera_is_kept() {
    for turn in 1..=8 {
        let picture = jpeg_with_exif(turn);
        let quiet = without(&picture, "image/jpeg");
        let shown = |bytes: &[u8]| worker().picture(&mut &*bytes, "image/jpeg", 64).unwrap();
        assert!(shown(&picture) == shown(&quiet), "turn {turn}");
        assert_eq!(worker().has_details(&mut Cursor::new(&*quiet), "image/jpeg"), Ok(false), "turn {turn}");
    }
}

#[test]
fn what_is_no_picture_is_not_passed_through() {
    let mut out = Vec::new();
    for media in
        ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/heic", "image/tiff"]
    {
        assert_eq!(
            worker().without_details(&mut Cursor::new(PLACE), media, &mut out),
            Err(Why::Unreadable),
            "{media}"
        );
    }
    assert_eq!(
        worker().has_details(&mut Cursor::new(PLACE), "image/vnd.adobe.photoshop"),
        Err(Why::Unsupported)
    );
    assert_eq!(worker().has_details(&mut Endless, "image/jpeg"), Err(Why::TooLarge));
    let cut = &loud_jpeg()[..9_000];
    assert_eq!(worker().without_details(&mut Cursor::new(cut), "image/jpeg", &mut out), Err(Why::Unreadable));
}
