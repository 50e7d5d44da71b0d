//! The system's own dialogs over the app's window: a question, and where a file goes.
//!
//! What must always hold: they begin on the main thread, where every system wants them, and nobody waits there; what
//! others wrote is shown as they wrote it ([`literal`]).

use std::io;
use std::path::{Path, PathBuf};

use deskbell_api::dto::{Locale, Problem, Saved};
use rfd::{AsyncFileDialog, AsyncMessageDialog, MessageButtons, MessageDialogResult, MessageLevel};
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::folders;
use crate::problem;
use crate::questions::Question;
use crate::shell::Shell;
use crate::windows::Pane;

/// Where a file goes; `None`: the person chose nothing. The dialog itself asks before it replaces a file.
pub(crate) async fn place(app: &AppHandle, title: String, name: &str) -> Option<PathBuf> {
    let name = name.to_owned();
    let folder = folders::to_save(app);
    let chosen =
        on_main_thread(app, move |app| file_dialog(app, title, folder).set_file_name(name).save_file());
    let place = chosen.await?.await?.path().to_owned();
    app.state::<Shell>().folders().saved_in(place.parent());
    Some(place)
}

/// Files that the person picks; none: the person picked nothing.
pub(crate) async fn files(app: &AppHandle, title: String) -> Vec<PathBuf> {
    let folder = app.state::<Shell>().folders().to_pick();
    let chosen = on_main_thread(app, move |app| file_dialog(app, title, folder).pick_files());
    let Some(chosen) = chosen.await else { return Vec::new() };
    let picked: Vec<_> = chosen.await.into_iter().flatten().map(|file| file.path().to_owned()).collect();
    if let Some(one) = picked.first() {
        app.state::<Shell>().folders().picked_in(one.parent());
    }
    picked
}

/// A folder that things go to; `None`: the person chose none.
pub(crate) async fn folder(app: &AppHandle, title: String) -> Option<PathBuf> {
    let begin = folders::to_save(app);
    let chosen = on_main_thread(app, move |app| file_dialog(app, title, begin).pick_folder());
    let folder = chosen.await?.await?.path().to_owned();
    app.state::<Shell>().folders().saved_in(Some(&folder));
    Some(folder)
}

/// A dialog over the window that the person sees.
fn file_dialog(app: &AppHandle, title: String, folder: Option<PathBuf>) -> AsyncFileDialog {
    let mut dialog = AsyncFileDialog::new().set_title(title);
    if let Some(folder) = folder {
        dialog = dialog.set_directory(folder);
    }
    if let Some(window) = front(app) {
        dialog = dialog.set_parent(&window);
    }
    dialog
}

/// What a person does who may do either of two things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// What the question's yes says.
    Yes,
    /// The other thing.
    Other,
    /// Neither.
    Neither,
}

/// Asks as [`ask_gravely`] does, with another deed between yes and no.
pub(crate) async fn choose_gravely(app: &AppHandle, question: Question, other: String) -> Choice {
    let (yes, second) = (question.yes.clone(), other.clone());
    let answer = on_main_thread(app, move |app| {
        let Question { title, description, yes, no } = question;
        let mut dialog = AsyncMessageDialog::new()
            .set_title(title.clone())
            .set_description(literal(&description))
            .set_buttons(MessageButtons::YesNoCancelCustom(yes, other, no));
        if let Some(window) = front(app) {
            dialog = dialog.set_parent(&window);
        }
        let answer = dialog.show();
        enter_is_no(&title);
        answer
    });
    let Some(answer) = answer.await else { return Choice::Neither };
    match answer.await {
        MessageDialogResult::Yes => Choice::Yes,
        MessageDialogResult::No => Choice::Other,
        MessageDialogResult::Custom(said) if said == yes => Choice::Yes,
        MessageDialogResult::Custom(said) if said == second => Choice::Other,
        _ => Choice::Neither,
    }
}

/// The library's half for GTK takes a description for a pattern (`printf`): a `%` in what others wrote, a file's name or a
/// link, would read what is not there.
pub(crate) fn literal(description: &str) -> String {
    if cfg!(target_os = "linux") { description.replace('%', "%%") } else { description.to_owned() }
}

/// Asks over the app's window, or the face's; the answer is whether the person said yes.
pub(crate) async fn ask(app: &AppHandle, question: Question) -> bool {
    put(app, question, |_| ()).await
}

/// As [`ask`], where a yes cannot be undone or a stranger can choose the moment: Enter, pressed in passing, is a no.
pub(crate) async fn ask_gravely(app: &AppHandle, question: Question) -> bool {
    put(app, question, enter_is_no).await
}

async fn put(app: &AppHandle, question: Question, shown: fn(&str)) -> bool {
    let yes = question.yes.clone();
    let answer = on_main_thread(app, move |app| {
        let Question { title, description, yes, no } = question;
        let mut dialog = AsyncMessageDialog::new()
            .set_level(MessageLevel::Warning)
            .set_title(title.clone())
            .set_description(literal(&description))
            .set_buttons(MessageButtons::OkCancelCustom(yes, no));
        if let Some(window) = front(app) {
            dialog = dialog.set_parent(&window);
        }
        let answer = dialog.show();
        shown(&title);
        answer
    });
    // GTK's dialog calls its first button OK, whatever stands on it.
    match answer.await {
        Some(answer) => [MessageDialogResult::Ok, MessageDialogResult::Custom(yes)].contains(&answer.await),
        None => false,
    }
}

/// GTK gives the keyboard to the first button, and that is the one that acts. The dialog is not there yet: the library
/// makes it when the main thread has nothing more urgent to do, and this comes behind that.
#[cfg(target_os = "linux")]
fn enter_is_no(title: &str) {
    use gtk::glib::{ControlFlow, Priority, idle_add_local_full};

    const LOOKS: u32 = 1_000;
    let (title, mut looks) = (title.to_owned(), 0);
    idle_add_local_full(Priority::LOW, move || {
        looks += 1;
        if refuse_by_enter(&title) || looks == LOOKS { ControlFlow::Break } else { ControlFlow::Continue }
    });
}

/// `false`: no dialog has this title yet.
#[cfg(target_os = "linux")]
fn refuse_by_enter(title: &str) -> bool {
    use gtk::prelude::{Cast, DialogExt, GtkWindowExt, WidgetExt};

    let dialogs =
        gtk::Window::list_toplevels().into_iter().filter_map(|it| it.downcast::<gtk::Dialog>().ok());
    let mut is_there = false;
    for dialog in dialogs.filter(|dialog| dialog.title().is_some_and(|it| it == title)) {
        dialog.set_default_response(gtk::ResponseType::Cancel);
        if let Some(no) = dialog.widget_for_response(gtk::ResponseType::Cancel) {
            no.grab_focus();
        }
        is_there = true;
    }
    is_there
}

/// Where the system chooses itself what Enter means.
#[cfg(not(target_os = "linux"))]
const fn enter_is_no(_title: &str) {}

/// The window that the person sees.
fn front(app: &AppHandle) -> Option<WebviewWindow> {
    let face = Pane::from(app.state::<Shell>().request().face);
    let shown = |pane: Pane| {
        app.get_webview_window(pane.label()).filter(|window| window.is_visible().unwrap_or(false))
    };
    shown(Pane::App).or_else(|| shown(face))
}

async fn on_main_thread<T: Send + 'static>(
    app: &AppHandle,
    work: impl FnOnce(&AppHandle) -> T + Send + 'static,
) -> Option<T> {
    let (done, begun) = tokio::sync::oneshot::channel();
    let asking = app.clone();
    app.run_on_main_thread(move || drop(done.send(work(&asking)))).ok()?;
    begun.await.ok()
}

/// What the page is told of a file that was written.
pub(crate) fn saved(place: &Path) -> Saved {
    let bytes = place.metadata().map_or(0, |file| file.len());
    Saved { path: place.display().to_string(), bytes }
}

/// Why a file was not written.
pub(crate) fn not_saved(error: &io::Error, locale: Locale) -> Problem {
    tracing::warn!(%error, "a file was not written where the person wanted it");
    let code = match error.kind() {
        io::ErrorKind::NotFound => "folder_gone",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "disk_full",
        _ => "not_saved",
    };
    problem::say(code, locale)
}
