//! `cargo xtask rules`: which tests check which rule, and whether ARCHITECTURE.md says so rightly.
//!
//! A test names its rules at the head of its name: `c3_a_gap_…`, `i1_i2_…`, `threats_20_and_24_…`; in the pages
//! `"C6: …"`. The table in ARCHITECTURE.md is kept by hand, so every file in it is looked at: it must have such a test.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::places;
use crate::sources;
use crate::stop::{Result, Stop};

/// Rule → the tests that name it, as `file: test`.
type Index = BTreeMap<String, BTreeSet<(String, String)>>;

/// A table's cell names at most so many files; the index names all.
const FILES: usize = 4;
const UNTESTED: &str = "no test of its own yet";

/// The command: prints the index; with `--write`, fills the tables' last columns.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let write = arguments.flag("--write");
    arguments.finish()?;
    let index = index()?;
    if write {
        let text = filled(&sources::text(&page())?, &index);
        return fs::write(page(), text).map_err(|error| Stop::because(format!("ARCHITECTURE.md: {error}")));
    }
    for (rule, tests) in &index {
        println!("{rule}");
        for (file, test) in tests {
            println!("  {file}: {test}");
        }
    }
    Ok(())
}

/// Does every file in the table have a test of its rule?
pub(crate) fn check() -> Result<()> {
    let mut wrong = untrue(&sources::text(&page())?, &index()?);
    if wrong.is_empty() {
        return Ok(());
    }
    wrong.push("`cargo xtask rules --write` corrects the tables.".to_owned());
    Err(Stop::because(wrong.join("\n")))
}

fn page() -> PathBuf {
    places::root().join("ARCHITECTURE.md")
}

fn index() -> Result<Index> {
    let root = places::root();
    let mut index = Index::new();
    for folder in ["crates", "src-tauri", "tests", "ui"] {
        for path in sources::under(&root.join(folder), &["rs", "ts"])? {
            let name = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
            for test in tests(&path, &sources::text(&path)?) {
                for rule in rules(&test) {
                    index.entry(rule).or_default().insert((name.clone(), test.clone()));
                }
            }
        }
    }
    Ok(index)
}

/// Names that may be tests' names: functions in Rust, quoted names in the pages' tests.
fn tests(path: &Path, text: &str) -> Vec<String> {
    let in_pages = path.extension().is_some_and(|ending| ending == "ts");
    let name = |line: &str| {
        let line = line.trim_start();
        if in_pages {
            let quoted = line.strip_prefix("it(").or_else(|| line.strip_prefix("test("))?;
            quoted.split(['"', '\'', '`']).nth(1).map(str::to_owned)
        } else {
            let (before, function) = line.split_once("fn ")?;
            let plain = before.split_whitespace().all(|word| matches!(word, "pub" | "pub(crate)" | "async"));
            plain.then(|| function.split(['(', '<']).next().map(str::to_owned))?
        }
    };
    text.lines().filter_map(name).collect()
}

/// `threats_20_and_24_size` → `threats 20`, `threats 24`; `c1_i1_…` and `"C1, I1: …"` → `C1`, `I1`.
fn rules(test: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut threats = false;
    for word in test.split(['_', ' ', ',', ':']).filter(|word| !word.is_empty()) {
        match word {
            "threats" | "threat" => threats = true,
            "and" => {}
            number if threats && is_number(number) => found.push(format!("threats {number}")),
            rule if is_rule(rule) => {
                threats = false;
                found.push(rule.to_uppercase());
            }
            _ => break,
        }
    }
    found
}

/// `c3`, `S10`, `i15`.
fn is_rule(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|kind| "csiCSI".contains(kind)) && is_number(letters.as_str())
}

fn is_number(word: &str) -> bool {
    (1..=2).contains(&word.len()) && word.bytes().all(|digit| digit.is_ascii_digit())
}

/// Every row `| rule | … | … `file` … |` whose file has no test of the rule.
fn untrue(page: &str, index: &Index) -> Vec<String> {
    let mut wrong = Vec::new();
    for (rule, cell) in page.lines().filter_map(row) {
        let named: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        let tested: BTreeSet<&str> = index
            .get(rule)
            .map(|tests| tests.iter().map(|(file, _)| file.as_str()).collect())
            .unwrap_or_default();
        let absent = named.iter().filter(|file| !tested.contains(**file));
        wrong.extend(absent.map(|file| format!("ARCHITECTURE.md: {file} has no test that names {rule}.")));
    }
    wrong
}

/// The page with each rule's last cell written anew.
fn filled(page: &str, index: &Index) -> String {
    let lines = page.split('\n').map(|line| match row(line) {
        Some((rule, cell)) => {
            let kept = line.strip_suffix(" |").and_then(|line| line.strip_suffix(cell)).unwrap_or(line);
            format!("{kept}{} |", files(index.get(rule)))
        }
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The files with most tests of a rule, in a fixed order.
fn files(tests: Option<&BTreeSet<(String, String)>>) -> String {
    let mut counts = BTreeMap::<&str, usize>::new();
    for (file, _) in tests.into_iter().flatten() {
        *counts.entry(file).or_default() += 1;
    }
    let mut most: Vec<_> = counts.into_iter().collect();
    most.sort_by_key(|(_, count)| Reverse(*count));
    most.truncate(FILES);
    most.sort();
    let named: Vec<_> = most.into_iter().map(|(file, _)| format!("`{file}`")).collect();
    if named.is_empty() { UNTESTED.to_owned() } else { named.join(", ") }
}

/// A rule's row: its name and its last cell.
fn row(line: &str) -> Option<(&str, &str)> {
    let inside = line.strip_prefix("| ")?.strip_suffix(" |")?;
    let (rule, rest) = inside.split_once(" | ")?;
    let known = is_rule(rule) || rule.strip_prefix("threats ").is_some_and(is_number);
    known.then(|| (rule, rest.rsplit(" | ").next().unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tests_name_begins_with_its_rules() {
        assert_eq!(rules("c3_a_gap_changes_nothing"), ["C3"]);
        assert_eq!(rules("i1_i2_c5_after_a_restore"), ["I1", "I2", "C5"]);
        assert_eq!(rules("threats_20_and_24_size"), ["threats 20", "threats 24"]);
        assert_eq!(rules("threats_1_2_3_7_every_role"), ["threats 1", "threats 2", "threats 3", "threats 7"]);
        assert_eq!(rules("C6, I7: what is on screen"), ["C6", "I7"]);
        assert!(rules("a_link_survives_its_text").is_empty());
        assert!(rules("i_am_no_rule").is_empty());
        assert!(rules("s256_is_no_rule").is_empty());
    }

    #[test]
    fn both_languages_name_their_tests() {
        let rust =
            "    async fn s4_after_commit() {\n    pub fn c1_first<S: Store>(store: &S) {\n  // fn c2_no()\n";
        assert_eq!(tests(Path::new("a.rs"), rust), ["s4_after_commit", "c1_first"]);
        let pages = "  it(\"C6: by seq\", () => {\n  test('I15: inert', async () => {\n";
        assert_eq!(tests(Path::new("a.test.ts"), pages), ["C6: by seq", "I15: inert"]);
    }

    #[test]
    fn the_tables_are_filled_from_the_tests() {
        let mut index = Index::new();
        for (file, test) in [("crates/b.rs", "c1_x"), ("crates/a.rs", "c1_y"), ("crates/a.rs", "c1_z")] {
            index.entry("C1".to_owned()).or_default().insert((file.to_owned(), test.to_owned()));
        }
        let page = "# A\n| C1 | words | old |\n| S1 | words | `crates/gone.rs` |\n| a | b | c |\n";
        let expected = "# A\n| C1 | words | `crates/a.rs`, `crates/b.rs` |\n| S1 | words | no test of its own yet |\n| a | b | c |\n";
        assert_eq!(filled(page, &index), expected);
        assert!(untrue(&filled(page, &index), &index).is_empty());
    }

    #[test]
    fn a_row_that_is_not_true_is_told() {
        let mut index = Index::new();
        index.entry("C1".to_owned()).or_default().insert(("crates/a.rs".to_owned(), "c1_x".to_owned()));
        assert!(untrue("| C1 | words | `crates/a.rs` |", &index).is_empty());
        assert_eq!(untrue("| C1 | words | `crates/a.rs`, `crates/b.rs` |", &index).len(), 1);
        assert!(untrue("| S1 | words | none yet |", &index).is_empty());
        assert!(untrue("| crate | for |", &index).is_empty());
    }
}
