//! Strings, texts in backticks, regular expressions, comments.

use super::brackets::Inside;
use super::lexer::Lexer;
use super::state::{Prev, State};
use super::wrong::{What, Wrong};

impl Lexer<'_> {
    pub(super) fn string(&mut self, quote: u8) -> Result<(), Wrong> {
        let began = self.at;
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' if self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n') => self.at += 3,
                b'\\' => self.at += 2,
                b'\n' | b'\r' => break,
                other => {
                    self.at += 1;
                    if other == quote {
                        self.prev = Prev::Operand;
                        return Ok(());
                    }
                }
            }
        }
        Err(Wrong { at: began, what: What::String })
    }

    pub(super) fn open_backticks(&mut self) {
        self.backticks.push(self.at);
        self.at += 1;
        self.state = State::Backticks;
    }

    /// Up to the backtick or the `${` that ends this part of it.
    pub(super) fn backticked(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => self.at += 2,
                b'`' => {
                    self.at += 1;
                    self.backticks.pop();
                    self.state = State::Code;
                    self.prev = Prev::Operand;
                    self.line_start = false;
                    return;
                }
                b'$' if self.peek(1) == Some(b'{') => {
                    self.state = State::Code;
                    self.push(Inside::Substitution);
                    self.at += 2;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    pub(super) fn slash(&mut self) -> Result<(), Wrong> {
        match (self.peek(1), self.prev) {
            (Some(b'/'), _) => self.line_comment(),
            (Some(b'*'), _) => {
                self.state = State::Comment(self.at);
                self.at += 2;
            }
            // Nobody can tell without knowing the function around it.
            (_, Prev::Doubt) => self.lost = true,
            (_, prev) if prev.divides() => self.operator(1),
            _ => self.regular_expression()?,
        }
        Ok(())
    }

    fn regular_expression(&mut self) -> Result<(), Wrong> {
        let (mut in_class, mut escaped) = (false, false);
        for (offset, character) in self.rest().char_indices().skip(1) {
            match character {
                '\n' | '\r' | '\u{2028}' | '\u{2029}' => break,
                _ if escaped => {}
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => {
                    self.at += offset + 1;
                    self.name();
                    self.prev = Prev::Operand;
                    return Ok(());
                }
                _ => {}
            }
            escaped = character == '\\' && !escaped;
        }
        Err(Wrong { at: self.at, what: What::RegularExpression })
    }

    /// `//`, and the `<!--` and `-->` that scripts have from the old days. Its end stays.
    pub(super) fn line_comment(&mut self) {
        let length = self.rest().find(['\n', '\r', '\u{2028}', '\u{2029}']);
        let closes_old = self.peek(0) == Some(b'-') && !self.broken;
        if let Some(length) = length {
            self.at += length;
            if closes_old {
                // A `-->` only counts where a line begins; in our script none does here.
                self.kept = self.at;
            }
        } else {
            self.hides = Some(self.at);
            self.at = self.end;
        }
    }

    /// Up to the end of a `/*` comment.
    pub(super) fn comment(&mut self) {
        let (length, closed) = match self.rest().find("*/") {
            Some(length) => (length + 2, true),
            None => (self.rest().len(), false),
        };
        let inside = self.rest().get(..length).unwrap_or_default();
        if inside.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
            self.end_line();
        }
        self.at += length;
        if closed {
            self.state = State::Code;
        }
    }
}
