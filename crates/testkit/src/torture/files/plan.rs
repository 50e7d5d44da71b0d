//! What is sent: follows from the seed alone, so that whoever reads a file knows what it must be.

use std::io::{self, Read};

use crate::dice::Dice;

/// The largest file that a site takes by itself.
const LARGEST: u64 = 25 * 1024 * 1024;
/// One file in so many says that it is a picture and is none: it must be refused before it is sent.
const LIES_EVERY: u64 = 20;
/// Bytes that are compared at a time.
const PIECE: usize = 64 * 1024;

/// Who sends a file to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// From the visitor to the operator.
    Up,
    /// From the operator to the visitor.
    Down,
}

/// A file that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Transfer {
    pub(super) n: usize,
    pub(super) way: Way,
    /// In whose conversation.
    pub(super) visitor: usize,
    pub(super) size: u64,
    /// Its type is not what its name says.
    pub(super) lies: bool,
    content: u64,
}

/// How a file was when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sameness {
    /// Every byte.
    Same,
    /// Another byte, or another length.
    Different,
}

/// All files of a seed.
pub(super) fn transfers(seed: u64, count: usize, visitors: usize) -> Vec<Transfer> {
    let mut dice = Dice::new(seed);
    let mut all: Vec<Transfer> = Vec::with_capacity(count);
    for n in 0..count {
        let way = if dice.chance(650) { Way::Up } else { Way::Down };
        let visitor = dice.index(visitors);
        let (mut size, mut content) = (size(&mut dice), dice.number());
        // The same bytes twice are one file on the desk's disk and two for people.
        if let Some(before) = all.last().filter(|before| dice.chance(80) && !before.lies) {
            (size, content) = (before.size, before.content);
        }
        // Behind a random first byte nothing is positively a picture; a short one proves nothing.
        let lies = n as u64 % LIES_EVERY == LIES_EVERY - 1;
        let size = if lies { size.max(64) } else { size };
        all.push(Transfer { n, way, visitor, size, lies, content });
    }
    all
}

/// 1 byte to 25 MiB; as many between 1 and 2 KiB as between 10 and 20 MiB.
fn size(dice: &mut Dice) -> u64 {
    let share = dice.roll(1_000_001) as f64 / 1_000_000.0;
    (((LARGEST as f64).ln() * share).exp() as u64).clamp(1, LARGEST)
}

impl Transfer {
    /// Its name, which nobody else's file has.
    pub(super) fn name(&self) -> String {
        format!("t{}.{}", self.n, if self.lies { "png" } else { "dat" })
    }

    /// The number in a name.
    pub(super) fn number(name: &str) -> Option<usize> {
        name.strip_prefix('t')?.split('.').next()?.parse().ok()
    }

    /// Its words.
    pub(super) fn caption(&self) -> String {
        format!("file {}", self.n)
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> Bytes {
        Bytes { dice: Dice::new(self.content), left: self.size }
    }

    /// Reads to the end. `flip`: expects another byte than was sent, to see the check fail.
    pub(super) fn compare(&self, mut found: impl Read, flip: bool) -> io::Result<Sameness> {
        let (mut wanted, mut chunk, mut seen) = (self.bytes(), vec![0; PIECE], vec![0; PIECE]);
        let mut is_first = true;
        loop {
            let count = fill(&mut wanted, &mut chunk)?;
            if flip && is_first && count > 0 {
                chunk[0] ^= 1;
            }
            is_first = false;
            // One byte more than is wanted is too many.
            let read = fill(&mut found, &mut seen)?;
            if read != count || chunk[..count] != seen[..read] {
                return Ok(Sameness::Different);
            }
            if count < PIECE {
                return Ok(Sameness::Same);
            }
        }
    }
}

/// As many as there are, at most as many as fit.
fn fill(from: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match from.read(&mut into[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// Bytes that nothing makes smaller and nothing guesses.
pub(super) struct Bytes {
    dice: Dice,
    left: u64,
}

impl Read for Bytes {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = usize::try_from(self.left).map_or(into.len(), |left| left.min(into.len()));
        // Whole numbers, so that it does not matter in what pieces it is read.
        let count = if count as u64 == self.left { count } else { count - count % 8 };
        for eight in into[..count].chunks_mut(8) {
            let number = self.dice.number().to_le_bytes();
            eight.copy_from_slice(&number[..eight.len()]);
        }
        self.left -= count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_the_same_files_each_time_of_every_size_and_both_ways() {
        let all = transfers(3, 500, 2);
        assert_eq!(all, transfers(3, 500, 2));
        assert!(all.iter().all(|transfer| (1..=LARGEST).contains(&transfer.size)));
        let between = |least: u64, most: u64| {
            all.iter().filter(|transfer| (least..most).contains(&transfer.size)).count()
        };
        assert!(between(1, 64) > 50 && between(1 << 20, LARGEST + 1) > 50);
        assert!(all.iter().filter(|transfer| transfer.way == Way::Down).count() > 100);
        assert!(all.windows(2).any(|two| two[0].content == two[1].content && two[0].size == two[1].size));
        assert_eq!(all.iter().filter_map(|transfer| Transfer::number(&transfer.name())).max(), Some(499));
    }

    #[test]
    fn one_byte_that_is_another_is_seen() {
        for transfer in transfers(4, 30, 2).iter().filter(|transfer| transfer.size < 300_000) {
            let mut bytes = Vec::new();
            transfer.bytes().read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes.len() as u64, transfer.size);
            assert_eq!(transfer.compare(bytes.as_slice(), false).unwrap(), Sameness::Same);
            assert_eq!(transfer.compare(bytes.as_slice(), true).unwrap(), Sameness::Different);
            let different = |bytes: &[u8]| transfer.compare(bytes, false).unwrap() == Sameness::Different;
            assert!(different(&bytes[1..]) && different(&[bytes.as_slice(), b"x"].concat()));
            *bytes.last_mut().unwrap() ^= 1;
            assert!(different(&bytes));
        }
    }
}
