//! docs/conformance.md.

use std::fmt::Write as _;

use super::Passed;
use super::rows::Row;

const HEAD: &str = "\
# Conformance

The methods and events of the consultant API, each with the test that shows it in the real visitor's window against a
real desk: what a method does is looked for on the other side, and an event is caused there. `cargo xtask conformance`
runs the tests and writes this page; `cargo xtask test` fails where it does not name what is tested.
`cargo xtask conformance --disable NAME` switches one method or event off and shows which rows turn red: its own.

| row | kind | what is seen | test | passed |
| --- | --- | --- | --- | --- |
";
const LATER: &str = "comes with file transfer";
const MISSING: &str = "missing";

/// The page.
pub(super) fn of(rows: &[Row], passed: &Passed) -> String {
    let mut page = HEAD.to_owned();
    for row in rows {
        let kind = &row.kind;
        let name = if kind == "method" { format!("{}()", row.name) } else { row.name.clone() };
        let rest = match &row.test {
            None => format!("{} | | no |", if row.is_later { LATER } else { MISSING }),
            Some(test) => {
                let sees = row.sees.replace('|', "\\|");
                let sees = if row.is_later { format!("{sees} (The whole {LATER}.)") } else { sees };
                format!(
                    "{sees} | `{test}` | {} |",
                    if passed.get(test) == Some(&true) { "yes" } else { "no" }
                )
            }
        };
        // Writing to a string never fails.
        let _ = writeln!(page, "| `{name}` | {kind} | {rest}");
    }
    page
}

/// What a page says of its tests.
pub(super) fn passed(page: &str) -> Passed {
    let cells = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.rsplit(" | ");
        let passed = cells.next()? == "yes";
        let test = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
        Some((test.to_owned(), passed))
    });
    cells.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, test: Option<&str>, is_later: bool) -> Row {
        Row {
            name: name.to_owned(),
            kind: "event".to_owned(),
            is_later,
            test: test.map(str::to_owned),
            sees: "A | B.".to_owned(),
        }
    }

    #[test]
    fn every_row_is_on_the_page_and_is_read_back() {
        let rows = [
            row("invite", Some("a::invite"), false),
            row("error", None, false),
            row("fileprogress", None, true),
        ];
        let told = Passed::from([("a::invite".to_owned(), true)]);
        let page = of(&rows, &told);
        assert!(page.contains("| `invite` | event | A \\| B. | `a::invite` | yes |\n"), "{page}");
        assert!(page.contains("| `error` | event | missing | | no |\n"), "{page}");
        assert!(page.contains("| `fileprogress` | event | comes with file transfer | | no |\n"), "{page}");
        assert_eq!(passed(&page), told);
        assert_eq!(of(&rows, &passed(&page)), page);
    }

    #[test]
    fn a_failed_row_says_so() {
        let page = of(&[row("invite", Some("a::invite"), false)], &Passed::new());
        assert!(page.ends_with("| `a::invite` | no |\n"), "{page}");
        assert_eq!(passed(&page), Passed::from([("a::invite".to_owned(), false)]));
    }
}
