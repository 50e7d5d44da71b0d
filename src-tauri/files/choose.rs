//! Files that a person picks in the system's dialog.

use std::path::PathBuf;

use deskbell_api::dto::Problem;
use tauri::{AppHandle, Manager};

use super::pace;
use crate::dialogs;
use crate::problem;
use crate::shell::Shell;
use crate::texts::text;

/// Asks, and has what was picked taken in; the page hears of it as `staged`.
///
/// # Errors
/// `not_confirmed`: a form asks too often. What `take` says. What is wrong with a file stands among the staged ones.
pub(crate) async fn choose(
    app: AppHandle,
    take: impl FnOnce(Vec<PathBuf>) -> Result<(), Problem> + Send + 'static,
) -> Result<(), Problem> {
    let locale = app.state::<Shell>().locale();
    let turn = pace::Turn::take(&app)?;
    let picked = dialogs::files(&app, text("file_choose", locale)).await;
    drop(turn);
    if picked.is_empty() {
        return Ok(());
    }
    let taken = tauri::async_runtime::spawn_blocking(move || take(picked)).await;
    taken.map_err(|_| problem::say("unexpected", locale))?
}
