//! PDF: does it name its author, its program and its times? They are not taken out: they may stand anywhere in it, packed
//! and more than once, and a signature covers them.

use super::file::File;
use crate::why::Why;

/// What is looked through, in bytes.
const MOST: u64 = 256 * 1024 * 1024;
const STEP: usize = 32 * 1024;
/// The longest of the words looked for, with some room between them.
const LAP: usize = 32;

pub(super) fn says(file: &mut File<'_>) -> Result<bool, Why> {
    if file.len() > MOST {
        return Err(Why::TooLarge);
    }
    let head = file.read(0, usize::try_from(file.len()).unwrap_or(STEP).min(1024))?;
    if !head.windows(5).any(|five| five == b"%PDF-") {
        return Err(Why::Unreadable);
    }
    let mut at = 0;
    while at < file.len() {
        let left = usize::try_from(file.len() - at).unwrap_or(usize::MAX);
        let some = file.read(at, left.min(STEP + LAP))?;
        if (0..some.len()).any(|from| is_said(some.get(from..).unwrap_or_default())) {
            return Ok(true);
        }
        at += STEP as u64;
    }
    Ok(false)
}

/// `/Info 5 0 R`, or `/Subtype /XML`: these are never packed themselves.
fn is_said(here: &[u8]) -> bool {
    let after = |name: &[u8]| here.strip_prefix(name).map(<[u8]>::trim_ascii_start);
    after(b"/Info").is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit))
        || after(b"/Subtype").is_some_and(|rest| rest.starts_with(b"/XML"))
}
