//! What is said of a picture's items: moments, titles and words, emptied where they are, for they are known by their
//! number; and the name of the program in a handler.

use super::super::edits::Edits;
use super::boxes::{Inner, inner};
use crate::why::Why;

/// The container's own version, or none.
pub(super) fn edits(iprp: &Inner<'_>, edits: &mut Edits) -> Result<(), Why> {
    for container in inner(iprp.body, iprp.at)?.iter().filter(|found| &found.name == b"ipco") {
        for property in inner(container.body, container.at)? {
            match &property.name {
                // Made and changed, titles and words; all behind a version.
                b"crtt" | b"mdft" | b"udes" | b"altt" => property.blank(4, edits)?,
                b"uuid" => property.blank(16, edits)?,
                b"free" | b"skip" => property.blank(0, edits)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// A handler says what it handles; its name is that of a camera or a program.
pub(super) fn nameless(handler: &Inner<'_>, edits: &mut Edits) -> Result<(), Why> {
    handler.blank(24, edits)
}
