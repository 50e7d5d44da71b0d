//! The watch over a foreign form: one that never comes up, stops answering or takes its process down gives way to the
//! built-in form.
//!
//! What must always hold: the built-in form is never punished, however slow the machine is; a form that is up and waits
//! for a person (a breakpoint, a dialog) hangs not; nothing here waits on the main thread.

mod state;
mod system;

use std::time::{Duration, Instant};

use deskbell_pack::FlawKind;
use tauri::{AppHandle, Manager};

use crate::memory;
use crate::shell::Shell;
use crate::windows::{self, Pane};

pub(crate) use state::Watch;
pub(crate) use system::attach;

use state::Begun;

/// Seconds that a form may take to come up, and those that it may stay silent after.
pub(crate) const PATIENCE: u32 = 10;

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
        patience().await;
        if app.state::<Shell>().watch().still_waits(turn) {
            stop(&app, FlawKind::Hangs(PATIENCE));
        }
    });
}

/// In pieces: of the time that a computer sleeps, no more than one of them is laid to the form's charge.
async fn patience() {
    for _ in 0..PATIENCE {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
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
