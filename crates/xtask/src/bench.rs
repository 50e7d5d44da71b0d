//! `cargo xtask torture` and `cargo xtask bench`: programs of crates/testkit, built for speed and started.

mod yardstick;

use std::path::Path;

use crate::arguments::Arguments;
use crate::packages::Need;
use crate::stop::Result;
use crate::{interrupt, node, places, process, setup};

/// kill -9 of desk and clients at random moments, with a history checker.
pub(crate) const TORTURE: &str = "deskbell-torture";
const BENCH: &str = "deskbell-bench";
/// Only what the benchmarks need is built of the testkit.
const BENCH_FEATURES: &[&str] = &["--no-default-features", "--features", "bench"];

/// The command: everything behind it goes to the program.
pub(crate) fn torture(arguments: Arguments) -> Result<()> {
    interrupt::watch();
    build(TORTURE, &[])?;
    start(TORTURE, &arguments.remaining())
}

/// The command: everything behind it goes to the program, but for `startup`, which needs both apps first.
pub(crate) fn bench(mut arguments: Arguments) -> Result<()> {
    interrupt::watch();
    if arguments.flag("startup") {
        return startup(arguments);
    }
    build(BENCH, BENCH_FEATURES)?;
    start(BENCH, &arguments.remaining())
}

/// Size, start and memory of the app beside an empty one. `--debug` tries it out with builds that are there sooner.
fn startup(mut arguments: Arguments) -> Result<()> {
    let profile = if arguments.flag("--debug") { "debug" } else { "release" };
    arguments.finish()?;
    setup::ensure(Need::Tests)?;
    build(BENCH, BENCH_FEATURES)?;
    node::build()?;
    let mut ours = process::cargo();
    ours.args(["build", "--locked", "--package", "deskbell", "--bin", "deskbell"]);
    process::run(ours.args((profile == "release").then_some("--release")))?;
    let empty = yardstick::build(profile)?;
    let word = |path: &Path| path.to_string_lossy().into_owned();
    start(BENCH, &["startup".to_owned(), word(&places::program(profile, "deskbell")?), word(&empty)])
}

fn build(program: &str, features: &[&str]) -> Result<()> {
    let mut build = process::cargo();
    build.args(["build", "--profile", "bench", "--package", "deskbell-testkit", "--bin", program]);
    process::run(build.args(features))
}

/// Cargo's profile `bench` puts its programs into the folder `release`.
fn start(program: &str, words: &[String]) -> Result<()> {
    process::run(process::command(places::program("release", program)?).args(words))
}
