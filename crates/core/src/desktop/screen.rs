//! What is on the screen, and what has to be done to it.
//!
//! What must always hold: a slot has one alert at most; nobody is told to take back what is not there.

use std::collections::{BTreeMap, VecDeque};

use super::{Alert, AlertId, Kind, Ring, Subject};

/// A place for one alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    /// Of one subject.
    One(Subject),
    /// Of all of a kind.
    Together(Kind),
}

/// The screen, as it is when everything was carried out.
#[derive(Debug, Default)]
pub(super) struct Screen {
    shown: BTreeMap<Slot, Alert>,
    slots: BTreeMap<AlertId, Slot>,
    last: u64,
    rings: VecDeque<Ring>,
}

impl Screen {
    /// The slot has this alert now. One that looks the same is left as it is, unless it calls.
    pub(super) fn show(&mut self, slot: Slot, mut alert: Alert, calls: bool) {
        let before = self.shown.get(&slot);
        if let Some(before) = before {
            alert.id = before.id;
            alert.silent = before.silent;
            if !calls && alert == *before {
                return;
            }
        } else {
            self.last += 1;
            alert.id = AlertId(self.last);
        }
        alert.silent = !calls;
        self.slots.insert(alert.id, slot);
        self.rings.push_back(Ring::Show(alert.clone()));
        self.shown.insert(slot, alert);
    }

    /// The slot is empty now.
    pub(super) fn withdraw(&mut self, slot: Slot) {
        if let Some(alert) = self.shown.remove(&slot) {
            self.slots.remove(&alert.id);
            self.rings.push_back(Ring::Withdraw(alert.id));
        }
    }

    /// The alert is gone by itself. Tells from where.
    pub(super) fn lost(&mut self, alert: AlertId) -> Option<Slot> {
        let slot = self.slots.remove(&alert)?;
        self.shown.remove(&slot);
        Some(slot)
    }

    /// What the slot has.
    pub(super) fn has(&self, slot: Slot) -> Option<&Alert> {
        self.shown.get(&slot)
    }

    /// Every slot that has something.
    pub(super) fn slots(&self) -> Vec<Slot> {
        self.shown.keys().copied().collect()
    }

    /// Shows everything again, without calling.
    pub(super) fn again(&mut self) {
        for alert in self.shown.values_mut() {
            alert.silent = true;
            self.rings.push_back(Ring::Show(alert.clone()));
        }
    }

    pub(super) fn play(&mut self, kind: Kind, volume: u8) {
        self.rings.push_back(Ring::Play(kind, volume));
    }

    pub(super) fn poll(&mut self) -> Option<Ring> {
        self.rings.pop_front()
    }
}
