//! The methods and events of the contract, and which test is each one's.
//!
//! A method's test stands in a module `methods`, an event's in `events`; it has the row's name, and the comment above
//! it says what it sees.

use std::path::Path;

use super::snake;
use crate::stop::Result;
use crate::{places, sources};

/// Where the tests are.
const FOLDER: &str = "tests/tests/windows/conformance";

/// A method or an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: String,
    /// `method` or `event`.
    pub(super) kind: String,
    /// The whole name of its test.
    pub(super) test: Option<String>,
    /// What the test sees.
    pub(super) sees: String,
}

/// A test as it stands in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Test {
    name: String,
    sees: String,
}

/// Every row of the contract, in its order.
pub(super) fn read() -> Result<Vec<Row>> {
    let folder = places::root().join(FOLDER);
    let mut tests = Vec::new();
    for path in sources::under(&folder, &["rs"])? {
        let module = module(path.strip_prefix(&folder).unwrap_or(&path));
        tests.extend(tests_in(&module, &sources::text(&path)?));
    }
    Ok(sources::text(&folder.join("rows.txt"))?.lines().filter_map(|line| row(line, &tests)).collect())
}

/// `event invite`, `method sendFile`.
fn row(line: &str, tests: &[Test]) -> Option<Row> {
    let mut words = line.split_whitespace();
    let (kind, name) = (words.next()?, words.next()?);
    let of_kind = format!("::{kind}s::");
    let own = format!("::{}", snake(name));
    let test = tests.iter().find(|test| test.name.contains(&of_kind) && test.name.ends_with(&own));
    Some(Row {
        name: name.to_owned(),
        kind: kind.to_owned(),
        test: test.map(|test| test.name.clone()),
        sees: test.map(|test| test.sees.clone()).unwrap_or_default(),
    })
}

/// `methods/chat.rs` → `conformance::methods::chat`.
fn module(path: &Path) -> String {
    let words = path.with_extension("");
    let words = words.iter().map(|word| word.to_string_lossy()).filter(|word| word != "mod");
    std::iter::once("conformance".into()).chain(words).collect::<Vec<_>>().join("::")
}

fn tests_in(module: &str, text: &str) -> Vec<Test> {
    let mut found = Vec::new();
    let mut sees: Vec<&str> = Vec::new();
    let mut marked = false;
    for line in text.lines() {
        if let Some(words) = line.strip_prefix("/// ") {
            sees.push(words);
        } else if line.starts_with("#[tokio::test") {
            marked = true;
        } else if !line.starts_with("#[") {
            let name = line.strip_prefix("async fn ").and_then(|rest| rest.split('(').next());
            if let Some(name) = name.filter(|_| marked) {
                found.push(Test { name: format!("{module}::{name}"), sees: sees.join(" ") });
            }
            sees.clear();
            marked = false;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
/// The operator sees
/// the visitor waiting.
#[tokio::test]
async fn start_chat() {
}

/// No test.
async fn close_chat() {
}
";

    #[test]
    fn a_test_has_its_modules_name_and_the_words_above_it() {
        let expected = Test {
            name: "conformance::methods::start_chat".to_owned(),
            sees: "The operator sees the visitor waiting.".to_owned(),
        };
        assert_eq!(tests_in(&module(Path::new("methods.rs")), FILE), [expected]);
        assert_eq!(module(Path::new("methods/chat.rs")), "conformance::methods::chat");
        assert_eq!(module(Path::new("methods/mod.rs")), "conformance::methods");
    }

    #[test]
    fn a_method_and_the_event_that_answers_it_are_two_rows() {
        let tests = tests_in("conformance::methods", FILE);
        let method = row("method startChat", &tests).unwrap();
        assert_eq!(method.test.as_deref(), Some("conformance::methods::start_chat"));
        assert_eq!(row("event startchat", &tests).unwrap().test, None);
        assert_eq!(row("", &tests), None);
    }

    #[test]
    fn the_contract_is_whole() {
        let rows = read().unwrap();
        let of = |kind: &str| rows.iter().filter(|row| row.kind == kind).count();
        assert_eq!((of("method"), of("event")), (22, 23));
    }
}
