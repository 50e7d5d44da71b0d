//! The settings of the program itself: what the app's window shows of them, and what it changes.
//!
//! What must always hold: what was chosen counts from the moment at which the page is told so, and is on the disk then.

use std::io;

use deskbell_api::dto::{AlertKind, AlertSettings, AppFace, Closing, DesktopSettings, Problem, SecretsPlace};
use tauri::{AppHandle, Manager};

use crate::arguments::Face;
use crate::autostart;
use crate::closing::Keeping;
use crate::desktop::Signal;
use crate::problem;
use crate::shell::Shell;
use crate::tray::Tray;

/// Everything, as it is now.
pub(crate) fn now(shell: &Shell) -> DesktopSettings {
    let (preferences, face) = (shell.preferences().now(), face(shell));
    let hosting = shell.desk().ok().map(|desk| desk.hosting());
    let safe = shell.profile().map(|profile| shell.safe(profile));
    DesktopSettings {
        face,
        alerts: AlertSettings::of(&preferences.alerts, face),
        autostart: autostart::is_on(shell.request()),
        keep_in_tray: closing(preferences.closing, shell.tray().is_some_and(Tray::is_there)),
        hosting,
        desk: shell.profile().and_then(|profile| profile.remembered().desk),
        profile: shell.request().profile.clone(),
        secrets: safe.and_then(|safe| safe.place()).unwrap_or(SecretsPlace::Session),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// What closing the window comes to.
const fn closing(chosen: Keeping, tray: bool) -> Closing {
    match (chosen, tray) {
        (Keeping::Run, _) | (Keeping::Usual, true) => Closing::Tray,
        (Keeping::Quit, _) => Closing::Quit,
        (Keeping::Ask, _) | (Keeping::Usual, false) => Closing::Ask,
    }
}

/// Which face the program has.
pub(crate) fn face(shell: &Shell) -> AppFace {
    match shell.request().face {
        Face::Visitor => AppFace::Visitor,
        Face::Operator => AppFace::Operator,
    }
}

/// Keeps what the person wants to be told.
///
/// # Errors
/// `disk_full`, `not_kept`: it counts until the program ends.
pub(crate) fn save_alerts(shell: &Shell, alerts: AlertSettings) -> Result<(), Problem> {
    let kept = shell.preferences().change(|now| {
        now.alerts = alerts.over(now.alerts.clone());
        // While nobody else can change them: of two that are saved at once the one that is kept counts.
        if let Some(desktop) = shell.desktop() {
            desktop.tell(Signal::Prefs(now.alerts.clone()));
        }
    });
    kept.map_err(|error| not_kept(&error, shell))
}

/// The program starts by itself after signing in, or does not.
///
/// # Errors
/// `disk_full`, `not_kept`.
pub(crate) fn set_autostart(shell: &Shell, on: bool) -> Result<(), Problem> {
    autostart::set(shell.request(), on).map_err(|error| not_kept(&error, shell))
}

/// What closing the window does. A person who says it here means it whether there is a tray or not.
///
/// # Errors
/// `disk_full`, `not_kept`: it counts until the program ends.
pub(crate) fn set_closing(shell: &Shell, choice: Closing) -> Result<(), Problem> {
    let changed = shell.preferences().change(|now| {
        now.closing = choice.into();
        now.closing_without_tray = Keeping::Usual;
    });
    changed.map_err(|error| not_kept(&error, shell))
}

/// Shows an alert of this kind, whatever the settings say.
///
/// # Errors
/// `starting`: too early.
pub(crate) fn test_alert(app: &AppHandle, kind: AlertKind) -> Result<(), Problem> {
    tell(app, Signal::Test(kind.into()))
}

/// Plays a kind's sound.
///
/// # Errors
/// `starting`: too early.
pub(crate) fn test_sound(app: &AppHandle, kind: AlertKind, volume: u8) -> Result<(), Problem> {
    tell(app, Signal::TestSound(kind.into(), volume.min(100)))
}

fn tell(app: &AppHandle, signal: Signal) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    let desktop = shell.desktop().ok_or_else(|| problem::say("starting", shell.locale()))?;
    desktop.tell(signal);
    Ok(())
}

fn not_kept(error: &io::Error, shell: &Shell) -> Problem {
    tracing::warn!(%error, "what was chosen is not kept");
    let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    problem::say(if full { "disk_full" } else { "not_kept" }, shell.locale())
}
