//! The stretches of a file that stay, and what is between them.

use crate::why::Why;

/// More strips and tiles than that have no place in memory.
const MOST: usize = 1_000_000;

/// In no order; a picture's tables are told apart from what they lead to.
#[derive(Default)]
pub(super) struct Kept {
    stretches: Vec<(u64, u64)>,
    tables: Vec<(u64, u64)>,
}

impl Kept {
    /// So many bytes from there.
    pub(super) fn keep(&mut self, at: u64, len: u64) -> Result<(), Why> {
        if self.stretches.len() == MOST {
            return Err(Why::TooLarge);
        }
        let end = at.checked_add(len).ok_or(Why::Unreadable)?;
        match self.stretches.last_mut() {
            // Strips follow one another.
            Some(last) if last.1 == at => last.1 = end,
            _ => self.stretches.push((at, end)),
        }
        Ok(())
    }

    /// A table may be written anew: it is nothing else at the same time.
    pub(super) fn keep_table(&mut self, at: u64, len: u64) -> Result<(), Why> {
        self.tables.push((at, at.checked_add(len).ok_or(Why::Unreadable)?));
        Ok(())
    }

    /// All else, in order: where, and how many bytes.
    pub(super) fn gaps(self, len: u64) -> Result<Vec<(u64, u64)>, Why> {
        let stretches = self.stretches.into_iter().map(|(at, end)| (at, end, false));
        let tables = self.tables.into_iter().map(|(at, end)| (at, end, true));
        let mut all: Vec<_> = stretches.chain(tables).collect();
        all.sort_unstable();
        let (mut gaps, mut reached, mut table_reached) = (Vec::new(), 0, 0);
        for (at, end, is_table) in all {
            if end > len || at < table_reached || is_table && at < reached {
                return Err(Why::Unreadable);
            }
            if at > reached {
                gaps.push((reached, at - reached));
            }
            reached = reached.max(end);
            table_reached = if is_table { end } else { table_reached };
        }
        gaps.push((reached, len - reached));
        Ok(gaps)
    }
}
