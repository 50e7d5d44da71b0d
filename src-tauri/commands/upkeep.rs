//! How the program is, and what it wrote about itself.

use deskbell_api::dto::{Check, CheckPart, Connected, CrashReport, Problem, Reach, Saved};
use tauri::{AppHandle, State};

use crate::shell::Shell;
use crate::{backup, crash, diagnostics, logs, quitting, reach};

#[tauri::command(async)]
pub(crate) fn app_check(app: AppHandle, part: CheckPart) -> Check {
    diagnostics::look(&app, part)
}

#[tauri::command(async)]
pub(crate) fn app_logs(shell: State<'_, Shell>) -> Result<String, Problem> {
    logs::show(&shell)
}

#[tauri::command(async)]
pub(crate) fn app_crashes(shell: State<'_, Shell>) -> Vec<CrashReport> {
    crash::reports(&shell)
}

#[tauri::command]
pub(crate) async fn app_save_crash(app: AppHandle, id: String) -> Result<Option<Saved>, Problem> {
    crash::save(&app, &id).await
}

#[tauri::command(async)]
pub(crate) fn app_discard_crash(shell: State<'_, Shell>, id: String) -> Result<(), Problem> {
    crash::discard(&shell, &id)
}

#[tauri::command(async)]
pub(crate) fn app_reach(shell: State<'_, Shell>) -> Result<Reach, Problem> {
    reach::look(&shell)
}

#[tauri::command(async)]
pub(crate) fn app_connected(shell: State<'_, Shell>) -> Result<Vec<Connected>, Problem> {
    quitting::connected(&shell)
}

#[tauri::command]
pub(crate) async fn app_backup(app: AppHandle) -> Result<Option<Saved>, Problem> {
    backup::save(app).await
}
