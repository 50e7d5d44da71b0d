//! What one takes along, and what one leaves behind.

use deskbell_api::dto::{ExportFormat, Problem, Saved};
use tauri::AppHandle;

use crate::{export, leaving};

#[tauri::command]
pub(crate) async fn app_export(app: AppHandle, format: ExportFormat) -> Result<Option<Saved>, Problem> {
    export::save(app, format).await
}

#[tauri::command]
pub(crate) async fn app_forget_desk(app: AppHandle) -> Result<(), Problem> {
    leaving::forget(app, leaving::What::Desk).await
}

#[tauri::command]
pub(crate) async fn app_erase(app: AppHandle) -> Result<(), Problem> {
    leaving::forget(app, leaving::What::Everything).await
}
