//! The operator's verbs of files.

use deskbell_api::dto::{FileWords, FilesPage, Message, NewPiece, Problem, Saved};
use tauri::{AppHandle, Manager, State};

use crate::files;
use crate::shell::Shell;

#[tauri::command]
pub(crate) async fn operator_file_choose(app: AppHandle, visitor: String) -> Result<(), Problem> {
    let operator = app.state::<Shell>().operator()?;
    files::choose(app, move |paths| operator.file_stage_paths(&visitor, paths)).await
}

#[tauri::command(async)]
pub(crate) fn operator_file_begin(
    shell: State<'_, Shell>,
    visitor: String,
    file: NewPiece,
) -> Result<String, Problem> {
    shell.operator()?.file_begin(&visitor, &file)
}

#[tauri::command(async)]
pub(crate) fn operator_file_end(shell: State<'_, Shell>, id: String) -> Result<(), Problem> {
    shell.operator()?.file_end(&id)
}

#[tauri::command(async)]
pub(crate) fn operator_file_unstage(shell: State<'_, Shell>, id: String) -> Result<(), Problem> {
    shell.operator()?.file_unstage(&id)
}

#[tauri::command]
pub(crate) fn operator_file_details(shell: State<'_, Shell>, id: String, keep: bool) -> Result<(), Problem> {
    shell.operator()?.file_details(&id, keep)
}

#[tauri::command]
pub(crate) fn operator_file_send(
    shell: State<'_, Shell>,
    visitor: String,
    ids: Vec<String>,
    caption: String,
) -> Result<Vec<Message>, Problem> {
    shell.operator()?.file_send(&visitor, &ids, &caption)
}

#[tauri::command]
pub(crate) fn operator_file_pause(shell: State<'_, Shell>, key: String) -> Result<(), Problem> {
    shell.operator()?.file_pause(&key)
}

#[tauri::command]
pub(crate) fn operator_file_resume(shell: State<'_, Shell>, key: String) -> Result<(), Problem> {
    shell.operator()?.file_resume(&key)
}

#[tauri::command]
pub(crate) fn operator_file_cancel(shell: State<'_, Shell>, key: String) -> Result<(), Problem> {
    shell.operator()?.file_cancel(&key)
}

#[tauri::command]
pub(crate) fn operator_file_fetch(shell: State<'_, Shell>, key: String) -> Result<(), Problem> {
    shell.operator()?.file_fetch(&key)
}

#[tauri::command]
pub(crate) async fn operator_file_save(app: AppHandle, key: String) -> Result<Option<Saved>, Problem> {
    files::save(app, key).await
}

#[tauri::command]
pub(crate) async fn operator_files_save(app: AppHandle, keys: Vec<String>) -> Result<Option<Saved>, Problem> {
    files::save_all(app, keys).await
}

#[tauri::command]
pub(crate) async fn operator_file_open(app: AppHandle, key: String) -> Result<(), Problem> {
    files::open(app, key).await
}

#[tauri::command]
pub(crate) async fn operator_file_show(app: AppHandle, key: String) -> Result<(), Problem> {
    files::show(app, key).await
}

#[tauri::command(async)]
pub(crate) fn operator_file_words(shell: State<'_, Shell>, key: String) -> Result<FileWords, Problem> {
    shell.operator()?.file_words(&key)
}

#[tauri::command(async)]
pub(crate) fn operator_files(
    shell: State<'_, Shell>,
    visitor: String,
    before: Option<String>,
    chat: Option<String>,
    name: Option<String>,
) -> Result<FilesPage, Problem> {
    let name = name.unwrap_or_default();
    shell.operator()?.files_named(&visitor, before.as_deref(), chat.as_deref(), &name)
}
