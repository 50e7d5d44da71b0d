//! The watch over a foreign form: one that never comes up, stops answering or takes its process down gives way to the
//! built-in form.
//!
//! What must always hold: the built-in form is never punished, however slow the machine is; a form that waits for a
//! person (a breakpoint, a dialog) hangs not; nothing here waits on the main thread.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use deskbell_pack::FlawKind;
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::shell::Shell;
use crate::windows::{self, Pane};

/// Seconds that a form may take to come up, and those that it may stay silent after.
const PATIENCE: u32 = 10;
/// A process that ends sooner after another one is not started again: something else is wrong.
const REST: Duration = Duration::from_secs(30);

/// What is waited for.
#[derive(Debug, Default)]
pub(crate) struct Watch(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The last name of a wait.
    turn: u64,
    /// A form is coming up: the wait for it, and which form.
    coming: Option<(u64, String)>,
    /// The page does not answer.
    silent: Option<u64>,
    /// A process ended.
    ended: Option<Instant>,
}

impl State {
    fn next(&mut self) -> u64 {
        self.turn += 1;
        self.turn
    }
}

impl Watch {
    /// A page begins to load this form. `None`: it is waited for already, for a page that loads itself again and again
    /// never comes up.
    fn coming(&self, id: &str) -> Option<u64> {
        let mut state = self.state();
        if state.coming.as_ref().is_some_and(|(_, known)| known == id) {
            return None;
        }
        let turn = state.next();
        state.coming = Some((turn, id.to_owned()));
        Some(turn)
    }

    /// The form is up.
    pub(crate) fn up(&self) {
        self.state().coming = None;
    }

    /// The page is loaded anew, or shows another form: nobody is waited for.
    pub(crate) fn forget(&self) {
        let mut state = self.state();
        (state.coming, state.silent) = (None, None);
    }

    /// The page has stopped answering, or answers again.
    fn silent(&self, is_silent: bool) -> Option<u64> {
        let mut state = self.state();
        state.silent = is_silent.then(|| state.next());
        state.silent
    }

    fn still_waits(&self, turn: u64) -> bool {
        let state = self.state();
        state.coming.as_ref().is_some_and(|(coming, _)| *coming == turn) || state.silent == Some(turn)
    }

    /// A process of the built-in form ended. Is it started again?
    fn may_start_again(&self, now: Instant) -> bool {
        let before = self.state().ended.replace(now);
        before.is_none_or(|before| now.saturating_duration_since(before) >= REST)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A page was told of its form. A foreign one is waited for; whoever looks into it with the inspector may stop it.
pub(crate) fn begin(app: &AppHandle) {
    let shell = app.state::<Shell>();
    match shell.packs().given().filter(|_| !shell.request().devtools) {
        Some(given) => wait(app, shell.watch().coming(&given.id)),
        None => shell.watch().forget(),
    }
}

fn wait(app: &AppHandle, turn: Option<u64>) {
    let Some(turn) = turn else { return };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(Duration::from_secs(PATIENCE.into())).await;
        if app.state::<Shell>().watch().still_waits(turn) {
            stop(&app, FlawKind::Hangs(PATIENCE));
        }
    });
}

/// The form is not run again, and the window begins with a process of its own.
fn stop(app: &AppHandle, kind: FlawKind) {
    let shell = app.state::<Shell>();
    let Some(window) = app.get_webview_window(Pane::Visitor.label()) else { return };
    if shell.packs().stop(kind.clone()) {
        tracing::warn!(code = kind.code(), "the form was stopped");
        shell.watch().forget();
        if let Err(error) = system::end_process(&window) {
            tracing::warn!(%error, "the form's process did not end");
        }
        windows::reload(app, Pane::Visitor);
    }
}

/// The page's process is gone, whoever was to blame.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only WebKitGTK says so here"))]
fn process_ended(app: &AppHandle) {
    let shell = app.state::<Shell>();
    if shell.packs().given().is_some() {
        stop(app, FlawKind::Crashed);
    } else if shell.watch().may_start_again(Instant::now()) {
        windows::reload(app, Pane::Visitor);
    }
}

/// The system's web view says whether its page answers.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only WebKitGTK says so here"))]
fn answers(app: &AppHandle, is_answering: bool) {
    let shell = app.state::<Shell>();
    let turn = shell.watch().silent(!is_answering);
    if shell.packs().given().is_some() && !shell.request().devtools {
        wait(app, turn);
    }
}

/// Listens to what the system says about the window's process.
pub(crate) fn attach(window: &WebviewWindow) -> tauri::Result<()> {
    system::listen(window)
}

#[cfg(target_os = "linux")]
mod system {
    use tauri::{Manager, WebviewWindow};
    use webkit2gtk::{WebProcessTerminationReason, WebViewExt};

    pub(super) fn listen(window: &WebviewWindow) -> tauri::Result<()> {
        let app = window.app_handle().clone();
        window.with_webview(move |view| {
            let (view, told) = (view.inner(), app.clone());
            view.connect_is_web_process_responsive_notify(move |view| {
                super::answers(&told, view.is_web_process_responsive());
            });
            view.connect_web_process_terminated(move |_, reason| {
                // Otherwise we ended it ourselves.
                if reason != WebProcessTerminationReason::TerminatedByApi {
                    super::process_ended(&app);
                }
            });
        })
    }

    /// A process in an endless loop would go on for ever behind a window that has another one.
    pub(super) fn end_process(window: &WebviewWindow) -> tauri::Result<()> {
        window.with_webview(|view| view.inner().terminate_web_process())
    }
}

/// Elsewhere the system's web view ends a process that hangs itself when its page is loaded anew.
#[cfg(not(target_os = "linux"))]
mod system {
    use tauri::WebviewWindow;

    pub(super) fn listen(_: &WebviewWindow) -> tauri::Result<()> {
        Ok(())
    }

    pub(super) fn end_process(_: &WebviewWindow) -> tauri::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_loads_itself_again_and_again_is_still_waited_for() {
        let watch = Watch::default();
        let turn = watch.coming("a").unwrap();
        assert_eq!(watch.coming("a"), None);
        assert!(watch.still_waits(turn));
        let other = watch.coming("b").unwrap();
        assert!(!watch.still_waits(turn) && watch.still_waits(other), "another form has its own time");
        watch.up();
        assert!(!watch.still_waits(other));
    }

    #[test]
    fn a_page_that_answers_again_is_not_waited_for() {
        let watch = Watch::default();
        let turn = watch.silent(true).unwrap();
        assert!(watch.still_waits(turn));
        assert_eq!(watch.silent(false), None);
        assert!(!watch.still_waits(turn));
        let again = watch.silent(true).unwrap();
        assert!(!watch.still_waits(turn) && watch.still_waits(again));
        watch.forget();
        assert!(!watch.still_waits(again));
    }

    #[test]
    fn a_process_that_ends_again_at_once_is_left() {
        let (watch, start) = (Watch::default(), Instant::now());
        assert!(watch.may_start_again(start));
        assert!(!watch.may_start_again(start + REST / 2));
        assert!(watch.may_start_again(start + REST * 2));
    }
}
