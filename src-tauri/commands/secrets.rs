//! The profile's keys, as the app's window opens and moves them. What a person types here is a [`Passphrase`] before
//! anything else sees it.

use deskbell_api::dto::{Problem, SecretsSettings};
use deskbell_api::profile::Passphrase;
use tauri::{AppHandle, State};

use crate::problem;
use crate::secrets;
use crate::shell::Shell;
use crate::unlocking;

#[tauri::command]
pub(crate) async fn app_secrets_unlock(app: AppHandle, passphrase: String) -> Result<(), Problem> {
    unlocking::unlock(app, Passphrase::new(passphrase)).await
}

#[tauri::command]
pub(crate) async fn app_secrets_choose(app: AppHandle, passphrase: String) -> Result<(), Problem> {
    unlocking::choose_passphrase(app, Passphrase::new(passphrase)).await
}

#[tauri::command]
pub(crate) async fn app_secrets_session_only(app: AppHandle) -> Result<(), Problem> {
    unlocking::for_session(app).await
}

#[tauri::command]
pub(crate) async fn app_secrets_again(app: AppHandle) -> Result<(), Problem> {
    unlocking::again(app).await
}

#[tauri::command]
pub(crate) async fn app_secrets_anew(app: AppHandle) -> Result<(), Problem> {
    unlocking::begin_anew(app).await
}

#[tauri::command(async)]
pub(crate) fn app_secrets(shell: State<'_, Shell>) -> Result<SecretsSettings, Problem> {
    let profile = shell.profile().ok_or_else(|| problem::say("data_folder", shell.locale()))?;
    Ok(secrets::settings(shell.safe(profile), profile))
}

/// `now`: the passphrase that is in force, if one is.
#[tauri::command(async)]
pub(crate) fn app_secrets_set_passphrase(
    shell: State<'_, Shell>,
    now: Option<String>,
    new: String,
) -> Result<SecretsSettings, Problem> {
    let (now, new) = (now.map(Passphrase::new), Passphrase::new(new));
    let profile = shell.profile().ok_or_else(|| problem::say("data_folder", shell.locale()))?;
    secrets::set_passphrase(shell.safe(profile), profile, (now.as_ref(), &new), shell.locale())
}

#[tauri::command(async)]
pub(crate) fn app_secrets_use_keyring(
    shell: State<'_, Shell>,
    now: Option<String>,
) -> Result<SecretsSettings, Problem> {
    let now = now.map(Passphrase::new);
    let profile = shell.profile().ok_or_else(|| problem::say("data_folder", shell.locale()))?;
    secrets::use_keyring(shell.safe(profile), profile, now.as_ref(), shell.locale())
}
