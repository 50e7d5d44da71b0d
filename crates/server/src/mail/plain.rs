//! The text part of a letter.
//!
//! What must always hold: what somebody wrote is indented, every line of it, so that no message can look like the
//! head of another one (threats 35).

use std::fmt::Write as _;

use super::clean::is_right_to_left;
use super::page::{Page, Said};
use super::words::{Phrase, Piece};

/// The part, lines ended by `\n`.
pub(super) fn write(page: &Page) -> String {
    let mut text = plain(&page.title) + "\n\n";
    for phrase in page.lead.iter().chain(&page.notes) {
        text += &plain(phrase);
        text.push('\n');
    }
    for day in &page.days {
        // Writing into a String cannot fail.
        let _ = write!(text, "\n== {} ==\n", day.date);
        for said in &day.said {
            message(&mut text, said);
        }
    }
    text += "\n--\n";
    for phrase in &page.foot {
        text += &plain(phrase);
        text.push('\n');
    }
    text
}

fn message(text: &mut String, said: &Said) {
    let _ = write!(text, "\n[{}] {}\n", said.time, plain(&said.who));
    for line in said.text.split('\n') {
        let _ = if line.is_empty() { writeln!(text) } else { writeln!(text, "  {line}") };
    }
}

/// A sentence; what would turn the words around it stands between marks that keep it apart.
fn plain(phrase: &Phrase) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Theirs(text) if is_right_to_left(text) => format!("\u{2068}{text}\u{2069}"),
        Piece::Theirs(text) | Piece::Ours(text) => text.clone(),
    };
    phrase.0.iter().map(piece).collect()
}
