//! The desktop's hub: news of the session, focus, sleep and settings go in; alerts, sounds and the tray come out.
//!
//! What must always hold: one thread owns the rules ([`deskbell_api::desktop`]), so their order is the order of what
//! happened; nobody who tells it something waits for a notification daemon, a sound card or a bus.

use std::sync::mpsc::{self, Sender};
use std::thread;

use deskbell_api::desktop::News;
use deskbell_wire::VisitorId;
use tauri::AppHandle;

/// The hub; clones mean the same one.
#[derive(Clone)]
pub(crate) struct Desktop {
    signals: Sender<Signal>,
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
}

impl Desktop {
    /// Starts its thread.
    pub(crate) fn start(_app: AppHandle) -> std::io::Result<Self> {
        let (signals, heard) = mpsc::channel();
        thread::Builder::new().name("desktop".to_owned()).spawn(move || {
            for signal in heard {
                tracing::trace!(?signal, "the desktop");
            }
        })?;
        Ok(Self { signals })
    }

    /// Tells it; after its end nobody hears.
    pub(crate) fn tell(&self, signal: Signal) {
        drop(self.signals.send(signal));
    }
}
