//! From what is open to what the screen has.
//!
//! What must always hold: in quiet nothing comes and nothing changes but what has to vanish.

use super::bell::{At, Bell};
use super::pile::{Open, Stage};
use super::screen::Slot;
use super::{Act, Alert, AlertId, Kind, Subject};

/// Milliseconds between two sounds.
const SOUND_MS: u64 = 2_000;

impl Bell {
    /// The screen becomes what it should be.
    pub(super) fn settle(&mut self, at: At) {
        self.regroup();
        let dirty = std::mem::take(&mut self.dirty);
        let (wanted, gone): (Vec<_>, Vec<_>) =
            dirty.into_iter().map(|slot| (slot, self.wanted(slot))).partition(|(_, alert)| alert.is_some());
        gone.into_iter().for_each(|(slot, _)| self.screen.withdraw(slot));
        for (slot, alert) in wanted {
            if let Some(alert) = alert {
                self.put(slot, alert);
            }
        }
        self.play(at);
        self.calls.clear();
    }

    fn regroup(&mut self) {
        for (kind, pile) in &mut self.piles {
            if pile.regroup(self.prefs.grouping) {
                self.dirty.extend(pile.open.keys().copied().map(Slot::One));
                self.dirty.insert(Slot::Together(*kind));
            }
        }
    }

    fn put(&mut self, slot: Slot, alert: Alert) {
        if self.quiet.on {
            return self.put_in_quiet(slot, &alert);
        }
        let calls = match slot {
            Slot::One(subject) => self.calls.contains(&subject),
            Slot::Together(kind) => self.calls.iter().any(|subject| subject.kind() == kind),
        };
        self.screen.show(slot, alert, calls);
    }

    /// Nothing comes, and what is there only becomes less. The rest is for later.
    fn put_in_quiet(&mut self, slot: Slot, alert: &Alert) {
        self.dirty.insert(slot);
        let Some(mut shown) = self.screen.has(slot).cloned() else { return };
        shown.count = shown.count.min(alert.count);
        if self.hides() {
            (shown.who, shown.words) = (None, None);
        }
        self.screen.show(slot, shown, false);
    }

    fn play(&mut self, at: At) {
        let Some(kind) = self.sound.take() else { return };
        let wanted = self.prefs.of(kind).sound && self.prefs.volume > 0 && !self.quiet.on;
        if wanted && self.sound_at <= at.now.mono {
            self.sound_at = at.now.mono + SOUND_MS;
            self.screen.play(kind, self.prefs.volume.min(100));
        }
    }

    fn hides(&self) -> bool {
        self.prefs.hide_words || self.locked
    }

    /// What the slot should have.
    fn wanted(&self, slot: Slot) -> Option<Alert> {
        let kind = match slot {
            Slot::One(subject) => subject.kind(),
            Slot::Together(kind) => kind,
        };
        let pile = self.piles.get(&kind)?;
        match slot {
            Slot::Together(kind) => (pile.together && pile.is_up()).then(|| many(kind, pile.told())),
            Slot::One(subject) => {
                let open =
                    pile.open.get(&subject).filter(|open| open.stage == Stage::Up && !pile.together)?;
                Some(self.one(subject, open))
            }
        }
    }

    fn one(&self, subject: Subject, open: &Open) -> Alert {
        let said = |text: &Option<String>| text.clone().filter(|_| !self.hides());
        Alert {
            id: AlertId(0),
            kind: subject.kind(),
            subject: Some(subject),
            who: said(&open.who),
            words: said(&open.words),
            count: open.count,
            acts: acts(subject),
            stays: stays(subject.kind()),
            silent: false,
        }
    }
}

/// Which alerts stay until they are answered.
const fn stays(kind: Kind) -> bool {
    matches!(kind, Kind::Invitation | Kind::Waiting | Kind::Unanswered | Kind::Transfer)
}

fn acts(subject: Subject) -> Vec<Act> {
    match subject {
        Subject::Invitation(_) => vec![Act::Accept, Act::Decline],
        Subject::Words(_) | Subject::Unanswered(_) => vec![Act::Reply],
        Subject::Waiting(_) | Subject::Transfer(_) | Subject::Request(_) => vec![Act::Open],
        Subject::Closed(_) => Vec::new(),
    }
}

fn many(kind: Kind, told: usize) -> Alert {
    Alert {
        id: AlertId(0),
        kind,
        subject: None,
        who: None,
        words: None,
        count: told as u64,
        acts: Vec::new(),
        stays: stays(kind),
        silent: false,
    }
}
