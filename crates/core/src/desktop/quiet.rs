//! Times without alerts.

use deskbell_wire::Timestamp;

use super::{At, QuietHours};

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// Milliseconds of a minute.
const MINUTE_MS: u64 = 60_000;
/// Milliseconds after which is looked again at the latest: clocks are set, and computers sleep.
const AGAIN_MS: u64 = 5 * MINUTE_MS;

impl QuietHours {
    /// Is this minute of the day one of them?
    pub const fn covers(self, minute: u16) -> bool {
        if self.from == self.to {
            true
        } else if self.from < self.to {
            self.from <= minute && minute < self.to
        } else {
            self.from <= minute || minute < self.to
        }
    }

    /// Milliseconds until they begin or end.
    fn edge(self, at: At) -> u64 {
        let until = |edge: u16| match (edge % DAY + DAY - at.minute % DAY) % DAY {
            0 => DAY,
            minutes => minutes,
        };
        let minutes = u64::from(until(self.from).min(until(self.to)));
        let into = at.now.wall.0.rem_euclid(60_000).unsigned_abs();
        (minutes * MINUTE_MS).saturating_sub(into)
    }
}

/// Every reason for quiet.
#[derive(Debug, Default)]
pub(super) struct Quiet {
    /// The person's own pause.
    pub(super) until: Option<Timestamp>,
    /// The system wants no disturbance.
    pub(super) system: bool,
    /// How it was when it was last looked at.
    pub(super) on: bool,
    /// When to look again, on the monotonic clock.
    pub(super) again: Option<u64>,
}

impl Quiet {
    /// Looks at the clocks. `true`: it has just ended.
    pub(super) fn look(&mut self, hours: Option<QuietHours>, at: At) -> bool {
        self.until = self.until.filter(|until| at.now.wall < *until);
        let was = self.on;
        self.on = self.system || self.until.is_some() || hours.is_some_and(|hours| hours.covers(at.minute));
        let pause = self.until.map(|until| until.0.abs_diff(at.now.wall.0));
        let edge = hours.map(|hours| hours.edge(at));
        self.again = pause.into_iter().chain(edge).min().map(|ms| at.now.mono + ms.clamp(1, AGAIN_MS));
        was && !self.on
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Now;

    fn at(minute: u16, second: u64) -> At {
        let ms = u64::from(minute) * MINUTE_MS + second * 1_000;
        At { now: Now::default().plus(ms), minute }
    }

    #[test]
    fn quiet_hours_may_go_over_midnight_or_the_whole_day() {
        let (night, noon) = (QuietHours { from: 1_320, to: 420 }, QuietHours { from: 720, to: 780 });
        for (hours, minute, quiet) in [
            (night, 1_319, false),
            (night, 1_320, true),
            (night, 1_439, true),
            (night, 0, true),
            (night, 419, true),
            (night, 420, false),
            (noon, 719, false),
            (noon, 720, true),
            (noon, 779, true),
            (noon, 780, false),
            (QuietHours { from: 5, to: 5 }, 4, true),
        ] {
            assert_eq!(hours.covers(minute), quiet, "{hours:?} at {minute}");
        }
    }

    #[test]
    fn it_looks_again_when_quiet_ends_and_not_late_after_a_sleep() {
        let mut quiet = Quiet::default();
        let hours = Some(QuietHours { from: 600, to: 602 });
        assert!(!quiet.look(hours, at(600, 30)) && quiet.on);
        assert_eq!(quiet.again, Some(at(602, 0).now.mono));
        assert!(quiet.look(hours, at(602, 0)) && !quiet.on);
        assert_eq!(quiet.again, Some(at(607, 0).now.mono), "the next one is a day away");
        quiet.until = Some(at(602, 9).now.wall);
        assert!(!quiet.look(None, at(602, 1)) && quiet.on);
        assert_eq!(quiet.again, Some(at(602, 9).now.mono));
        assert!(quiet.look(None, at(602, 9)) && quiet.until.is_none());
        assert_eq!(quiet.again, None, "nothing to look for");
    }
}
