//! The files of the session that runs, whichever face it has.
//!
//! What must always hold: an operator's file goes to the visitor whose conversation his page shows, or names.

use std::io::Read;
use std::path::PathBuf;

#[cfg(target_os = "linux")]
use deskbell_api::dto::NewPiece;
use deskbell_api::dto::{FileView, Problem};
use deskbell_api::operator::OperatorApp;
use deskbell_api::visitor::VisitorApp;
use deskbell_wire::FileCard;

use crate::arguments::Face;
use crate::shell::Shell;

/// A session.
#[derive(Clone)]
pub(crate) enum Side {
    /// The visitor's.
    Visitor(VisitorApp),
    /// The operator's, and whose conversation is meant.
    Operator(OperatorApp, Option<String>),
}

/// The same verb on both.
macro_rules! of_both {
    ($($(#[$doc:meta])* $verb:ident = $of:ident($($word:ident: $kind:ty),*) -> $given:ty;)*) => {$(
        $(#[$doc])*
        pub(crate) fn $verb(&self, $($word: $kind),*) -> Result<$given, Problem> {
            match self {
                Self::Visitor(visitor) => visitor.$of($($word),*),
                Self::Operator(operator, _) => operator.$of($($word),*),
            }
        }
    )*};
}

impl Side {
    /// The session that runs, with the conversation that is in view.
    ///
    /// # Errors
    /// `starting`.
    pub(crate) fn now(shell: &Shell) -> Result<Self, Problem> {
        match shell.request().face {
            Face::Visitor => shell.visitor().map(Self::Visitor),
            Face::Operator => Ok(Self::Operator(shell.operator()?, shell.files().in_view())),
        }
    }

    /// Is there a conversation to put a file into?
    pub(crate) fn has_place(&self) -> bool {
        !matches!(self, Self::Operator(_, None))
    }

    /// Takes in what was dropped; its page is told what is wrong with it.
    pub(crate) fn drop_onto(&self, paths: Vec<PathBuf>) -> Result<(), Problem> {
        match self {
            Self::Visitor(visitor) => visitor.file_drop(paths),
            Self::Operator(operator, Some(to)) => operator.file_drop(to, paths),
            Self::Operator(_, None) => Ok(()),
        }
    }

    /// Takes in a picture that was pasted; its page is told what is wrong with it. Not for a window's own thread.
    #[cfg(target_os = "linux")]
    pub(crate) fn paste(&self, picture: &NewPiece, bytes: &[u8]) -> Result<(), Problem> {
        match self {
            Self::Visitor(visitor) => visitor.file_paste(picture, bytes),
            Self::Operator(operator, Some(to)) => operator.file_paste(to, picture, bytes),
            Self::Operator(_, None) => Ok(()),
        }
    }

    /// Its bytes, each checked when it is read, and what it is; of a file that was chosen, too, by its id.
    pub(crate) fn blob(&self, key: &str) -> Result<(FileCard, impl Read + use<>), Problem> {
        match self {
            Self::Visitor(visitor) => visitor.file_blob(key),
            Self::Operator(operator, _) => operator.file_blob(key),
        }
    }

    of_both! {
        /// A file of a line.
        view = file(key: &str) -> FileView;
        /// Brings its bytes here.
        fetch = file_fetch(key: &str) -> ();
        /// Stops bringing them, or takes a file back that the desk does not have yet.
        cancel = file_cancel(key: &str) -> ();
        /// The next bytes of a page's own file.
        piece = file_piece(id: &str, bytes: &[u8]) -> ();
        /// Its page is told whether files are held over the window.
        dragging = file_dragging(over: bool) -> ();
    }
}
