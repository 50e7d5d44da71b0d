//! A copy of a file with some of it overwritten, in one pass and a little at a time.

use std::io::{self, SeekFrom, Write};

use crate::details::edits::{Edit, Settled};
use crate::feed::Source;
use crate::why::Why;

const PIECE: usize = 64 * 1024;

/// As long as the file is, and byte for byte the same where no edit is.
pub(crate) fn copy(file: &mut dyn Source, edits: &Settled, to: &mut dyn Write) -> Result<(), Why> {
    let bytes = |error: io::Error| Why::Bytes(error.kind());
    file.seek(SeekFrom::Start(0)).map_err(bytes)?;
    let mut edits = edits.edits();
    let mut piece = vec![0; PIECE];
    let mut at = 0;
    loop {
        let read = file.read(&mut piece).map_err(bytes)?;
        let Some(here) = piece.get_mut(..read).filter(|here| !here.is_empty()) else { return Ok(()) };
        edits = overwrite(here, at, edits);
        to.write_all(here).map_err(bytes)?;
        at += read as u64;
    }
}

/// The bytes that stand there in the file; gives back the edits that reach further.
fn overwrite<'a>(bytes: &mut [u8], at: u64, mut edits: &'a [Edit]) -> &'a [Edit] {
    let end = at + bytes.len() as u64;
    while let Some((edit, later)) = edits.split_first().filter(|(edit, _)| edit.at < end) {
        let from = edit.at.max(at);
        let begin = usize::try_from(from - at).unwrap_or(usize::MAX);
        let room = bytes.get_mut(begin..).unwrap_or_default();
        let words = edit.bytes(from - edit.at, room.len());
        room.iter_mut().zip(&words).for_each(|(byte, word)| *byte = *word);
        if edit.end() > end {
            break;
        }
        edits = later;
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_may_reach_over_pieces_of_a_copy() {
        let words: Vec<u8> = (1..=200).collect();
        let file = vec![0xff; 4 * PIECE];
        let at = PIECE as u64 - 50;
        let edit = Edit { at, len: 2 * PIECE as u64, words: words.clone(), fill: b' ' };
        let last = Edit { at: file.len() as u64 - 1, len: 1, words: Vec::new(), fill: 0 };
        let edits = Settled::new(vec![edit, last], file.len() as u64).unwrap();
        let mut copied = Vec::new();
        copy(&mut io::Cursor::new(&file), &edits, &mut copied).unwrap();
        let spaces = vec![b' '; 2 * PIECE - 200];
        let expected = [&file[..PIECE - 50], &words, &spaces, &file[..PIECE + 49], &[0]].concat();
        assert!(copied == expected);
    }
}
