//! The app's own window: first start, and what keeps the program from starting.

use deskbell_api::dto::{AppBoot, Problem};
use deskbell_api::problem::link_code;
use tauri::{AppHandle, State};

use crate::launch::{self, Goal};
use crate::problem;
use crate::shell::Shell;

#[tauri::command]
pub(crate) fn app_boot(shell: State<'_, Shell>) -> AppBoot {
    shell.screen()
}

#[tauri::command]
pub(crate) async fn app_join(
    app: AppHandle,
    shell: State<'_, Shell>,
    address: String,
) -> Result<(), Problem> {
    let link = address.parse().map_err(|bad| problem::say(link_code(bad), shell.locale()))?;
    launch::choose(app, Goal::Desk(link)).await
}

#[tauri::command]
pub(crate) async fn app_host(app: AppHandle, shell: State<'_, Shell>) -> Result<(), Problem> {
    let goal = launch::own_desk(&shell);
    launch::choose(app, goal).await
}

#[tauri::command]
pub(crate) fn app_quit(app: AppHandle) {
    app.exit(0);
}
