//! What the lexer remembers from one token to the next.

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
    /// `break`, `continue`, `debugger`: a statement begins on the next line.
    Jump,
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

/// How the script goes on after a `<% %>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// `;`
    Semicolon,
    /// White space will do.
    Space,
    /// `;` will do before something that is printed; otherwise it must be a new line.
    Either,
    /// A new line.
    Line,
    /// `;` and a new line, as lodash has it.
    Both,
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
