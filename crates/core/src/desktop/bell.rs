//! When to ring.
//!
//! What must always hold: an event is told once; nothing of what is in view, and nothing while there is to be quiet;
//! what is over leaves the screen; of one chat there is one alert, the newest.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use deskbell_wire::{Timestamp, VisitorId};

use super::pile::{Pile, Stage};
use super::quiet::Quiet;
use super::reminders::Reminders;
use super::screen::{Screen, Slot};
use super::told::Told;
use super::view::View;
use super::{AlertId, AlertPrefs, Facts, Guest, Kind, News, Occasion, Over, Ring, Subject};
use crate::clock::Now;

/// Milliseconds for which what came after an absence is gathered: more may come, or that it was read elsewhere.
const GATHER_MS: u64 = 700;

/// A moment, as alerts need it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// By both clocks.
    pub now: Now,
    /// Minutes since the local midnight, 0 to 1439.
    pub minute: u16,
}

/// The machine. One call changes it, then [`Self::poll`] is drained.
pub struct Bell {
    pub(super) prefs: AlertPrefs,
    pub(super) quiet: Quiet,
    view: View,
    pub(super) locked: bool,
    pub(super) piles: BTreeMap<Kind, Pile>,
    reminders: Reminders,
    told: Told,
    pub(super) screen: Screen,
    /// Slots that may look different now.
    pub(super) dirty: BTreeSet<Slot>,
    /// Subjects that call for attention now.
    pub(super) calls: BTreeSet<Subject>,
    /// A sound is due.
    pub(super) sound: Option<Kind>,
    pub(super) sound_at: u64,
    gathered: Option<u64>,
}

impl fmt::Debug for Bell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bell").field("quiet", &self.quiet).finish_non_exhaustive()
    }
}

impl Bell {
    /// Nothing has happened yet.
    pub fn new(prefs: AlertPrefs) -> Self {
        Self {
            prefs,
            quiet: Quiet::default(),
            view: View::default(),
            locked: false,
            piles: BTreeMap::new(),
            reminders: Reminders::default(),
            told: Told::default(),
            screen: Screen::default(),
            dirty: BTreeSet::new(),
            calls: BTreeSet::new(),
            sound: None,
            sound_at: 0,
            gathered: None,
        }
    }

    /// The session has news.
    pub fn news(&mut self, news: News, at: At) {
        self.look(at);
        match news {
            News::Occasion(occasion) => self.occasion(occasion, at),
            News::Over(over) => self.over(over),
            News::Facts(facts) => self.facts(&facts),
            News::Unanswered(guests) => {
                let answered = self.reminders.are(guests, self.prefs.unanswered_s, at.now.mono);
                answered.into_iter().for_each(|visitor| self.end(Subject::Unanswered(visitor)));
            }
        }
        self.settle(at);
    }

    /// Our window has the focus and is shown, or not.
    pub fn focus(&mut self, focused: bool, at: At) {
        self.view.focused = focused;
        self.seen(at);
    }

    /// The conversation that the operator's page shows.
    pub fn in_view(&mut self, visitor: Option<VisitorId>, at: At) {
        self.view.visitor = visitor;
        self.seen(at);
    }

    /// The person chose otherwise. What was not shown before is not shown for that.
    pub fn prefs(&mut self, prefs: AlertPrefs, at: At) {
        self.prefs = prefs;
        self.reminders.every(self.prefs.unanswered_s, at.now.mono);
        self.everything_is_dirty();
        self.piles.retain(|kind, _| self.prefs.of(*kind).show);
        self.look(at);
        self.settle(at);
    }

    /// No alerts until then, by the wall clock; `None`: alerts again.
    pub fn pause(&mut self, until: Option<Timestamp>, at: At) {
        self.quiet.until = until;
        self.look(at);
        self.settle(at);
    }

    /// Until when alerts are paused, by the wall clock.
    pub fn paused_until(&self) -> Option<Timestamp> {
        self.quiet.until
    }

    /// The system wants no disturbance, or does again.
    pub fn system_quiet(&mut self, quiet: bool, at: At) {
        self.quiet.system = quiet;
        self.look(at);
        self.settle(at);
    }

    /// The screen is locked, or no more. Nobody sees a window behind a lock.
    pub fn locked(&mut self, locked: bool, at: At) {
        self.locked = locked;
        self.everything_is_dirty();
        self.seen(at);
    }

    /// Time went on.
    pub fn tick(&mut self, at: At) {
        self.look(at);
        if self.gathered.is_some_and(|until| until <= at.now.mono) {
            self.gathered = None;
            self.release(Stage::Gathered, true);
        }
        for guest in self.reminders.due(self.prefs.unanswered_s, at.now.mono) {
            self.occasion(reminder(guest), at);
        }
        self.settle(at);
    }

    /// When [`Self::tick`] wants to be called, on the monotonic clock.
    pub fn deadline(&self) -> Option<u64> {
        self.gathered.into_iter().chain(self.reminders.next()).chain(self.quiet.again).min()
    }

    /// What to do next.
    pub fn poll(&mut self) -> Option<Ring> {
        self.screen.poll()
    }

    /// The person clicked the alert, pressed one of its buttons or closed it: it is gone from the screen, and what it
    /// was about needs no alert any more. Tells what that was; `None`: it stood for many, or is over.
    pub fn answered(&mut self, alert: AlertId, at: At) -> Option<Subject> {
        self.look(at);
        let subject = match self.screen.lost(alert)? {
            Slot::One(subject) => {
                self.end(subject);
                Some(subject)
            }
            Slot::Together(kind) => {
                self.pile(kind).forget_told();
                self.dirty.insert(Slot::Together(kind));
                None
            }
        };
        self.settle(at);
        subject
    }

    /// The alert is gone from the screen, and nobody did anything about it: it comes again with the next occasion.
    pub fn expired(&mut self, alert: AlertId, at: At) {
        self.look(at);
        match self.screen.lost(alert) {
            Some(Slot::One(subject)) => {
                if let Some(open) = self.pile(subject.kind()).open.get_mut(&subject) {
                    open.stage = Stage::Off;
                }
            }
            Some(Slot::Together(kind)) => drop(self.pile(kind).move_on(Stage::Up, Stage::Off)),
            None => {}
        }
        self.settle(at);
    }

    /// The notification daemon was started anew and lost what it showed: everything that is open is shown again,
    /// silently.
    pub fn forgotten(&mut self, at: At) {
        self.look(at);
        self.settle(at);
        self.screen.again();
    }

    fn facts(&mut self, facts: &Facts) {
        self.view.side = Some(facts.side);
        self.end_seen();
    }

    fn occasion(&mut self, occasion: Occasion, at: At) {
        if occasion.event.is_some_and(|event| !self.told.is_new(event)) {
            return;
        }
        let (subject, wanted) = (occasion.subject, self.prefs.of(occasion.subject.kind()));
        if !wanted.show {
            return self.ring_for(subject);
        }
        for other in same_chat(subject) {
            self.end(other);
        }
        if self.sees(subject) {
            return self.end(subject);
        }
        let (quiet, late) = (self.quiet.on, !occasion.live);
        let (stage, calls) = self.pile(subject.kind()).take(occasion, quiet, late);
        match stage {
            Stage::Up if calls => self.call(subject),
            Stage::Gathered => drop(self.gathered.get_or_insert(at.now.mono + GATHER_MS)),
            Stage::Up | Stage::Held | Stage::Off => {}
        }
        self.touch(subject);
    }

    fn over(&mut self, over: Over) {
        match over {
            Over::Subject(subject) => self.end(subject),
            Over::Read(visitor, seq) => {
                for subject in [Subject::Words(visitor), Subject::Closed(visitor)] {
                    let open = self.pile(subject.kind()).open.get(&subject);
                    if open.is_some_and(|open| open.seq.is_some_and(|newest| newest <= seq)) {
                        self.end(subject);
                    }
                }
            }
            Over::Everything => {
                self.reminders.clear();
                self.piles.clear();
                self.everything_is_dirty();
            }
        }
    }

    /// The person looks at something else now.
    fn seen(&mut self, at: At) {
        self.end_seen();
        self.look(at);
        self.settle(at);
    }

    fn end_seen(&mut self) {
        let open = self.piles.values().flat_map(|pile| pile.open.keys());
        let seen: Vec<_> = open.copied().filter(|subject| self.sees(*subject)).collect();
        seen.into_iter().for_each(|subject| self.end(subject));
    }

    fn sees(&self, subject: Subject) -> bool {
        !self.locked && self.view.has(subject)
    }

    /// It is over, or was seen.
    fn end(&mut self, subject: Subject) {
        if self.pile(subject.kind()).open.remove(&subject).is_some() {
            self.touch(subject);
        }
    }

    fn pile(&mut self, kind: Kind) -> &mut Pile {
        self.piles.entry(kind).or_default()
    }

    fn call(&mut self, subject: Subject) {
        self.calls.insert(subject);
        self.ring(subject.kind());
    }

    /// The person wants to hear of it and to see nothing.
    fn ring_for(&mut self, subject: Subject) {
        if !self.sees(subject) {
            self.ring(subject.kind());
        }
    }

    /// One sound is enough, whatever it is for.
    fn ring(&mut self, kind: Kind) {
        if self.prefs.of(kind).sound {
            self.sound.get_or_insert(kind);
        }
    }

    fn touch(&mut self, subject: Subject) {
        self.dirty.extend([Slot::One(subject), Slot::Together(subject.kind())]);
    }

    fn everything_is_dirty(&mut self) {
        let open = self.piles.values().flat_map(|pile| pile.open.keys());
        self.dirty.extend(open.copied().map(Slot::One));
        self.dirty.extend(self.piles.keys().copied().map(Slot::Together));
        self.dirty.extend(self.screen.slots());
    }

    /// Looks at the clocks: what was held is told when quiet ends, together where it is much, and without a sound.
    fn look(&mut self, at: At) {
        if self.quiet.look(self.prefs.quiet, at) {
            self.release(Stage::Held, false);
        }
    }

    /// What waited is told now, unless there is to be quiet.
    fn release(&mut self, stage: Stage, sound: bool) {
        let to = if self.quiet.on { Stage::Held } else { Stage::Up };
        for kind in Kind::ALL {
            let grouping = self.prefs.grouping;
            let Some(pile) = self.piles.get_mut(&kind) else { continue };
            let released = pile.move_on(stage, to);
            if to == Stage::Held || released.is_empty() {
                continue;
            }
            pile.together |= grouping && !sound && released.len() > 1;
            self.dirty.insert(Slot::Together(kind));
            self.dirty.extend(pile.open.keys().copied().map(Slot::One));
            self.calls.extend(released);
            if sound {
                self.ring(kind);
            }
        }
    }
}

/// Of one chat the newest alert is enough.
fn same_chat(subject: Subject) -> impl Iterator<Item = Subject> {
    let all = subject.visitor().map(|visitor| {
        [Subject::Words, Subject::Closed, Subject::Waiting, Subject::Unanswered, Subject::Transfer]
            .map(|of| of(visitor))
    });
    // That a chat was closed does not say what was written in it.
    let closed = matches!(subject, Subject::Closed(_));
    all.into_iter().flatten().filter(move |other| !closed && *other != subject)
}

fn reminder(guest: Guest) -> Occasion {
    Occasion {
        subject: Subject::Unanswered(guest.visitor),
        event: None,
        seq: None,
        who: guest.name,
        words: None,
        live: true,
        ts: guest.since,
    }
}
