//! How large a piece may be, so that each takes about two seconds.
//!
//! Why: progress is told after each, and before each the desk looks whether one may still send; but each costs a round
//! trip. What must always hold: on a line that is cut again and again pieces become small enough to pass.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The smallest piece.
const LEAST: u64 = 64 * 1024;
/// The largest: what a desk takes.
const MOST: u64 = 8 * 1024 * 1024;
/// The first one.
const FIRST: u64 = 256 * 1024;
/// How many times as large as the one before.
const STEP: u64 = 8;
/// How long a piece should take.
const WANTED: Duration = Duration::from_secs(2);

/// One line's.
#[derive(Debug)]
pub(super) struct Pace(AtomicU64);

impl Default for Pace {
    fn default() -> Self {
        Self(AtomicU64::new(FIRST))
    }
}

impl Pace {
    /// Bytes of the next piece.
    pub(super) fn piece(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// A piece of so many bytes passed.
    pub(super) fn passed(&self, bytes: u64, took: Duration) {
        // The last piece of a small file says little.
        if bytes >= self.piece() || took >= WANTED {
            let wanted = WANTED.as_millis().max(1);
            let fits = u128::from(bytes) * wanted / took.as_millis().max(1);
            // Not at once: one fast moment is no fast line.
            let most = self.piece().saturating_mul(STEP);
            self.set(u64::try_from(fits).unwrap_or(MOST).min(most));
        }
    }

    /// A piece did not pass.
    pub(super) fn failed(&self) {
        self.set(self.piece() / 2);
    }

    fn set(&self, bytes: u64) {
        self.0.store(bytes.clamp(LEAST, MOST), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_grow_on_a_fast_line_and_shrink_on_one_that_breaks() {
        let pace = Pace::default();
        for _ in 0..5 {
            pace.passed(pace.piece(), Duration::from_millis(3));
        }
        assert_eq!(pace.piece(), MOST);
        pace.passed(MOST, Duration::from_secs(8));
        assert_eq!(pace.piece(), MOST / 4);
        for _ in 0..8 {
            pace.failed();
        }
        assert_eq!(pace.piece(), LEAST);
        pace.passed(10, Duration::from_millis(1));
        assert_eq!(pace.piece(), LEAST, "the end of a file says nothing");
        pace.passed(LEAST, Duration::from_secs(60));
        assert_eq!(pace.piece(), LEAST);
    }
}
