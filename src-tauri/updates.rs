//! Updates of the bundles that replace themselves; only in builds with the feature `updates`.
//!
//! What must always hold: nothing is fetched but the word which version there is, until the person agrees; what is
//! fetched is taken only with the signature of the key that the build names; a build that names none never looks.

use std::time::Duration;

use tauri::{AppHandle, Manager};
use tauri_plugin_updater::{Result, UpdaterExt};

use crate::dialogs;
use crate::questions::Question;
use crate::shell::Shell;
use crate::texts::text;

/// From the start to the first look: the start itself has other things to do.
const FIRST: Duration = Duration::from_secs(60);
/// Between two looks; who says no is asked again after it.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Looks for updates from now on, where the build says where.
///
/// # Errors
/// What the build says makes no sense.
pub(crate) fn watch(app: &AppHandle) -> tauri::Result<()> {
    if !app.config().plugins.0.contains_key("updater") {
        return Ok(());
    }
    // Whoever was first has chosen the same one.
    drop(rustls::crypto::ring::default_provider().install_default());
    app.plugin(tauri_plugin_updater::Builder::new().build())?;
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(FIRST).await;
        loop {
            if let Err(error) = look(&app).await {
                tracing::warn!(%error, "no update was found or taken");
            }
            tokio::time::sleep(EVERY).await;
        }
    });
    Ok(())
}

/// On Windows the installer ends the program; elsewhere the next start is of the new version.
async fn look(app: &AppHandle) -> Result<()> {
    let Some(update) = app.updater()?.check().await? else { return Ok(()) };
    if wanted(app, &update.version).await {
        update.download_and_install(|_, _| {}, || {}).await?;
        tracing::info!(version = update.version, "an update is installed");
    }
    Ok(())
}

async fn wanted(app: &AppHandle, version: &str) -> bool {
    let shell = app.state::<Shell>();
    if !shell.questions().begin() {
        return false;
    }
    let locale = shell.locale();
    let question = Question {
        title: text("update_title", locale).replace("{version}", version),
        description: text("update_body", locale),
        yes: text("update_yes", locale),
        no: text("update_no", locale),
    };
    let wanted = dialogs::ask(app, question).await;
    shell.questions().end();
    wanted
}
