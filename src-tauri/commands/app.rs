//! The app's own window: first start, and what keeps the program from starting.

use deskbell_api::doors::{find_desk, link_problem, read_desk};
use deskbell_api::dto::{AppBoot, DeskPlace, LinkAnswer, Problem};
use deskbell_wire::JoinLink;
use tauri::{AppHandle, State};

use crate::deep_links;
use crate::launch::{self, Goal};
use crate::quitting;
use crate::shell::Shell;
use crate::windows::{self, Pane};

pub(crate) use super::leaving::*;
pub(crate) use super::secrets::*;
pub(crate) use super::settings::*;
pub(crate) use super::upkeep::*;

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
    let link = read(&shell, &address)?;
    find_desk(&link, shell.locale()).await?;
    launch::choose(app, Goal::Desk(link)).await
}

/// Where an address leads; nobody is asked there.
#[tauri::command]
pub(crate) fn app_read_desk(shell: State<'_, Shell>, address: String) -> Result<DeskPlace, Problem> {
    read(&shell, &address).map(|link| DeskPlace::from(&link))
}

/// `desk`: the link of the desk that the answer is about, as the page showed it.
#[tauri::command]
pub(crate) async fn app_answer_link(app: AppHandle, answer: LinkAnswer, desk: String) -> Result<(), Problem> {
    match answer {
        LinkAnswer::Stay => deep_links::forget(&app),
        LinkAnswer::Leave => deep_links::follow(app, &desk, true).await?,
        LinkAnswer::Beside => deep_links::follow(app, &desk, false).await?,
    }
    Ok(())
}

fn read(shell: &Shell, address: &str) -> Result<JoinLink, Problem> {
    read_desk(address, shell.site().edition()).map_err(|bad| link_problem(bad, shell.locale()))
}

#[tauri::command]
pub(crate) async fn app_host(app: AppHandle, shell: State<'_, Shell>) -> Result<(), Problem> {
    let goal = launch::own_desk(&shell);
    launch::choose(app, goal).await
}

#[tauri::command]
pub(crate) fn app_quit(app: AppHandle) {
    quitting::quit(&app);
}

/// Closes the app's own window, beside a session that goes on.
#[tauri::command]
pub(crate) fn app_close(app: AppHandle) {
    windows::close(&app, Pane::App);
}
