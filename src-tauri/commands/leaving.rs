//! What one takes along, and what one leaves behind.

use deskbell_api::dto::{ExportFiles, ExportFormat, ExportProgress, Exported, FilesHeld, Problem};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use crate::shell::Shell;
use crate::{channels, export, leaving};

#[tauri::command(async)]
pub(crate) fn app_export_files(shell: State<'_, Shell>) -> Result<FilesHeld, Problem> {
    export::held(&shell)
}

#[tauri::command]
pub(crate) async fn app_export(
    app: AppHandle,
    format: ExportFormat,
    files: ExportFiles,
    channel: Channel<ExportProgress>,
) -> Result<Option<Exported>, Problem> {
    export::save(app, export::Wanted { format, files }, channels::listener(channel)).await
}

#[tauri::command]
pub(crate) fn app_export_cancel(shell: State<'_, Shell>) {
    shell.exports().cancel();
}

#[tauri::command]
pub(crate) async fn app_forget_desk(app: AppHandle) -> Result<(), Problem> {
    leaving::forget(app, leaving::What::Desk).await
}

#[tauri::command]
pub(crate) async fn app_erase(app: AppHandle) -> Result<(), Problem> {
    leaving::forget(app, leaving::What::Everything).await
}
