//! Back to where a part was: what came since then turned out to be damaged on the way.

use super::Part;
use crate::error::VaultError;
use crate::seal::RECORD;
use crate::shared::Running;

/// Where a part was, see [`Part::mark`]. Holds up to 64 KiB.
pub struct PartMark {
    running: Running,
    tail: Vec<u8>,
}

impl Part {
    /// Remembers how far the part is.
    pub fn mark(&self) -> PartMark {
        PartMark { running: self.running.clone(), tail: self.tail.clone() }
    }

    /// Goes back to a mark of this very part, which must not be longer than the part is.
    ///
    /// # Errors
    /// The disk's. The part is of no use then but to be dropped and resumed.
    pub fn rewind(&mut self, mark: PartMark) -> Result<(), VaultError> {
        self.guard(|part| {
            let records = mark.running.held / RECORD as u64;
            let place = part.shared.lengths.place(records);
            part.file()?.set_len(place)?;
            part.running = mark.running;
            part.tail = mark.tail;
            part.tail_on_disk = 0;
            Ok(())
        })
    }
}

impl std::fmt::Debug for PartMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PartMark({} bytes)", self.running.held)
    }
}

#[cfg(test)]
mod tests {
    use deskbell_wire::FileDigest;
    use ring::digest::{SHA256, digest};
    use uuid::Uuid;

    use crate::Vault;

    #[test]
    fn a_piece_that_is_taken_back_leaves_nothing() {
        let id = Uuid::from_u128(7);
        for kept in [0, 1, 65_535, 65_536, 65_537, 200_000] {
            for extra in [0, 1, 70_000, 300_000] {
                let vault = Vault::passing().unwrap();
                let bytes: Vec<u8> = (0..kept + 100_000).map(|n: u32| n.to_le_bytes()[0] ^ 0x5a).collect();
                let (first, second) = bytes.split_at(kept as usize);
                let mut part = vault.begin(id).unwrap();
                part.append(first).unwrap();
                let mark = part.mark();
                part.append(&vec![1; extra]).unwrap();
                part.rewind(mark).unwrap();
                assert_eq!(part.len(), u64::from(kept));
                // Also over a restart.
                drop(part);
                let mut part = vault.resume(id).unwrap().unwrap();
                assert_eq!(part.len(), u64::from(kept), "{kept} {extra}");
                part.append(second).unwrap();
                let expected = FileDigest(digest(&SHA256, &bytes).as_ref().try_into().unwrap());
                assert_eq!(part.finish(Some(&expected), bytes.len() as u64), Ok(expected));
            }
        }
    }
}
