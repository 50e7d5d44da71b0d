//! Files beside an export: which there are, and where they are put.
//!
//! What must always hold: where bytes go is whoever's who asked for the export; here it is only said which are wanted, one
//! after the other, in the order of the lines.

use super::shelf::Shelf;
use super::{ExportError, line::Named};
use crate::dto::{FileSum, FilesHeld, Problem};
use crate::operator::OperatorApp;
use crate::visitor::VisitorApp;

/// A folder beside the export.
pub trait Beside {
    /// Puts a file's bytes there, whose key is that of a [`crate::dto::FileView`].
    ///
    /// # Errors
    /// Where the whole export cannot go on.
    fn put(&mut self, key: &str) -> Result<Put, ExportError>;
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// Its bytes cannot be had.
    Absent,
    /// They are written.
    There {
        /// Where, seen from the export, with `/` between folder and name.
        path: String,
        /// What a page may do with it.
        usable: Use,
    },
}

/// What a page may do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Name it. A click must not open it.
    Name,
    /// Lead to it.
    Link,
    /// Show it as a picture, and lead to it.
    Picture,
}

/// Puts a line's file there.
pub(super) fn put(file: Option<&mut Named>, beside: &mut dyn Beside) -> Result<(), ExportError> {
    if let Some(file) = file {
        file.put(beside.put(&file.key)?);
    }
    Ok(())
}

impl VisitorApp {
    /// The files of the conversation; whether the desk is reached is not known here.
    ///
    /// # Errors
    /// Where the history cannot be read.
    pub fn export_files(&self) -> Result<FilesHeld, Problem> {
        held(self)
    }
}

impl OperatorApp {
    /// The files of the conversations that this device holds, as [`VisitorApp::export_files`].
    ///
    /// # Errors
    /// The same.
    pub fn export_files(&self) -> Result<FilesHeld, Problem> {
        held(self)
    }
}

fn held(shelf: &dyn Shelf) -> Result<FilesHeld, Problem> {
    let mut all = FilesHeld::default();
    for conversation in shelf.held()? {
        let mut below = None;
        loop {
            let (files, next) = shelf.files(&conversation.stream, below)?;
            for (size, here) in files {
                count(if here { &mut all.here } else { &mut all.away }, size);
            }
            if next.is_none() {
                break;
            }
            below = next;
        }
        // Of what was not sent yet the bytes are here.
        let waiting = shelf.waiting(&conversation.stream)?;
        waiting.iter().filter_map(|line| line.file.as_ref()).for_each(|file| count(&mut all.here, file.size));
    }
    Ok(all)
}

fn count(sum: &mut FileSum, size: u64) {
    sum.count += 1;
    sum.bytes = sum.bytes.saturating_add(size);
}
