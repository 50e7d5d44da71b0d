//! When something that failed is tried again.

use crate::jitter::Jitter;

/// Tries that failed in a row, and when the next one may begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Patience {
    tries: u32,
    until: u64,
}

impl Patience {
    /// One more try failed.
    pub(crate) fn lose(&mut self, mono: u64, jitter: &mut Jitter) {
        self.until = mono.saturating_add(jitter.pause(self.tries));
        self.tries = self.tries.saturating_add(1);
    }

    /// It went on.
    pub(crate) fn went_on(&mut self) {
        self.tries = 0;
    }

    /// The next try may begin now; should it fail, the pause is as long as it would have been.
    pub(crate) fn at_once(&mut self) {
        self.until = 0;
    }

    pub(crate) fn until(self) -> u64 {
        self.until
    }
}
