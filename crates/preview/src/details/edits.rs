//! What is to be overwritten in a file, so that nothing else in it moves.
//!
//! What must always hold: edits lie within the file, in order, and none touches another; so whoever makes them can do it
//! in one pass, and the file stays as long as it was.

use super::file::{File, PIECE};
use crate::why::Why;

/// More than any honest file needs.
const MOST: usize = 100_000;
/// The longest words of ours.
const WORDS: usize = 16 * 1024;

/// A stretch of the file that becomes `words`, and from there on only `fill`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) at: u64,
    pub(crate) len: u64,
    pub(crate) words: Vec<u8>,
    pub(crate) fill: u8,
}

impl Edit {
    pub(crate) fn end(&self) -> u64 {
        self.at.saturating_add(self.len)
    }

    /// What stands in it from a place on, for at most so many bytes.
    pub(crate) fn bytes(&self, from: u64, count: usize) -> Vec<u8> {
        let left = usize::try_from(self.len.saturating_sub(from)).unwrap_or(usize::MAX);
        let words = usize::try_from(from).ok().and_then(|from| self.words.get(from..)).unwrap_or_default();
        let mut bytes = words.get(..count.min(left)).unwrap_or(words).to_vec();
        bytes.resize(count.min(left), self.fill);
        bytes
    }

    fn is_blank(&self) -> bool {
        self.words.is_empty() && self.fill == 0
    }

    /// Takes the next one in, where both say nothing and touch.
    fn joins(&mut self, next: &Self) -> bool {
        let joins = self.is_blank() && next.is_blank() && next.at <= self.end();
        if joins {
            self.len = self.end().max(next.end()) - self.at;
        }
        joins
    }
}

/// Edits as they are found, in no order.
#[derive(Default)]
pub(crate) struct Edits(Vec<Edit>);

impl Edits {
    /// Zeros.
    pub(super) fn blank(&mut self, at: u64, len: u64) -> Result<(), Why> {
        self.add(Edit { at, len, words: Vec::new(), fill: 0 })
    }

    /// Words in place of as many bytes.
    pub(super) fn put(&mut self, at: u64, words: &[u8]) -> Result<(), Why> {
        self.add(Edit { at, len: words.len() as u64, words: words.to_vec(), fill: 0 })
    }

    pub(super) fn add(&mut self, edit: Edit) -> Result<(), Why> {
        if edit.len == 0 {
            return Ok(());
        }
        if self.0.len() == MOST {
            return Err(Why::TooLarge);
        }
        self.0.push(edit);
        Ok(())
    }

    /// In order, for a file of that length.
    pub(super) fn settled(mut self, len: u64) -> Result<Settled, Why> {
        self.0.sort_by_key(|edit| edit.at);
        let mut settled: Vec<Edit> = Vec::with_capacity(self.0.len());
        for edit in self.0 {
            if !settled.last_mut().is_some_and(|last| last.joins(&edit)) {
                settled.push(edit);
            }
        }
        Settled::new(settled, len).ok_or(Why::Unreadable)
    }
}

/// Edits for which holds what must hold.
pub(crate) struct Settled(Vec<Edit>);

impl Settled {
    /// `None`: it does not hold.
    pub(crate) fn new(edits: Vec<Edit>, len: u64) -> Option<Self> {
        let starts = edits.iter().skip(1).map(|edit| edit.at).chain([len]);
        let holds = |(edit, next): (&Edit, u64)| {
            let fits = edit.words.len() as u64 <= edit.len && edit.words.len() <= WORDS;
            fits && edit.len > 0 && edit.at.checked_add(edit.len).is_some_and(|end| end <= next)
        };
        (edits.len() <= MOST && edits.iter().zip(starts).all(holds)).then_some(Self(edits))
    }

    pub(crate) fn edits(&self) -> &[Edit] {
        &self.0
    }

    /// Does any of them touch these bytes?
    pub(super) fn touches(&self, at: u64, len: u64) -> bool {
        let end = at.saturating_add(len.max(1));
        let before = self.0.partition_point(|edit| edit.at < end);
        before.checked_sub(1).and_then(|last| self.0.get(last)).is_some_and(|edit| edit.end() > at)
    }

    /// Does anything stand there that would not stand there afterwards?
    pub(super) fn change(&self, file: &mut File<'_>) -> Result<bool, Why> {
        for edit in &self.0 {
            let mut from = 0;
            while from < edit.len {
                let wanted = edit.bytes(from, PIECE);
                if file.read(edit.at + from, wanted.len())? != wanted {
                    return Ok(true);
                }
                from += wanted.len() as u64;
            }
        }
        Ok(false)
    }
}
