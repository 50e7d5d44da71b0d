//! How often a visitor came: half an hour away makes the next visit.

use deskbell_wire::Timestamp;

/// Milliseconds away after which coming back is another visit.
const AWAY_MS: i64 = 30 * 60 * 1_000;

/// The present visit, or the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visit {
    /// The first is 1; 0: the visitor was never here.
    pub(crate) number: u32,
    /// When it began.
    pub(crate) since: Timestamp,
    /// When the last connection went; of the time before, while one is there.
    pub(crate) seen: Timestamp,
}

impl Visit {
    /// The visitor came, with none of his devices connected before. `true`: that is another visit.
    pub(crate) fn come(&mut self, now: Timestamp) -> bool {
        // A clock that was set back makes no visit; a desk that was killed does not know when he left.
        let another = self.number == 0 || now.0 - self.seen.max(self.since).0 >= AWAY_MS;
        if another {
            (self.number, self.since) = (self.number.saturating_add(1), now);
        }
        another
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_hour_away_makes_the_next_visit() {
        let mut visit = Visit::default();
        assert!(visit.come(Timestamp(5)));
        visit.seen = Timestamp(1_000);
        assert!(!visit.come(Timestamp(1_000 + AWAY_MS - 1)));
        assert_eq!((visit.number, visit.since), (1, Timestamp(5)));
        assert!(visit.come(Timestamp(1_000 + AWAY_MS)));
        assert_eq!((visit.number, visit.since), (2, Timestamp(1_000 + AWAY_MS)));
        assert!(!visit.come(Timestamp(0)));
        assert!(!visit.come(Timestamp(visit.since.0 + AWAY_MS - 1)), "he was here until the desk was killed");
    }
}
