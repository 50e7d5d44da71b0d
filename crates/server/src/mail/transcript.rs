//! A chat as a letter tells it.

use std::fmt;

use deskbell_wire::file::size_words;
use deskbell_wire::{FileCard, Timestamp};

use super::words::{Locale, phrase, words};

/// A chat to be sent. What is in it comes from strangers and may hold anything.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    /// What the site is called; may be empty.
    pub site: String,
    /// The visitor's language.
    pub locale: Locale,
    /// The visitor's name; may be empty.
    pub visitor: String,
    /// When the chat was opened.
    pub opened: Timestamp,
    /// When it was closed; `None` while it goes on.
    pub closed: Option<Timestamp>,
    /// Minutes that the visitor's clocks are ahead of UTC.
    pub zone_minutes: i32,
    /// Messages before those of `lines`; the letter says how many it lacks.
    pub before: usize,
    /// What was said, oldest first; of a long chat the newest [`LINES`](super::LINES) are enough. What only operators
    /// may see does not belong here.
    pub lines: Vec<Line>,
}

/// One message.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// Who wrote it.
    pub who: Who,
    /// What.
    pub text: String,
}

/// Who wrote a message.
#[derive(Clone, PartialEq, Eq)]
pub enum Who {
    /// The visitor who gets the letter.
    Visitor,
    /// An operator.
    Operator {
        /// As the visitor was told; may be empty.
        name: String,
    },
    /// The desk itself.
    System,
}

impl Locale {
    /// What a message says in a letter: its words, and below them its file by name and size. The file stays at the desk.
    pub fn message(self, text: String, file: Option<&FileCard>) -> String {
        let Some(file) = file else { return text };
        let size = size_words(file.size, self == Self::Ru);
        let named = phrase(&words(self).file, &[("name", &file.name), ("size", &size)]).text();
        if text.trim().is_empty() { named } else { format!("{text}\n{named}") }
    }
}

impl fmt::Debug for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transcript")
            .field("locale", &self.locale)
            .field("opened", &self.opened)
            .field("closed", &self.closed)
            .field("lines", &self.lines.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("at", &self.at).field("who", &self.who).finish_non_exhaustive()
    }
}

impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Visitor => "Visitor",
            Self::Operator { .. } => "Operator(…)",
            Self::System => "System",
        })
    }
}
