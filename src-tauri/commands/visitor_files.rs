//! The visitor's verbs of files.

use deskbell_api::dto::{FileWords, FilesPage, Message, NewPiece, Problem, Saved};
use tauri::{AppHandle, Manager, State};

use crate::files;
use crate::shell::Shell;

#[tauri::command]
pub(crate) async fn visitor_file_choose(app: AppHandle) -> Result<(), Problem> {
    let visitor = app.state::<Shell>().visitor()?;
    files::choose(app, move |paths| visitor.file_stage_paths(paths)).await
}

#[tauri::command(async)]
pub(crate) fn visitor_file_begin(shell: State<'_, Shell>, file: NewPiece) -> Result<String, Problem> {
    shell.visitor()?.file_begin(&file)
}

#[tauri::command(async)]
pub(crate) fn visitor_file_end(shell: State<'_, Shell>, id: String) -> Result<(), Problem> {
    shell.visitor()?.file_end(&id)
}

#[tauri::command(async)]
pub(crate) fn visitor_file_unstage(shell: State<'_, Shell>, id: String) -> Result<(), Problem> {
    shell.visitor()?.file_unstage(&id)
}

#[tauri::command]
pub(crate) async fn visitor_file_details(app: AppHandle, id: String, keep: bool) -> Result<(), Problem> {
    let visitor = app.state::<Shell>().visitor()?;
    if keep {
        files::confirm_kept(&app, &id).await?;
    }
    visitor.file_details(&id, keep)
}

#[tauri::command]
pub(crate) fn visitor_file_send(
    shell: State<'_, Shell>,
    ids: Vec<String>,
    caption: String,
    group: Option<u32>,
) -> Result<Vec<Message>, Problem> {
    shell.visitor()?.file_send(&ids, &caption, group)
}

#[tauri::command]
pub(crate) fn visitor_file_pause(shell: State<'_, Shell>, key: String) -> Result<(), Problem> {
    shell.visitor()?.file_pause(&key)
}

#[tauri::command]
pub(crate) fn visitor_file_resume(shell: State<'_, Shell>, key: String) -> Result<(), Problem> {
    shell.visitor()?.file_resume(&key)
}

#[tauri::command]
pub(crate) fn visitor_file_cancel(shell: State<'_, Shell>, key: String) -> Result<(), Problem> {
    shell.visitor()?.file_cancel(&key)
}

#[tauri::command]
pub(crate) fn visitor_file_fetch(shell: State<'_, Shell>, key: String) -> Result<(), Problem> {
    shell.visitor()?.file_fetch(&key)
}

#[tauri::command]
pub(crate) async fn visitor_file_save(app: AppHandle, key: String) -> Result<Option<Saved>, Problem> {
    files::save(app, key).await
}

#[tauri::command]
pub(crate) async fn visitor_file_open(app: AppHandle, key: String) -> Result<(), Problem> {
    files::open(app, key).await
}

#[tauri::command]
pub(crate) async fn visitor_file_show(app: AppHandle, key: String) -> Result<(), Problem> {
    files::show(app, key).await
}

#[tauri::command(async)]
pub(crate) fn visitor_file_words(shell: State<'_, Shell>, key: String) -> Result<FileWords, Problem> {
    shell.visitor()?.file_words(&key)
}

#[tauri::command(async)]
pub(crate) fn visitor_files(
    shell: State<'_, Shell>,
    before: Option<String>,
    chat: Option<String>,
    name: Option<String>,
) -> Result<FilesPage, Problem> {
    let name = name.unwrap_or_default();
    shell.visitor()?.files_named(before.as_deref(), chat.as_deref(), &name)
}
