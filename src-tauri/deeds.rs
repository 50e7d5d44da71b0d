//! What a person does outside of our windows: in the tray, on a notification, by a second start.
//!
//! What must always hold: a deed does exactly what a click in the window would have done, and asks where that would ask.

use deskbell_wire::{MessageId, VisitorId};
use tauri::{AppHandle, Manager};

use crate::shell::Shell;
use crate::windows;

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Bring the face's window forward.
    Open,
    /// Bring the window forward at this visitor's chat; `None`: the visitor's own, or where the operator was.
    OpenChat {
        /// Whose, for an operator.
        visitor: Option<VisitorId>,
        /// With the composer focused.
        compose: bool,
    },
    /// Bring the operator's window forward at a request.
    OpenRequest(MessageId),
    /// Accept this invitation, and open the chat.
    Accept(MessageId),
    /// Decline this invitation.
    Decline(MessageId),
    /// The operator takes chats, or does not.
    SetOnline(bool),
    /// No alerts for so many minutes; `None`: alerts again.
    Pause(Option<u32>),
    /// No alerts until the next morning.
    PauseUntilTomorrow,
    /// The app's own window, at its settings.
    Settings,
    /// End the program.
    Quit,
}

/// Does it. May be called on any thread.
pub(crate) fn perform(app: &AppHandle, deed: Deed) {
    let asked = app.clone();
    let done = app.run_on_main_thread(move || {
        let face = asked.state::<Shell>().request().face;
        match deed {
            Deed::Quit => asked.exit(0),
            _ => windows::raise(&asked, face.into()),
        }
    });
    if let Err(error) = done {
        tracing::warn!(%error, "a deed found no main thread");
    }
}
