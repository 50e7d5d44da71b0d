//! Links that the system hands to the program: `deskbell://…`.
//!
//! What must always hold: a link only fills in and asks. No desk is spoken to and nothing is remembered until the person
//! has said so in the app's window, of the very desk that was named there (threats 31).

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use deskbell_api::doors::{DEEP_LINK_CHARS, DeepLink, link_problem, read_desk};
use deskbell_api::dto::{AppScreen, Asked, DeskPlace, Problem};
use deskbell_wire::JoinLink;
use tauri::{AppHandle, Manager};

use crate::arguments::Face;
use crate::deeds::{self, Deed};
use crate::handover::Errand;
use crate::launch::{self, Goal};
use crate::problem;
use crate::profiles::same_desk;
use crate::shell::Shell;
use crate::windows::{self, Pane};

/// A click this soon after a question took another one's place was meant for that one.
const SWAPPED: Duration = Duration::from_millis(800);

/// The desk that the person is being asked about.
#[derive(Debug, Default)]
pub(crate) struct Pending(Mutex<Option<Question>>);

#[derive(Debug)]
struct Question {
    link: JoinLink,
    /// When it took the place of a question about another desk.
    swapped: Option<Instant>,
}

impl Pending {
    fn set(&self, link: Option<JoinLink>, now: Instant) {
        let mut question = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = question.take();
        *question = link.map(|link| {
            let swapped = match before {
                Some(before) if before.link == link => before.swapped,
                Some(_) => Some(now),
                None => None,
            };
            Question { link, swapped }
        });
    }

    /// It, as it stands.
    pub(crate) fn link(&self) -> Option<JoinLink> {
        let question = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        question.as_ref().map(|question| question.link.clone())
    }

    /// The person says yes to the desk of this link. `None`: that is not the one that stands there, or not for long.
    fn agreed(&self, shown: &str, now: Instant) -> Option<JoinLink> {
        let question = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rests = |then: Instant| now.saturating_duration_since(then) >= SWAPPED;
        let is_meant = |it: &&Question| it.link.to_string() == shown && it.swapped.is_none_or(rests);
        question.as_ref().filter(is_meant).map(|question| question.link.clone())
    }
}

/// A link as an argument: what is too long anyway is not carried about whole.
pub(crate) fn cut(link: &str) -> String {
    link.chars().take(DEEP_LINK_CHARS + 1).collect()
}

/// A second start's errand. Called on the main thread; `false`: the program is ending.
pub(crate) fn take(app: &AppHandle, errand: Errand) -> bool {
    if app.state::<Shell>().is_ending() {
        return false;
    }
    match errand {
        Errand { link: Some(link), .. } => open(app, &link),
        Errand { desk: Some(desk), .. } => ask_desk(app, &desk),
        Errand { hidden: true, .. } => {}
        Errand { .. } => deeds::perform(app, Deed::Open),
    }
    true
}

/// A link was opened. Called on the main thread.
pub(crate) fn open(app: &AppHandle, text: &str) {
    let shell = app.state::<Shell>();
    match DeepLink::read(text, shell.site().edition()) {
        Ok(DeepLink::Join(link)) => ask(app, link),
        Ok(DeepLink::Chat(visitor)) => {
            let visitor = visitor.filter(|_| shell.request().face == Face::Operator);
            deeds::perform(app, Deed::OpenChat { visitor, compose: false });
        }
        Ok(DeepLink::Invitation) => deeds::perform(app, Deed::OpenChat { visitor: None, compose: false }),
        Err(bad) => show(app, None, Some(link_problem(bad, shell.locale()))),
    }
}

fn ask_desk(app: &AppHandle, text: &str) {
    let shell = app.state::<Shell>();
    match read_desk(text, shell.site().edition()) {
        Ok(link) => ask(app, link),
        Err(bad) => show(app, None, Some(link_problem(bad, shell.locale()))),
    }
}

/// Who is there already has nothing to be asked.
fn ask(app: &AppHandle, link: JoinLink) {
    let shell = app.state::<Shell>();
    if leads_here(&shell, &link) {
        shell.pending().set(None, Instant::now());
        deeds::perform(app, Deed::Open);
    } else {
        show(app, Some(link), None);
    }
}

/// Shows the question in the app's window, or fills the form in that stands there.
fn show(app: &AppHandle, link: Option<JoinLink>, problem: Option<Problem>) {
    let shell = app.state::<Shell>();
    let goal = shell.goal();
    let asked = Asked {
        desk: link.as_ref().map(DeskPlace::from),
        problem,
        now: goal.as_ref().and_then(|goal| whereto(&shell, goal)).as_ref().map(DeskPlace::from),
        may_leave: !matches!(goal, Some(Goal::Host(_))),
    };
    shell.pending().set(link, Instant::now());
    let shown = shell.change_screen(|screen| {
        match (screen.screen, &goal) {
            (AppScreen::Problem | AppScreen::Secrets, _) => return,
            (_, Some(_)) => screen.screen = AppScreen::Asked,
            (_, None) => {}
        }
        screen.asked = Some(asked);
    });
    // What keeps the program from starting, or asks for its keys, stays on the screen: the link waits.
    if matches!(shown, AppScreen::Problem | AppScreen::Secrets) {
        windows::raise(app, Pane::App);
    } else {
        windows::show_app(app);
    }
}

/// The keys are open: a link that came meanwhile is asked about now, in the window that asked for them. `false`: none
/// came, or it leads to where the session is.
pub(crate) fn resume(app: &AppHandle) -> bool {
    let shell = app.state::<Shell>();
    let Some(link) = shell.pending().link() else { return false };
    if leads_here(&shell, &link) {
        shell.pending().set(None, Instant::now());
        return false;
    }
    let asking = app.clone();
    let asked = app.run_on_main_thread(move || ask(&asking, link));
    asked.inspect_err(|error| tracing::warn!(%error, "a link is not asked about")).is_ok()
}

/// Is it the desk that the session is at?
fn leads_here(shell: &Shell, link: &JoinLink) -> bool {
    shell.goal().is_some_and(|goal| same_desk(&whereto(shell, &goal), &Some(link.clone())))
}

/// The desk that a goal leads to; `None` while a desk of this program's own starts.
fn whereto(shell: &Shell, goal: &Goal) -> Option<JoinLink> {
    match goal {
        Goal::Desk(link) => Some(link.clone()),
        Goal::Host(_) => shell.desk().ok().map(|desk| desk.own_link()),
    }
}

/// The person wants nothing of it.
pub(crate) fn forget(app: &AppHandle) {
    let shell = app.state::<Shell>();
    shell.pending().set(None, Instant::now());
    shell.change_screen(|screen| screen.asked = None);
    if shell.goal().is_some() {
        windows::close(app, Pane::App);
    }
}

/// The person goes where the link leads: away from here, or beside it. `shown`: the link of the desk that they saw.
///
/// # Errors
/// `link_swapped`: another link came meanwhile; as [`launch::go_to`].
pub(crate) async fn follow(app: AppHandle, shown: &str, leave: bool) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    let link = shell.pending().agreed(shown, Instant::now());
    let link = link.ok_or_else(|| problem::say("link_swapped", shell.locale()))?;
    launch::go_to(app.clone(), link, leave).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_31_a_yes_is_for_the_desk_that_was_shown() {
        let (pending, start) = (Pending::default(), Instant::now());
        let link = |host: &str| host.parse::<JoinLink>().unwrap();
        let (shop, evil) = (link("shop.example"), link("shop.example.evil.test"));
        let agreed = |shown: &JoinLink, now| pending.agreed(&shown.to_string(), now);
        pending.set(Some(shop.clone()), start);
        assert_eq!(agreed(&shop, start), Some(shop.clone()));
        // A page sends another link just as the person presses the button.
        pending.set(Some(evil.clone()), start);
        assert_eq!(agreed(&shop, start), None);
        assert_eq!(agreed(&evil, start), None, "the button was under the pointer already");
        pending.set(Some(evil.clone()), start + SWAPPED / 2);
        assert_eq!(agreed(&evil, start + SWAPPED), Some(evil));
        pending.set(None, start);
        assert_eq!(agreed(&shop, start + SWAPPED), None);
    }
}
