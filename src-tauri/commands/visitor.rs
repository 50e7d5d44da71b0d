//! The visitor's verbs. `send`, `want` and `history` are not here: see `protocol.rs`.

use std::time::Instant;

use deskbell_api::dto::{Device, FlawReport, LinkCode, PackAnswer, Problem, VisitorBoot, VisitorUpdate};
use deskbell_api::visitor::VisitorApp;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State};

use crate::channels;
use crate::deeds;
use crate::launch;
use crate::packs;
use crate::problem;
use crate::questions::{self, Deed};
use crate::shell::Shell;
use crate::watch;
use crate::windows::{self, Pane};

pub(crate) use super::visitor_files::*;

#[tauri::command]
pub(crate) async fn visitor_boot(
    shell: State<'_, Shell>,
    channel: Channel<VisitorUpdate>,
) -> Result<VisitorBoot, Problem> {
    shell.visitor_started().await?.boot(channels::listener(channel))
}

#[tauri::command]
pub(crate) fn visitor_typing(shell: State<'_, Shell>, text: String) -> Result<(), Problem> {
    shell.visitor()?.typing(&text)
}

#[tauri::command]
pub(crate) fn visitor_read(shell: State<'_, Shell>, seq: u64) -> Result<(), Problem> {
    shell.visitor()?.read(seq)
}

#[tauri::command]
pub(crate) fn visitor_resend(shell: State<'_, Shell>, uid: String) -> Result<(), Problem> {
    shell.visitor()?.resend(&uid)
}

#[tauri::command]
pub(crate) fn visitor_discard(shell: State<'_, Shell>, uid: String) -> Result<(), Problem> {
    shell.visitor()?.discard(&uid)
}

#[tauri::command]
pub(crate) fn visitor_reconnect(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.visitor()?.reconnect()
}

#[tauri::command]
pub(crate) async fn visitor_link_code(app: AppHandle) -> Result<LinkCode, Problem> {
    after(app, Deed::Code, |visitor| visitor.link_code()).await
}

#[tauri::command(async)]
pub(crate) fn visitor_devices(shell: State<'_, Shell>) -> Result<Vec<Device>, Problem> {
    shell.visitor()?.devices()
}

#[tauri::command]
pub(crate) async fn visitor_revoke(app: AppHandle, device: String) -> Result<(), Problem> {
    after(app, Deed::Revoke, move |visitor| visitor.revoke(&device)).await
}

/// What a foreign form may not do unseen: see `questions.rs`.
async fn after<T: Send + 'static>(
    app: AppHandle,
    deed: Deed,
    work: impl FnOnce(VisitorApp) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    questions::confirm(&app, deed).await?;
    let visitor = app.state::<Shell>().visitor()?;
    let done = tauri::async_runtime::spawn_blocking(move || work(visitor)).await;
    done.map_err(|_| problem::say("unexpected", app.state::<Shell>().locale()))?
}

/// The window starts anew as the other visitor's: its page hears no answer but a problem.
#[tauri::command]
pub(crate) async fn visitor_link(app: AppHandle, code: String) -> Result<(), Problem> {
    questions::confirm(&app, Deed::Link).await?;
    launch::link(app, code).await
}

/// A form that is being loaded is waited for: see `watch.rs`.
#[tauri::command]
pub(crate) async fn visitor_pack(app: AppHandle, shell: State<'_, Shell>) -> Result<PackAnswer, Problem> {
    if shell.request().pack.is_none() {
        shell.visitor_started().await?;
    }
    packs::tell(&app).await.inspect(|_| watch::begin(&app))
}

#[tauri::command]
pub(crate) async fn visitor_pack_flaw(app: AppHandle, report: FlawReport) -> Result<Problem, Problem> {
    let asked = app.clone();
    let said = packs::aside(move || {
        let shell = asked.state::<Shell>();
        shell.packs().report(report, shell.locale())
    });
    said.await.ok_or_else(|| problem::say("unexpected", app.state::<Shell>().locale()))
}

#[tauri::command]
pub(crate) fn visitor_pack_up(shell: State<'_, Shell>) {
    shell.watch().up();
}

/// A form can ask for it, too: from a window that nobody sees, or in a loop.
#[tauri::command]
pub(crate) fn visitor_settings(app: AppHandle, shell: State<'_, Shell>) {
    if windows::is_shown(&app, Pane::Visitor) && shell.wishes().may(Instant::now()) {
        deeds::perform(&app, deeds::Deed::Settings);
    }
}
