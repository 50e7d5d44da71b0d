//! The benchmarks. Started by `cargo xtask bench`.

use std::process::ExitCode;

fn main() -> ExitCode {
    deskbell_testkit::bench::run(std::env::args().skip(1).collect())
}
