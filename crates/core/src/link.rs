//! The line to the desk: when to dial, when it is dead, when to stop trying (C7).
//!
//! What must always hold: it never dials while a socket is open, and never by itself after [`LinkPhase::Stopped`].

use deskbell_wire::ByeCode;
use deskbell_wire::limits::{DEAD_MS, HEARTBEAT_MS, HELLO_MS};

use crate::jitter::Jitter;

/// After so many milliseconds live the back-off starts from the beginning.
pub const STABLE_MS: u64 = 60_000;
/// How long dialling may take, TLS and upgrade included, in milliseconds.
pub const DIAL_MS: u64 = 15_000;
/// How long a line that seems to be up may leave the ping after waking up without an answer, in milliseconds: most are
/// dead then, and nobody has said so.
pub const AWAKE_MS: u64 = 3_000;
/// Waking up earns so many tries at once, and then another one each time that this has passed, in milliseconds: networks
/// come and go, and whoever can say so could otherwise have the desk dialled in a loop.
pub const AWAKE_EVERY_MS: u64 = 10_000;
const AWAKE_TRIES: u64 = 3;

/// What the line does, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPhase {
    /// The first try since the start, or since the person did something about a line that had stopped.
    Connecting,
    /// Frames pass.
    Live,
    /// It tries again by itself.
    Waiting,
    /// It waits for the person.
    Stopped(StopReason),
}

/// Why the line no longer tries by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// The desk shows another key than the one that was pinned.
    Certificate,
    /// The desk said so.
    Bye(ByeCode),
    /// There is nobody to say hello for: an operator is not signed in.
    NoToken,
}

/// How a socket ended, as the driver saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Nobody answered, or the network is gone.
    Unreachable,
    /// The desk shows another key than the one that was pinned: a hard stop.
    Certificate,
    /// What answered is no desk.
    NotADesk,
    /// It was open and is no more.
    Lost,
}

/// What the line wants next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkAction {
    /// Open a socket.
    Dial,
    /// Close the socket: nobody answers on it.
    HangUp,
    /// Send a ping with this number.
    Ping(u64),
}

/// The machine.
#[derive(Debug)]
pub struct Link {
    state: State,
    tries: u32,
    /// Since the start, or since the person did something about it.
    was_live: bool,
    ended: Option<Closed>,
    jitter: Jitter,
    /// When every try that waking up has taken is earned again.
    rested: u64,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Waiting { until: u64, retried_early: bool },
    Dialling { since: u64 },
    Greeting { since: u64 },
    Live { since: u64, ping_at: u64, pinged: Option<u64>, n: u64, patience: u64 },
    Stopped(StopReason),
}

impl Link {
    /// A line that dials at its first tick. The seed is for the jitter.
    pub fn new(seed: u64) -> Self {
        Self {
            state: State::Waiting { until: 0, retried_early: false },
            tries: 0,
            was_live: false,
            ended: None,
            jitter: Jitter::new(seed),
            rested: 0,
        }
    }

    /// For people.
    pub fn phase(&self) -> LinkPhase {
        match self.state {
            State::Live { .. } => LinkPhase::Live,
            State::Stopped(reason) => LinkPhase::Stopped(reason),
            _ if self.tries == 0 && !self.was_live => LinkPhase::Connecting,
            _ => LinkPhase::Waiting,
        }
    }

    /// How the last connection ended; `None` while none has, and on a live line.
    pub fn ended(&self) -> Option<Closed> {
        self.ended
    }

    /// Do frames pass?
    pub fn is_live(&self) -> bool {
        matches!(self.state, State::Live { .. })
    }

    /// When [`Self::tick`] wants to be called.
    pub fn deadline(&self) -> Option<u64> {
        match self.state {
            State::Waiting { until, .. } => Some(until),
            State::Dialling { since } => Some(since.saturating_add(DIAL_MS)),
            State::Greeting { since } => Some(since.saturating_add(HELLO_MS)),
            State::Live { ping_at, pinged: None, .. } => Some(ping_at),
            State::Live { pinged: Some(at), patience, .. } => Some(at.saturating_add(patience)),
            State::Stopped(_) => None,
        }
    }

    /// Time went on.
    pub fn tick(&mut self, mono: u64) -> Option<LinkAction> {
        if self.deadline().is_none_or(|at| mono < at) {
            return None;
        }
        match self.state {
            State::Waiting { .. } => {
                self.state = State::Dialling { since: mono };
                Some(LinkAction::Dial)
            }
            State::Live { since, pinged: None, n, patience, .. } => {
                // However much the desk says: it hangs up on who says nothing, and a pong brings the heads (C4).
                let ping_at = mono.saturating_add(HEARTBEAT_MS);
                self.state = State::Live { since, ping_at, pinged: Some(mono), n: n + 1, patience };
                Some(LinkAction::Ping(n + 1))
            }
            State::Dialling { .. } | State::Greeting { .. } | State::Live { .. } => {
                self.ended = Some(if self.is_live() { Closed::Lost } else { Closed::Unreachable });
                self.wait(mono, None);
                Some(LinkAction::HangUp)
            }
            State::Stopped(_) => None,
        }
    }

    /// The socket is open; hello goes out.
    pub fn opened(&mut self, mono: u64) {
        if matches!(self.state, State::Dialling { .. }) {
            self.state = State::Greeting { since: mono };
        }
    }

    /// The desk said welcome.
    pub fn welcomed(&mut self, mono: u64) {
        self.was_live = true;
        self.ended = None;
        let ping_at = mono.saturating_add(HEARTBEAT_MS);
        self.state = State::Live { since: mono, ping_at, pinged: None, n: 0, patience: DEAD_MS };
    }

    /// Anything came: the line is not dead.
    pub fn heard(&mut self, mono: u64) {
        if let State::Live { since, ref mut pinged, ref mut patience, .. } = self.state {
            (*pinged, *patience) = (None, DEAD_MS);
            if mono.saturating_sub(since) >= STABLE_MS {
                self.tries = 0;
            }
        }
    }

    /// The socket is closed.
    pub fn closed(&mut self, mono: u64, how: Closed) {
        if matches!(self.state, State::Stopped(_) | State::Waiting { .. }) {
            return;
        }
        self.ended = Some(how);
        match how {
            Closed::Certificate => self.stop(StopReason::Certificate),
            Closed::Unreachable | Closed::NotADesk | Closed::Lost => self.wait(mono, None),
        }
    }

    /// The desk hung up and said why.
    pub fn dismissed(&mut self, mono: u64, code: ByeCode, retry_after: Option<u64>) {
        if code.retryable() { self.wait(mono, retry_after) } else { self.stop(StopReason::Bye(code)) }
    }

    /// No more tries until [`Self::restart`].
    pub fn stop(&mut self, reason: StopReason) {
        self.state = State::Stopped(reason);
    }

    /// The person did something about it: dial at the next tick.
    pub fn restart(&mut self) {
        (self.tries, self.was_live) = (0, false);
        self.state = State::Waiting { until: 0, retried_early: false };
    }

    /// Waking up or a change of network: one try at once. A line that seems to be up has to prove it soon.
    pub fn wake(&mut self, mono: u64) {
        let rested = self.rested.max(mono).saturating_add(AWAKE_EVERY_MS);
        if rested > mono.saturating_add(AWAKE_TRIES * AWAKE_EVERY_MS) {
            return;
        }
        match &mut self.state {
            State::Waiting { until, retried_early: retried_early @ false } => {
                (*until, *retried_early) = (0, true);
            }
            State::Live { ping_at, pinged, patience, .. } => {
                (*ping_at, *pinged, *patience) = (0, None, AWAKE_MS);
            }
            _ => return,
        }
        self.rested = rested;
    }

    fn wait(&mut self, mono: u64, retry_after: Option<u64>) {
        let pause = retry_after.unwrap_or_else(|| self.jitter.pause(self.tries));
        self.tries = self.tries.saturating_add(1);
        self.state = State::Waiting { until: mono.saturating_add(pause), retried_early: false };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jitter::{BACKOFF_MAX_MS, BACKOFF_MS};

    fn live(seed: u64) -> Link {
        let mut link = Link::new(seed);
        assert_eq!(link.tick(0), Some(LinkAction::Dial));
        link.opened(0);
        link.welcomed(0);
        link
    }

    #[test]
    fn c7_the_pause_has_full_jitter_and_a_ceiling() {
        let mut longest = [0; 12];
        for seed in 0..500 {
            let mut link = Link::new(seed);
            let mut now = 0;
            for longest in &mut longest {
                assert_eq!(link.tick(now), Some(LinkAction::Dial));
                link.closed(now, Closed::Unreachable);
                let pause = link.deadline().unwrap() - now;
                *longest = pause.max(*longest);
                now += pause;
            }
        }
        for (n, longest) in longest.iter().enumerate() {
            let most = (BACKOFF_MS << n).min(BACKOFF_MAX_MS);
            assert!(*longest <= most && *longest > most / 2, "try {n}: {longest} of {most}");
        }
    }

    #[test]
    fn c7_a_silent_line_is_pinged_and_then_dead() {
        let mut link = live(1);
        assert_eq!(link.tick(HEARTBEAT_MS - 1), None);
        assert_eq!(link.tick(HEARTBEAT_MS), Some(LinkAction::Ping(1)));
        link.heard(HEARTBEAT_MS + 1);
        assert_eq!(link.tick(2 * HEARTBEAT_MS + 1), Some(LinkAction::Ping(2)));
        assert_eq!(link.tick(2 * HEARTBEAT_MS + 1 + DEAD_MS), Some(LinkAction::HangUp));
        assert_eq!((link.phase(), link.ended()), (LinkPhase::Waiting, Some(Closed::Lost)));
    }

    #[test]
    fn a_desk_that_never_answers_is_unreachable() {
        let mut link = Link::new(1);
        link.tick(0);
        assert_eq!(link.tick(DIAL_MS), Some(LinkAction::HangUp));
        assert_eq!(link.ended(), Some(Closed::Unreachable));
    }

    #[test]
    fn c7_a_line_on_which_only_the_desk_speaks_is_pinged_too() {
        let (mut link, mut pings) = (live(1), 0);
        for mono in (0..4 * HEARTBEAT_MS).step_by(1_000) {
            pings += u32::from(matches!(link.tick(mono), Some(LinkAction::Ping(_))));
            link.heard(mono);
        }
        assert_eq!(pings, 3, "the desk hangs up on who says nothing for three heartbeats");
    }

    #[test]
    fn c7_the_back_off_starts_again_after_a_minute_live() {
        let mut link = live(1);
        link.closed(1, Closed::Lost);
        let at = link.deadline().unwrap();
        link.tick(at);
        link.opened(at);
        link.welcomed(at);
        link.heard(at + STABLE_MS);
        link.closed(at + STABLE_MS, Closed::Lost);
        assert!(link.deadline().unwrap() <= at + STABLE_MS + BACKOFF_MS);
    }

    #[test]
    fn c7_retry_after_wins_and_waking_tries_once() {
        let mut link = live(1);
        link.dismissed(10, ByeCode::Stopping, Some(7_000));
        assert_eq!(link.deadline(), Some(7_010));
        link.wake(10);
        assert_eq!(link.tick(11), Some(LinkAction::Dial));
        link.closed(12, Closed::Unreachable);
        let until = link.deadline();
        assert!(until >= Some(12));
    }

    #[test]
    fn c7_a_line_that_slept_is_tried_at_once_and_given_up_soon() {
        let mut link = live(1);
        link.wake(1_000);
        assert_eq!(link.tick(1_000), Some(LinkAction::Ping(1)));
        assert_eq!(link.tick(1_000 + AWAKE_MS - 1), None);
        assert_eq!(link.tick(1_000 + AWAKE_MS), Some(LinkAction::HangUp));
        assert!(link.deadline().unwrap() <= 1_000 + AWAKE_MS + BACKOFF_MS);

        let mut link = live(1);
        link.wake(1_000);
        assert_eq!(link.tick(1_000), Some(LinkAction::Ping(1)));
        link.heard(1_100);
        let next = link.deadline().unwrap();
        assert_eq!(link.tick(next), Some(LinkAction::Ping(2)));
        assert_eq!(link.deadline(), Some(next + DEAD_MS));
    }

    #[test]
    fn c7_threats_22_a_storm_of_wakings_is_no_storm_on_the_desk() {
        let mut link = live(1);
        link.closed(0, Closed::Lost);
        let mut dials = Vec::new();
        for mono in 0..60_000 {
            link.wake(mono);
            if link.tick(mono) == Some(LinkAction::Dial) {
                dials.push(mono);
                link.closed(mono, Closed::Unreachable);
            }
        }
        // By itself: 7 or so; woken: three, and one each ten seconds.
        assert!(dials.len() <= 20, "{dials:?}");
        let mut link = live(1);
        let pings = (0..60_000).filter(|mono| {
            link.wake(*mono);
            let pings = link.tick(*mono).is_some();
            link.heard(*mono);
            pings
        });
        assert!(pings.count() <= 12);
    }

    #[test]
    fn a_changed_certificate_and_a_bad_token_are_hard_stops() {
        let mut link = Link::new(1);
        link.tick(0);
        link.closed(1, Closed::Certificate);
        assert_eq!(link.phase(), LinkPhase::Stopped(StopReason::Certificate));
        assert_eq!(link.tick(1_000_000), None);
        link.restart();
        assert_eq!(link.tick(1_000_000), Some(LinkAction::Dial));
        let mut link = live(1);
        link.dismissed(1, ByeCode::BadToken, None);
        assert_eq!(link.phase(), LinkPhase::Stopped(StopReason::Bye(ByeCode::BadToken)));
    }
}
