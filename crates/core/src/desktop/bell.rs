//! When to ring.

use deskbell_wire::{Timestamp, VisitorId};

use super::{AlertId, AlertPrefs, News, Ring, Subject};
use crate::clock::Now;

/// A moment, as alerts need it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// By both clocks.
    pub now: Now,
    /// Minutes since the local midnight, 0 to 1439.
    pub minute: u16,
}

/// The machine. One call changes it, then [`Self::poll`] is drained.
#[derive(Debug)]
pub struct Bell {
    prefs: AlertPrefs,
}

impl Bell {
    /// Nothing has happened yet.
    pub fn new(prefs: AlertPrefs) -> Self {
        Self { prefs }
    }

    /// The session has news.
    pub fn news(&mut self, _news: News, _at: At) {}

    /// Our window has the focus and is shown, or not.
    pub fn focus(&mut self, _focused: bool, _at: At) {}

    /// The conversation that the operator's page shows.
    pub fn in_view(&mut self, _visitor: Option<VisitorId>, _at: At) {}

    /// The person chose otherwise.
    pub fn prefs(&mut self, prefs: AlertPrefs, _at: At) {
        self.prefs = prefs;
    }

    /// No alerts until then, by the wall clock; `None`: alerts again.
    pub fn pause(&mut self, _until: Option<Timestamp>, _at: At) {}

    /// Until when alerts are paused, by the wall clock.
    pub fn paused_until(&self) -> Option<Timestamp> {
        None
    }

    /// The system wants no disturbance, or does again.
    pub fn system_quiet(&mut self, _quiet: bool, _at: At) {}

    /// The screen is locked, or no more.
    pub fn locked(&mut self, _locked: bool, _at: At) {}

    /// Time went on.
    pub fn tick(&mut self, _at: At) {}

    /// When [`Self::tick`] wants to be called, on the monotonic clock.
    pub fn deadline(&self) -> Option<u64> {
        None
    }

    /// What to do next.
    pub fn poll(&mut self) -> Option<Ring> {
        None
    }

    /// The person clicked the alert, pressed one of its buttons or closed it: it is gone from the screen, and what it
    /// was about needs no alert any more. Tells what that was; `None`: it stood for many, or is over.
    pub fn answered(&mut self, _alert: AlertId, _at: At) -> Option<Subject> {
        None
    }

    /// The alert is gone from the screen, and nobody did anything about it: it comes again with the next occasion.
    pub fn expired(&mut self, _alert: AlertId, _at: At) {}

    /// The notification daemon was started anew and lost what it showed: everything that is open is shown again,
    /// silently.
    pub fn forgotten(&mut self, _at: At) {}
}
