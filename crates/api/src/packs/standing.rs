//! Which pack the visitor's page should have, and which it got: told by the form, the line, the keeper and the page.
//!
//! What must always hold: only a pack that this site's form names, or named before, is given out; a pack that works is
//! never taken away for one that does not; the page is told once of what differs from what it got.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use deskbell_core::LinkPhase;
use deskbell_pack::Flaw;
use deskbell_wire::{PackDigest, PackRef};

/// How long a page waits that has no pack yet.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// What the site's form says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// No form was ever here.
    Unknown,
    /// No pack: the default form.
    Nothing,
    /// This pack.
    Pack(PackRef),
}

/// What the page gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Current<P> {
    /// The default form.
    Nothing,
    /// A pack.
    Pack(PackDigest, P),
    /// The default form, and a sentence.
    Flaw(PackDigest, Flaw),
}

/// A [`Current`] by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Nothing,
    Pack(PackDigest),
    Flaw(PackDigest),
}

struct State<P> {
    named: Named,
    /// How often the form has said something else: what it said twice may have been taken back in between.
    turn: u64,
    /// The pack that this site had last.
    last: Option<PackDigest>,
    current: Current<P>,
    /// May the line still come up by itself, soon?
    coming: bool,
    live: bool,
    /// What the keeper has not looked at yet, or is fetching.
    busy: Busy,
    got: Option<Name>,
    told: Option<Name>,
    ended: bool,
    version: u64,
}

/// What the keeper does about what is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Busy {
    /// Looks at the shelf.
    Looking,
    /// Fetches it.
    Fetching,
    /// Nothing more.
    Done,
}

/// What the keeper needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) named: Named,
    /// Another one: `named` is to be looked at, also where it is what it was.
    pub(crate) turn: u64,
    pub(crate) live: bool,
    pub(crate) version: u64,
}

/// Shared by the session's audience, the page's command and the keeper.
pub(crate) struct Standing<P> {
    state: Mutex<State<P>>,
    changed: Condvar,
}

impl<P: Clone> Standing<P> {
    /// What is known at the start.
    pub(crate) fn new(named: Named, last: Option<PackDigest>) -> Self {
        let state = State {
            named,
            turn: 0,
            last,
            current: Current::Nothing,
            coming: true,
            live: false,
            busy: Busy::Looking,
            got: None,
            told: None,
            ended: false,
            version: 0,
        };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// What the page is to have. Waits up to `patience` where that is not known yet and may be soon.
    pub(crate) fn get(&self, patience: Duration) -> Current<P> {
        let deadline = Instant::now() + patience;
        let mut state = self.lock();
        while state.is_open() && !state.ended {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.got = Some(state.current.name());
        state.told = None;
        state.current.clone()
    }

    /// The page has to ask anew. `true` once for each difference, and only for a page that asked before.
    pub(crate) fn is_news(&self) -> bool {
        let mut state = self.lock();
        let (now, got) = (state.current.name(), state.got);
        let news = got.is_some_and(|got| got != now) && state.told != Some(now);
        if news {
            state.told = Some(now);
        }
        news
    }

    /// The site's form came.
    pub(crate) fn named(&self, pack: Option<PackRef>) {
        let named = pack.map_or(Named::Nothing, Named::Pack);
        self.change(|state| {
            if named == Named::Nothing {
                (state.current, state.last) = (Current::Nothing, None);
            }
            if state.named != named {
                (state.named, state.busy) = (named, Busy::Looking);
                state.turn += 1;
            }
        });
    }

    /// The line to the desk changed.
    pub(crate) fn line(&self, phase: LinkPhase) {
        self.change(|state| {
            state.live = phase == LinkPhase::Live;
            state.coming = matches!(phase, LinkPhase::Live | LinkPhase::Connecting);
        });
    }

    /// The pack that this site had last, to be kept over a restart.
    pub(crate) fn last(&self) -> Option<PackDigest> {
        self.lock().last
    }

    /// The session is over.
    pub(crate) fn end(&self) {
        self.change(|state| state.ended = true);
    }

    /// For the keeper; `None`: the session is over.
    pub(crate) fn look(&self) -> Option<Look> {
        let state = self.lock();
        let State { named, turn, live, version, .. } = *state;
        (!state.ended).then_some(Look { named, turn, live, version })
    }

    /// Waits until something changes, or so long.
    pub(crate) fn wait(&self, since: u64, limit: Option<Duration>) {
        let state = self.lock();
        let unchanged = |state: &mut State<P>| state.version == since && !state.ended;
        match limit {
            Some(limit) => drop(self.changed.wait_timeout_while(state, limit, unchanged)),
            None => drop(self.changed.wait_while(state, unchanged)),
        }
    }

    /// Has the page this pack, or would it get it?
    pub(crate) fn has(&self, digest: PackDigest) -> bool {
        self.lock().current.name() == Name::Pack(digest)
    }

    /// What the keeper does about `named`.
    pub(crate) fn busy(&self, named: Named, busy: Busy) {
        self.change(|state| {
            if state.named == named {
                state.busy = busy;
            }
        });
    }

    /// The keeper has a pack that the site names, or had last. `false`: it does not any more.
    pub(crate) fn pack(&self, digest: PackDigest, pack: P) -> bool {
        self.change(|state| {
            let wanted = state.names(digest) || state.last == Some(digest);
            if wanted {
                state.current = Current::Pack(digest, pack);
                state.last = Some(digest);
            }
            wanted
        })
    }

    /// The pack that is named cannot be used.
    pub(crate) fn flaw(&self, digest: PackDigest, flaw: Flaw) {
        self.change(|state| {
            if state.names(digest) && !matches!(state.current, Current::Pack(..)) {
                state.current = Current::Flaw(digest, flaw);
            }
        });
    }

    fn change<R>(&self, how: impl FnOnce(&mut State<P>) -> R) -> R {
        let mut state = self.lock();
        let outcome = how(&mut state);
        state.version += 1;
        self.changed.notify_all();
        outcome
    }

    fn lock(&self) -> MutexGuard<'_, State<P>> {
        // Each change is one assignment after the other: whoever panicked left nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P> State<P> {
    /// May what the page gets be another thing in a moment, and has it nothing now?
    fn is_open(&self) -> bool {
        let open = match self.named {
            Named::Nothing => false,
            Named::Unknown => self.coming,
            Named::Pack(_) => match self.busy {
                Busy::Looking => true,
                Busy::Fetching => self.coming,
                Busy::Done => false,
            },
        };
        open && matches!(self.current, Current::Nothing)
    }

    fn names(&self, digest: PackDigest) -> bool {
        matches!(self.named, Named::Pack(pack) if pack.digest == digest)
    }
}

impl<P> Current<P> {
    fn name(&self) -> Name {
        match self {
            Self::Nothing => Name::Nothing,
            Self::Pack(digest, _) => Name::Pack(*digest),
            Self::Flaw(digest, _) => Name::Flaw(*digest),
        }
    }
}
