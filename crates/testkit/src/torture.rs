//! kill -9 of a real desk and real clients, again and again at random moments; at the end the checker reads
//! everything that is left and everything that people were told.
//!
//! Why beside the pair in virtual time: here the processes, the disks, SQLite and the sockets are the product's own.
//! What must always hold: a child that is killed was killed by SIGKILL and nothing else; what a child said before it
//! is in the pipe and is read to its end; nothing that this program started outlives it.

mod child;
mod cycles;
mod desk;
mod files;
mod person;
mod reader;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::dice::Dice;
use cycles::Run;

/// What may go wrong with the run itself, as a sentence.
pub(crate) type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// What was asked for.
struct Wish {
    cycles: u32,
    seed: u64,
    dedup: bool,
    server: PathBuf,
}

const USAGE: &str = "deskbell-torture [--cycles N] [--seed N] [--no-dedup] [--server PATH]

Kills the desk and its clients with SIGKILL at random moments and checks that every message is in the log exactly
once, in its author's order, on every device. --no-dedup runs the desk with a rule of delivery switched off: then
the check has to fail. `deskbell-torture files --help`: the same with files.";

/// The program.
pub fn run(words: Vec<String>) -> ExitCode {
    if words.first().is_some_and(|word| word == "client") {
        return child::run(&words[1..]);
    }
    if words.first().is_some_and(|word| word == "files") {
        return files::run(&words[1..]);
    }
    if words.iter().any(|word| word == "--help" || word == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match Wish::read(&words).and_then(|wish| torture(&wish)) {
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
        let mut wish = Self { cycles: 20, seed: 1, dedup: true, server: server_beside()? };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value.\n\n{USAGE}"));
            match word.as_str() {
                "--cycles" => wish.cycles = value()?.parse()?,
                "--seed" => wish.seed = value()?.parse()?,
                "--server" => wish.server = value()?.into(),
                "--no-dedup" => wish.dedup = false,
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

/// The desk that was built along with this program.
fn server_beside() -> Result<PathBuf, Trouble> {
    let program = format!("deskbell-server{}", std::env::consts::EXE_SUFFIX);
    Ok(std::env::current_exe()?.with_file_name(program))
}

/// Runs the cycles and says how they ended. `true`: every promise was kept, and the run was worth something.
fn torture(wish: &Wish) -> Result<bool, Trouble> {
    println!("seed {}, {} cycles, {}", wish.seed, wish.cycles, wish.server.display());
    let mut run = Run::start(wish, Dice::new(wish.seed))?;
    for _ in 0..wish.cycles {
        if !run.cycle()? {
            break;
        }
    }
    let came_back = run.came_back();
    let (figures, history) = run.finish()?;
    println!("{figures}");
    let violations = history.violations();
    for violation in violations.iter().take(20) {
        println!("  {violation}");
    }
    if !violations.is_empty() || !came_back {
        println!("broken promises: {}; seed {}", violations.len(), wish.seed);
        return Ok(false);
    }
    if !figures.is_worth_something() {
        println!("too few of the kills met a message in flight: this run proves nothing");
        return Ok(false);
    }
    println!("every promise was kept");
    Ok(true)
}
