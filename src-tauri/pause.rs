//! Until when a person wants no alerts.

use deskbell_wire::Timestamp;
use jiff::{ToSpan, Zoned};

/// When the alerts of a new day begin.
const MORNING: i8 = 8;
/// A morning nearer than that is not what "tomorrow" means.
const AHEAD_HOURS: i64 = 4;

/// So many minutes from now.
pub(crate) fn minutes(count: u32, now: &Zoned) -> Timestamp {
    let until = now.timestamp().as_millisecond().saturating_add(i64::from(count).saturating_mul(60_000));
    Timestamp(until)
}

/// The next morning, where the computer is.
pub(crate) fn tomorrow(now: &Zoned) -> Timestamp {
    let morning = |day: i64| {
        let day = now.checked_add(day.days()).ok()?;
        day.date().at(MORNING, 0, 0, 0).to_zoned(now.time_zone().clone()).ok()
    };
    let earliest = now.checked_add(AHEAD_HOURS.hours()).ok();
    let mornings = (0..=2).filter_map(morning);
    let next = mornings.into_iter().find(|at| earliest.as_ref().is_some_and(|earliest| at >= earliest));
    next.map_or_else(|| minutes(12 * 60, now), |at| Timestamp(at.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tomorrow_is_the_next_morning_that_a_person_means() {
        for (now, until) in [
            ("2026-03-28T18:00[Europe/Berlin]", "2026-03-29T08:00[Europe/Berlin]"),
            ("2026-03-28T02:00[Europe/Berlin]", "2026-03-28T08:00[Europe/Berlin]"),
            ("2026-03-28T06:30[Europe/Berlin]", "2026-03-29T08:00[Europe/Berlin]"),
            ("2026-12-31T23:59[UTC]", "2027-01-01T08:00[UTC]"),
        ] {
            let (now, until): (Zoned, Zoned) = (now.parse().unwrap(), until.parse().unwrap());
            assert_eq!(tomorrow(&now).0, until.timestamp().as_millisecond(), "{now}");
        }
    }

    #[test]
    fn an_hour_is_an_hour() {
        let now: Zoned = "2026-03-28T18:00[UTC]".parse().unwrap();
        assert_eq!(minutes(60, &now).0 - now.timestamp().as_millisecond(), 3_600_000);
    }
}
