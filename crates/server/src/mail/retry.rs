//! When a letter that was not taken is tried again.
//!
//! What must always hold: no letter is tried for ever, also where the clock jumps; time is passed in.

use deskbell_wire::Timestamp;

const MINUTE_MS: i64 = 60_000;
/// Minutes before the second try, the third …; the last one again and again.
const WAITS: [i64; 6] = [1, 5, 15, 60, 120, 240];
/// Milliseconds after which a letter that is still not taken is given up.
pub const GIVE_UP_MS: i64 = 24 * 60 * MINUTE_MS;
/// Tries after which it is given up whatever the clock says: more than fit into [`GIVE_UP_MS`].
pub const TRIES: u32 = 16;

/// When to try again, after `tries` tries of a letter that was asked for at `asked`, the last one at `now`.
/// `None`: it is given up.
pub fn next(tries: u32, asked: Timestamp, now: Timestamp) -> Option<Timestamp> {
    if tries >= TRIES {
        return None;
    }
    let nth = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
    let minutes = WAITS.get(nth).or(WAITS.last())?;
    let at = now.0.checked_add(minutes * MINUTE_MS)?;
    (at <= asked.0.saturating_add(GIVE_UP_MS)).then_some(Timestamp(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Timestamp = Timestamp(1_700_000_000_000);

    fn minutes(at: Timestamp) -> i64 {
        (at.0 - ASKED.0) / MINUTE_MS
    }

    #[test]
    fn the_waits_grow_and_end_within_a_day() {
        let mut tried = vec![0];
        let mut now = ASKED;
        while let Some(at) = next(u32::try_from(tried.len()).unwrap(), ASKED, now) {
            tried.push(minutes(at));
            now = at;
        }
        assert_eq!(tried, [0, 1, 6, 21, 81, 201, 441, 681, 921, 1_161, 1_401]);
    }

    #[test]
    fn a_letter_that_waited_long_for_its_try_is_given_up_a_day_after_it_was_asked_for() {
        let almost = Timestamp(ASKED.0 + GIVE_UP_MS - MINUTE_MS);
        assert_eq!(next(1, ASKED, almost), Some(Timestamp(ASKED.0 + GIVE_UP_MS)));
        assert_eq!(next(1, ASKED, Timestamp(almost.0 + 1)), None);
    }

    #[test]
    fn a_clock_that_jumps_neither_stops_it_nor_goes_on_for_ever() {
        let before = Timestamp(ASKED.0 - 10 * GIVE_UP_MS);
        assert_eq!(next(1, ASKED, before), Some(Timestamp(before.0 + MINUTE_MS)));
        let tries = (1..1_000).take_while(|&tries| next(tries, ASKED, before).is_some()).count();
        assert_eq!(tries, usize::try_from(TRIES).unwrap() - 1);
        for (asked, now) in [(i64::MAX, i64::MAX), (i64::MIN, i64::MIN), (0, i64::MAX)] {
            let _ = next(1, Timestamp(asked), Timestamp(now));
        }
    }
}
