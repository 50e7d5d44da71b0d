//! What a picture says of its maker, left in when it is sent.
//!
//! What must always hold: place, time and camera go to nobody unless the person says so; a foreign form runs in the same
//! page as our own switch and can turn it, so where one has run the person says so in a dialog of the system's.

use deskbell_api::dto::{Locale, Problem};
use tauri::{AppHandle, Manager};

use super::{opening, pace};
use crate::dialogs;
use crate::files::Side;
use crate::problem;
use crate::questions::Question;
use crate::shell::Shell;
use crate::texts::text;

/// Goes on where no form but ours has run, or where the person says so of this chosen file.
///
/// # Errors
/// `not_confirmed`, `starting`; `invalid`, `file_not_here`: there is no such file, or it is still being read.
pub(crate) async fn confirm_kept(app: &AppHandle, id: &str) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    if !pace::is_foreign(&shell) {
        return Ok(());
    }
    let (card, _) = Side::now(&shell)?.blob(id)?;
    let _turn = pace::Turn::take(app)?;
    if dialogs::ask_gravely(app, question(&card.name, shell.locale())).await {
        return Ok(());
    }
    Err(problem::say("not_confirmed", shell.locale()))
}

fn question(name: &str, locale: Locale) -> Question {
    Question {
        title: text("file_details_title", locale).replace("{name}", &opening::shown(name)),
        description: text("deed_from", locale),
        yes: text("file_details_yes", locale),
        no: text("file_details_no", locale),
    }
}
