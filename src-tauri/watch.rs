//! The watch over a foreign form: one that never comes up, stops answering or takes its process down gives way to the
//! built-in form.
//!
//! What must always hold: the built-in form is never punished, however slow the machine is; a form that waits for a
//! person (a breakpoint, a dialog) hangs not; nothing here waits on the main thread.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use deskbell_pack::FlawKind;
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::memory;
use crate::shell::Shell;
use crate::windows::{self, Pane};

/// Seconds that a form may take to come up, and those that it may stay silent after.
const PATIENCE: u32 = 10;
/// A page that begins the same form more often than this within the patience comes up and is gone again for ever.
const BEGINNINGS: u32 = 5;
/// A process that ends sooner after another one is not started again: something else is wrong.
const REST: Duration = Duration::from_secs(30);

/// What is waited for.
#[derive(Debug, Default)]
pub(crate) struct Watch(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The last name of a wait.
    turn: u64,
    /// A form is coming up: the wait for it.
    coming: Option<u64>,
    /// The form that was begun last, when first, and how often since.
    begun: Option<(String, Instant, u32)>,
    /// The page does not answer.
    silent: Option<u64>,
    /// Somebody looks at the memory.
    is_looked_at: bool,
    /// A process ended.
    ended: Option<Instant>,
}

impl State {
    fn next(&mut self) -> u64 {
        self.turn += 1;
        self.turn
    }
}

/// What a beginning means.
#[derive(Debug, PartialEq, Eq)]
enum Begun {
    /// The form is waited for from now on.
    Wait(u64),
    /// It is waited for already.
    Waited,
    /// It never comes up, or not for long.
    AgainAndAgain,
}

impl Watch {
    /// A page begins to load this form.
    fn begins(&self, id: &str, now: Instant) -> Begun {
        let mut state = self.state();
        let patience = Duration::from_secs(PATIENCE.into());
        let again = state
            .begun
            .take()
            .filter(|(known, since, _)| known == id && now.saturating_duration_since(*since) < patience);
        let (id, since, times) = again.unwrap_or_else(|| (id.to_owned(), now, 0));
        let is_first = times == 0;
        state.begun = Some((id, since, times + 1));
        if times >= BEGINNINGS {
            return Begun::AgainAndAgain;
        }
        // The page that loads itself anew has no more time than the first one.
        if is_first || state.coming.is_none() {
            let turn = state.next();
            state.coming = Some(turn);
            return Begun::Wait(turn);
        }
        Begun::Waited
    }

    /// The form is up.
    pub(crate) fn up(&self) {
        self.state().coming = None;
    }

    /// The page is loaded anew, or shows another form: nobody is waited for.
    pub(crate) fn forget(&self) {
        let mut state = self.state();
        (state.coming, state.silent, state.begun) = (None, None, None);
    }

    /// The page has stopped answering, or answers again.
    fn silent(&self, is_silent: bool) -> Option<u64> {
        let mut state = self.state();
        state.silent = is_silent.then(|| state.next());
        state.silent
    }

    fn still_waits(&self, turn: u64) -> bool {
        let state = self.state();
        state.coming == Some(turn) || state.silent == Some(turn)
    }

    /// Takes the look at the memory, unless somebody has it.
    fn takes_look(&self) -> bool {
        !std::mem::replace(&mut self.state().is_looked_at, true)
    }

    fn gives_look(&self) {
        self.state().is_looked_at = false;
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

/// A page was told of its form. A foreign one is waited for, unless somebody looks into it with the inspector.
pub(crate) fn begin(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let Some(given) = shell.packs().given() else { return shell.watch().forget() };
    if shell.watch().takes_look() {
        look(app.clone());
    }
    if shell.request().devtools {
        return;
    }
    match shell.watch().begins(&given.id, Instant::now()) {
        Begun::Wait(turn) => wait(app, turn),
        Begun::Waited => {}
        Begun::AgainAndAgain => stop(app, FlawKind::Hangs(PATIENCE)),
    }
}

fn look(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        memory::look(app.clone()).await;
        app.state::<Shell>().watch().gives_look();
    });
}

fn wait(app: &AppHandle, turn: u64) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(Duration::from_secs(PATIENCE.into())).await;
        if app.state::<Shell>().watch().still_waits(turn) {
            stop(&app, FlawKind::Hangs(PATIENCE));
        }
    });
}

/// The form is not run again, and the window begins with a process of its own.
pub(crate) fn stop(app: &AppHandle, kind: FlawKind) {
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
    let is_watched = shell.packs().given().is_some() && !shell.request().devtools;
    if let Some(turn) = turn.filter(|_| is_watched) {
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

    fn waited(begun: Begun) -> u64 {
        match begun {
            Begun::Wait(turn) => turn,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_form_has_its_time_once_however_often_it_begins() {
        let (watch, start) = (Watch::default(), Instant::now());
        let turn = waited(watch.begins("a", start));
        assert_eq!(watch.begins("a", start), Begun::Waited);
        assert!(watch.still_waits(turn));
        let other = waited(watch.begins("b", start));
        assert!(!watch.still_waits(turn) && watch.still_waits(other), "another form has its own time");
        watch.up();
        assert!(!watch.still_waits(other));
    }

    #[test]
    fn a_form_that_comes_up_and_begins_again_for_ever_is_stopped() {
        let (watch, start) = (Watch::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        for _ in 0..BEGINNINGS {
            waited(watch.begins("a", start));
            watch.up();
        }
        assert_eq!(watch.begins("a", after(9)), Begun::AgainAndAgain);
        watch.forget();
        waited(watch.begins("a", after(9)));
        for minute in 1..20 {
            watch.up();
            waited(watch.begins("a", after(60 * minute)));
        }
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
