//! `cargo xtask test`: everything that CI checks, the quick and telling things first.
//!
//! The workspace is built once, as a whole: building a package alone picks other features and compiles the
//! dependencies again. What is built is then started from the target folder.

use std::process::Command;

use crate::arguments::Arguments;
use crate::packages::Need;
use crate::process::{cargo, command, npm};
use crate::screen::Screen;
use crate::steps::{Outcome, Steps, runner};
use crate::stop::Result;
use crate::totals::Totals;
use crate::{bench, conformance, interrupt, layering, node, places, process, rules, setup, soak, types};

/// How many kills with -9 are enough here; `cargo xtask torture` does more.
const CYCLES: &str = "20";
/// How many files are enough here, over lines that fail, between processes that are killed.
const TRANSFERS: &str = "20";
/// The same kills every time; `cargo xtask torture --seed N` looks for others.
const SEED: &str = "1";

/// The command.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let quick = arguments.flag("--quick");
    let keep_going = arguments.flag("--keep-going");
    arguments.finish()?;
    interrupt::watch();
    let mut steps = Steps::new(keep_going);
    let ended = all(&mut steps, quick);
    steps.finish(ended)
}

fn all(steps: &mut Steps, quick: bool) -> Result<()> {
    sources(steps, if quick { Need::Build } else { Need::Tests })?;
    pages(steps)?;
    crates(steps)?;
    if quick { Ok(()) } else { whole_product(steps) }
}

/// What needs no build.
fn sources(steps: &mut Steps, need: Need) -> Result<()> {
    steps.step("layering", || done(layering::check()))?;
    steps.step("rules and their tests", || done(rules::check()))?;
    steps.step("rows and their tests", || done(conformance::check()))?;
    steps.step("format", || plain(cargo().args(["fmt", "--all", "--check"])))?;
    steps.step("setup", || done(setup::ensure(need)))?;
    steps.step("licences, bans, sources", || {
        plain(cargo().args([
            "deny",
            "--log-level",
            "error",
            "--all-features",
            "check",
            "bans",
            "licenses",
            "sources",
        ]))
    })
}

fn pages(steps: &mut Steps) -> Result<()> {
    steps.step("pages: ESLint, Prettier", || plain(&mut npm(&["run", "lint"])))?;
    steps.step("pages: svelte-check, tsc", || plain(&mut npm(&["run", "check"])))?;
    steps.step("pages: Vitest", || runner(&mut npm(&["test"]), Totals::of_vitest))?;
    // The shell takes the pages in when it is compiled.
    steps.step("pages: build", || done(node::build()))
}

fn crates(steps: &mut Steps) -> Result<()> {
    steps.step("clippy", || {
        plain(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
    })?;
    steps.step("build", || plain(cargo().args(["build", "--workspace", "--all-targets", "--locked"])))?;
    steps.step("generated types", || done(types::up_to_date(built(types::GENERATOR)?)))?;
    steps.step("tests of the crates", || nextest(cargo(), "not package(deskbell-tests)"))
}

fn whole_product(steps: &mut Steps) -> Result<()> {
    steps.step("kill -9 cycles", || {
        plain(built(bench::TORTURE)?.args(["--cycles", CYCLES, "--seed", SEED]))
    })?;
    steps.step("files over lines that fail, and kill -9", || {
        plain(built(bench::TORTURE)?.args(["files", "--transfers", TRANSFERS, "--seed", SEED]))
    })?;
    steps.step("tests in real windows", windows)?;
    steps.step("rows without their method or event", || done(conformance::sample()))?;
    // Last: it takes five minutes, and whatever is broken is known by then.
    steps.step("soak", || done(soak::short()))
}

/// A program of the build before.
fn built(name: &str) -> Result<Command> {
    Ok(command(places::program("debug", name)?))
}

/// The whole product, on a screen of its own. Folders, session bus and keyring each test makes for itself.
fn windows() -> Outcome {
    let screen = Screen::start()?;
    let mut tests = cargo();
    screen.show(tests.env_remove("DBUS_SESSION_BUS_ADDRESS"));
    nextest(tests, "package(deskbell-tests)")
}

/// Over the whole workspace, so that nothing is built twice; the filter says which tests run.
fn nextest(mut command: Command, filter: &str) -> Outcome {
    command.args(["nextest", "run", "--workspace", "--locked", "--no-fail-fast", "-E", filter]);
    runner(&mut command, Totals::of_nextest)
}

fn plain(command: &mut Command) -> Outcome {
    done(process::run(command))
}

fn done(result: Result<()>) -> Outcome {
    result.map(|()| None)
}
