//! What the app's window shows and changes of the person's choices.

use deskbell_api::dto::{AlertKind, AlertSettings, Closing, DesktopSettings, Problem};
use tauri::{AppHandle, State};

use crate::settings;
use crate::shell::Shell;

#[tauri::command(async)]
pub(crate) fn app_settings(shell: State<'_, Shell>) -> DesktopSettings {
    settings::now(&shell)
}

#[tauri::command(async)]
pub(crate) fn app_save_alerts(shell: State<'_, Shell>, alerts: AlertSettings) -> Result<(), Problem> {
    settings::save_alerts(&shell, alerts)
}

#[tauri::command(async)]
pub(crate) fn app_set_autostart(shell: State<'_, Shell>, on: bool) -> Result<(), Problem> {
    settings::set_autostart(&shell, on)
}

#[tauri::command(async)]
pub(crate) fn app_set_closing(shell: State<'_, Shell>, choice: Closing) -> Result<(), Problem> {
    settings::set_closing(&shell, choice)
}

#[tauri::command(async)]
pub(crate) fn app_test_alert(app: AppHandle, kind: AlertKind) -> Result<(), Problem> {
    settings::test_alert(&app, kind)
}

#[tauri::command(async)]
pub(crate) fn app_test_sound(app: AppHandle, kind: AlertKind, volume: u8) -> Result<(), Problem> {
    settings::test_sound(&app, kind, volume)
}
