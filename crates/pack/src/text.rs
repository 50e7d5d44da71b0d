//! Places in texts, and other people's words in our sentences.
//!
//! What must always hold: a sentence stays short and on one line, and no terminal obeys it, whatever a file is called
//! or says.

use crate::flaw::Place;

/// The largest file that is read for what it says about the pack, in bytes: `pack.json`, `settings.json`,
/// `index.html`. What is read of them takes many times their size in memory.
pub(crate) const SAYING_BYTES: u64 = 1024 * 1024;

/// How much of somebody's own words a sentence has room for, in characters.
const WORDS: usize = 120;

/// Line and column of a byte of a text.
pub(crate) fn place_of(text: &str, offset: usize) -> Place {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    let chars = before.iter().skip(line_start).filter(|byte| !is_continuation(**byte)).count();
    Place { line: number(lines + 1), column: number(chars + 1) }
}

/// Somebody's words in a sentence of ours: in quotes, on one line, and not too many.
pub(crate) fn quoted(words: &str) -> String {
    format!("`{}`", shortened(words))
}

/// Not too many of somebody's words, on one line.
pub(crate) fn shortened(words: &str) -> String {
    let shown = words.chars().map(|c| if steers(c) { '\u{fffd}' } else { c });
    let mut short: String = shown.take(WORDS).collect();
    if words.chars().nth(WORDS).is_some() {
        short.push('…');
    }
    short
}

/// Whether a character is not shown but does something to a line: ends it, turns it around, or moves a terminal.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether it goes on with a character that began before.
pub(crate) fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// A count in a place.
pub(crate) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
