//! The paths that stand in a script as plain texts.
//!
//! A script may put its paths together itself, so that what is found here is a help for people and no more: to warn of
//! a file that is missing, and to say where a file is named. No JavaScript is understood beyond texts and comments.

use std::ops::Range;

/// A text in quotes that ends like a file of a pack.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    pub(crate) path: String,
    /// Where it stands in the script, the quotes included.
    pub(crate) at: Range<usize>,
}

/// The endings of files that a script names.
const ENDINGS: [&str; 6] = [".js", ".css", ".html", ".htm", ".tpl", ".json"];

/// The paths in a script, in its order.
pub(crate) fn paths(script: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut joined = false;
    while let Some((token, next)) = token(script, at) {
        if let Token::Text = token {
            let rest = script.get(next..).unwrap_or_default().trim_start();
            // A text that is put together with others is no path by itself.
            let path = plain(script.get(at + 1..next - 1).unwrap_or_default());
            if let Some(path) = path.filter(|path| !joined && !rest.starts_with('+') && is_path(path)) {
                found.push(Literal { path, at: at..next });
            }
        }
        match token {
            Token::Space => {}
            Token::Plus => joined = true,
            _ => joined = false,
        }
        at = next;
    }
    found
}

fn is_path(text: &str) -> bool {
    let bare = text.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    ENDINGS
        .iter()
        .any(|ending| bare.strip_suffix(ending).is_some_and(|stem| !stem.is_empty() && !stem.ends_with('/')))
        && !text.contains(['<', '>', '\n'])
}

#[derive(Clone, Copy)]
enum Token {
    /// A text in quotes, complete.
    Text,
    Plus,
    /// Space or a comment.
    Space,
    Other,
}

/// What begins at a place, and where it ends.
fn token(script: &str, at: usize) -> Option<(Token, usize)> {
    let rest = script.get(at..)?;
    let first = rest.chars().next()?;
    let end = |found: Option<usize>| found.map_or(script.len(), |found| at + found);
    Some(match first {
        '/' if rest.starts_with("//") => (Token::Space, end(rest.find('\n'))),
        '/' if rest.starts_with("/*") => {
            (Token::Space, end(rest.get(2..).and_then(|rest| rest.find("*/")).map(|found| found + 4)))
        }
        '"' | '\'' | '`' => match closed(rest, first) {
            Some(length) => (Token::Text, at + length),
            // A quote of another kind (in a regular expression): what follows is looked at as if it were not there.
            None => (Token::Other, at + 1),
        },
        '+' => (Token::Plus, at + 1),
        c if c.is_whitespace() => (Token::Space, at + c.len_utf8()),
        // What is escaped begins no text; or a line of escaped quotes would be read to its end from each of them.
        '\\' => (Token::Other, at + 1 + rest.chars().nth(1).map_or(0, char::len_utf8)),
        c => (Token::Other, at + c.len_utf8()),
    })
}

/// The length of a text in these quotes, both included. Only one in backticks may go over several lines, and none of
/// ours does.
fn closed(rest: &str, quote: char) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '\n' => return None,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The characters of a text, if no escape in it needs JavaScript to be understood.
fn plain(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => plain.push(chars.next().filter(|c| !c.is_ascii_alphanumeric())?),
            '$' if chars.as_str().starts_with('{') => return None,
            c => plain.push(c),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(script: &str) -> Vec<String> {
        paths(script).into_iter().map(|literal| literal.path).collect()
    }

    #[test]
    fn paths_in_any_quotes_are_found() {
        assert_eq!(
            found(r#"{js: 'a.js', css: ["b.CSS", `c.css`], tpls: {"x": 'tpls\/x.html'}}"#),
            ["a.js", "b.CSS", "c.css", "tpls/x.html"]
        );
        assert_eq!(found("'a.js?v=1'"), ["a.js?v=1"]);
        let script = "x = 'a.js'";
        assert_eq!(&script[paths(script)[0].at.clone()], "'a.js'");
    }

    #[test]
    fn what_is_no_path_by_itself_is_not_found() {
        for script in [
            "// 'a.js'",
            "/* 'a.js' */",
            "base + 'a.js'",
            "'tpls/a.html' + x",
            "'a.' /* x */ + /* y */ 'js'",
            "'.js'",
            "'tpls/.html'",
            "`${base}/a.js`",
            "'\\x61.js'",
            "'<a>.html'",
            "'a.jsx'",
            "'a.js",
        ] {
            assert_eq!(found(script), Vec::<String>::new(), "{script}");
        }
        assert_eq!(found("/don't/.test(x)\nvar a = 'a.js'"), ["a.js"]);
    }
}
