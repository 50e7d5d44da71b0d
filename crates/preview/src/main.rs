//! The worker as a program of its own, for tests.

fn main() -> std::process::ExitCode {
    deskbell_preview::child::main()
}
