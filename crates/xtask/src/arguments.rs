//! A command's words, taken one by one; what is left at the end is a mistake and is told.

use crate::stop::{Result, Stop};

/// What stands behind `cargo xtask`.
pub(crate) struct Arguments {
    rest: Vec<String>,
}

impl Arguments {
    /// As this process was started.
    pub(crate) fn of_this_process() -> Self {
        Self { rest: std::env::args().skip(1).collect() }
    }

    /// The command's name.
    pub(crate) fn command(&mut self) -> Option<String> {
        (!self.rest.is_empty()).then(|| self.rest.remove(0))
    }

    /// Is this flag there?
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.rest.len();
        self.rest.retain(|word| word != name);
        self.rest.len() != before
    }

    /// The word behind this flag, if the flag is there.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>> {
        let Some(at) = self.rest.iter().position(|word| word == name) else { return Ok(None) };
        let mut taken = self.rest.drain(at..(at + 2).min(self.rest.len()));
        match taken.nth(1) {
            Some(value) => Ok(Some(value)),
            None => Err(Stop::usage(format!("`{name}` needs a word behind it."))),
        }
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<()> {
        match self.rest.first() {
            None => Ok(()),
            Some(word) => Err(Stop::usage(format!("`{word}` means nothing here."))),
        }
    }

    /// Everything that is left, for another program.
    pub(crate) fn remaining(self) -> Vec<String> {
        self.rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(words: &[&str]) -> Arguments {
        Arguments { rest: words.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn a_flag_is_taken_once_and_nothing_is_left() {
        let mut arguments = arguments(&["test", "--quick"]);
        assert_eq!(arguments.command().as_deref(), Some("test"));
        assert!(arguments.flag("--quick"));
        assert!(!arguments.flag("--quick"));
        assert_eq!(arguments.finish(), Ok(()));
    }

    #[test]
    fn a_flag_may_take_the_word_behind_it() {
        let mut arguments = arguments(&["--disable", "startChat", "--quick"]);
        assert_eq!(arguments.value("--disable"), Ok(Some("startChat".to_owned())));
        assert_eq!(arguments.value("--disable"), Ok(None));
        assert_eq!(arguments.value("--quick").unwrap_err().code, 2);
    }

    #[test]
    fn an_unknown_word_is_a_usage_error() {
        let stop = arguments(&["--fersh"]).finish().unwrap_err();
        assert_eq!(stop.code, 2);
        assert!(stop.words.starts_with("`--fersh` means nothing here."));
        assert!(stop.words.contains("cargo xtask COMMAND"));
    }
}
