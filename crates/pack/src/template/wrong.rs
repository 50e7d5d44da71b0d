//! What can be wrong with a template, in plain words.

use super::places;

/// Something wrong, and the offset of it.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) at: usize,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    /// `<%` without `%>`.
    UnclosedTag,
    /// `<%= %>`, `<%%>`.
    Empty,
    /// A closing bracket that nothing opened.
    Unopened(u8),
    /// An opening bracket that nothing closes.
    Unclosed(&'static str),
    /// A closing bracket (the first) where another one is open, since that offset.
    Crossed(u8, &'static str, usize),
    /// `;` inside of these.
    Semicolon(&'static str),
    /// A string without its end.
    String,
    /// A regular expression without its end.
    RegularExpression,
    /// Backticks without their end.
    Backticks,
    /// `/*` without `*/`.
    Comment,
    /// A comment that swallows the end of a `<%= %>`.
    LineComment,
}

impl What {
    pub(super) fn told(&self, source: &str) -> String {
        match self {
            Self::UnclosedTag => "this `<%` is never closed by `%>`".to_owned(),
            Self::Empty => "there is nothing between these delimiters".to_owned(),
            Self::Unopened(bracket) => format!("a `{}` that nothing opened", char::from(*bracket)),
            Self::Unclosed(bracket) => format!("this `{bracket}` is never closed"),
            Self::Crossed(bracket, open, at) => {
                let place = places::of(source, *at);
                let (line, column) = (place.line, place.column);
                let bracket = char::from(*bracket);
                format!("a `{bracket}` while the `{open}` of line {line}, column {column} is still open")
            }
            // `<%-` and `${` are read the same way.
            Self::Semicolon("<%=") => "a `;` in what is printed, which is one expression".to_owned(),
            Self::Semicolon(open) => format!("a `;` inside `{open}`, which takes an expression"),
            Self::String => "this string is not closed before its line or its `%>` ends".to_owned(),
            Self::RegularExpression => {
                "this regular expression is not closed before its line or its `%>` ends".to_owned()
            }
            Self::Backticks => "this backtick is never closed".to_owned(),
            Self::Comment => "this `/*` is never closed".to_owned(),
            Self::LineComment => {
                "this comment hides the end of what is to be printed; use `/* */`".to_owned()
            }
        }
    }
}
