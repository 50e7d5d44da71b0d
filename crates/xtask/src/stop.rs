//! Why a command ends early: one sentence and an exit code.

use std::process::ExitCode;

/// What every command returns.
pub(crate) type Result<T> = std::result::Result<T, Stop>;

/// The end of a command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    /// 1: it did not work; 2: it was asked for wrongly; 130: a person ended it.
    pub(crate) code: u8,
    /// One or more sentences; empty where everything has been said.
    pub(crate) words: String,
}

impl Stop {
    /// It did not work.
    pub(crate) fn because(words: impl Into<String>) -> Self {
        Self { code: 1, words: words.into() }
    }

    /// It was asked for wrongly.
    pub(crate) fn usage(words: impl Into<String>) -> Self {
        Self { code: 2, words: format!("{}\n\n{}", words.into(), crate::USAGE) }
    }

    /// Ctrl-C.
    pub(crate) fn interrupted() -> Self {
        Self { code: 130, words: String::new() }
    }

    /// Everything has been said already.
    pub(crate) fn silent() -> Self {
        Self { code: 1, words: String::new() }
    }

    /// Says it on the terminal.
    pub(crate) fn tell(self) -> ExitCode {
        if !self.words.is_empty() {
            eprintln!("{}", self.words);
        }
        ExitCode::from(self.code)
    }
}
