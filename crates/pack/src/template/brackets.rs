//! Brackets over all pieces of code, with what decides whether a `/` after one divides.

use super::lexer::Lexer;
use super::state::{Prev, State};
use super::wrong::{What, Wrong};

/// What a bracket encloses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inside {
    /// All `<% %>` of the template: the frame that is ours.
    Template,
    /// One `<%= %>`, `<%- %>` or `${ }`: ours as well.
    Printed,
    /// `(…)`.
    Group,
    /// `(…)` of `if`, `while`, `with`: a statement follows.
    Condition,
    /// `(…)` of `for`: it holds `;`, and a statement follows.
    Loop,
    /// `[…]`.
    List,
    /// `{…}` with statements, an arrow function's included: nothing can divide after them.
    Block,
    /// `{…}` of a function or a class that is a statement.
    Declared,
    /// `{…}` of a function or a class that is a value.
    Value,
    /// `{…}` with properties.
    Object,
    /// `${…}` in a text in backticks.
    Substitution,
}

impl Inside {
    /// As people wrote it.
    pub(super) fn opening(self) -> &'static str {
        match self {
            Self::Template => "<%",
            Self::Printed => "<%=",
            Self::Group | Self::Condition | Self::Loop => "(",
            Self::List => "[",
            Self::Block | Self::Declared | Self::Value | Self::Object => "{",
            Self::Substitution => "${",
        }
    }

    fn closing(self) -> Option<u8> {
        match self {
            Self::Template | Self::Printed => None,
            Self::Group | Self::Condition | Self::Loop => Some(b')'),
            Self::List => Some(b']'),
            _ => Some(b'}'),
        }
    }

    fn takes_expression(self) -> bool {
        matches!(self, Self::Printed | Self::Group | Self::Condition | Self::List | Self::Substitution)
    }

    pub(super) fn has_labels(self) -> bool {
        matches!(self, Self::Template | Self::Block | Self::Declared | Self::Value)
    }

    /// What follows its end.
    fn after(self) -> Prev {
        match self {
            Self::Condition | Self::Loop | Self::Block | Self::Declared => Prev::Start,
            _ => Prev::Operand,
        }
    }
}

/// A bracket that is open.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) at: usize,
    pub(super) inside: Inside,
    /// `?` that wait for their `:`.
    pub(super) questions: u32,
    /// A `function` or `class` that waits for its `{`: whether it is a statement.
    pub(super) body: Option<bool>,
}

impl Level {
    pub(super) fn new(at: usize, inside: Inside) -> Self {
        Self { at, inside, questions: 0, body: None }
    }
}

impl Lexer<'_> {
    pub(super) fn inside(&self) -> Inside {
        self.levels.last().map_or(Inside::Template, |level| level.inside)
    }

    pub(super) fn push(&mut self, inside: Inside) {
        self.levels.push(Level::new(self.at, inside));
        self.prev = match inside {
            Inside::Block | Inside::Declared | Inside::Value => Prev::Start,
            _ => Prev::Operator,
        };
    }

    pub(super) fn open_round(&mut self) {
        self.push(match self.prev {
            Prev::Condition => Inside::Condition,
            Prev::For => Inside::Loop,
            _ => Inside::Group,
        });
        self.at += 1;
    }

    pub(super) fn open_square(&mut self) {
        self.push(Inside::List);
        self.at += 1;
    }

    pub(super) fn open_curly(&mut self) {
        let body =
            if self.prev.wants_operand() { None } else { self.level().and_then(|level| level.body.take()) };
        self.push(match (self.prev, body) {
            (_, Some(true)) => Inside::Declared,
            (_, Some(false)) => Inside::Value,
            (Prev::Start, None) => Inside::Block,
            (prev, None) if prev.wants_operand() => Inside::Object,
            (_, None) => Inside::Block,
        });
        self.at += 1;
    }

    pub(super) fn level(&mut self) -> Option<&mut Level> {
        self.levels.last_mut()
    }

    pub(super) fn close(&mut self, bracket: u8) -> Result<(), Wrong> {
        let wrong = |at, what| Err(Wrong { at, what });
        match self.levels.last() {
            Some(level) if level.inside.closing() == Some(bracket) => {}
            Some(level) if level.inside.closing().is_some() => {
                return wrong(self.at, What::Crossed(bracket, level.inside.opening(), level.at));
            }
            _ => return wrong(self.at, What::Unopened(bracket)),
        }
        self.at += 1;
        if let Some(level) = self.levels.pop() {
            self.prev = level.inside.after();
            if level.inside == Inside::Substitution {
                self.state = State::Backticks;
            }
        }
        Ok(())
    }

    pub(super) fn semicolon(&mut self) -> Result<(), Wrong> {
        if self.inside().takes_expression() {
            return Err(Wrong { at: self.at, what: What::Semicolon(self.inside().opening()) });
        }
        self.at += 1;
        self.begin_statement();
        Ok(())
    }

    /// A `;`: one of the template, or the one that lodash puts after each `<% %>`.
    pub(super) fn begin_statement(&mut self) {
        self.prev = if self.inside() == Inside::Loop { Prev::Operator } else { Prev::Start };
        if let Some(level) = self.level() {
            level.questions = 0;
            level.body = None;
        }
    }

    /// The end of a `<% %>`, after which text is added: what takes an expression cannot stay open.
    pub(super) fn end_evaluated(&mut self) -> Result<(), Wrong> {
        match self.levels.last() {
            Some(level) if level.inside == Inside::Printed => self.lost = true,
            Some(level) if level.inside.takes_expression() => {
                return Err(Wrong { at: level.at, what: What::Unclosed(level.inside.opening()) });
            }
            _ => {}
        }
        self.begin_statement();
        Ok(())
    }

    /// The end of a `<%= %>`.
    pub(super) fn end_printed(&mut self) -> Result<(), Wrong> {
        match self.levels.last() {
            Some(level) if level.inside == Inside::Printed => {
                self.levels.pop();
                self.prev = Prev::Operand;
            }
            Some(level) if level.at >= self.began => {
                return Err(Wrong { at: level.at, what: What::Unclosed(level.inside.opening()) });
            }
            _ => self.lost = true,
        }
        Ok(())
    }
}
