//! A film as long as it likes: a little of it is looked at, and a copy is made of it, longer than what a worker may hold.

use std::io::{self, Read, Seek, SeekFrom, Write};

use deskbell_preview::MAX_BYTES;

use crate::made::worker;

const HEAD: &[u8] = b"\0\0\0\x10ftypmp42\0\0\0\0\0\0\0\x01mdat";
const PLACE: &[u8] = b"59.9343N 30.3351E";
/// Of pictures.
const DATA: u64 = MAX_BYTES * 4;

fn boxed(name: &[u8], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes(), name, body].concat()
}

/// Pictures that nobody wrote anywhere.
struct Film {
    head: Vec<u8>,
    tail: Vec<u8>,
    at: u64,
    read: u64,
}

impl Film {
    fn new() -> Self {
        let head = [HEAD, &(DATA + 16).to_be_bytes()].concat();
        let header = boxed(b"mvhd", &[0; 100]);
        let tail = boxed(b"moov", &[header, boxed(b"udta", &boxed(b"\xa9xyz", PLACE))].concat());
        Self { head, tail, at: 0, read: 0 }
    }

    fn len(&self) -> u64 {
        self.head.len() as u64 + DATA + self.tail.len() as u64
    }

    /// What stands there, up to where something else begins.
    fn here(&self) -> (&[u8], u64) {
        let data = self.head.len() as u64;
        match usize::try_from(self.at).unwrap() {
            at if at < self.head.len() => (&self.head[at..], 0),
            _ if self.at < data + DATA => (&[], data + DATA - self.at),
            at => (&self.tail[at - usize::try_from(data + DATA).unwrap()..], 0),
        }
    }
}

impl Read for Film {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let (bytes, dots) = self.here();
        let count = bytes.len().max(usize::try_from(dots).unwrap()).min(into.len());
        match bytes.get(..count) {
            Some(bytes) => into[..count].copy_from_slice(bytes),
            None => into[..count].fill(7),
        }
        (self.at, self.read) = (self.at + count as u64, self.read + count as u64);
        Ok(count)
    }
}

impl Seek for Film {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.len().checked_add_signed(by).unwrap(),
            SeekFrom::Current(by) => self.at.checked_add_signed(by).unwrap(),
        };
        Ok(self.at)
    }
}

/// Counts, and keeps the end.
#[derive(Default)]
struct Sent {
    len: u64,
    largest: usize,
    end: Vec<u8>,
}

impl Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.len, self.largest) = (self.len + bytes.len() as u64, self.largest.max(bytes.len()));
        self.end.extend_from_slice(bytes);
        self.end.drain(..self.end.len().saturating_sub(200));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn threats_39_a_long_film_is_not_held_in_memory() {
    let (mut film, mut sent) = (Film::new(), Sent::default());
    assert_eq!(worker().has_details(&mut film, "video/mp4"), Ok(true));
    assert!(film.read < 64 * 1024, "{} bytes were read", film.read);
    worker().without_details(&mut film, "video/mp4", &mut sent).unwrap();
    assert_eq!((sent.len, sent.largest), (film.len(), 64 * 1024));
    assert!(!sent.end.windows(4).any(|some| some == b"59.9"));
    assert!(sent.end.windows(4).any(|some| some == b"free"));
}
