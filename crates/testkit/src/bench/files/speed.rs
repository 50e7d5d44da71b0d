//! One file from the app to the desk, beside a copy of the same file.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::people::{Ground, change, noise};
use super::{Goal, SPEED_LEAST, at_least};
use crate::bench::figures::median;
use crate::bench::server::fresh_folder;

/// Bytes that the copy reads and writes at once.
const BLOCK: usize = 1024 * 1024;

/// So long after the last words a desk gives files all it has.
const SILENCE: Duration = Duration::from_secs(3);

pub(super) fn goal(size: usize, rounds: usize) -> Goal {
    let (folder, ground) = (fresh_folder(), Ground::new());
    let (visitor, path) = (ground.visitor(), noise(folder.path(), size as u64));
    let (mut copies, mut uploads, mut wholes) = (Vec::new(), Vec::new(), Vec::new());
    // Whoever talks comes before files; nobody does here.
    thread::sleep(SILENCE);
    // The first round warms everything up and is not counted.
    for round in 0..=rounds {
        // Neither end replaces a file: to let go of one takes time too.
        change(&path, round as u64);
        let copied = folder.path().join("copy.dat");
        let copy = copy(&path, &copied);
        fs::remove_file(&copied).expect("the copy");
        let begun = Instant::now();
        let chosen = visitor.choose(&path);
        let sent = Instant::now();
        visitor.send(chosen);
        if round > 0 {
            copies.push(speed(size, copy));
            uploads.push(speed(size, sent.elapsed()));
            wholes.push(speed(size, begun.elapsed()));
        }
    }
    visitor.app.stop();
    let (copy, upload) = (median(copies), median(uploads));
    let mib = size / 1024 / 1024;
    println!("\nA file of {mib} MiB over loopback, medians of {rounds} rounds, MiB/s");
    println!("{:<62} {copy:>10.0}", "plain copy with fsync");
    println!("{:<62} {upload:>10.0}", "from Send to the message in the desk's log");
    println!("{:<62} {:>10.0}", "the same, with the taking in", median(wholes));
    at_least(
        format!("speed of an upload of {mib} MiB, of a plain copy with fsync"),
        upload / copy,
        SPEED_LEAST,
    )
}

fn copy(from: &Path, to: &Path) -> Duration {
    let begun = Instant::now();
    let (mut from, mut to) = (File::open(from).expect("a file"), File::create(to).expect("a file"));
    let mut block = vec![0; BLOCK];
    loop {
        let read = from.read(&mut block).expect("bytes");
        if read == 0 {
            break;
        }
        to.write_all(&block[..read]).expect("room");
    }
    to.sync_all().expect("a disk");
    begun.elapsed()
}

fn speed(size: usize, took: Duration) -> f64 {
    size as f64 / 1024.0 / 1024.0 / took.as_secs_f64()
}
