//! Prints what a template becomes: `cargo run -p deskbell-pack --example compile FILE`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("Which template?");
        return ExitCode::FAILURE;
    };
    let source = match std::fs::read_to_string(&path) {
        Ok(source) => source,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
    match deskbell_pack::compile(&source) {
        Ok(compiled) => {
            println!("{}", compiled.script());
            ExitCode::SUCCESS
        }
        Err((place, what)) => {
            eprintln!("{path}, line {}, column {}: {what}", place.line, place.column);
            ExitCode::FAILURE
        }
    }
}
