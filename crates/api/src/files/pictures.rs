//! What looks into pictures for the sender: the shell gives it, for it must not happen in this process.

use std::io::{self, Read, Write};

/// Finds and takes out what a picture says beside itself: place, time, camera.
pub trait Pictures: Send + Sync {
    /// Does it say anything? May take seconds.
    ///
    /// # Errors
    /// When the picture cannot be read, or whoever reads it failed.
    fn has_details(&self, picture: &mut dyn Read, media: &str) -> io::Result<bool>;

    /// Writes the same picture without what it says. May take seconds.
    ///
    /// # Errors
    /// The same, and what `to` refuses.
    fn without_details(&self, picture: &mut dyn Read, media: &str, to: &mut dyn Write) -> io::Result<()>;
}
