//! The steps of `cargo xtask test`: each with its name and time, and what became of all of them at the end.

use std::time::{Duration, Instant};

use crate::stop::{Result, Stop};
use crate::totals::Totals;
use crate::{interrupt, tee};

/// What a step tells besides that it worked.
pub(crate) type Outcome = Result<Option<Totals>>;

/// How a runner's summary is read.
pub(crate) type Summary = fn(&str) -> Option<Totals>;

/// A run of all steps.
pub(crate) struct Steps {
    keep_going: bool,
    totals: Totals,
    done: Vec<Done>,
}

struct Done {
    name: &'static str,
    took: Duration,
    failed: bool,
}

impl Steps {
    /// Stops at the first failure unless told to keep going.
    pub(crate) fn new(keep_going: bool) -> Self {
        Self { keep_going, totals: Totals::default(), done: Vec::new() }
    }

    /// One step. An error means: do no further one.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) -> Result<()> {
        println!("\n== {name}");
        let begun = Instant::now();
        let outcome = work();
        let took = begun.elapsed();
        let failed = self.note(outcome);
        println!("== {name}: {} after {:.1} s", if failed { "FAILED" } else { "ok" }, took.as_secs_f64());
        self.done.push(Done { name, took, failed });
        if interrupt::asked() {
            return Err(Stop::interrupted());
        }
        if failed && !self.keep_going { Err(Stop::silent()) } else { Ok(()) }
    }

    /// Counts, and says whether the step failed. A step that fails without a failed test counts as one.
    fn note(&mut self, outcome: Outcome) -> bool {
        match outcome {
            Ok(totals) => {
                let totals = totals.unwrap_or_default();
                self.totals.add(totals);
                totals.failed > 0
            }
            Err(stop) => {
                if !stop.words.is_empty() {
                    println!("{}", stop.words);
                }
                self.totals.failed += 1;
                true
            }
        }
    }

    /// Every step's time and, alone on the last line, the totals.
    pub(crate) fn finish(self, ended: Result<()>) -> Result<()> {
        println!("\n== Steps");
        for Done { name, took, failed } in &self.done {
            println!("{:>8.1} s  {name}{}", took.as_secs_f64(), if *failed { "  FAILED" } else { "" });
        }
        let all: Duration = self.done.iter().map(|done| done.took).sum();
        println!("{:>8.1} s  in all", all.as_secs_f64());
        println!("{}", self.totals);
        ended?;
        if self.done.iter().any(|done| done.failed) { Err(Stop::silent()) } else { Ok(()) }
    }
}

/// Runs a test runner: its output streams through, its summary is counted.
pub(crate) fn runner(command: &mut std::process::Command, summary: Summary) -> Outcome {
    let (status, text) = tee::run(command)?;
    let totals = summary(&text);
    match (status.success(), totals) {
        (true, None) => Err(Stop::because("The runner ended well and printed no totals: did any test run?")),
        (false, Some(totals)) if totals.failed > 0 => Ok(Some(totals)),
        (false, _) => Err(Stop::because(format!("The runner ended with {status}."))),
        (true, totals) => Ok(totals),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(passed: u64, failed: u64) -> Outcome {
        Ok(Some(Totals { passed, failed, skipped: 0 }))
    }

    #[test]
    fn the_first_failure_ends_it() {
        let mut steps = Steps::new(false);
        assert!(steps.step("good", || passed(3, 0)).is_ok());
        let ended = steps.step("bad", || passed(1, 1));
        assert!(ended.is_err());
        assert_eq!(steps.totals.to_string(), "4 passed, 1 failed, 0 skipped");
        assert_eq!(steps.finish(ended).unwrap_err().code, 1);
    }

    #[test]
    fn keep_going_goes_on_and_still_fails() {
        let mut steps = Steps::new(true);
        assert!(steps.step("bad", || Err(Stop::because("no"))).is_ok());
        assert!(steps.step("good", || passed(3, 0)).is_ok());
        assert_eq!(steps.totals.to_string(), "3 passed, 1 failed, 0 skipped");
        assert!(steps.finish(Ok(())).is_err());
    }

    #[test]
    fn a_runner_without_totals_is_no_success() {
        let mut silent = crate::process::command("true");
        assert!(runner(&mut silent, Totals::of_vitest).is_err());
        let mut broken = crate::process::command("sh");
        broken.args(["-c", "echo '      Tests  2 passed (2)'; exit 1"]);
        assert!(runner(&mut broken, Totals::of_vitest).is_err(), "passed, and ended badly");
    }
}
