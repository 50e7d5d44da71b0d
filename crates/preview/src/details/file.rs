//! A file that is read here and there, a little at a time: a film is as large as it likes, and its pictures are no
//! concern of ours.

use crate::why::Why;

/// The most that is brought at once, in bytes.
pub(crate) const PIECE: usize = 32 * 1024;
/// Small words lie near one another.
const WINDOW: usize = 4 * 1024;

/// Brings bytes: `(at, count)`, at most [`PIECE`] and within the file.
pub(crate) type Bring<'a> = dyn FnMut(u64, usize) -> Result<Vec<u8>, Why> + 'a;

/// Bytes under their places.
pub(crate) struct File<'a> {
    len: u64,
    bring: &'a mut Bring<'a>,
    /// What was brought last, and from where.
    window: (u64, Vec<u8>),
}

impl<'a> File<'a> {
    pub(crate) fn new(len: u64, bring: &'a mut Bring<'a>) -> Self {
        Self { len, bring, window: (0, Vec::new()) }
    }

    /// Bytes in all.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// So many bytes from there. Whoever asks sets a limit.
    pub(super) fn read(&mut self, at: u64, count: usize) -> Result<Vec<u8>, Why> {
        let end = at.checked_add(count as u64).filter(|end| *end <= self.len).ok_or(Why::Unreadable)?;
        let mut bytes = Vec::with_capacity(count);
        while let Some(left) = end.checked_sub(at + bytes.len() as u64).filter(|left| *left > 0) {
            let here = at + bytes.len() as u64;
            let wanted = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            bytes.extend_from_slice(self.some(here, wanted)?);
        }
        Ok(bytes)
    }

    /// The same as an array.
    pub(super) fn array<const N: usize>(&mut self, at: u64) -> Result<[u8; N], Why> {
        self.read(at, N)?.try_into().map_err(|_| Why::Unreadable)
    }

    /// At least one byte from there, at most so many.
    fn some(&mut self, at: u64, wanted: usize) -> Result<&[u8], Why> {
        let (from, brought) = &self.window;
        let has = at.checked_sub(*from).is_some_and(|skipped| skipped < brought.len() as u64);
        if !has {
            let left = usize::try_from(self.len - at).unwrap_or(PIECE);
            let count = wanted.max(WINDOW).min(left);
            let brought = (self.bring)(at, count)?;
            if brought.len() != count {
                return Err(Why::Unreadable);
            }
            self.window = (at, brought);
        }
        let (from, brought) = &self.window;
        let skipped = usize::try_from(at - from).map_err(|_| Why::Unreadable)?;
        let found = brought.get(skipped..).unwrap_or_default();
        Ok(found.get(..wanted).unwrap_or(found))
    }
}
