//! How often a person is asked about links: a form may ask in a loop.

use std::time::{Duration, Instant};

/// From the end of one question to the next.
const REST: Duration = Duration::from_secs(1);

/// One question at a time, and a second's rest after each. What is asked meanwhile is dropped, not queued.
#[derive(Debug, Default)]
pub struct Pace {
    is_asking: bool,
    answered: Option<Instant>,
}

impl Pace {
    /// May a question be asked now? Whoever is told so calls [`Pace::end`] when it is answered.
    pub fn begin(&mut self, now: Instant) -> bool {
        let rests = self.answered.is_some_and(|then| now.saturating_duration_since(then) < REST);
        let may = !self.is_asking && !rests;
        self.is_asking |= may;
        may
    }

    /// The question was answered.
    pub fn end(&mut self, now: Instant) {
        self.is_asking = false;
        self.answered = Some(now);
    }
}
