//! A saved file, shown in its folder by the system's file manager.
//!
//! What must always hold: only where this program saved it is shown, and it is not opened.

use std::path::Path;

use deskbell_api::dto::Problem;
use tauri::{AppHandle, Manager};

use super::pace;
use crate::problem;
use crate::shell::Shell;

/// Shows the place where the file was saved last.
///
/// # Errors
/// `file_not_saved`: it was not saved since the program began, or is not there any more. `not_confirmed`.
pub(crate) async fn show(app: AppHandle, key: String) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    let locale = shell.locale();
    let place = shell.files().saved(&key).filter(|place| place.symlink_metadata().is_ok());
    let place = place.ok_or_else(|| problem::say("file_not_saved", locale))?;
    let _turn = pace::Turn::take(&app)?;
    let shown = tauri::async_runtime::spawn_blocking(move || reveal(&place)).await;
    match shown {
        Ok(true) => Ok(()),
        _ => Err(problem::say("file_no_manager", locale)),
    }
}

/// In its folder, with the file marked where the system can do that.
fn reveal(place: &Path) -> bool {
    marked(place)
        || place.parent().is_some_and(|folder| {
            open::that_detached(folder)
                .inspect_err(|error| tracing::warn!(%error, "the system opened no folder"))
                .is_ok()
        })
}

/// As the desktops agreed on it: <https://www.freedesktop.org/wiki/Specifications/file-manager-interface>.
#[cfg(target_os = "linux")]
fn marked(place: &Path) -> bool {
    let Ok(uri) = tauri::Url::from_file_path(place) else { return false };
    let shown = zbus::blocking::connection::Builder::session()
        .and_then(|bus| bus.method_timeout(PATIENCE).build())
        .and_then(|bus| {
            let (to, on) = ("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1");
            bus.call_method(Some(to), on, Some(to), "ShowItems", &(vec![uri.as_str()], ""))
        });
    shown.is_ok()
}

/// A file manager that takes longer to start is asked in another way.
#[cfg(target_os = "linux")]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

#[cfg(windows)]
fn marked(place: &Path) -> bool {
    use std::os::windows::process::CommandExt as _;
    // Its own way to read a command line; no name here has a quote in it.
    let words = format!("/select,\"{}\"", place.display());
    std::process::Command::new("explorer").raw_arg(words).spawn().is_ok()
}

#[cfg(target_os = "macos")]
fn marked(place: &Path) -> bool {
    let mut opening = std::process::Command::new("/usr/bin/open");
    opening.arg("-R").arg(place).status().is_ok_and(|status| status.success())
}
