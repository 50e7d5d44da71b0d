//! What closing a window does: the program stays in the tray, asks, or ends.
//!
//! What must always hold: a person who closes the window is never left with a program that he cannot find, and is told
//! once where it went; what he chose in the question is remembered.

use std::sync::atomic::{AtomicBool, Ordering};

use deskbell_api::dto::Closing;
use rfd::{AsyncMessageDialog, MessageButtons, MessageDialogResult};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager, WebviewWindow, WindowEvent};

use crate::deeds::{self, Deed};
use crate::desktop::{Notifications, Signal};
use crate::preferences::Preferences;
use crate::shell::Shell;
use crate::system;
use crate::texts::text;
use crate::tray;
use crate::window_state;
use crate::windows::{self, Pane};

/// What a person chose of it, or nothing yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Keeping {
    /// The usual: with a tray it stays there, without one the person is asked.
    #[default]
    Usual,
    /// It runs on without a window.
    Run,
    /// It ends.
    Quit,
    /// The person is asked each time.
    Ask,
}

impl From<Closing> for Keeping {
    fn from(closing: Closing) -> Self {
        match closing {
            Closing::Tray => Self::Run,
            Closing::Quit => Self::Quit,
            Closing::Ask => Self::Ask,
        }
    }
}

/// One question at a time. It is the person's own doing: no pace, as a form's questions have it.
#[derive(Debug, Default)]
pub(crate) struct Asking(AtomicBool);

/// What is done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    Hide,
    Quit,
    Ask,
}

impl Preferences {
    fn plan(&self, tray: bool) -> Plan {
        match (self.closing, self.closing_without_tray, tray) {
            (Keeping::Quit, ..) => Plan::Quit,
            (Keeping::Ask, ..) => Plan::Ask,
            (Keeping::Run | Keeping::Usual, _, true) => Plan::Hide,
            (_, Keeping::Run, false) => Plan::Hide,
            (_, Keeping::Quit, false) => Plan::Quit,
            (_, Keeping::Usual | Keeping::Ask, false) => Plan::Ask,
        }
    }

    fn chose(&mut self, keeping: Keeping, tray: bool) {
        let kept = if tray { &mut self.closing } else { &mut self.closing_without_tray };
        *kept = keeping;
    }
}

/// Listens to a window of the program.
pub(crate) fn attend(window: &WebviewWindow, pane: Pane) {
    let attended = window.clone();
    window.on_window_event(move |event| {
        let app = attended.app_handle();
        match event {
            WindowEvent::CloseRequested { api, .. } if is_face(app, pane) => {
                api.prevent_close();
                close(app, pane);
            }
            WindowEvent::Focused(focused) if is_face(app, pane) => focus(app, *focused),
            // One that goes for good does not say that it loses the focus.
            WindowEvent::Destroyed if is_face(app, pane) => focus(app, false),
            WindowEvent::Moved(_) | WindowEvent::Resized(_) => app.state::<Shell>().places().note(&attended),
            _ => {}
        }
    });
}

/// Is it the window of the session? The app's own window simply closes; the last window that closes ends the program.
fn is_face(app: &AppHandle, pane: Pane) -> bool {
    Pane::from(app.state::<Shell>().request().face) == pane
}

fn focus(app: &AppHandle, focused: bool) {
    if focused {
        system::person_is_here(app);
    }
    if let Some(desktop) = app.state::<Shell>().desktop() {
        desktop.tell(Signal::Focus(focused));
    }
}

/// On the main thread.
fn close(app: &AppHandle, pane: Pane) {
    let tray = tray::is_there(app);
    match app.state::<Shell>().preferences().now().plan(tray) {
        Plan::Hide => hide(app, pane),
        Plan::Quit => deeds::perform(app, Deed::Quit),
        Plan::Ask => ask(app, pane, tray),
    }
}

fn hide(app: &AppHandle, pane: Pane) {
    if let Some(window) = app.get_webview_window(pane.label()) {
        app.state::<Shell>().places().note(&window);
        if let Err(error) = window.hide() {
            tracing::warn!(%error, "a window stayed");
            return;
        }
    }
    // A window that hides may keep the focus in the toolkit's books.
    focus(app, false);
    let app = app.clone();
    tauri::async_runtime::spawn_blocking(move || {
        window_state::keep(&app);
        tell_once(&app);
    });
}

/// Where the program went: by a notification, or by a question of the system's where there are none.
fn tell_once(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let Some(desktop) = shell.desktop() else { return };
    if shell.preferences().now().told_hidden || !tray::is_there(app) {
        return;
    }
    if matches!(desktop.notifications(), Notifications::None | Notifications::Silent) {
        let locale = shell.locale();
        drop(app.run_on_main_thread(move || {
            let dialog = AsyncMessageDialog::new()
                .set_title(text("notice_hidden_title", locale))
                .set_description(text("notice_hidden_body", locale));
            tauri::async_runtime::spawn(dialog.show());
        }));
    } else {
        desktop.tell(Signal::Notice("hidden"));
    }
    if let Err(error) = shell.preferences().change(|now| now.told_hidden = true) {
        tracing::warn!(%error, "it will be told again where the program went");
    }
}

/// Keep running, end, or stay as it is.
fn ask(app: &AppHandle, pane: Pane, tray: bool) {
    let shell = app.state::<Shell>();
    if shell.asking().0.swap(true, Ordering::AcqRel) {
        return;
    }
    let locale = shell.locale();
    let body = if tray { "closing_body_tray" } else { "closing_body" };
    let [run, quit] = ["closing_run", "tray_quit"].map(|key| text(key, locale));
    let mut dialog = AsyncMessageDialog::new()
        .set_title(text("closing_title", locale).replace("{name}", &tray::name(app)))
        .set_description(text(body, locale))
        .set_buttons(MessageButtons::YesNoCancelCustom(
            run.clone(),
            quit.clone(),
            text("closing_stay", locale),
        ));
    if let Some(window) = app.get_webview_window(pane.label()) {
        dialog = dialog.set_parent(&window);
    }
    let (answer, app) = (dialog.show(), app.clone());
    tauri::async_runtime::spawn(async move {
        let answer = answer.await;
        app.state::<Shell>().asking().0.store(false, Ordering::Release);
        let is =
            |usual, words: &str| answer == usual || answer == MessageDialogResult::Custom(words.to_owned());
        if is(MessageDialogResult::Yes, &run) {
            answered(&app, pane, tray, Keeping::Run);
        } else if is(MessageDialogResult::No, &quit) {
            answered(&app, pane, tray, Keeping::Quit);
        }
    });
}

fn answered(app: &AppHandle, pane: Pane, tray: bool, keeping: Keeping) {
    let remembering = app.clone();
    let done = app.run_on_main_thread(move || match keeping {
        Keeping::Run => hide(&remembering, pane),
        _ => deeds::perform(&remembering, Deed::Quit),
    });
    let kept = app.state::<Shell>().preferences().change(|now| now.chose(keeping, tray));
    if done.is_err() || kept.is_err() {
        tracing::warn!("the answer to the question of closing is not remembered");
    }
}

/// Nobody shows icons any more, or nobody ever did: a hidden window would be out of reach.
pub(crate) fn tray_is_gone(app: &AppHandle) {
    let shell = app.state::<Shell>();
    if shell.preferences().now().closing_without_tray == Keeping::Run {
        return;
    }
    let (app, pane) = (app.clone(), Pane::from(shell.request().face));
    let raising = app.clone();
    drop(app.run_on_main_thread(move || {
        let window = raising.get_webview_window(pane.label());
        if window.is_some_and(|window| !window.is_visible().unwrap_or(true)) {
            windows::raise(&raising, pane);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(closing: Keeping, closing_without_tray: Keeping) -> Preferences {
        let mut chosen = Preferences::default();
        (chosen.closing, chosen.closing_without_tray) = (closing, closing_without_tray);
        chosen
    }

    #[test]
    fn a_person_is_asked_where_the_program_could_not_be_found_again() {
        let usual = Preferences::default();
        assert_eq!((usual.plan(true), usual.plan(false)), (Plan::Hide, Plan::Ask));
        let tray = chosen(Keeping::Run, Keeping::Usual);
        assert_eq!((tray.plan(true), tray.plan(false)), (Plan::Hide, Plan::Ask));
        let quit = chosen(Keeping::Quit, Keeping::Run);
        assert_eq!((quit.plan(true), quit.plan(false)), (Plan::Quit, Plan::Quit));
    }

    #[test]
    fn an_answer_is_remembered_where_it_was_given() {
        let mut chosen = Preferences::default();
        chosen.chose(Keeping::Run, false);
        assert_eq!((chosen.plan(true), chosen.plan(false)), (Plan::Hide, Plan::Hide));
        chosen.chose(Keeping::Quit, true);
        assert_eq!(chosen.plan(true), Plan::Quit);
        assert_eq!(chosen.closing_without_tray, Keeping::Run);
    }
}
