//! How fast somebody may go on: a bucket in eight bytes.
//!
//! The bucket keeps the time at which it would be full again (GCRA), so nothing has to run to fill it.

use std::collections::HashMap;

use deskbell_wire::Timestamp;

use super::conn::Origin;

/// Buckets of addresses are swept when there are so many.
const SWEEP_AT: usize = 10_000;

/// So many at once, and then one more in every interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How many may come at once; 0 switches the limit off.
    pub burst: u32,
    /// Milliseconds in which one more becomes free.
    pub interval: u32,
}

impl Pace {
    /// No limit.
    pub const OFF: Self = Self { burst: 0, interval: 0 };

    /// `burst` at once, one more in every `interval` milliseconds.
    pub const fn new(burst: u32, interval: u32) -> Self {
        Self { burst, interval }
    }
}

/// How much of a pace somebody has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bucket {
    full_at: i64,
}

impl Bucket {
    /// Takes one, or says how many milliseconds are missing.
    pub(crate) fn take(&mut self, pace: Pace, now: Timestamp) -> Result<(), u64> {
        if pace.burst == 0 {
            return Ok(());
        }
        let interval = i64::from(pace.interval);
        let room = interval * i64::from(pace.burst);
        // A clock that was set back must not lock anybody out for longer than an empty bucket does.
        let used = (self.full_at - now.0).clamp(0, room);
        self.full_at = now.0 + used;
        if used + interval > room {
            return Err((used + interval - room).unsigned_abs());
        }
        self.full_at += interval;
        Ok(())
    }

    /// Takes one in any case, and says how many milliseconds to wait before the next.
    pub(crate) fn spend(&mut self, pace: Pace, now: Timestamp) -> Option<u64> {
        if pace.burst == 0 {
            return None;
        }
        let interval = i64::from(pace.interval);
        let room = interval * i64::from(pace.burst);
        let used = (self.full_at - now.0).clamp(0, room) + interval;
        self.full_at = now.0 + used;
        (used > room).then(|| (used - room).unsigned_abs())
    }

    /// Nothing of it is used: it may be forgotten.
    pub(crate) fn is_full(self, now: Timestamp) -> bool {
        self.full_at <= now.0
    }
}

/// How much of a pace each address has used.
#[derive(Default)]
pub(super) struct Paces {
    buckets: HashMap<Origin, Bucket>,
    /// Swept when there are more.
    most: usize,
}

impl Paces {
    /// Takes one for the address, or says how many milliseconds are missing.
    pub(super) fn take(&mut self, origin: Origin, pace: Pace, now: Timestamp) -> Result<(), u64> {
        if pace.burst == 0 {
            return Ok(());
        }
        if self.buckets.len() > self.most.max(SWEEP_AT) {
            self.buckets.retain(|_, bucket| !bucket.is_full(now));
            // However many come at once, not everyone of them is paid for with a sweep.
            self.most = 2 * self.buckets.len();
        }
        self.buckets.entry(origin).or_default().take(pace, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_one_per_interval() {
        let (pace, mut bucket) = (Pace::new(3, 1_000), Bucket::default());
        let mut take = |at| bucket.take(pace, Timestamp(at));
        assert_eq!([take(0), take(0), take(0)], [Ok(()); 3]);
        assert_eq!(take(0), Err(1_000));
        assert_eq!(take(400), Err(600));
        assert_eq!(take(1_000), Ok(()));
        assert_eq!(take(1_000), Err(1_000));
    }

    #[test]
    fn what_is_taken_in_any_case_is_waited_for() {
        let (pace, mut bucket) = (Pace::new(2, 100), Bucket::default());
        let mut spend = |at| bucket.spend(pace, Timestamp(at));
        assert_eq!([spend(0), spend(0), spend(0)], [None, None, Some(100)]);
        assert_eq!(spend(100), Some(100), "every further one waits, not every other one");
        assert_eq!([spend(400), spend(400)], [None, None]);
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let (pace, mut bucket) = (Pace::new(2, 100), Bucket::default());
        assert_eq!(bucket.take(pace, Timestamp(1_000_000)), Ok(()));
        assert_eq!(bucket.take(pace, Timestamp(0)), Err(100));
        assert_eq!(bucket.take(pace, Timestamp(100)), Ok(()));
    }
}
