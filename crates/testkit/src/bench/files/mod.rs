//! `cargo xtask bench files`: what a file costs: its way beside a plain copy, other people's words beside four files,
//! and memory for a file of 1 GiB.
//!
//! What must always hold: the desk is a process of its own and the apps are the product's own sessions; the copy is made
//! in the same round, on the same disk, of the same bytes, and ends with an fsync, as the desk's does.

mod latency;
mod memory;
mod people;
mod speed;

use std::process::ExitCode;

use super::arguments::Plan;
use super::report::{self, Goal};

/// What can be asked for alone.
pub(super) const MEASUREMENTS: [&str; 3] = ["speed", "words", "memory"];

/// Of a plain copy's speed.
const SPEED_LEAST: f64 = 0.6;
/// Of the p99 without files.
const P99_MOST: f64 = 1.5;
/// Bytes that either end may grow by.
const GROWTH_MOST: f64 = 32.0 * 1024.0 * 1024.0;
/// Bytes of a file as a site allows it by itself.
const USUAL: usize = 25 * 1024 * 1024;
/// Bytes of a file that takes seconds.
const LONG: usize = 256 * 1024 * 1024;
/// Bytes of the file for which memory is measured.
const GREAT: u64 = 1024 * 1024 * 1024;

/// Measures and prints the report.
pub(super) fn run(plan: &Plan) -> ExitCode {
    let mut goals = Vec::new();
    if plan.wants("speed") {
        goals.extend([USUAL, LONG].map(|size| speed::goal(size, plan.rounds)));
    }
    if plan.wants("words") {
        goals.push(latency::goal(plan.rounds));
    }
    if plan.wants("memory") {
        goals.extend(memory::goals());
    }
    report::tell(&goals)
}

/// A goal that a ratio of at least so much meets.
fn at_least(what: String, value: f64, least: f64) -> Goal {
    Goal { what, value: format!("{value:.2} ×"), limit: format!("at least {least} ×"), met: value >= least }
}

/// A goal that a ratio of at most so much meets.
fn at_most(what: String, value: f64, most: f64) -> Goal {
    Goal { what, value: format!("{value:.2} ×"), limit: format!("at most {most} ×"), met: value <= most }
}

/// A goal that a growth of at most so many bytes meets.
fn grows(what: String, bytes: f64) -> Goal {
    let mib = |bytes: f64| bytes / 1024.0 / 1024.0;
    let (value, limit) = (format!("{:.1} MiB", mib(bytes)), format!("at most {:.0} MiB", mib(GROWTH_MOST)));
    Goal { what, value, limit, met: bytes <= GROWTH_MOST }
}
