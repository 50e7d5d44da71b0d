//! The desktop's hub: news of the session, focus, sleep and settings go in; alerts, sounds and the tray come out.
//!
//! What must always hold: one thread owns the rules ([`deskbell_api::desktop`]), so their order is the order of what
//! happened; nobody who tells it something waits for a notification daemon, a sound card or a bus.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use deskbell_api::desktop::{AlertPrefs, Facts, Kind, News};
use deskbell_wire::{Timestamp, VisitorId};
use tauri::AppHandle;

/// The hub; clones mean the same one.
#[derive(Clone)]
pub(crate) struct Desktop {
    signals: Sender<Signal>,
    standing: Arc<Mutex<Standing>>,
}

/// What the hub is told.
#[derive(Debug)]
pub(crate) enum Signal {
    /// By the session.
    News(News),
    /// Our window has the focus and is shown, or not.
    Focus(bool),
    /// The conversation that the operator's page shows.
    InView(Option<VisitorId>),
    /// The person chose anew what to be told.
    Prefs(AlertPrefs),
    /// No alerts until then; `None`: alerts again.
    PauseUntil(Option<Timestamp>),
    /// The computer's session is locked, or not any more.
    Locked(bool),
    /// Shows an alert of this kind and plays its sound, whatever the settings say.
    Test(Kind),
    /// Plays a kind's sound at this loudness, 0 to 100.
    TestSound(Kind, u8),
    /// Shows a sentence of the shell's own: the texts `notice_<name>_title` and `notice_<name>_body`.
    Notice(&'static str),
}

/// How things stand, for whoever asks.
#[derive(Clone, Debug, Default)]
struct Standing {
    facts: Option<Facts>,
    paused_until: Option<Timestamp>,
    notifications: Notifications,
    sound: Sound,
}

/// Whether notifications can be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Notifications {
    /// Not known yet.
    #[default]
    Unknown,
    /// By a program of this name.
    Shown(String),
    /// Something is there and does not answer.
    Silent,
    /// There is nothing that shows them.
    None,
}

/// Whether sounds can be played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sound {
    /// Nothing was played yet.
    #[default]
    Unknown,
    /// The last one was played.
    Played,
    /// The last one found no device that plays it.
    NoDevice,
}

impl Desktop {
    /// Starts its thread.
    pub(crate) fn start(_app: AppHandle) -> std::io::Result<Self> {
        let (signals, heard) = mpsc::channel();
        let standing = Arc::<Mutex<Standing>>::default();
        let kept = Arc::clone(&standing);
        thread::Builder::new().name("desktop".to_owned()).spawn(move || {
            for signal in heard {
                let mut standing = kept.lock().unwrap_or_else(PoisonError::into_inner);
                match signal {
                    Signal::News(News::Facts(facts)) => standing.facts = Some(*facts),
                    Signal::PauseUntil(until) => standing.paused_until = until,
                    signal => tracing::trace!(?signal, "the desktop"),
                }
            }
        })?;
        Ok(Self { signals, standing })
    }

    /// Tells it; after its end nobody hears. Never waits.
    pub(crate) fn tell(&self, signal: Signal) {
        drop(self.signals.send(signal));
    }

    /// How the session stands; `None` before it has said so.
    pub(crate) fn facts(&self) -> Option<Facts> {
        self.standing().facts
    }

    /// Until when the person wants no alerts.
    pub(crate) fn paused_until(&self) -> Option<Timestamp> {
        self.standing().paused_until
    }

    /// Whether notifications can be shown, as of the last one.
    pub(crate) fn notifications(&self) -> Notifications {
        self.standing().notifications
    }

    /// Whether sounds can be played, as of the last one.
    pub(crate) fn sound(&self) -> Sound {
        self.standing().sound
    }

    fn standing(&self) -> Standing {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
