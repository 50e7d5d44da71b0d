//! TIFF: tables of entries, of which those are kept that a picture is shown by. A table stays where it is and gets
//! shorter; of the file, all that no kept entry leads to becomes zeros.
//!
//! What must always hold: a kept entry, and what it leads to, stays byte for byte; where a file does not say how far
//! that reaches, it is not touched at all.

mod kept;
mod table;

use super::edits::{Edit, Edits, Settled};
use super::file::File;
use crate::why::Why;
use kept::Kept;
use table::{Order, Table};

/// Pictures in one file, small ones of them included.
const TABLES: usize = 4_000;

/// What is to be overwritten.
pub(super) fn edits(file: &mut File<'_>) -> Result<Settled, Why> {
    let order = order(file)?;
    let mut kept = Kept::default();
    kept.keep(0, 8)?;
    let (mut found, mut edits) = (Vec::new(), Edits::default());
    let mut waiting = vec![u64::from(order.u32(file.array(4)?))];
    while let Some(at) = waiting.pop() {
        if found.contains(&at) || found.len() == TABLES {
            return Err(Why::Unreadable);
        }
        found.push(at);
        let table = Table::read(file, order, at)?;
        waiting.extend(table.next());
        waiting.extend(table.others(file)?);
        table.keep(file, &mut kept)?;
        edits.add(Edit { at, len: table.len(), words: table.words(), fill: 0 })?;
    }
    for (at, len) in kept.gaps(file.len())? {
        edits.blank(at, len)?;
    }
    edits.settled(file.len())
}

fn order(file: &mut File<'_>) -> Result<Order, Why> {
    let [mark @ .., a, b, c, d] = file.array::<12>(0)?;
    let order = match &mark {
        [b'I', b'I', b'*', 0, ..] => Order::Little,
        [b'M', b'M', 0, b'*', ..] => Order::Big,
        // With places of eight bytes.
        [b'I', b'I', b'+', 0, ..] | [b'M', b'M', 0, b'+', ..] => return Err(Why::Unsupported),
        _ => return Err(Why::Unreadable),
    };
    // A camera's own, which cannot be developed without what the camera wrote.
    if [a, b] == *b"CR" || [a, b, c, d] == *b"IIII" {
        return Err(Why::Unsupported);
    }
    Ok(order)
}
