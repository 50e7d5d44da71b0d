//! Time, as it is passed in.

use deskbell_wire::Timestamp;

/// One moment, by both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds on a clock that never goes back. For timers.
    pub mono: u64,
    /// What the device's wall clock shows. For people, and for the age of what waited.
    pub wall: Timestamp,
}

impl Now {
    /// The same moment, this many milliseconds later.
    #[must_use]
    pub fn plus(self, ms: u64) -> Self {
        let later = i64::try_from(ms).unwrap_or(i64::MAX);
        Self { mono: self.mono.saturating_add(ms), wall: Timestamp(self.wall.0.saturating_add(later)) }
    }
}
