//! Reads the code of all pieces as one stream, as far as it takes to know what is certainly wrong.
//!
//! It knows strings, texts in backticks, comments, regular expressions and brackets, and sees between the pieces what
//! lodash puts there (`;` after `<% %>`, parentheses around `<%= %>`). What must always hold: it says "wrong" only
//! where a JavaScript engine would. Where it cannot know how to go on, it is lost: from there on it accepts everything.

use std::ops::Range;

use super::brackets::{Inside, Level};
use super::pieces::Kind;
use super::state::{Ending, Prev, State};
use super::wrong::{What, Wrong};

#[derive(Debug)]
pub(super) struct Lexer<'a> {
    pub(super) source: &'a str,
    pub(super) at: usize,
    /// Where the piece at hand begins and ends.
    pub(super) began: usize,
    pub(super) end: usize,
    pub(super) state: State,
    pub(super) levels: Vec<Level>,
    /// Where the texts in backticks began that are open.
    pub(super) backticks: Vec<usize>,
    pub(super) prev: Prev,
    /// Whether only white space and comments came since the last line began.
    pub(super) line_start: bool,
    /// Whether there was a line's end in the piece yet.
    pub(super) broken: bool,
    /// Whether the piece has a token yet.
    pub(super) told: bool,
    /// Where the piece begins without an old `-->` comment, which only counts where a line begins.
    pub(super) kept: usize,
    /// Where the piece's last comment begins, if it reaches the piece's end: it hides the `;` after it, too.
    pub(super) hides: Option<usize>,
    pub(super) lost: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            began: 0,
            end: 0,
            state: State::Code,
            levels: vec![Level::new(0, Inside::Template)],
            backticks: Vec::new(),
            prev: Prev::Start,
            line_start: true,
            broken: false,
            told: false,
            kept: 0,
            hides: None,
            lost: false,
        }
    }

    /// Whether neither a comment nor backticks are open.
    pub(super) fn is_in_code(&self) -> bool {
        self.state == State::Code
    }

    /// Text between pieces of code: a string literal, unless a comment or backticks are open.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Wrong> {
        self.resume()?;
        self.lost |= match self.state {
            State::Code => false,
            State::Comment(_) => text.contains("*/"),
            State::Backticks => text.contains('`') || text.contains("${"),
        };
        Ok(())
    }

    /// Code of a `<% %>`. Gives the part of it that is to be written, and how to go on after it.
    pub(super) fn evaluate(&mut self, code: Range<usize>) -> Result<(Range<usize>, Ending), Wrong> {
        if self.lost {
            return Ok((code, Ending::Both));
        }
        let goes_on = self.hides.is_some();
        self.begin(&code, true);
        if !goes_on && matches!(self.rest(), "=" | "-") {
            self.refuse_empty()?;
        }
        self.run()?;
        let ending = self.ending()?;
        Ok((self.kept.min(code.end)..self.hides.unwrap_or(code.end), ending))
    }

    /// lodash puts `;` and a new line there. A comment hides the `;`, but our line must not end.
    fn ending(&mut self) -> Result<Ending, Wrong> {
        if self.lost {
            return Ok(Ending::Both);
        }
        if self.hides.is_none() {
            if self.state == State::Code {
                self.end_evaluated()?;
            }
            return Ok(Ending::Semicolon);
        }
        Ok(match self.prev {
            Prev::Start | Prev::Operator => Ending::Space,
            Prev::Operand if self.inside().has_labels() => Ending::Either,
            _ => Ending::Line,
        })
    }

    /// Something is printed after a comment that hid the `;`: now the statement ends.
    fn resume(&mut self) -> Result<(), Wrong> {
        if self.hides.take().is_some() && !self.lost { self.end_evaluated() } else { Ok(()) }
    }

    /// Code of a `<%= %>`, `<%- %>` or `${ }`.
    pub(super) fn print(&mut self, kind: Kind, code: Range<usize>) -> Result<(), Wrong> {
        if self.lost {
            return Ok(());
        }
        self.resume()?;
        self.begin(&code, false);
        let before = self.state;
        if before == State::Code {
            self.push(Inside::Printed);
        }
        self.run()?;
        let empty = before == State::Code && self.state == State::Code && !self.told && kind == Kind::Print;
        match self.hides {
            _ if self.lost => return Ok(()),
            Some(at) => return Err(Wrong { at, what: What::LineComment }),
            None if empty => self.refuse_empty()?,
            None => {}
        }
        if self.state == State::Code { self.end_printed() } else { Ok(()) }
    }

    /// The template's end.
    pub(super) fn finish(&self) -> Result<(), Wrong> {
        let wrong = |at, what| Err(Wrong { at, what });
        match (self.state, self.backticks.last(), self.levels.last()) {
            _ if self.lost => Ok(()),
            (State::Comment(at), _, _) => wrong(at, What::Comment),
            (State::Backticks, Some(&at), _) => wrong(at, What::Backticks),
            (_, _, Some(level)) if level.inside != Inside::Template => {
                wrong(level.at, What::Unclosed(level.inside.opening()))
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, code: &Range<usize>, new_line: bool) {
        self.at = code.start;
        self.began = code.start;
        self.end = code.end;
        self.kept = code.start;
        if self.hides.take().is_some() {
            self.end_line();
        }
        self.line_start = new_line;
        self.broken = false;
        self.told = false;
    }

    fn refuse_empty(&self) -> Result<(), Wrong> {
        if self.state != State::Code {
            return Ok(());
        }
        // The delimiter before it: `<%=`, `<%` or `${`.
        let before = self.source.get(..self.began).unwrap_or_default();
        let at = before.rfind(['<', '$']).unwrap_or(self.began);
        Err(Wrong { at, what: What::Empty })
    }

    fn run(&mut self) -> Result<(), Wrong> {
        if self.rest().starts_with("%>") {
            self.refuse_empty()?;
        }
        while self.at < self.end && !self.lost {
            match self.state {
                State::Code => self.token()?,
                State::Comment(_) => self.comment(),
                State::Backticks => self.backticked(),
            }
        }
        Ok(())
    }

    /// What is left of the piece.
    pub(super) fn rest(&self) -> &'a str {
        self.source.get(self.at..self.end).unwrap_or_default()
    }

    /// The byte that many bytes on, inside the piece.
    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        let at = self.at + ahead;
        if at < self.end { self.source.as_bytes().get(at).copied() } else { None }
    }
}
