//! Files between real processes over lines that fail, while the desk and the apps at
//! both ends are killed with SIGKILL.
//!
//! What must always hold: which files, which faults and in what order follows from the seed; at the end faults are over
//! and everything is looked at from outside: the log as a new device reads it, the bytes as the other end reads them,
//! the desk's folder beside its rows, and the desk's door as a stranger finds it.

mod app;
mod face;
mod faults;
mod ground;
mod healing;
mod leftovers;
mod operator;
mod person;
mod plan;
mod strangers;
mod verdict;

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Trouble, server_beside};
use ground::Ground;

/// What was asked for.
struct Wish {
    transfers: usize,
    seed: u64,
    dedup: bool,
    flip: bool,
    server: PathBuf,
}

const USAGE: &str = "deskbell-torture files [--transfers N] [--seed N] [--no-dedup] [--flip] [--server PATH]

Sends files of 1 B to 25 MiB both ways over lines that are cut, stalled and refused, kills the desk and the apps
of visitors and of the operator with SIGKILL meanwhile, and checks that every file is whole and once with whoever may
read it, and with nobody else. --no-dedup runs the desk with a rule of delivery switched off, --flip has readers expect another byte than was
sent: then the check has to fail.";

/// The program.
pub(super) fn run(words: &[String]) -> ExitCode {
    if words.first().is_some_and(|word| word == "app") {
        return app::run(&words[1..]);
    }
    if words.iter().any(|word| word == "--help" || word == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match Wish::read(words).and_then(|wish| torture(&wish)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::from(2)
        }
    }
}

impl Wish {
    fn read(words: &[String]) -> Result<Self, Trouble> {
        let mut wish = Self { transfers: 20, seed: 1, dedup: true, flip: false, server: server_beside()? };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value.\n\n{USAGE}"));
            match word.as_str() {
                "--transfers" => wish.transfers = value()?.parse()?,
                "--seed" => wish.seed = value()?.parse()?,
                "--server" => wish.server = value()?.into(),
                "--no-dedup" => wish.dedup = false,
                "--flip" => wish.flip = true,
                _ => return Err(format!("{word} is not known.\n\n{USAGE}").into()),
            }
        }
        if wish.server.is_file() {
            Ok(wish)
        } else {
            Err(format!("There is no desk at {}; build deskbell-server first.", wish.server.display()).into())
        }
    }
}

/// Sends everything and says how it ended. `true`: every promise was kept, and the run was worth something.
fn torture(wish: &Wish) -> Result<bool, Trouble> {
    println!("seed {}, {} transfers, {}", wish.seed, wish.transfers, wish.server.display());
    let mut ground = Ground::new(wish)?;
    while ground.goes_on() {
        ground.turn()?;
    }
    let (figures, broken) = ground.heal()?;
    println!("{figures}");
    for promise in broken.iter().take(20) {
        println!("  {promise}");
    }
    if !broken.is_empty() {
        println!("broken promises: {}; seed {}", broken.len(), wish.seed);
        return Ok(false);
    }
    if !figures.is_worth_something() {
        println!("too few of the faults met a file on its way: this run proves nothing");
        return Ok(false);
    }
    println!("every promise was kept");
    Ok(true)
}
