//! Questions of the system's own: no form can draw, cover or answer them.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use deskbell_api::dto::{Locale, Problem};
use deskbell_api::outward::Pace;
use rfd::{AsyncMessageDialog, MessageButtons, MessageDialogResult};
use tauri::{AppHandle, Manager};

use crate::dialogs;
use crate::problem;
use crate::shell::Shell;
use crate::texts::text;
use crate::windows::Pane;

/// The pace of the questions: a form may ask in a loop.
#[derive(Debug, Default)]
pub(crate) struct Questions(Mutex<Pace>);

impl Questions {
    /// May one be asked now? Whoever is told so calls [`Questions::end`] when it is answered.
    pub(crate) fn begin(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).begin(Instant::now())
    }

    /// It was answered.
    pub(crate) fn end(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).end(Instant::now());
    }
}

/// How often a form may have another window come forward: each time it waits longer, until it has rested.
#[derive(Debug, Default)]
pub(crate) struct Wishes(Mutex<Wished>);

#[derive(Debug, Default)]
struct Wished {
    last: Option<Instant>,
    times: u32,
}

impl Wishes {
    /// The pause after the first one; it doubles so many times.
    const PAUSE: Duration = Duration::from_millis(500);
    const DOUBLED: u32 = 7;
    /// Whoever asks for nothing for so long begins anew.
    const REST: Duration = Duration::from_secs(120);

    /// May it now?
    pub(crate) fn may(&self, now: Instant) -> bool {
        let mut wished = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = wished.last.map(|last| now.saturating_duration_since(last));
        let pause = |times: u32| Self::PAUSE * 2_u32.pow(times.min(Self::DOUBLED));
        let times = match since {
            None => 0,
            Some(since) if since < pause(wished.times) => return false,
            Some(since) if since >= Self::REST => 0,
            Some(_) => wished.times + 1,
        };
        *wished = Wished { last: Some(now), times };
        true
    }
}

/// What a question says.
pub(crate) struct Question {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) yes: String,
    pub(crate) no: String,
}

/// Asks above the visitor's window; the answer is whether the person said yes. Called on the main thread, where dialogs
/// begin.
pub(crate) fn ask(app: &AppHandle, question: Question) -> impl Future<Output = bool> + Send + use<> {
    let Question { title, description, yes, no } = question;
    let mut dialog = AsyncMessageDialog::new()
        .set_title(title)
        .set_description(dialogs::literal(&description))
        .set_buttons(MessageButtons::OkCancelCustom(yes.clone(), no));
    if let Some(window) = app.get_webview_window(Pane::Visitor.label()) {
        dialog = dialog.set_parent(&window);
    }
    let answer = dialog.show();
    // GTK's dialog calls its first button OK, whatever stands on it.
    async move { [MessageDialogResult::Ok, MessageDialogResult::Custom(yes)].contains(&answer.await) }
}

/// What changes whose devices a conversation is on. A form can ask for it as the page's own panel does, so the person is
/// asked, too.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    /// Makes a code that lets another device in.
    Code,
    /// Makes this device somebody else's.
    Link,
    /// Sends a device away.
    Revoke,
}

impl Deed {
    const fn title(self) -> &'static str {
        match self {
            Self::Code => "deed_code",
            Self::Link => "deed_link",
            Self::Revoke => "deed_revoke",
        }
    }

    fn question(self, locale: Locale) -> Question {
        Question {
            title: text(self.title(), locale),
            description: text("deed_from", locale),
            yes: text("deed_yes", locale),
            no: text("deed_no", locale),
        }
    }
}

/// Goes on where no form but ours has run in this window, or where the person says so.
///
/// # Errors
/// `not_confirmed`: the person said no, or is being asked something already.
pub(crate) async fn confirm(app: &AppHandle, deed: Deed) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    if !shell.packs().has_run() || confirmed(app, deed).await {
        return Ok(());
    }
    Err(problem::say("not_confirmed", shell.locale()))
}

async fn confirmed(app: &AppHandle, deed: Deed) -> bool {
    let shell = app.state::<Shell>();
    if !shell.questions().begin() {
        return false;
    }
    let (say, asked) = tokio::sync::oneshot::channel();
    let asking = app.clone();
    let question = deed.question(shell.locale());
    let begun = app.run_on_main_thread(move || drop(say.send(ask(&asking, question))));
    let answer = match (begun, asked.await) {
        (Ok(()), Ok(answer)) => answer.await,
        _ => false,
    };
    shell.questions().end();
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_33_a_form_that_asks_in_a_loop_is_heard_more_and_more_seldom() {
        let (wishes, start) = (Wishes::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        let heard = (0..600_000).step_by(10).filter(|ms| wishes.may(at(*ms))).count();
        assert!((2..20).contains(&heard), "{heard} times in ten minutes");
        // A person looks at the settings now and then.
        let wishes = Wishes::default();
        assert!([0, 2_000, 9_000, 60_000].into_iter().all(|ms| wishes.may(at(ms))));
    }
}
