//! What a person does outside of our windows: in the tray, on a notification, by a second start.
//!
//! What must always hold: a deed does exactly what a click in the window would have done, and asks where that would ask.

use deskbell_api::dto::Problem;
use deskbell_wire::{MessageId, Timestamp, VisitorId};
use jiff::Zoned;
use tauri::{AppHandle, Manager};

use crate::arguments::Face;
use crate::desktop::Signal;
use crate::pause;
use crate::quitting;
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

/// Does it. May be called on any thread, and waits for nothing.
pub(crate) fn perform(app: &AppHandle, deed: Deed) {
    if deed == Deed::Quit {
        // Never behind a session that does not answer.
        quitting::quit(app);
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn_blocking(move || {
        if let Err(problem) = act(&app, deed) {
            tracing::warn!(code = problem.code, ?deed, "a deed was not done");
        }
    });
}

/// The session may not run yet: then the window that says so comes forward, and nothing else happens.
fn act(app: &AppHandle, deed: Deed) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    match deed {
        Deed::Open => raise(app),
        Deed::OpenChat { visitor, compose } => {
            raise(app);
            summon(&shell, visitor, None, compose)?;
        }
        Deed::OpenRequest(request) => {
            raise(app);
            summon(&shell, None, Some(request), false)?;
        }
        Deed::Accept(invitation) => {
            // What keeps it from being accepted, as the site's terms do, the page asks about.
            let accepted = shell.visitor()?.accept(invitation);
            raise(app);
            summon(&shell, None, None, true)?;
            accepted?;
        }
        Deed::Decline(invitation) => shell.visitor()?.decline(invitation)?,
        Deed::SetOnline(online) => shell.operator()?.set_online(online)?,
        Deed::Pause(minutes) => {
            pause_until(&shell, minutes.map(|count| pause::minutes(count, &Zoned::now())));
        }
        Deed::PauseUntilTomorrow => pause_until(&shell, Some(pause::tomorrow(&Zoned::now()))),
        Deed::Settings => settings(app),
        Deed::Quit => quitting::quit(app),
    }
    Ok(())
}

fn summon(
    shell: &Shell,
    visitor: Option<VisitorId>,
    request: Option<MessageId>,
    compose: bool,
) -> Result<(), Problem> {
    match shell.request().face {
        Face::Visitor => shell.visitor()?.summon(compose),
        Face::Operator => shell.operator()?.summon(visitor, request, compose),
    }
}

fn pause_until(shell: &Shell, until: Option<Timestamp>) {
    if let Some(desktop) = shell.desktop() {
        desktop.tell(Signal::PauseUntil(until));
    }
}

fn raise(app: &AppHandle) {
    let face = app.state::<Shell>().request().face;
    on_main_thread(app, move |app| windows::raise(app, face.into()));
}

fn settings(app: &AppHandle) {
    on_main_thread(app, |app| {
        if let Err(error) = windows::settings(app) {
            tracing::warn!(%error, "the settings did not open");
        }
    });
}

fn on_main_thread(app: &AppHandle, work: impl FnOnce(&AppHandle) + Send + 'static) {
    let asked = app.clone();
    if let Err(error) = app.run_on_main_thread(move || work(&asked)) {
        tracing::warn!(%error, "a deed found no main thread");
    }
}
