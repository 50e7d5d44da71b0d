//! `cargo xtask bench startup`: how fast Deskbell's windows are ready and what they weigh, beside an empty Tauri app.
//!
//! Both are release builds by the same toolchain, with the same lock, profile and features of Tauri, started in turns on
//! the same screen. A window of either appears when its page has loaded, so "ready" is seen from outside: exec to the
//! first visible window.

mod empty;
mod room;
mod sample;

use std::path::PathBuf;

use crate::arguments::Arguments;
use crate::packages::Need;
use crate::process::{self, cargo};
use crate::stop::{Result, Stop};
use crate::{interrupt, node, places, setup};
use room::Room;
use sample::{Sample, Samples};

/// Starts of each program; one more warms the disk's cache and does not count.
const ROUNDS: usize = 7;
/// What we may take, as a multiple of the empty app's.
const MOST_TIME: f64 = 1.5;
const MOST_MEMORY: f64 = 1.3;

/// A program that is started again and again.
struct Subject {
    name: &'static str,
    program: PathBuf,
    words: &'static [&'static str],
}

/// The command.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    interrupt::watch();
    setup::ensure(Need::Tests)?;
    node::build_if_changed()?;
    process::run(cargo().args(["build", "--release", "--package", "deskbell", "--bin", "deskbell"]))?;
    empty::build()?;
    measure()
}

fn measure() -> Result<()> {
    let room = Room::new()?;
    let subjects = subjects()?;
    let mut samples: Vec<Samples> = subjects.iter().map(|_| Samples::default()).collect();
    for round in 0..=ROUNDS {
        for (subject, samples) in subjects.iter().zip(&mut samples) {
            let sample = room.start(room.command(&subject.program).args(subject.words))?;
            if round > 0 {
                samples.add(sample);
            }
        }
    }
    report(&subjects, &samples)
}

/// The empty app first: the others are measured against it.
fn subjects() -> Result<[Subject; 3]> {
    let deskbell = places::program("release", "deskbell")?;
    Ok([
        Subject { name: "empty Tauri app", program: empty::program()?, words: &[] },
        Subject {
            name: "deskbell visitor",
            program: deskbell.clone(),
            words: &["visitor", "--desk", "127.0.0.1:9"],
        },
        Subject {
            name: "deskbell operator --host",
            program: deskbell,
            words: &["operator", "--host", "--listen", "127.0.0.1:0", "--owner", "Anna Weber"],
        },
    ])
}

fn report(subjects: &[Subject], samples: &[Samples]) -> Result<()> {
    println!("\nMedians of {ROUNDS} starts, in turns.\n");
    println!("| program | size | exec to page ready | | PSS of all its processes | |");
    println!("| --- | --- | --- | --- | --- | --- |");
    let Some(empty) = samples.first().map(Samples::median) else { return Ok(()) };
    let mut missed = false;
    for (subject, samples) in subjects.iter().zip(samples) {
        let sample = samples.median();
        missed |= !within(&sample, &empty);
        println!("{}", line(subject, &sample, &empty)?);
    }
    println!(
        "\nAt most {MOST_TIME}× the time and {MOST_MEMORY}× the memory: {}.",
        if missed { "MISSED" } else { "met" }
    );
    if missed { Err(Stop::silent()) } else { Ok(()) }
}

fn within(sample: &Sample, empty: &Sample) -> bool {
    sample.ready_ms <= empty.ready_ms * MOST_TIME && sample.pss_mb <= empty.pss_mb * MOST_MEMORY
}

fn line(subject: &Subject, sample: &Sample, empty: &Sample) -> Result<String> {
    let about = std::fs::metadata(&subject.program);
    let size = about.map_err(|error| Stop::because(format!("{}: {error}", subject.program.display())))?.len();
    Ok(format!(
        "| {} | {:.1} MB | {:.0} ms | {:.2}× | {:.0} MB | {:.2}× |",
        subject.name,
        size as f64 / 1e6,
        sample.ready_ms,
        sample.ready_ms / empty.ready_ms,
        sample.pss_mb,
        sample.pss_mb / empty.pss_mb
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ceilings_count() {
        let empty = Sample { ready_ms: 400.0, pss_mb: 200.0 };
        assert!(within(&Sample { ready_ms: 600.0, pss_mb: 260.0 }, &empty));
        assert!(!within(&Sample { ready_ms: 601.0, pss_mb: 200.0 }, &empty));
        assert!(!within(&Sample { ready_ms: 400.0, pss_mb: 261.0 }, &empty));
    }
}
