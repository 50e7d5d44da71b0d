//! Whom the watch waits for. Time is passed in.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::PATIENCE;

/// A page that begins the same form more often than this within the patience comes up and is gone again for ever.
const BEGINNINGS: u32 = 5;
/// A process that ends sooner after another one is not started again: something else is wrong.
const REST: Duration = Duration::from_secs(30);

/// What is waited for.
#[derive(Debug, Default)]
pub(crate) struct Watch(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The last name of a wait.
    turn: u64,
    /// A form is coming up: the wait for it.
    coming: Option<u64>,
    /// The form that was begun last, when first, and how often since.
    begun: Option<(String, Instant, u32)>,
    /// The page does not answer.
    silent: Option<u64>,
    /// Somebody looks at the memory.
    is_looked_at: bool,
    /// A process ended.
    ended: Option<Instant>,
}

impl State {
    fn next(&mut self) -> u64 {
        self.turn += 1;
        self.turn
    }
}

/// What a beginning means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Begun {
    /// The form is waited for from now on.
    Wait(u64),
    /// It is waited for already.
    Waited,
    /// It never comes up, or not for long.
    AgainAndAgain,
}

impl Watch {
    /// A page begins to load this form.
    pub(super) fn begins(&self, id: &str, now: Instant) -> Begun {
        let mut state = self.state();
        let patience = Duration::from_secs(PATIENCE.into());
        let again = state
            .begun
            .take()
            .filter(|(known, since, _)| known == id && now.saturating_duration_since(*since) < patience);
        let (id, since, times) = again.unwrap_or_else(|| (id.to_owned(), now, 0));
        let is_first = times == 0;
        state.begun = Some((id, since, times + 1));
        if times >= BEGINNINGS {
            return Begun::AgainAndAgain;
        }
        // The page that loads itself anew has no more time than the first one.
        if is_first || state.coming.is_none() {
            let turn = state.next();
            state.coming = Some(turn);
            return Begun::Wait(turn);
        }
        Begun::Waited
    }

    /// The form is up.
    pub(crate) fn up(&self) {
        self.state().coming = None;
    }

    /// The page is loaded anew, or shows another form: nobody is waited for.
    pub(crate) fn forget(&self) {
        let mut state = self.state();
        (state.coming, state.silent, state.begun) = (None, None, None);
    }

    /// The page has stopped answering, or answers again.
    pub(super) fn silent(&self, is_silent: bool) -> Option<u64> {
        let mut state = self.state();
        state.silent = is_silent.then(|| state.next());
        state.silent
    }

    pub(super) fn still_waits(&self, turn: u64) -> bool {
        let state = self.state();
        state.coming == Some(turn) || state.silent == Some(turn)
    }

    /// Takes the look at the memory, unless somebody has it.
    pub(super) fn takes_look(&self) -> bool {
        !std::mem::replace(&mut self.state().is_looked_at, true)
    }

    pub(super) fn gives_look(&self) {
        self.state().is_looked_at = false;
    }

    /// A process of the built-in form ended. Is it started again?
    pub(super) fn may_start_again(&self, now: Instant) -> bool {
        let before = self.state().ended.replace(now);
        before.is_none_or(|before| now.saturating_duration_since(before) >= REST)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waited(begun: Begun) -> u64 {
        match begun {
            Begun::Wait(turn) => turn,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_form_has_its_time_once_however_often_it_begins() {
        let (watch, start) = (Watch::default(), Instant::now());
        let turn = waited(watch.begins("a", start));
        assert_eq!(watch.begins("a", start), Begun::Waited);
        assert!(watch.still_waits(turn));
        let other = waited(watch.begins("b", start));
        assert!(!watch.still_waits(turn) && watch.still_waits(other), "another form has its own time");
        watch.up();
        assert!(!watch.still_waits(other));
    }

    #[test]
    fn a_form_that_comes_up_and_begins_again_for_ever_is_stopped() {
        let (watch, start) = (Watch::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        for _ in 0..BEGINNINGS {
            waited(watch.begins("a", start));
            watch.up();
        }
        assert_eq!(watch.begins("a", after(9)), Begun::AgainAndAgain);
        watch.forget();
        waited(watch.begins("a", after(9)));
        for minute in 1..20 {
            watch.up();
            waited(watch.begins("a", after(60 * minute)));
        }
    }

    #[test]
    fn a_page_that_answers_again_is_not_waited_for() {
        let watch = Watch::default();
        let turn = watch.silent(true).unwrap();
        assert!(watch.still_waits(turn));
        assert_eq!(watch.silent(false), None);
        assert!(!watch.still_waits(turn));
        let again = watch.silent(true).unwrap();
        assert!(!watch.still_waits(turn) && watch.still_waits(again));
        watch.forget();
        assert!(!watch.still_waits(again));
    }

    #[test]
    fn a_process_that_ends_again_at_once_is_left() {
        let (watch, start) = (Watch::default(), Instant::now());
        assert!(watch.may_start_again(start));
        assert!(!watch.may_start_again(start + REST / 2));
        assert!(watch.may_start_again(start + REST * 2));
    }
}
