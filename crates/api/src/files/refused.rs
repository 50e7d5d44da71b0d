//! Why a file is not taken in, and what the person is told of it.
//!
//! What must always hold: a limit is named in its sentence, in the units that the person's other programs use.

use deskbell_vault::VaultError;
use deskbell_wire::FileRefusal;
use deskbell_wire::file::size_words;

use crate::dto::{Locale, Problem};
use crate::problem::problem;

/// Files that may be chosen at once in one conversation.
pub(crate) const AT_ONCE: usize = 10;

/// Why a file is not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Empty,
    Folder,
    /// The limit, in bytes.
    TooLarge(u64),
    Type,
    TypeLies,
    Off,
    /// It is another now than when it was begun.
    Changed,
    /// It is not there any more.
    Gone,
    /// The system does not let it be read, or it is no file.
    Unreadable,
    /// No space on this computer.
    NoSpace,
    /// This computer's disk refuses.
    Disk,
    /// Too many at once.
    Limit,
    /// It is still being read.
    Reading,
    /// What the picture says of its maker cannot be taken out.
    Details,
    /// No such file is chosen.
    Unknown,
}

impl Refused {
    /// By what is known before a byte is sent.
    pub(crate) fn by_rules(refusal: FileRefusal, max_bytes: u64) -> Self {
        match refusal {
            FileRefusal::Empty => Self::Empty,
            FileRefusal::TooLarge => Self::TooLarge(max_bytes),
            FileRefusal::Off => Self::Off,
            FileRefusal::TypeLies => Self::TypeLies,
            _ => Self::Type,
        }
    }

    /// In words.
    pub(crate) fn problem(self, locale: Locale) -> Problem {
        let mut problem = problem(self.code(), locale);
        let words = match self {
            Self::TooLarge(bytes) => size_words(bytes, locale == Locale::Ru),
            Self::Limit => AT_ONCE.to_string(),
            _ => return problem,
        };
        problem.message = problem.message.replace("{limit}", &words);
        problem
    }

    fn code(self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::Folder => "file_folder",
            Self::TooLarge(_) => "file_too_large",
            Self::Type => "file_type",
            Self::TypeLies => "file_type_lies",
            Self::Off => "file_off",
            Self::Changed => "file_changed",
            Self::Gone => "file_gone",
            Self::Unreadable => "file_unreadable",
            Self::NoSpace => "file_no_space",
            Self::Disk => "store_io",
            Self::Limit => "file_limit",
            Self::Reading => "file_reading",
            Self::Details => "file_details",
            Self::Unknown => "invalid",
        }
    }
}

impl From<VaultError> for Refused {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Full => Self::NoSpace,
            other => {
                tracing::warn!(%other, "the vault refuses");
                Self::Disk
            }
        }
    }
}
