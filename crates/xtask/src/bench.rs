//! `cargo xtask torture` and `cargo xtask bench`: programs of crates/testkit, built and started.

pub(crate) mod yardstick;

use std::path::Path;

use crate::arguments::Arguments;
use crate::packages::Need;
use crate::stop::Result;
use crate::{interrupt, node, places, process, setup};

/// kill -9 of desk and clients at random moments, with a history checker; `files`: the same while files are sent.
pub(crate) const TORTURE: &str = "deskbell-torture";
const BENCH: &str = "deskbell-bench";

/// The command: everything behind it goes to the program. Built as the tests are, so that it is there after them.
pub(crate) fn torture(arguments: Arguments) -> Result<()> {
    interrupt::watch();
    // It kills the desk that lies beside it.
    process::run(process::cargo().args([
        "build",
        "--workspace",
        "--bin",
        TORTURE,
        "--bin",
        "deskbell-server",
    ]))?;
    process::run(process::command(places::program("debug", TORTURE)?).args(arguments.remaining()))
}

/// The command: everything behind it goes to the program, but for `startup`, which needs both apps first.
pub(crate) fn bench(mut arguments: Arguments) -> Result<()> {
    interrupt::watch();
    if arguments.flag("startup") {
        return startup(arguments);
    }
    build()?;
    start(&arguments.remaining())
}

/// Size, start and memory of the app beside an empty one. `--debug` tries it out with builds that are there sooner.
fn startup(mut arguments: Arguments) -> Result<()> {
    let profile = if arguments.flag("--debug") { "debug" } else { "release" };
    arguments.finish()?;
    setup::ensure(Need::Tests)?;
    build()?;
    node::build_if_changed()?;
    let mut ours = process::cargo();
    ours.args(["build", "--locked", "--package", "deskbell", "--bin", "deskbell"]);
    process::run(ours.args((profile == "release").then_some("--release")))?;
    let empty = yardstick::build(profile)?;
    let word = |path: &Path| path.to_string_lossy().into_owned();
    start(&["startup".to_owned(), word(&places::program(profile, "deskbell")?), word(&empty)])
}

/// Builds only what the benchmarks need of the testkit.
fn build() -> Result<()> {
    let mut build = process::cargo();
    build.args(["build", "--profile", "bench", "--package", "deskbell-testkit", "--bin", BENCH]);
    process::run(build.args(["--no-default-features", "--features", "bench"]))
}

/// Cargo's profile `bench` puts its programs into the folder `release`.
fn start(words: &[String]) -> Result<()> {
    process::run(process::command(places::program("release", BENCH)?).args(words))
}
