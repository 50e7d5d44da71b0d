//! A moment as people read it: a day with its month's name, and a time of 24 hours, in one given zone.

use super::words::Words;

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
/// The farthest that a zone of this world is from UTC is 14 hours.
const FARTHEST_MINUTES: i32 = 18 * 60;

/// A zone: minutes that its clocks are ahead of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Zone(i32);

/// A moment in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Days since 1970-01-01.
    pub(super) day: i64,
    minute: i64,
}

impl Zone {
    /// Of minutes ahead of UTC; what is none is UTC.
    pub(super) fn new(minutes: i32) -> Self {
        Self(if (-FARTHEST_MINUTES..=FARTHEST_MINUTES).contains(&minutes) { minutes } else { 0 })
    }

    /// `UTC`, `UTC+3`, `UTC−3:30`.
    pub(super) fn name(self) -> String {
        let sign = if self.0 < 0 { '\u{2212}' } else { '+' };
        let (hours, minutes) = (self.0.abs() / 60, self.0.abs() % 60);
        match (hours, minutes) {
            (0, 0) => "UTC".to_owned(),
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
        }
    }

    /// The moment `ms` (milliseconds since 1970 UTC) here.
    pub(super) fn moment(self, ms: i64) -> Moment {
        let here = ms.saturating_add(i64::from(self.0) * MINUTE_MS);
        Moment { day: here.div_euclid(DAY_MS), minute: here.rem_euclid(DAY_MS) / MINUTE_MS }
    }
}

impl Moment {
    /// `9:05`.
    pub(super) fn time(self) -> String {
        format!("{}:{:02}", self.minute / 60, self.minute % 60)
    }

    /// `22 November 2026`.
    pub(super) fn date(self, words: &Words) -> String {
        let (year, month, day) = civil(self.day);
        let name = usize::try_from(month - 1).ok().and_then(|month| words.months.get(month));
        format!("{day} {} {year}", name.map_or("", String::as_str))
    }
}

/// Year, month and day of a day since 1970-01-01, in the calendar of Gregory; years count from March inside.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::words::{Locale, words};

    #[test]
    fn days_have_their_dates() {
        for (day, date) in [
            (0, (1970, 1, 1)),
            (-1, (1969, 12, 31)),
            (11_016, (2000, 2, 29)),
            (11_017, (2000, 3, 1)),
            (19_782, (2024, 2, 29)),
            (20_779, (2026, 11, 22)),
            (47_540, (2100, 2, 28)),
            (47_541, (2100, 3, 1)),
        ] {
            assert_eq!(civil(day), date);
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut last = civil(-800_000);
        for day in -799_999..800_000 {
            let (year, month, of_month) = civil(day);
            let next = of_month == last.2 + 1 && (year, month) == (last.0, last.1);
            let first = of_month == 1 && (year * 12 + month) == (last.0 * 12 + last.1 + 1);
            assert!(next || first, "{day}");
            last = (year, month, of_month);
        }
    }

    #[test]
    fn a_moment_is_read_in_its_zone() {
        let ms = 1_795_318_499_000;
        let told = |minutes| {
            let moment = Zone::new(minutes).moment(ms);
            (moment.date(words(Locale::En)), moment.time())
        };
        assert_eq!(told(0), ("22 November 2026".to_owned(), "3:34".to_owned()));
        assert_eq!(told(180), ("22 November 2026".to_owned(), "6:34".to_owned()));
        assert_eq!(told(-240), ("21 November 2026".to_owned(), "23:34".to_owned()));
        assert_eq!(Zone::new(0).moment(ms).date(words(Locale::Ru)), "22 ноября 2026");
        let names = [0, 180, -210, 345, 99_999, i32::MIN].map(|minutes| Zone::new(minutes).name());
        assert_eq!(names, ["UTC", "UTC+3", "UTC−3:30", "UTC+5:45", "UTC", "UTC"]);
    }
}
