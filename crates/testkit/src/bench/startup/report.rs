//! The table of the starts, and whether the goals were met.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use super::Pair;
use super::run::Run;
use crate::bench::figures::median;
use crate::bench::report::{Goal, tell};

/// Ready, as a multiple of the empty app's.
const READY_MOST: f64 = 1.3;
/// Memory, as a multiple of the empty app's.
const MEMORY_MOST: f64 = 1.3;

/// The medians of one app.
struct Medians {
    shown: f64,
    ready: f64,
    memory: f64,
}

/// Prints everything; the exit code is 1 where a goal was missed.
pub(super) fn print(pairs: &[Pair], programs: (&Path, &Path)) -> ExitCode {
    let megabytes = |program: &Path| fs::metadata(program).map_or(f64::NAN, |file| file.len() as f64 / 1e6);
    let (ours, empty) = (megabytes(programs.0), megabytes(programs.1));
    println!("\nSize of the program: {ours:.1} MB; of an empty Tauri app: {empty:.1} MB");
    let mut goals = Vec::new();
    for pair in pairs {
        println!("\n{}, medians of {} starts", pair.name, pair.ours.len());
        println!("{:<34} {:>12} {:>12} {:>12} {:>10}", "", "shown, ms", "ready, ms", "PSS, MB", "processes");
        let empty = line("empty Tauri app", &pair.empty);
        let ours = line("deskbell", &pair.ours);
        println!(
            "{:<34} {:>12.2} {:>12.2} {:>12.2}",
            "ratio",
            ours.shown / empty.shown,
            ours.ready / empty.ready,
            ours.memory / empty.memory
        );
        goals.push(goal(pair.name, "exec to page ready", ours.ready / empty.ready, READY_MOST));
        goals.push(goal(pair.name, "memory (PSS)", ours.memory / empty.memory, MEMORY_MOST));
    }
    tell(&goals)
}

fn line(name: &str, runs: &[Run]) -> Medians {
    let ms =
        |part: fn(&Run) -> std::time::Duration| median(runs.iter().map(|run| part(run).as_secs_f64() * 1e3));
    let of = Medians {
        shown: ms(|run| run.shown),
        ready: ms(|run| run.ready),
        memory: median(runs.iter().map(|run| run.memory as f64 / 1e6)),
    };
    let processes = median(runs.iter().map(|run| run.processes as f64));
    println!("{name:<34} {:>12.0} {:>12.0} {:>12.1} {processes:>10.0}", of.shown, of.ready, of.memory);
    of
}

fn goal(window: &str, what: &str, ratio: f64, most: f64) -> Goal {
    Goal {
        what: format!("{window}: {what}, ours / empty"),
        value: format!("{ratio:.2} ×"),
        limit: format!("at most {most} ×"),
        met: ratio <= most,
    }
}
