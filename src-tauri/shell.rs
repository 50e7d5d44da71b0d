//! What runs behind the windows, and the one place that stops it.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use deskbell_api::desktop::Line;
use deskbell_api::dto::{AppBoot, AppScreen, Locale, Problem, SecretsQuestion};
use deskbell_api::operator::OperatorApp;
use deskbell_api::visitor::VisitorApp;

use crate::arguments::{Face, Request};
use crate::closing::Asking;
use crate::deep_links::Pending;
use crate::desktop::Desktop;
use crate::export::Exports;
use crate::files::Files;
use crate::folders::Folders;
use crate::host::HostedDesk;
use crate::launch::Goal;
use crate::leaving::Plan;
use crate::packs::Packs;
use crate::preferences::Chosen;
use crate::problem;
use crate::profile::Profile;
use crate::questions::{Questions, Wishes};
use crate::secrets::Safe;
use crate::site_file::Site;
use crate::slot::Slot;
use crate::system::Locks;
use crate::tray::Tray;
use crate::unlocking::{self, Unlocking};
use crate::watch::Watch;
use crate::window_state::Places;

/// How long the end waits for the sessions and the desk. Whatever takes longer is as safe as after a power cut.
const FAREWELL: Duration = Duration::from_secs(8);

/// The program's one state; clones are the same one.
#[derive(Clone)]
pub(crate) struct Shell(Arc<Inside>);

impl Deref for Shell {
    type Target = Inside;

    fn deref(&self) -> &Inside {
        &self.0
    }
}

/// What is in it.
pub(crate) struct Inside {
    request: Request,
    profile: Option<Profile>,
    screen: Mutex<AppBoot>,
    starting: Mutex<()>,
    visitor: Slot<VisitorApp>,
    operator: Slot<OperatorApp>,
    desk: Slot<HostedDesk>,
    safe: OnceLock<Safe>,
    unlocking: Unlocking,
    questions: Questions,
    wishes: Wishes,
    storage: Mutex<Option<String>>,
    packs: Packs,
    files: Files,
    exports: Exports,
    folders: Folders,
    watch: Watch,
    desktop: OnceLock<Desktop>,
    preferences: Chosen,
    tray: OnceLock<Tray>,
    locks: Locks,
    places: Places,
    asking: Asking,
    goal: Mutex<Option<Goal>>,
    leaving: OnceLock<Plan>,
    pending: Pending,
    hidden: AtomicBool,
    ending: AtomicBool,
}

impl Shell {
    /// A program that has started nothing yet. Without a profile it can only say what is wrong.
    pub(crate) fn new(request: Request, profile: Result<Profile, Problem>) -> Self {
        let screen = first_screen(request.face);
        let boot = AppBoot { company: request.site.company(), ..AppBoot::at(screen, request.locale) };
        let hidden = AtomicBool::new(request.hidden);
        let inside = Inside {
            request,
            profile: None,
            screen: Mutex::new(boot),
            starting: Mutex::new(()),
            visitor: Slot::empty(),
            operator: Slot::empty(),
            desk: Slot::empty(),
            safe: OnceLock::new(),
            unlocking: Unlocking::default(),
            questions: Questions::default(),
            wishes: Wishes::default(),
            storage: Mutex::default(),
            packs: Packs::default(),
            files: Files::default(),
            exports: Exports::default(),
            folders: Folders::default(),
            watch: Watch::default(),
            desktop: OnceLock::new(),
            tray: OnceLock::new(),
            locks: Locks::default(),
            places: Places::default(),
            asking: Asking::default(),
            preferences: Chosen::default(),
            goal: Mutex::default(),
            leaving: OnceLock::new(),
            pending: Pending::default(),
            hidden,
            ending: AtomicBool::new(false),
        };
        match profile {
            Ok(profile) => Self(Arc::new(Inside {
                preferences: Chosen::of(&profile.folder),
                profile: Some(profile),
                ..inside
            })),
            Err(problem) => {
                let shell = Self(Arc::new(inside));
                shell.fail(problem);
                shell
            }
        }
    }
}

impl Inside {
    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    pub(crate) fn locale(&self) -> Locale {
        self.request.locale
    }

    pub(crate) fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
    }

    /// What keeps the profile's secrets, once they are open.
    pub(crate) fn safe(&self, profile: &Profile) -> &Safe {
        self.safe.get_or_init(|| Safe::of(profile))
    }

    /// The way from a question about the keys to the session.
    pub(crate) fn unlocking(&self) -> &Unlocking {
        &self.unlocking
    }

    /// From now on the app's window asks this before anything can start. What waited for a session does so no more.
    pub(crate) fn ask(&self, question: SecretsQuestion) {
        self.visitor.give_up();
        self.operator.give_up();
        let mut screen = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        *screen = AppBoot {
            screen: AppScreen::Secrets,
            secrets: Some(question),
            problem: None,
            anew: false,
            ..screen.clone()
        };
    }

    /// How often a form has had another window come forward.
    pub(crate) fn wishes(&self) -> &Wishes {
        &self.wishes
    }

    /// How often a page may make the system ask something.
    pub(crate) fn questions(&self) -> &Questions {
        &self.questions
    }

    /// From now on the visitor's page keeps what it keeps in this folder of the profile.
    pub(crate) fn keep_in(&self, folder: String) {
        *self.storage.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
    }

    /// That folder, once it is known where the session leads.
    pub(crate) fn storage(&self) -> Option<String> {
        self.storage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The form that the visitor's window runs.
    pub(crate) fn packs(&self) -> &Packs {
        &self.packs
    }

    /// Files between conversations and this computer.
    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// Where the system's dialogs begin.
    pub(crate) fn folders(&self) -> &Folders {
        &self.folders
    }

    /// The export that is being written, where there is one.
    pub(crate) fn exports(&self) -> &Exports {
        &self.exports
    }

    /// Whether it still answers.
    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// What the person chose for this profile.
    pub(crate) fn preferences(&self) -> &Chosen {
        &self.preferences
    }

    /// The tray, alerts and whatever else is around the windows, from the program's first moment on.
    pub(crate) fn desktop(&self) -> Option<&Desktop> {
        self.desktop.get()
    }

    /// Is the desk reached now?
    pub(crate) fn is_online(&self) -> bool {
        self.desktop().and_then(Desktop::facts).is_some_and(|facts| facts.line == Line::Up)
    }

    pub(crate) fn run_desktop(&self, desktop: Desktop) {
        drop(self.desktop.set(desktop));
    }

    /// The icon in the panel.
    pub(crate) fn tray(&self) -> Option<&Tray> {
        self.tray.get()
    }

    pub(crate) fn run_tray(&self, tray: Tray) {
        drop(self.tray.set(tray));
    }

    /// Who says that the screen is locked.
    pub(crate) fn locks(&self) -> &Locks {
        &self.locks
    }

    /// Where the windows are.
    pub(crate) fn places(&self) -> &Places {
        &self.places
    }

    /// Whether the person is being asked what closing means.
    pub(crate) fn asking(&self) -> &Asking {
        &self.asking
    }

    /// From now on the app's window shows the settings.
    pub(crate) fn show_settings(&self) {
        self.turn_to(AppScreen::Settings);
    }

    /// The session runs: what was wrong or asked before is settled.
    pub(crate) fn settle(&self) {
        self.turn_to(first_screen(self.request.face));
    }

    fn turn_to(&self, to: AppScreen) {
        let mut screen = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        let company = screen.company.clone();
        *screen = AppBoot { company, ..AppBoot::at(to, self.request.locale) };
    }

    /// What is to be erased when the program ends, where the person leaves.
    pub(crate) fn leaving(&self) -> Option<&Plan> {
        self.leaving.get()
    }

    pub(crate) fn leave(&self, plan: Plan) {
        drop(self.leaving.set(plan));
    }

    /// Where the session leads, from the moment on that it starts.
    pub(crate) fn goal(&self) -> Option<Goal> {
        self.goal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_goal(&self, goal: Option<Goal>) {
        *self.goal.lock().unwrap_or_else(PoisonError::into_inner) = goal;
    }

    /// What a company says that ships the program.
    pub(crate) fn site(&self) -> &Site {
        &self.request.site
    }

    /// The link that the person is being asked about.
    pub(crate) fn pending(&self) -> &Pending {
        &self.pending
    }

    /// The program was started for the tray, and nobody has asked for its window yet.
    pub(crate) fn stays_hidden(&self) -> bool {
        self.hidden.load(Ordering::Relaxed)
    }

    /// Somebody has.
    pub(crate) fn come_forward(&self) {
        self.hidden.store(false, Ordering::Relaxed);
    }

    /// The program is saying farewell: it takes on nothing more.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    /// It ends in a moment, or goes on after all.
    pub(crate) fn set_ending(&self, ending: bool) {
        self.ending.store(ending, Ordering::Relaxed);
    }

    /// Changes what the app's window shows; which screen that is now.
    pub(crate) fn change_screen(&self, change: impl FnOnce(&mut AppBoot)) -> AppScreen {
        let mut screen = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut screen);
        screen.screen
    }

    /// What the app's window shows.
    pub(crate) fn screen(&self) -> AppBoot {
        self.screen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on the app's window shows why the program cannot go on.
    pub(crate) fn fail(&self, problem: Problem) {
        let mut screen = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        let anew = self.profile.is_some() && unlocking::may_begin_anew(&problem);
        *screen = AppBoot { screen: AppScreen::Problem, problem: Some(problem), anew, ..screen.clone() };
    }

    /// Does the app's window ask what becomes of the keys, or of what cannot be opened?
    pub(crate) fn asks(&self) -> bool {
        let screen = self.screen();
        screen.screen == AppScreen::Secrets || screen.anew
    }

    /// One start at a time: a second click waits for nothing and starts nothing.
    pub(crate) fn begin_start(&self) -> Result<MutexGuard<'_, ()>, Problem> {
        self.starting.try_lock().map_err(|_| self.still_starting())
    }

    /// Did the program come to an end that a script should notice?
    pub(crate) fn failed(&self) -> bool {
        self.screen().screen == AppScreen::Problem
    }

    /// The visitor's session; a page that asks before it has booted is told so.
    pub(crate) fn visitor(&self) -> Result<VisitorApp, Problem> {
        self.visitor.now().ok_or_else(|| self.still_starting())
    }

    /// The operator's session; as [`Shell::visitor`].
    pub(crate) fn operator(&self) -> Result<OperatorApp, Problem> {
        self.operator.now().ok_or_else(|| self.still_starting())
    }

    /// The same, once it has started. A start that fails replaces the window that waits here.
    pub(crate) async fn visitor_started(&self) -> Result<VisitorApp, Problem> {
        self.visitor.filled().await.ok_or_else(|| self.still_starting())
    }

    /// As [`Shell::visitor_started`].
    pub(crate) async fn operator_started(&self) -> Result<OperatorApp, Problem> {
        self.operator.filled().await.ok_or_else(|| self.still_starting())
    }

    /// The desk inside this program.
    pub(crate) fn desk(&self) -> Result<HostedDesk, Problem> {
        self.desk.now().ok_or_else(|| problem::say("forbidden", self.locale()))
    }

    pub(crate) fn run_visitor(&self, visitor: VisitorApp) {
        self.visitor.fill(visitor);
    }

    /// The visitor's session gives way to another one: until that runs, a page is told to wait.
    pub(crate) fn end_visitor(&self) {
        self.visitor.take();
    }

    pub(crate) fn run_operator(&self, operator: OperatorApp) {
        self.operator.fill(operator);
    }

    pub(crate) fn run_desk(&self, desk: HostedDesk) {
        self.desk.fill(desk);
    }

    /// Ends everything in order: an export that is being written; what is on the screen beside the windows; the sessions,
    /// so that they tell the desk; then the desk, so that it tells the others; then what keeps the keys.
    pub(crate) fn stop(&self) {
        self.ending.store(true, Ordering::Relaxed);
        let (visitor, operator, desk) = (self.visitor.take(), self.operator.take(), self.desk.take());
        let (desktop, safe) = (self.desktop.get().cloned(), self.safe.get().cloned());
        let exports = self.exports.clone();
        let (done, ended) = mpsc::channel();
        let farewell = move || {
            exports.end();
            desktop.iter().for_each(Desktop::end);
            visitor.into_iter().for_each(VisitorApp::stop);
            operator.into_iter().for_each(OperatorApp::stop);
            desk.into_iter().for_each(HostedDesk::stop);
            safe.iter().for_each(Safe::settle);
            let _ = done.send(());
        };
        let thread = thread::Builder::new().name("farewell".to_owned()).spawn(farewell);
        if thread.is_err() || ended.recv_timeout(FAREWELL).is_err() {
            tracing::warn!("the program ended before everything in it had");
        }
    }

    fn still_starting(&self) -> Problem {
        problem::say("starting", self.request.locale)
    }
}

/// What the app's window shows where nothing is known yet.
const fn first_screen(face: Face) -> AppScreen {
    match face {
        Face::Visitor => AppScreen::JoinVisitor,
        Face::Operator => AppScreen::JoinOperator,
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::arguments;

    #[test]
    fn what_was_wrong_before_a_session_ran_is_not_wrong_any_more() {
        let words = ["deskbell", "operator"].map(OsString::from);
        let request = arguments::read(words.into_iter()).ok().unwrap();
        let shell = Shell::new(request, Err(problem::say("store_corrupt", Locale::En)));
        assert!(shell.failed());
        shell.settle();
        assert!(!shell.failed() && !shell.asks());
        assert_eq!(shell.screen().screen, AppScreen::JoinOperator);
    }
}
