//! What the command line asks for.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use super::files;
use super::ground::Ground;
use super::rounds;
use super::server::{self, Kind};
use super::startup;

const USAGE: &str = "\
deskbell-bench [--quick] [--plain] [--only latency|sustained|idle]
deskbell-bench startup OUR-APP EMPTY-APP
deskbell-bench files [--quick] [--only speed|words|memory]

  --quick   fewer and shorter rounds; the goals are judged all the same
  --plain   databases without encryption; by default they are encrypted, as the app's are
  --only    one of the measurements";

const MEASUREMENTS: [&str; 3] = ["latency", "sustained", "idle"];

/// Starts of each app.
const STARTS: usize = 7;

/// How much is measured.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Repetitions; the report shows medians of them.
    pub(super) rounds: usize,
    /// Messages of a round at low load.
    pub(super) messages: usize,
    /// How long a round under full load is measured, after its warm-up.
    pub(super) full_load: Duration,
    /// Visitors under full load: the spread of chats.
    pub(super) visitors: usize,
    /// Visitors who only stay connected.
    pub(super) idle: usize,
    /// Encrypted databases?
    pub(super) encrypted: bool,
    /// Only this measurement.
    pub(super) only: Option<String>,
}

impl Plan {
    fn full() -> Self {
        Self {
            rounds: 5,
            messages: 1_000,
            full_load: Duration::from_secs(4),
            visitors: 200,
            idle: 5_000,
            encrypted: true,
            only: None,
        }
    }

    fn quick() -> Self {
        Self { rounds: 3, messages: 300, full_load: Duration::from_secs(2), ..Self::full() }
    }

    /// Is this measurement wanted?
    pub(super) fn wants(&self, measurement: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == measurement)
    }
}

/// Runs the benchmarks. The exit code is 0 where every goal was met, 1 where one was missed, 2 for a wrong word.
pub fn run(words: Vec<String>) -> ExitCode {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let ["serve", kind, folder, encrypted] = words[..] {
        return serve(kind, Path::new(folder), encrypted == "encrypted");
    }
    if let ["startup", ours, empty] = words[..] {
        return startup::run(Path::new(ours), Path::new(empty), STARTS);
    }
    let (is_files, words) = match words.strip_prefix(&["files"]) {
        Some(rest) => (true, rest),
        None => (false, &*words),
    };
    let measurements = if is_files { files::MEASUREMENTS } else { MEASUREMENTS };
    match read(words, &measurements) {
        Some(plan) if is_files => files::run(&plan),
        Some(plan) => rounds::run(&plan),
        None => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn read(words: &[&str], measurements: &[&str]) -> Option<Plan> {
    let mut plan = if words.contains(&"--quick") { Plan::quick() } else { Plan::full() };
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        match word {
            "--quick" => {}
            "--plain" => plan.encrypted = false,
            "--only" => plan.only = Some(words.next().filter(|only| measurements.contains(only))?.to_owned()),
            _ => return None,
        }
    }
    Some(plan)
}

/// The other side of [`server::Server`].
fn serve(kind: &str, folder: &Path, encrypted: bool) -> ExitCode {
    match Kind::named(kind) {
        Some(kind) => {
            server::serve(kind, &Ground::at(folder, encrypted));
            ExitCode::SUCCESS
        }
        None => ExitCode::from(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_means_nothing_is_refused() {
        assert_eq!(read(&[], &MEASUREMENTS).map(|plan| plan.rounds), Some(5));
        assert!(
            read(&["--plain", "--quick"], &MEASUREMENTS)
                .is_some_and(|plan| plan.rounds == 3 && !plan.encrypted)
        );
        assert!(
            read(&["--only", "idle"], &MEASUREMENTS)
                .is_some_and(|plan| plan.wants("idle") && !plan.wants("latency"))
        );
        for wrong in [&["--only"][..], &["--only", "x"], &["--fast"]] {
            assert!(read(wrong, &MEASUREMENTS).is_none(), "{wrong:?}");
        }
    }
}
