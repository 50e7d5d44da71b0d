//! What looks into pictures and films for the sender: the shell gives it, for it must not happen in this process.

use std::io::{self, Read, Seek, Write};

/// A file's bytes, in a row or from any place: of a film only a little is looked at.
pub trait Bytes: Read + Seek {}

impl<T: Read + Seek> Bytes for T {}

/// Finds and takes out what a picture or a film says beside itself: place, time, camera.
pub trait Pictures: Send + Sync {
    /// Does it say anything? May take seconds.
    ///
    /// # Errors
    /// When the picture cannot be read, or whoever reads it failed; [`io::ErrorKind::Unsupported`]: nobody knows.
    fn has_details(&self, picture: &mut dyn Bytes, media: &str) -> io::Result<bool>;

    /// Writes the same picture without what it says. May take seconds.
    ///
    /// # Errors
    /// The same, and what `to` refuses.
    fn without_details(&self, picture: &mut dyn Bytes, media: &str, to: &mut dyn Write) -> io::Result<()>;
}
