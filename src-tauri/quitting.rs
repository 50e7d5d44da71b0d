//! The end of the program, as a person asks for it.
//!
//! What must always hold: where others are connected to the desk inside this program, the person is told who, and may
//! stay; a signal, and the computer's own end, ask nobody.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deskbell_api::desktop::one_line;
use deskbell_api::dto::{Connected, Locale, Problem};
use tauri::{AppHandle, Manager};

use crate::dialogs;
use crate::questions::Question;
use crate::shell::Shell;
use crate::texts::{counted, text};

/// The question is on the screen: whoever asks to quit meanwhile sees it already.
static ASKING: AtomicBool = AtomicBool::new(false);
/// How long the desk has to say who is there.
const PATIENCE: Duration = Duration::from_secs(2);
/// So many names are said.
const NAMED: usize = 5;
/// Characters of a name that are said.
const NAME_CHARS: usize = 40;

/// Ends the program, or asks first. May be called on any thread; waits for nothing.
pub(crate) fn quit(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if may_end(&app).await {
            app.exit(0);
        }
    });
}

async fn may_end(app: &AppHandle) -> bool {
    let shell = app.state::<Shell>();
    let asking = app.clone();
    let there = tauri::async_runtime::spawn_blocking(move || connected(&asking.state::<Shell>()));
    // A desk that does not answer has nobody to lose, and keeps nobody from ending it.
    let there = tokio::time::timeout(PATIENCE, there).await.ok().and_then(Result::ok);
    let there = there.and_then(Result::ok).unwrap_or_default();
    if there.is_empty() {
        return true;
    }
    if ASKING.swap(true, Ordering::AcqRel) {
        return false;
    }
    let wanted = dialogs::ask(app, question(&there, shell.locale())).await;
    ASKING.store(false, Ordering::Release);
    wanted
}

/// Who is connected to the desk inside this program, but for this program itself; nobody where there is no desk.
///
/// # Errors
/// `stopped`: the desk has ended.
pub(crate) fn connected(shell: &Shell) -> Result<Vec<Connected>, Problem> {
    shell.desk().map_or_else(|_| Ok(Vec::new()), |desk| desk.connected())
}

fn question(there: &[Connected], locale: Locale) -> Question {
    let names: Vec<String> = there.iter().filter_map(said).take(NAMED).collect();
    let rest = there.len() - names.len();
    let rest = u64::try_from(rest).unwrap_or(u64::MAX);
    let who = match (names.is_empty(), rest) {
        (true, rest) => counted("quit_nameless", rest, locale),
        (false, 0) => names.join(", "),
        (false, rest) => format!("{} {}", names.join(", "), counted("quit_more", rest, locale)),
    };
    Question {
        title: text("quit_title", locale),
        description: text("quit_body", locale).replace("{who}", &who),
        yes: text("quit_yes", locale),
        no: text("quit_no", locale),
    }
}

/// A stranger's name in a dialog of the system's: one line, no signs that turn the text round, no markup.
fn said(one: &Connected) -> Option<String> {
    let plain = one.name.as_ref()?.replace(['<', '>', '&'], "");
    one_line(&plain, NAME_CHARS)
}

#[cfg(test)]
mod tests {
    use deskbell_api::dto::AppFace;

    use super::*;

    fn person(name: Option<&str>) -> Connected {
        Connected { name: name.map(str::to_owned), side: AppFace::Visitor }
    }

    #[test]
    fn the_question_says_who_is_there() {
        let said = |there: &[Connected]| question(there, Locale::En).description;
        assert!(said(&[person(Some("Ann")), person(Some("Bob"))]).contains("Ann, Bob"));
        assert!(said(&[person(Some("Ann")), person(None), person(None)]).contains("Ann and 2 more"));
        assert!(said(&[person(None)]).contains("1 visitor"));
        let many: Vec<_> = (0..9).map(|n| person(Some(&format!("P{n}")))).collect();
        assert!(said(&many).contains("P4 and 4 more") && !said(&many).contains("P5"));
    }

    #[test]
    fn threats_36_a_strangers_name_plays_no_tricks_in_the_question() {
        let shown = question(&[person(Some("\u{202E}An\nn<b>"))], Locale::En).description;
        assert!(shown.contains("An nb") && !shown.contains('\u{202E}') && !shown.contains('<'));
        assert!(question(&[person(Some("\u{200B} "))], Locale::En).description.contains("1 visitor"));
    }
}
