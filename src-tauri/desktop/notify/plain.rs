//! Notifications where there is no D-Bus: shown by notify-rust, without buttons, and gone by the system's own rules.
//!
//! Why so little: what a press comes to needs a packaged program on these systems, and nobody has run this there yet.

use std::sync::mpsc::{self, SyncSender};
use std::thread;

use deskbell_api::desktop::AlertId;
use notify_rust::Notification;

use super::note::{Abilities, note};
use super::{Listener, Sender, Told};
use crate::desktop::Notifications;
use crate::desktop::words::Poster;

/// Alerts that may wait for a slow system; of more, the newest are not shown.
const WAITING: usize = 256;

/// Shows alerts; clones mean the same one.
#[derive(Clone)]
pub(in crate::desktop) struct Notifier {
    posters: SyncSender<Poster>,
}

impl Notifier {
    /// Starts its thread.
    pub(in crate::desktop) fn start(sender: Sender, told: Listener) -> std::io::Result<Self> {
        let (posters, shown) = mpsc::sync_channel::<Poster>(WAITING);
        thread::Builder::new().name("notifications".to_owned()).spawn(move || {
            for poster in shown {
                told(Told::Reach(show(&sender, &poster)));
            }
        })?;
        Ok(Self { posters })
    }

    /// Shows it.
    pub(in crate::desktop) fn show(&self, poster: Poster) {
        if !poster.alert.silent {
            drop(self.posters.try_send(poster));
        }
    }

    /// The system takes it back when it likes.
    pub(in crate::desktop) fn withdraw(&self, _: AlertId) {}

    /// As [`Self::withdraw`].
    pub(in crate::desktop) fn end(&self) {}
}

fn show(sender: &Sender, poster: &Poster) -> Notifications {
    let note = note(poster, Abilities { markup: false, actions: false });
    let mut notification = Notification::new();
    notification.appname(&sender.name).summary(&note.summary).body(&note.body);
    match notification.show() {
        Ok(_) => Notifications::Shown(std::env::consts::OS.to_owned()),
        Err(error) => {
            tracing::info!(%error, "a notification was not shown");
            Notifications::None
        }
    }
}
