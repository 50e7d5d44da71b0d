//! `cargo xtask bench startup`: size, start and memory of the app beside an empty Tauri app.
//!
//! Both are looked at from outside and in the same way: on a screen and a session bus of their own, a window is ready
//! when it looks as it will stay. Nothing in the product knows of it.

mod report;
mod run;
mod screen;
mod surroundings;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use self::run::Run;
use self::screen::Screen;
use self::surroundings::Surroundings;
use super::server::{Kind, Server};

/// One of our two windows, and the empty app with a window of the same size.
struct Pair {
    name: &'static str,
    ours: Vec<Run>,
    empty: Vec<Run>,
}

/// A program and its arguments.
struct Start {
    program: PathBuf,
    words: Vec<String>,
}

/// Measures both windows of `ours` beside `empty`, so many times each.
pub(super) fn run(ours: &Path, empty: &Path, rounds: usize) -> ExitCode {
    // A visitor's app that reaches no desk would be measured while it waits.
    let desk = Server::start(Kind::Desk, true);
    let address = desk.address.to_string();
    let pairs = [
        measure("visitor", (ours, &["visitor", "--desk", &address]), (empty, &["400", "640"]), rounds),
        measure(
            "operator, hosting the desk",
            (ours, &["operator", "--host", "--listen", "127.0.0.1:0", "--owner", "Bench"]),
            (empty, &["1180", "760"]),
            rounds,
        ),
    ];
    report::print(&pairs, (ours, empty))
}

/// In turns, so that a noisy minute is everybody's. The first start of each makes its files and is not counted.
fn measure(name: &'static str, ours: (&Path, &[&str]), empty: (&Path, &[&str]), rounds: usize) -> Pair {
    let (ours, empty) = (Start::new(ours), Start::new(empty));
    let screen = Screen::start();
    let surroundings = Surroundings::start(screen.name());
    let mut pair = Pair { name, ours: Vec::new(), empty: Vec::new() };
    for round in 0..=rounds {
        eprintln!("{name}: start {round} of {rounds} …");
        let (one, other) =
            (run::measure(&empty, &screen, &surroundings), run::measure(&ours, &screen, &surroundings));
        if round > 0 {
            pair.empty.push(one);
            pair.ours.push(other);
        }
    }
    pair
}

impl Start {
    fn new((program, words): (&Path, &[&str])) -> Self {
        Self { program: program.to_owned(), words: words.iter().map(ToString::to_string).collect() }
    }
}
