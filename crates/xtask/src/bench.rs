//! `cargo xtask torture` and `cargo xtask bench`: programs of crates/testkit, built and started.

use crate::arguments::Arguments;
use crate::stop::Result;
use crate::{interrupt, places, process, startup};

/// kill -9 of desk and clients at random moments, with a history checker.
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

/// The command: everything behind it goes to the program; `startup` is measured here, for it needs the shell.
pub(crate) fn bench(mut arguments: Arguments) -> Result<()> {
    if arguments.flag("startup") {
        return startup::run(arguments);
    }
    interrupt::watch();
    process::run(process::cargo().args([
        "build",
        "--profile",
        "bench",
        "--package",
        "deskbell-testkit",
        "--bin",
        BENCH,
    ]))?;
    // Cargo's profile `bench` puts its programs into the folder `release`.
    process::run(process::command(places::program("release", BENCH)?).args(arguments.remaining()))
}
