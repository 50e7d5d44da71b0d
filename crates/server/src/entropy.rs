//! Random bytes of the operating system, fetched in blocks: one id per message must not cost a system call each.

use deskbell_wire::Timestamp;
use uuid::{Builder, Uuid};
use zeroize::Zeroize as _;

const BLOCK: usize = 1_024;

/// A supply of random bytes.
pub(crate) struct Entropy {
    block: [u8; BLOCK],
    used: usize,
}

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub(crate) struct NoEntropy;

impl Entropy {
    pub(crate) fn new() -> Self {
        Self { block: [0; BLOCK], used: BLOCK }
    }

    /// `N` bytes that were never given before.
    pub(crate) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], NoEntropy> {
        if self.used + N > BLOCK {
            getrandom::fill(&mut self.block).map_err(|_| NoEntropy)?;
            self.used = 0;
        }
        let given = self.block.get_mut(self.used..self.used + N).ok_or(NoEntropy)?;
        let mut bytes = [0; N];
        bytes.copy_from_slice(given);
        // Some of them are tokens.
        given.zeroize();
        self.used += N;
        Ok(bytes)
    }

    /// An id that carries its time (UUIDv7).
    pub(crate) fn timed_id(&mut self, now: Timestamp) -> Result<Uuid, NoEntropy> {
        let millis = u64::try_from(now.0).unwrap_or(0);
        Ok(Builder::from_unix_timestamp_millis(millis, &self.bytes()?).into_uuid())
    }

    /// An id that carries nothing (UUIDv4).
    pub(crate) fn id(&mut self) -> Result<Uuid, NoEntropy> {
        Ok(Builder::from_random_bytes(self.bytes()?).into_uuid())
    }
}
