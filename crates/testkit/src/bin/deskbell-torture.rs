//! kill -9 of desk and clients, with a history checker. Started by `cargo xtask torture`.

use std::process::ExitCode;

fn main() -> ExitCode {
    deskbell_testkit::torture::run(std::env::args().skip(1).collect())
}
