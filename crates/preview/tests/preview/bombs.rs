//! Files that are small and mean to be huge, or never end: refused in time, and the program notices nothing else.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use deskbell_preview::{Why, Worker};
use image::ImageFormat;

use crate::made::{black_png, encoded, pdf, worker};

/// Bytes that this process holds at its highest, by the system's own count.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn refused(bytes: &[u8], media: &str) -> (Why, Duration) {
    let begun = Instant::now();
    let why = worker().picture(&mut &*bytes, media, 512).unwrap_err();
    (why, begun.elapsed())
}

#[test]
fn threats_39_a_png_of_50_000_by_50_000_is_refused_from_its_header() {
    let header = black_png(50_000, 50_000, 0);
    assert!(header.len() < 100);
    // With all its dots: 300 MB of them in 300 KB.
    let bomb = black_png(50_000, 50_000, 50_000);
    assert!(bomb.len() < 500_000, "{}", bomb.len());
    // It is a picture, if one has the memory.
    assert!(worker().picture(&mut &*black_png(5_000, 5_000, 5_000), "image/png", 512).is_ok());
    let before = peak_kib();
    for bytes in [&header, &bomb] {
        let (why, took) = refused(bytes, "image/png");
        assert_eq!(why, Why::TooLarge);
        assert!(took < Duration::from_secs(5), "{took:?}");
    }
    assert!(peak_kib() < before + 8 * 1024, "the program's own memory");
}

#[test]
fn threats_39_dots_that_fit_no_memory_are_refused() {
    // Each side is allowed; together, four bytes a dot, they are not.
    let mut wide = encoded(8, 8, ImageFormat::Png);
    let head = [&12_000_u32.to_be_bytes(), &12_000_u32.to_be_bytes(), [8, 6, 0, 0, 0].as_slice()].concat();
    wide.splice(8..33, crate::made::chunk(b"IHDR", &head));
    assert_eq!(refused(&wide, "image/png").0, Why::TooLarge);
    let mut gif = encoded(8, 8, ImageFormat::Gif);
    gif[6..10].fill(0xff);
    assert_eq!(refused(&gif, "image/gif").0, Why::TooLarge);
    let mut bmp = encoded(8, 8, ImageFormat::Bmp);
    bmp[18..26].copy_from_slice(&[0x50, 0xc3, 0, 0, 0x50, 0xc3, 0, 0]);
    assert!(matches!(refused(&bmp, "image/bmp").0, Why::TooLarge | Why::Unreadable));
    let mut jpeg = encoded(8, 8, ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    assert!(matches!(refused(&jpeg, "image/jpeg").0, Why::TooLarge | Why::Unreadable));
}

#[test]
fn threats_39_an_archive_that_says_it_is_a_picture_is_no_picture() {
    let zip = [b"PK\x03\x04\x14\0\0\0\x08\0".as_slice(), &[0; 100_000]].concat();
    for media in ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "application/pdf"] {
        assert_eq!(refused(&zip, media).0, Why::Unreadable, "{media}");
    }
}

#[test]
fn threats_39_a_file_without_an_end_is_refused() {
    for media in ["image/png", "application/pdf"] {
        let before = peak_kib();
        assert_eq!(worker().picture(&mut io::repeat(b'a'), media, 512), Err(Why::TooLarge));
        assert!(peak_kib() < before + 8 * 1024, "the program holds a piece of it, not all");
    }
    assert_eq!(worker().picture(&mut io::repeat(0), "text/plain", 512), Err(Why::Unsupported));
}

#[test]
fn threats_39_pages_that_never_end_or_are_huge_are_refused_in_time() {
    let huge = pdf(2_000_000_000, 2_000_000_000, "");
    let flat = pdf(2_000_000_000, 1, "");
    let deep = pdf(100, 100, &"q ".repeat(2_000_000));
    let nested = [b"%PDF-1.7\n1 0 obj\n".as_slice(), &b"[".repeat(3_000_000)].concat();
    let many = pdf(100, 100, &"0 0 100 100 re f ".repeat(300_000));
    for file in [huge, flat, deep, nested, many] {
        let begun = Instant::now();
        let outcome = worker().picture(&mut &*file, "application/pdf", 512);
        println!("{outcome:?} after {:?}", begun.elapsed());
        assert!(begun.elapsed() < Duration::from_secs(16));
    }
}

#[cfg(unix)]
#[test]
fn threats_39_a_worker_that_hangs_crashes_or_raves_is_ended() {
    let other = |program: &str, args: &[&str]| {
        Worker::new(program.into(), args.iter().map(Into::into).collect())
            .with_patience(Duration::from_millis(300))
    };
    let look = |worker: Worker| worker.picture(&mut [1_u8; 1_000_000].as_slice(), "image/png", 512);
    let begun = Instant::now();
    assert_eq!(look(other("/bin/sleep", &["60"])), Err(Why::Late));
    assert_eq!(look(other("/bin/cat", &["/dev/zero"])), Err(Why::Unreadable), "an end without dots");
    assert_eq!(look(other("/bin/cat", &["/dev/urandom"])), Err(Why::Unreadable));
    assert_eq!(look(other("/bin/false", &[])), Err(Why::Unreadable));
    assert_eq!(look(other("/nowhere", &[])), Err(Why::Worker(io::ErrorKind::NotFound)));
    let endless = "while true; do printf '\\0\\0\\0\\4abcd'; done";
    assert!(matches!(look(other("/bin/sh", &["-c", endless])), Err(Why::Unreadable | Why::Late)));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_file_that_fails_midway_is_said_to_have() {
    struct Breaks(u32);
    impl Read for Breaks {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0 -= 1;
            if self.0 == 0 { Err(io::ErrorKind::InvalidData.into()) } else { Ok(into.len()) }
        }
    }
    let seen = worker().picture(&mut Breaks(9), "image/png", 512);
    assert_eq!(seen, Err(Why::Bytes(io::ErrorKind::InvalidData)));
}
