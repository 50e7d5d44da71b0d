//! The project's own commands, the same for people and for CI.
//!
//! It is built before any system package is there, so it links nothing but the standard library and a signal flag.
//! Every command says what it does before it does it, and an error is one sentence that says what to do.

mod arguments;
mod bench;
mod bundle;
mod conformance;
mod demo;
mod interrupt;
mod layering;
mod node;
mod package_test;
mod packages;
mod places;
mod process;
mod rules;
mod run;
mod screen;
mod setup;
mod soak;
mod sources;
mod steps;
mod stop;
mod suite;
mod system;
mod tee;
mod tools;
mod totals;
mod types;
mod window_tests;

use std::process::ExitCode;

use arguments::Arguments;
use stop::{Result, Stop};

const USAGE: &str = "\
cargo xtask COMMAND

  run [--fresh] [--release]      build, start an operator's window that hosts a desk and a visitor's window
                                 --fresh: forget the demo's earlier conversations first
  test [--quick] [--keep-going]  everything that CI checks; --quick leaves out the windows and the kill -9 cycles
  setup [--tests]                install the system packages and the page's packages; --tests: what tests need, too
  layering                       which crate may look at which
  rules [--write]                which test checks which rule; --write: say so in ARCHITECTURE.md
  conformance [--disable NAME]   the consultant API in a real window, row by row; writes docs/conformance.md
                                 --disable: what turns red without that method or event; --disable-each: one by one
  gen [--check]                  write ui/generated from crates/api; --check: say whether it is up to date
  torture --cycles N --seed N    kill -9 of desk and clients at random moments, with a history checker
  torture files --transfers N    files both ways over lines that fail, with kills of the desk and of both ends' apps
  bench [--quick]                figures against ceilings taken in the same run
  bundle [--brand FILE]          the packages that people install (deb, rpm), under a company's brand if there is one
                                 --built: of the programs that were built for release before; --appimage: that instead;
                                 --updates FILE: where bundles that replace themselves look for updates
  package-test [--built]         the packages in a clean Debian: installed, used, removed (as root)
  soak [--minutes N]             memory and idle work beside an empty Tauri app, under a message a second for an hour
                                 --debug: with builds that are there sooner; --built: with the programs as they are
  bench startup                  size, start and memory beside an empty Tauri app, both built for release";

fn main() -> ExitCode {
    match dispatch(Arguments::of_this_process()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.tell(),
    }
}

fn dispatch(mut arguments: Arguments) -> Result<()> {
    let command = arguments.command();
    match command.as_deref() {
        Some("run") => run::run(arguments),
        Some("test") => suite::run(arguments),
        Some("setup") => setup::run(arguments),
        Some("layering") => layering::run(arguments),
        Some("rules") => rules::run(arguments),
        Some("conformance") => conformance::run(arguments),
        Some("gen") => types::run(arguments),
        Some("torture") => bench::torture(arguments),
        Some("bench") => bench::bench(arguments),
        Some("package-test") => package_test::run(arguments),
        Some("soak") => soak::run(arguments),
        Some("bundle") => bundle::run(arguments),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        Some(other) => Err(Stop::usage(format!("There is no command `{other}`."))),
        None => Err(Stop::usage("Which command?")),
    }
}
