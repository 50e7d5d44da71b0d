//! `cargo xtask torture` and `cargo xtask bench`: programs of crates/testkit, built for speed and started.

use crate::arguments::Arguments;
use crate::stop::Result;
use crate::{interrupt, places, process};

/// kill -9 of desk and clients at random moments, with a history checker.
pub(crate) const TORTURE: &str = "deskbell-torture";
const BENCH: &str = "deskbell-bench";

/// The command: everything behind it goes to the program.
pub(crate) fn torture(arguments: Arguments) -> Result<()> {
    start(TORTURE, &arguments.remaining())
}

/// The command: everything behind it goes to the program.
pub(crate) fn bench(arguments: Arguments) -> Result<()> {
    start(BENCH, &arguments.remaining())
}

/// Cargo's profile `bench` puts its programs into the folder `release`.
fn start(program: &str, words: &[String]) -> Result<()> {
    interrupt::watch();
    let mut build = process::cargo();
    process::run(build.args([
        "build",
        "--profile",
        "bench",
        "--package",
        "deskbell-testkit",
        "--bin",
        program,
    ]))?;
    process::run(process::command(places::program("release", program)?).args(words))
}
