//! `cargo xtask conformance`: the consultant API in the real visitor's window, and docs/conformance.md, which says
//! what each of its methods and events was seen to do.
//!
//! What must always hold: the page names every method and event of the contract, also one that nobody tests.

mod page;
mod rows;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::arguments::Arguments;
use crate::packages::Need;
use crate::screen::Screen;
use crate::stop::{Result, Stop};
use crate::{interrupt, node, places, process, setup, sources, tee};

use rows::Row;

/// In the tests' environment: the method or event that does nothing. tests/tests/windows/conformance/recorder.rs reads it.
const OFF: &str = "DESKBELL_CONFORMANCE_OFF";
/// In the tests' environment: the folder of the pack whose form the window runs. tests/tests/windows/conformance/ground.rs
/// reads it.
const PACK: &str = "DESKBELL_CONFORMANCE_PACK";
/// In the tests' environment: how long a condition may take to come true.
const SECONDS: &str = "DESKBELL_TESTS_SECONDS";
/// A method, the answer of a method, and an event of the other side: enough to see that rows stand for themselves.
const SAMPLE: [&str; 3] = ["startChat", "closechat", "sendmessage"];

/// The forms beside which the rows run: the one inside the program, and two of other companies' kind.
pub(super) const FORMS: [&str; 3] = ["default", "classic", "minimal"];

/// Rows that do not apply beside a form: whatever comes is read by the old form at once.
const LEFT_OUT: [(&str, &str); 1] = [("classic", "get_unread_counter")];

/// Did a row's test pass? By the test's whole name.
type Passed = BTreeMap<String, bool>;
/// The same beside each of [`FORMS`].
type Table = [Passed; FORMS.len()];

/// The command.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let all = arguments.flag("--disable-each");
    let one = arguments.value("--disable")?;
    arguments.finish()?;
    interrupt::watch();
    let rows = rows::read()?;
    setup::ensure(Need::Tests)?;
    node::build_if_changed()?;
    process::run(process::cargo().args([
        "build",
        "--workspace",
        "--bin",
        "deskbell",
        "--bin",
        "deskbell-server",
    ]))?;
    match (all, one) {
        (true, _) => {
            let tested = rows.iter().filter(|row| row.test.is_some()).map(|row| row.name.as_str());
            switched_off(&rows, &tested.collect::<Vec<_>>())
        }
        (false, Some(name)) => switched_off(&rows, &[&name]),
        (false, None) => write(&rows),
    }
}

/// Does docs/conformance.md say what the tests are? Nothing is run.
pub(crate) fn check() -> Result<()> {
    let rows = rows::read()?;
    let kept = sources::text(&file())?;
    let absent: Vec<&str> =
        rows.iter().filter(|row| row.test.is_none()).map(|row| row.name.as_str()).collect();
    if !absent.is_empty() {
        return Err(Stop::because(format!("Nobody tests {} of the consultant API.", absent.join(", "))));
    }
    let table = page::passed(&kept);
    let [own, ..] = &table;
    let unseen = rows.iter().filter_map(|row| row.test.as_ref()).any(|test| !own.contains_key(test));
    if !unseen && page::of(&rows, &table) == kept {
        return Ok(());
    }
    Err(Stop::because(
        "docs/conformance.md is not what the tests are. Run `cargo xtask conformance` and commit it.",
    ))
}

/// A few rows are switched off, and each turns its own test red and no other.
pub(crate) fn sample() -> Result<()> {
    switched_off(&rows::read()?, &SAMPLE)
}

fn file() -> PathBuf {
    places::root().join("docs/conformance.md")
}

/// Runs every row and writes what became of them.
fn write(rows: &[Row]) -> Result<()> {
    let mut table = Table::default();
    for (passed, form) in table.iter_mut().zip(FORMS) {
        println!("The rows beside the form `{form}`:");
        *passed = play(None, form)?;
    }
    let told = |error| Stop::because(format!("docs/conformance.md: {error}"));
    fs::write(file(), page::of(rows, &table)).map_err(told)?;
    let failed: Vec<String> = table
        .iter()
        .zip(FORMS)
        .flat_map(|(passed, form)| {
            let red = passed.iter().filter(|(_, passed)| !**passed);
            red.map(move |(test, _)| format!("{test} beside {form}"))
        })
        .collect();
    let all: usize = table.iter().map(BTreeMap::len).sum();
    println!("{} rows passed, {} failed; see docs/conformance.md.", all - failed.len(), failed.len());
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Stop::because(format!("These failed: {}.", failed.join(", "))))
    }
}

/// Switches one after the other off.
fn switched_off(rows: &[Row], names: &[&str]) -> Result<()> {
    let mut wrong = Vec::new();
    for name in names {
        let own = rows.iter().find(|row| row.name == *name).and_then(|row| row.test.as_deref());
        let own =
            own.ok_or_else(|| Stop::usage(format!("`{name}` is no method or event that is tested.")))?;
        let passed = play(Some(name), "default")?;
        let red: Vec<&str> =
            passed.iter().filter(|(_, passed)| !**passed).map(|(test, _)| test.as_str()).collect();
        println!(
            "{name} switched off: red {}",
            if red.is_empty() { "nothing".to_owned() } else { red.join(", ") }
        );
        if red != [own] {
            wrong.push((*name).to_owned());
        }
    }
    match wrong.as_slice() {
        [] => Ok(()),
        names => Err(Stop::because(format!("Not exactly its own row turned red: {}.", names.join(", ")))),
    }
}

/// Runs every row beside a form, on a screen of its own.
fn play(off: Option<&str>, form: &str) -> Result<Passed> {
    let screen = Screen::start()?;
    let mut tests = process::cargo();
    screen.show(tests.env_remove("DBUS_SESSION_BUS_ADDRESS"));
    tests.args(["nextest", "run", "--workspace", "--no-fail-fast", "--cargo-quiet"]);
    tests.args(["--status-level", "pass", "--final-status-level", "pass"]);
    let mut rows = "package(deskbell-tests) and test(/^conformance::(methods|events)::/)".to_owned();
    for (_, row) in LEFT_OUT.iter().filter(|(beside, _)| *beside == form) {
        rows.push_str(&format!(" and not test(/::{row}$/)"));
    }
    tests.args(["-E", &rows]);
    if form != "default" {
        tests.env(PACK, places::ui().join("packs").join(form));
    }
    if let Some(name) = off {
        // What is red then, is meant to be, and nobody waits long for it.
        tests.env(OFF, name).env(SECONDS, "12").args(["--failure-output", "never"]);
    }
    let (_, output) = tee::run(&mut tests)?;
    let passed = told(&output);
    if interrupt::asked() {
        return Err(Stop::interrupted());
    }
    if passed.is_empty() { Err(Stop::because("No row ran.")) } else { Ok(passed) }
}

/// From nextest's lines: `PASS [   0.6s] (1/2) deskbell-tests::windows conformance::methods::start_chat`.
fn told(output: &str) -> Passed {
    let lines = output.lines().map(str::trim_start);
    let ends = lines.filter(|line| line.contains(" deskbell-tests::") && !line.starts_with("SKIP"));
    ends.filter_map(|line| Some((line.split_whitespace().last()?.to_owned(), line.starts_with("PASS"))))
        .collect()
}

/// A name as Rust writes it: `getOperatorVcard` → `get_operator_vcard`.
fn snake(name: &str) -> String {
    let word = |letter: char| {
        let before = letter.is_ascii_uppercase().then_some('_');
        before.into_iter().chain([letter.to_ascii_lowercase()])
    };
    name.chars().flat_map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nextest_says_of_a_row_is_read() {
        let output = "\
    Starting 3 tests across 1 binary
        PASS [   0.616s] (1/3) deskbell-tests::windows conformance::events::invite
        FAIL [   1.160s] (2/3) deskbell-tests::windows conformance::methods::start_chat
     TIMEOUT [ 300.000s] (3/3) deskbell-tests::windows conformance::methods::close_chat
        SKIP [         ] (---) deskbell-tests::windows secrets::no_word
     Summary [   2.841s] 3 tests run: 1 passed, 46 skipped
";
        let expected = [
            ("conformance::events::invite", true),
            ("conformance::methods::close_chat", false),
            ("conformance::methods::start_chat", false),
        ];
        assert_eq!(told(output), expected.map(|(test, passed)| (test.to_owned(), passed)).into());
    }

    #[test]
    fn a_row_is_named_as_rust_names_functions() {
        assert_eq!(snake("getOperatorVcard"), "get_operator_vcard");
        assert_eq!(snake("startchat"), "startchat");
    }
}
