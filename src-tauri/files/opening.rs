//! A file of a conversation, shown by the program that the person has for its kind.
//!
//! What must always hold: nothing that can be run is ever opened; what can bring code of its own only when the person has
//! said so in a dialog of the system's; a foreign form opens nothing unasked. What is opened is a copy that ends with the
//! program (`private.rs`).

use std::io::Read as _;
use std::path::PathBuf;

use deskbell_api::dto::{Locale, Opening, Problem};
use deskbell_wire::FileCard;
use deskbell_wire::file::agree;
use tauri::{AppHandle, Manager};

use super::saving::{Failed, pour};
use super::{pace, private};
use crate::dialogs;
use crate::files::Side;
use crate::problem;
use crate::questions::Question;
use crate::shell::Shell;
use crate::texts::text;

/// As much of a file as says what it is, in bytes.
const FIRST: u64 = 4 * 1024;
/// Of a name, so many characters are shown in a question, its end among them.
const SHOWN_CHARS: usize = 80;

/// What comes before a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    Nothing,
    /// A question; the text's name.
    Question(&'static str),
    /// It is not opened.
    Refusal,
}

const fn before(opening: Opening, foreign: bool) -> Before {
    match (opening, foreign) {
        (Opening::Never, _) => Before::Refusal,
        (Opening::Warn, _) => Before::Question("file_warn_body"),
        (Opening::Plain, true) => Before::Question("deed_from"),
        (Opening::Plain, false) => Before::Nothing,
    }
}

/// Opens it, where it may be; goes on without a word where the person says no.
///
/// # Errors
/// `file_never`, `file_not_here`, `file_type_lies`, `not_confirmed`, `starting`, `disk_full`, `not_saved`.
pub(crate) async fn open(app: AppHandle, key: String) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    let (side, locale) = (Side::now(&shell)?, shell.locale());
    let view = side.view(&key)?;
    match before(view.opening, pace::is_foreign(&shell)) {
        Before::Refusal => return Err(problem::say("file_never", locale)),
        _ if !view.here => return Err(problem::say("file_not_here", locale)),
        Before::Nothing => {}
        Before::Question(body) => {
            let _turn = pace::Turn::take(&app)?;
            if !dialogs::ask_gravely(&app, question(&view.name, body, locale)).await {
                return Ok(());
            }
        }
    }
    show_copy(app.clone(), side, key).await
}

/// Opens a copy without a question: the person has answered one.
pub(super) async fn show_copy(app: AppHandle, side: Side, key: String) -> Result<(), Problem> {
    let locale = app.state::<Shell>().locale();
    let opened = tauri::async_runtime::spawn_blocking(move || {
        let shell = app.state::<Shell>();
        let copy = copy(&shell, &side, &key)?;
        open::that_detached(copy).map_err(|error| {
            tracing::warn!(%error, "the system opened no program");
            problem::say("file_no_program", locale)
        })
    });
    opened.await.map_err(|_| problem::say("unexpected", locale))?
}

fn copy(shell: &Shell, side: &Side, key: &str) -> Result<PathBuf, Problem> {
    let (card, opening) = found(side, key)?;
    let profile = shell.profile().ok_or_else(|| problem::say("data_folder", shell.locale()))?;
    if opening == Opening::Never {
        return Err(problem::say("file_never", shell.locale()));
    }
    private::copy(&profile.folder, &card.name, |file| pour(side, key, file, shell))
        .map_err(|failed: Failed| failed.problem(shell))
}

/// A file that is here, and whether it may be opened, by its bytes as well.
///
/// # Errors
/// `file_not_here`, `stopped`.
pub(crate) fn found(side: &Side, key: &str) -> Result<(FileCard, Opening), Problem> {
    let (card, blob) = side.blob(key)?;
    let mut first = Vec::new();
    let read = blob.take(FIRST).read_to_end(&mut first);
    // A desk could name a type that its sender's bytes are not.
    let is_so = read.is_ok() && agree(&card.name, &card.media, &first).is_ok();
    let opening = match deskbell_wire::file::opening(&card.name, &card.media) {
        _ if !is_so => Opening::Never,
        deskbell_wire::file::Opening::Never => Opening::Never,
        deskbell_wire::file::Opening::Warn => Opening::Warn,
        deskbell_wire::file::Opening::Plain => Opening::Plain,
    };
    Ok((card, opening))
}

pub(super) fn question(name: &str, body: &str, locale: Locale) -> Question {
    Question {
        title: text("file_open_title", locale).replace("{name}", &shown(name)),
        description: text(body, locale),
        yes: text("file_open_yes", locale),
        no: text("file_open_no", locale),
    }
}

/// A name that fits a question, with its true extension.
pub(super) fn shown(name: &str) -> String {
    let count = name.chars().count();
    if count <= SHOWN_CHARS {
        return name.to_owned();
    }
    let (head, tail) = (SHOWN_CHARS * 2 / 3, SHOWN_CHARS / 3);
    let start: String = name.chars().take(head).collect();
    let end: String = name.chars().skip(count - tail).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_36_what_can_be_run_is_never_opened_and_the_rest_as_its_kind_allows() {
        for foreign in [false, true] {
            assert_eq!(before(Opening::Never, foreign), Before::Refusal);
            assert_eq!(before(Opening::Warn, foreign), Before::Question("file_warn_body"));
        }
        assert_eq!(before(Opening::Plain, false), Before::Nothing);
        assert_eq!(before(Opening::Plain, true), Before::Question("deed_from"));
    }

    #[test]
    fn threats_36_a_long_name_is_shown_with_its_end() {
        let shown = shown(&format!("{}.pdf.exe", "x".repeat(190)));
        assert!(shown.chars().count() <= SHOWN_CHARS + 1 && shown.ends_with(".pdf.exe"), "{shown}");
    }
}
