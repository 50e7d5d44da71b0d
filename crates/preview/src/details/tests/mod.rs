//! Files made here in code, told what they must not say, and damaged in every way.

mod boxes;
mod films;
mod hostile;
mod items;
mod tiffs;

use super::edits::Settled;
use super::file::File;
use super::{are_in, edits};
use crate::overwrite::copy;
use crate::why::Why;

/// What must not be in a file that was sent.
pub(super) const PLACE: &[u8] = b"59.9343N 30.3351E at home on Sunday evening";
/// More bytes than a file has are brought for its tables, which are read again: so many times at most.
const TIMES: usize = 20;

fn looked<T>(bytes: &[u8], look: impl FnOnce(&mut File<'_>) -> T) -> T {
    let mut brought = 0;
    let mut bring = |at: u64, count: usize| {
        let at = usize::try_from(at).unwrap();
        brought += count;
        Ok(bytes[at..at + count].to_vec())
    };
    let told = look(&mut File::new(bytes.len() as u64, &mut bring));
    assert!(brought <= 100_000 + TIMES * bytes.len(), "{brought} bytes are brought of {}", bytes.len());
    told
}

pub(super) fn found(media: &str, bytes: &[u8]) -> Result<Settled, Why> {
    looked(bytes, |file| edits(media, file))
}

pub(super) fn has(media: &str, bytes: &[u8]) -> Result<bool, Why> {
    looked(bytes, |file| are_in(media, file))
}

pub(super) fn without(media: &str, bytes: &[u8]) -> Result<Vec<u8>, Why> {
    let mut quiet = Vec::new();
    copy(&mut std::io::Cursor::new(bytes), &found(media, bytes)?, &mut quiet)?;
    Ok(quiet)
}

/// Any word of it.
pub(super) fn says(bytes: &[u8]) -> bool {
    let words = PLACE.split(|byte| *byte == b' ').filter(|word| word.len() > 5);
    words.into_iter().any(|word| bytes.windows(word.len()).any(|some| some == word))
}

/// Dots of a picture, waves of a sound: no two of them the same.
pub(super) fn dots(seed: u8, count: usize) -> Vec<u8> {
    let mut state = u32::from(seed) * 2_654_435 + 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    std::iter::once(seed).chain(std::iter::repeat_with(&mut next)).take(count).collect()
}

pub(super) fn place_of(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|some| some == part)
}

/// Takes everything out, and no more than that.
#[track_caller]
pub(super) fn becomes_quiet(media: &str, loud: &[u8], shown: &[Vec<u8>]) -> Vec<u8> {
    assert!(says(loud), "{media}");
    assert_eq!(has(media, loud), Ok(true), "{media}");
    let quiet = without(media, loud).unwrap();
    assert_eq!(quiet.len(), loud.len(), "{media}: nothing moves");
    assert!(!says(&quiet), "{media}: {}", String::from_utf8_lossy(&quiet));
    for part in shown {
        let place = place_of(loud, part);
        assert!(place.is_some() && place_of(&quiet, part) == place, "{media}: what is shown stays");
    }
    let found = found(media, loud).unwrap();
    let is_edited = |at: usize| found.edits().iter().any(|edit| (edit.at..edit.end()).contains(&(at as u64)));
    let changed = (0..loud.len()).filter(|at| loud[*at] != quiet[*at]);
    assert!(changed.into_iter().all(is_edited), "{media}");
    assert_eq!(has(media, &quiet), Ok(false), "{media}: once is enough");
    assert_eq!(without(media, &quiet).unwrap(), quiet, "{media}");
    quiet
}
