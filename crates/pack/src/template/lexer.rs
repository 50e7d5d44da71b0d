//! Reads the code of all pieces as one stream, as far as it takes to know what is certainly wrong.
//!
//! It knows strings, texts in backticks, comments, regular expressions and brackets, and sees between the pieces what
//! lodash puts there (`;` after `<% %>`, parentheses around `<%= %>`). What must always hold: it says "wrong" only
//! where a JavaScript engine would. Where it cannot know how to go on, it is lost: from there on it accepts everything.

use std::ops::Range;

use super::brackets::{Inside, Level};
use super::pieces::Kind;
use super::wrong::{What, Wrong};

/// The token before, as far as it decides what a `/`, a `{` or a `++` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prev {
    /// A statement begins.
    Start,
    /// A value ended.
    Operand,
    /// A value is wanted.
    Operator,
    /// `return`: a value is wanted, but not on the next line.
    Return,
    /// `if`, `while`, `with`.
    Condition,
    /// `for`.
    For,
    /// `=>`.
    Arrow,
    /// `.` or `?.`: a name follows.
    Dot,
    /// `async` where a statement begins.
    Async,
    /// `await` or `yield`, which may be names.
    Doubt,
}

impl Prev {
    pub(super) fn wants_operand(self) -> bool {
        matches!(self, Self::Operator | Self::Return | Self::Doubt)
    }

    pub(super) fn divides(self) -> bool {
        matches!(self, Self::Operand | Self::Async | Self::Dot)
    }
}

/// What the text at hand is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Code,
    /// A `/*` comment, since that offset.
    Comment(usize),
    /// Between backticks.
    Backticks,
}

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
    /// What is to be left out at the piece's ends: comments that lodash ends by a new line.
    pub(super) kept: Range<usize>,
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
            kept: 0..0,
            lost: false,
        }
    }

    /// Whether everything is accepted from here on.
    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }

    /// Text between pieces of code: a string literal, unless a comment or backticks are open.
    pub(super) fn text(&mut self, text: &str) {
        self.lost |= match self.state {
            State::Code => false,
            State::Comment(_) => text.contains("*/"),
            State::Backticks => text.contains('`') || text.contains("${"),
        };
    }

    /// Code of a `<% %>`. Gives the part of it that is to be written.
    pub(super) fn evaluate(&mut self, code: Range<usize>) -> Result<Range<usize>, Wrong> {
        if self.lost {
            return Ok(code);
        }
        self.begin(&code, true);
        if matches!(self.rest(), "=" | "-") {
            self.refuse_empty()?;
        }
        self.run()?;
        if self.state == State::Code && !self.lost {
            self.end_evaluated()?;
        }
        Ok(if self.lost { code } else { self.kept.clone() })
    }

    /// Code of a `<%= %>`, `<%- %>` or `${ }`.
    pub(super) fn print(&mut self, kind: Kind, code: Range<usize>) -> Result<(), Wrong> {
        if self.lost {
            return Ok(());
        }
        self.begin(&code, false);
        let before = self.state;
        if before == State::Code {
            self.push(Inside::Printed);
        }
        self.run()?;
        let empty = before == State::Code && self.state == State::Code && !self.told && kind == Kind::Print;
        if self.kept.end < code.end && !self.lost {
            return Err(Wrong { at: self.kept.end, what: What::LineComment });
        }
        if empty && !self.lost {
            self.refuse_empty()?;
        }
        if self.state == State::Code && !self.lost { self.end_printed() } else { Ok(()) }
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
        self.kept = code.clone();
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
