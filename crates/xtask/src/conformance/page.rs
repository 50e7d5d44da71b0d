//! docs/conformance.md.

use std::fmt::Write as _;

use super::rows::Row;
use super::{FORMS, Table};

const HEAD: &str = "\
# Conformance

The methods and events of the consultant API, each with the test that shows it in the real visitor's window against a
real desk: what a method does is looked for on the other side, and an event is caused there. `cargo xtask conformance`
runs the tests and writes this page; `cargo xtask test` fails where it does not name what is tested.
`cargo xtask conformance --disable NAME` switches one method or event off and shows which rows turn red: its own.

The last columns say whether it passed beside each form: the one inside the program, and the packs `classic` and
`minimal` (`--pack`), whose controllers act at the same time. A dash: the row does not apply there, because that form
reads whatever comes at once.

";
const MISSING: &str = "missing";

/// The page.
pub(super) fn of(rows: &[Row], table: &Table) -> String {
    let mut page = HEAD.to_owned();
    // Writing to a string never fails.
    let _ = writeln!(page, "| row | kind | what is seen | test | {} |", FORMS.join(" | "));
    let _ = writeln!(page, "| --- | --- | --- | --- |{}", " --- |".repeat(FORMS.len()));
    for row in rows {
        let kind = &row.kind;
        let name = if kind == "method" { format!("{}()", row.name) } else { row.name.clone() };
        let rest = match &row.test {
            None => format!("{MISSING} | |{}", " no |".repeat(FORMS.len())),
            Some(test) => {
                let sees = row.sees.replace('|', "\\|");
                let ends = table.iter().map(|passed| match passed.get(test) {
                    Some(true) => " yes |",
                    Some(false) => " no |",
                    None => " – |",
                });
                format!("{sees} | `{test}` |{}", ends.collect::<String>())
            }
        };
        let _ = writeln!(page, "| `{name}` | {kind} | {rest}");
    }
    page
}

/// What a page says of its tests.
pub(super) fn passed(page: &str) -> Table {
    let mut table = Table::default();
    for line in page.lines() {
        let Some(cells) = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")) else { continue };
        let cells: Vec<&str> = cells.rsplitn(FORMS.len() + 2, " | ").collect();
        let Some(test) = cells.get(FORMS.len()).and_then(|cell| cell.strip_prefix('`')?.strip_suffix('`'))
        else {
            continue;
        };
        for (passed, end) in table.iter_mut().rev().zip(&cells) {
            if *end != "–" {
                passed.insert(test.to_owned(), *end == "yes");
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, test: Option<&str>) -> Row {
        Row {
            name: name.to_owned(),
            kind: "event".to_owned(),
            test: test.map(str::to_owned),
            sees: "A | B.".to_owned(),
        }
    }

    #[test]
    fn every_row_is_on_the_page_and_is_read_back() {
        let rows = [row("invite", Some("a::invite")), row("error", None)];
        let told = [true, false, true].map(|passed| [("a::invite".to_owned(), passed)].into());
        let page = of(&rows, &told);
        assert!(page.contains("| `invite` | event | A \\| B. | `a::invite` | yes | no | yes |\n"), "{page}");
        assert!(page.contains("| `error` | event | missing | | no | no | no |\n"), "{page}");
        assert_eq!(passed(&page), told);
        assert_eq!(of(&rows, &passed(&page)), page);
    }

    #[test]
    fn a_row_that_failed_or_did_not_run_says_so() {
        let page = of(&[row("invite", Some("a::invite"))], &Table::default());
        assert!(page.ends_with("| `a::invite` | – | – | – |\n"), "{page}");
        assert_eq!(passed(&page), Table::default());
        let red = [false; FORMS.len()].map(|passed| [("a::invite".to_owned(), passed)].into());
        let page = of(&[row("invite", Some("a::invite"))], &red);
        assert!(page.ends_with("| `a::invite` | no | no | no |\n"), "{page}");
        assert_eq!(passed(&page), red);
    }
}
