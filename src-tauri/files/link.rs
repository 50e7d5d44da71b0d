//! A link to a file in a form: asked about here, for no window goes to a file.
//!
//! What must always hold: what becomes of the file the person says in a dialog of the system's, which no form can draw,
//! cover or answer.

use deskbell_api::dto::{FileView, Locale, Opening, Problem};
use deskbell_wire::file::size_words;
use tauri::{AppHandle, Manager};

use super::bringing::bring;
use super::opening::{question, show_copy, shown};
use super::{pace, saving};
use crate::dialogs::{self, Choice};
use crate::files::Side;
use crate::questions::Question;
use crate::shell::Shell;
use crate::texts::text;

/// How often it is looked whether a file is here.
const LOOKS: u32 = 600;

/// A file that a page's link leads to, by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link(pub(crate) String);

/// A page wants to go to a file. Called on the main thread.
pub(crate) fn ask(app: &AppHandle, link: Link) {
    let Some(turn) = pace::Turn::take_as_form(app) else { return };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let done = follow(&app, link, turn).await;
        if let Err(problem) = done {
            tracing::info!(code = problem.code, "a link to a file led nowhere");
        }
    });
}

async fn follow(app: &AppHandle, Link(key): Link, turn: pace::Turn) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    let side = Side::now(&shell)?;
    let mut looks = 0_u32;
    let goes_on = |_: &FileView| {
        looks += 1;
        looks <= LOOKS
    };
    let view = bring(&shell, &side, &key, goes_on).await?;
    let locale = shell.locale();
    let may_open = view.opening != Opening::Never;
    let save = text("file_save_yes", locale);
    let choice = if may_open {
        dialogs::choose_gravely(app, about(&view, locale), save).await
    } else {
        let wants = dialogs::ask_gravely(app, Question { yes: save, ..about(&view, locale) }).await;
        if wants { Choice::Other } else { Choice::Neither }
    };
    drop(turn);
    match choice {
        Choice::Yes => show_copy(app.clone(), side, key).await,
        Choice::Other => saving::save_now(app.clone(), side, key).await.map(drop),
        Choice::Neither => Ok(()),
    }
}

fn about(view: &FileView, locale: Locale) -> Question {
    let body = match view.opening {
        Opening::Plain => "file_link_body",
        Opening::Warn => "file_warn_body",
        Opening::Never => "file_never_body",
    };
    let size = size_words(view.size, locale == Locale::Ru);
    let title = if view.opening == Opening::Never { "file_never_title" } else { "file_open_title" };
    Question {
        title: text(title, locale).replace("{name}", &shown(&view.name)),
        description: text(body, locale).replace("{size}", &size),
        ..question(&view.name, body, locale)
    }
}
