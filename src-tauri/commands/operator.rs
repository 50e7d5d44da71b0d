//! The operator's verbs.

use deskbell_api::dto::{
    Conversation, Message, MessagesPage, OperatorBoot, OperatorUpdate, OperatorWish, PersonCard, Problem,
    SiteSettings,
};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use crate::channels;
use crate::deeds::{self, Deed};
use crate::desktop::Signal;
use crate::host::Account;
use crate::shell::Shell;

pub(crate) use super::operator_files::*;

#[tauri::command]
pub(crate) async fn operator_boot(
    shell: State<'_, Shell>,
    channel: Channel<OperatorUpdate>,
) -> Result<OperatorBoot, Problem> {
    shell.operator_started().await?.boot(channels::listener(channel))
}

#[tauri::command(async)]
pub(crate) fn operator_setup(
    shell: State<'_, Shell>,
    name: String,
    login: String,
    password: String,
) -> Result<(), Problem> {
    shell.operator()?.adopt(shell.desk()?.set_up(&Account { name, login, password })?)
}

#[tauri::command(async)]
pub(crate) fn operator_sign_in(
    shell: State<'_, Shell>,
    login: String,
    password: String,
) -> Result<(), Problem> {
    shell.operator()?.sign_in(&login, &password)
}

#[tauri::command(async)]
pub(crate) fn operator_sign_out(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.operator()?.sign_out()
}

#[tauri::command]
pub(crate) fn operator_set_online(shell: State<'_, Shell>, online: bool) -> Result<(), Problem> {
    shell.operator()?.set_online(online)
}

#[tauri::command(async)]
pub(crate) fn operator_open(shell: State<'_, Shell>, visitor: String) -> Result<Conversation, Problem> {
    shell.operator()?.open(&visitor)
}

#[tauri::command(async)]
pub(crate) fn operator_history(
    shell: State<'_, Shell>,
    visitor: String,
    before: u64,
) -> Result<MessagesPage, Problem> {
    shell.operator()?.history(&visitor, before)
}

#[tauri::command]
pub(crate) fn operator_send(
    shell: State<'_, Shell>,
    visitor: String,
    text: String,
) -> Result<Message, Problem> {
    shell.operator()?.send(&visitor, &text)
}

#[tauri::command]
pub(crate) fn operator_close_chat(shell: State<'_, Shell>, visitor: String) -> Result<(), Problem> {
    shell.operator()?.close_chat(&visitor)
}

#[tauri::command]
pub(crate) fn operator_typing(shell: State<'_, Shell>, visitor: String, typing: bool) -> Result<(), Problem> {
    shell.operator()?.typing(&visitor, typing)
}

#[tauri::command]
pub(crate) fn operator_read(shell: State<'_, Shell>, visitor: String, seq: u64) -> Result<(), Problem> {
    shell.operator()?.read(&visitor, seq)
}

/// What the page shows needs no alert while somebody looks at it. No visitor: the page shows no conversation.
#[tauri::command]
pub(crate) fn operator_in_view(shell: State<'_, Shell>, visitor: Option<String>) {
    shell.files().in_view_is(visitor.clone());
    if let Some(desktop) = shell.desktop() {
        desktop.tell(Signal::InView(visitor.and_then(|visitor| visitor.parse().ok())));
    }
}

#[tauri::command]
pub(crate) fn operator_resend(shell: State<'_, Shell>, uid: String) -> Result<(), Problem> {
    shell.operator()?.resend(&uid)
}

#[tauri::command]
pub(crate) fn operator_discard(shell: State<'_, Shell>, uid: String) -> Result<(), Problem> {
    shell.operator()?.discard(&uid)
}

#[tauri::command]
pub(crate) fn operator_reconnect(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.operator()?.reconnect()
}

#[tauri::command]
pub(crate) fn operator_want(
    shell: State<'_, Shell>,
    visitor: String,
    wish: OperatorWish,
) -> Result<(), Problem> {
    shell.operator()?.want(&visitor, wish)
}

#[tauri::command(async)]
pub(crate) fn operator_person(shell: State<'_, Shell>, visitor: String) -> Result<PersonCard, Problem> {
    shell.operator()?.person(&visitor)
}

#[tauri::command(async)]
pub(crate) fn operator_save_site(shell: State<'_, Shell>, settings: SiteSettings) -> Result<(), Problem> {
    shell.operator()?.save_site(settings)
}

#[tauri::command(async)]
pub(crate) fn operator_set_groups(
    shell: State<'_, Shell>,
    operator: String,
    groups: Vec<u32>,
) -> Result<(), Problem> {
    shell.operator()?.set_groups(&operator, &groups)
}

#[tauri::command(async)]
pub(crate) fn operator_set_password(
    shell: State<'_, Shell>,
    operator: String,
    password: String,
) -> Result<(), Problem> {
    shell.operator()?.set_password(&operator, &password)
}

#[tauri::command]
pub(crate) fn operator_settings(app: AppHandle) {
    deeds::perform(&app, Deed::Settings);
}

#[tauri::command(async)]
pub(crate) fn operator_test_mail(shell: State<'_, Shell>, to: String) -> Result<(), Problem> {
    shell.operator()?.test_mail(&to)
}
