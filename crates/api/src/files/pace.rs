//! How fast a file goes, and how long it may take, from how far it was in the last seconds.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What counts.
const WINDOW: Duration = Duration::from_secs(5);
/// Before so much time has passed nothing is said.
const ENOUGH: Duration = Duration::from_millis(500);
/// Moments that are kept; of more, the newest takes the place of the one before it.
const KEPT: usize = 64;

/// How far it was, and when.
#[derive(Debug, Default)]
pub(super) struct Pace {
    moments: VecDeque<(Instant, u64)>,
}

impl Pace {
    /// So many bytes are there now.
    pub(super) fn at(&mut self, now: Instant, done: u64) {
        if self.moments.back().is_some_and(|(_, before)| *before > done) {
            // It began anew.
            self.moments.clear();
        }
        // One moment from before the window stays: from it on is reckoned.
        while self.moments.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW) {
            self.moments.pop_front();
        }
        if self.moments.len() >= KEPT {
            self.moments.pop_back();
        }
        self.moments.push_back((now, done));
    }

    /// Bytes a second; `None` while that is not known.
    pub(super) fn speed(&self, now: Instant) -> Option<u64> {
        let ((since, from), (_, to)) = (self.moments.front()?, self.moments.back()?);
        let took = now.checked_duration_since(*since)?.max(Duration::from_millis(1));
        let millis = u64::try_from(took.as_millis()).ok()?;
        (took >= ENOUGH).then(|| to.saturating_sub(*from).saturating_mul(1_000) / millis)
    }

    /// Seconds that the rest may take, rounded up; `None` while that is not known.
    pub(super) fn left(&self, now: Instant, total: u64) -> Option<u64> {
        let speed = self.speed(now).filter(|speed| *speed > 0)?;
        let (_, done) = self.moments.back()?;
        Some(total.saturating_sub(*done).div_ceil(speed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    #[test]
    fn speed_is_that_of_the_last_seconds() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        pace.at(start, 0);
        assert_eq!(pace.speed(after(start, 100)), None, "too soon to say");
        for n in 1..=10 {
            pace.at(after(start, n * 1_000), n * 1_000);
        }
        assert_eq!(pace.speed(after(start, 10_000)), Some(1_000));
        assert_eq!(pace.left(after(start, 10_000), 12_500), Some(3));
        for n in 11..=20 {
            pace.at(after(start, n * 1_000), 10_000 + (n - 10) * 100);
        }
        assert_eq!(pace.speed(after(start, 20_000)), Some(100), "what was long before does not count");
    }

    #[test]
    fn a_line_on_which_nothing_passes_gets_slower_and_says_no_end() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        pace.at(start, 0);
        pace.at(after(start, 1_000), 1_000);
        assert_eq!(pace.speed(after(start, 4_000)), Some(250));
        pace.at(after(start, 9_000), 1_000);
        pace.at(after(start, 18_000), 1_000);
        assert_eq!((pace.speed(after(start, 18_000)), pace.left(after(start, 18_000), 9)), (Some(0), None));
    }

    #[test]
    fn what_begins_anew_is_reckoned_from_there() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        pace.at(start, 5_000);
        pace.at(after(start, 1_000), 0);
        assert_eq!(pace.speed(after(start, 1_100)), None);
        for n in 0..10_000 {
            pace.at(after(start, n), n);
        }
        assert!(pace.moments.len() <= KEPT);
    }
}
