//! `cargo xtask rules`: which tests check which rule, and whether ARCHITECTURE.md says so rightly.
//!
//! A test names its rules at the head of its name: `c3_a_gap_…`, `i1_i2_…`, `threats_20_and_24_…`; in the pages
//! `"C6: …"`. The table in ARCHITECTURE.md is kept by hand, so every file in it is looked at: it must have such a test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::arguments::Arguments;
use crate::places;
use crate::sources;
use crate::stop::{Result, Stop};

/// Rule → the tests that name it, as `file: test`.
type Index = BTreeMap<String, BTreeSet<(String, String)>>;

/// The command: prints the index.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    for (rule, tests) in index()? {
        println!("{rule}");
        for (file, test) in tests {
            println!("  {file}: {test}");
        }
    }
    check()
}

/// Does every file in the table have a test of its rule?
pub(crate) fn check() -> Result<()> {
    let page = sources::text(&places::root().join("ARCHITECTURE.md"))?;
    let wrong = untrue(&page, &index()?);
    if wrong.is_empty() { Ok(()) } else { Err(Stop::because(wrong.join("\n"))) }
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
    fn a_row_that_is_not_true_is_told() {
        let mut index = Index::new();
        index.entry("C1".to_owned()).or_default().insert(("crates/a.rs".to_owned(), "c1_x".to_owned()));
        assert!(untrue("| C1 | words | `crates/a.rs` |", &index).is_empty());
        assert_eq!(untrue("| C1 | words | `crates/a.rs`, `crates/b.rs` |", &index).len(), 1);
        assert!(untrue("| S1 | words | none yet |", &index).is_empty());
        assert!(untrue("| crate | for |", &index).is_empty());
    }
}
