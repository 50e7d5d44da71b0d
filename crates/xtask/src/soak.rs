//! `cargo xtask soak`: a message a second, for as long as one likes, and what it does to memory.

use std::path::Path;

use crate::arguments::Arguments;
use crate::bench::yardstick;
use crate::packages::Need;
use crate::screen::Screen;
use crate::stop::{Result, Stop};
use crate::{interrupt, node, places, process, setup, window_tests};

const TEST: &str = "desktop::soak::memory_and_work_after_a_message_a_second";
/// Unless said otherwise.
const MINUTES: &str = "60";
/// As long as CI listens.
const SHORT: &str = "5";
/// Memory at the end, as a multiple of the empty apps'. Without optimisation the program itself is ten times as large.
const MOST: (&str, &str) = ("1.3", "2.5");

/// The command. `--debug` takes builds that are there sooner, `--built` the programs as they are.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let minutes = arguments.value("--minutes")?.unwrap_or_else(|| MINUTES.to_owned());
    let profile = if arguments.flag("--debug") { "debug" } else { "release" };
    let built = arguments.flag("--built");
    arguments.finish()?;
    if minutes.parse::<u16>().is_err() {
        return Err(Stop::usage(format!("`{minutes}` is no number of minutes.")));
    }
    interrupt::watch();
    setup::ensure(Need::Tests)?;
    if !built {
        build(profile)?;
    }
    listen(profile, &minutes)
}

/// Five minutes of the programs that the tests have used: its figures are those of a build without optimisation.
pub(crate) fn short() -> Result<()> {
    listen("debug", SHORT)
}

fn build(profile: &str) -> Result<()> {
    node::build_if_changed()?;
    let mut build = process::cargo();
    // As the tests build it: over the workspace for debugging, alone for release.
    build.args(["build", "--locked"]);
    match profile {
        "release" => build.args(["--release", "--package", "deskbell", "--bin", "deskbell"]),
        _ => build.args(["--workspace", "--bin", "deskbell"]),
    };
    process::run(&mut build)
}

fn listen(profile: &str, minutes: &str) -> Result<()> {
    let (empty, program) = (yardstick::build(profile)?, places::program(profile, "deskbell")?);
    let test = window_tests::build()?;
    let screen = Screen::start()?;
    let mut soak = process::command(Path::new(&test));
    soak.args(["--ignored", "--exact", TEST, "--nocapture"]);
    soak.env("DESKBELL_SOAK_MINUTES", minutes).env("DESKBELL_SOAK_EMPTY", empty);
    soak.env("DESKBELL_SOAK_MEMORY", if profile == "release" { MOST.0 } else { MOST.1 });
    soak.env("DESKBELL_SOAK_PROGRAM", program).env_remove("DBUS_SESSION_BUS_ADDRESS");
    process::run(screen.show(&mut soak))
}
