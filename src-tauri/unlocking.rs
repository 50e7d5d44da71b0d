//! The way from a question about the profile's keys to the session.
//!
//! What must always hold: each question has one answer, and an answer that comes late changes nothing; a wrong
//! passphrase costs time; whatever the person decides, the program goes on to where it was asked to go.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use deskbell_api::dto::{Problem, SecretsQuestion, SecretsTrouble};
use deskbell_api::profile::Passphrase;
use tauri::{AppHandle, Manager};

use crate::launch::{self, Goal};
use crate::problem;
use crate::profile::Profile;
use crate::secrets::{self, Late, Safe, Shut};
use crate::shell::Shell;
use crate::windows::{self, Pane};

/// What each wrong passphrase costs beyond trying it, and what it costs at most.
const DELAY: Duration = Duration::from_secs(1);
const MOST_DELAYS: u32 = 5;

/// What is asked, and where to go on.
#[derive(Default)]
pub(crate) struct Unlocking(Mutex<State>);

#[derive(Default)]
struct State {
    goal: Option<Goal>,
    /// How often was asked: the number of the question on the screen.
    questions: u64,
    wrong: u32,
}

impl Unlocking {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A start leads there; whatever was asked before is settled.
    pub(crate) fn aim(&self, goal: &Goal) {
        let mut state = self.state();
        state.goal = Some(goal.clone());
        state.questions += 1;
    }

    fn goal(&self) -> Option<Goal> {
        self.state().goal.clone()
    }

    fn number(&self) -> u64 {
        self.state().questions
    }

    /// How long the person waits for having been wrong once more.
    fn wrong(&self) -> Duration {
        let mut state = self.state();
        state.wrong = (state.wrong + 1).min(MOST_DELAYS);
        DELAY * state.wrong
    }

    fn right(&self) {
        self.state().wrong = 0;
    }
}

/// May what is on the disk be set aside to get on?
pub(crate) fn may_begin_anew(problem: &Problem) -> bool {
    matches!(problem.code.as_str(), "store_newer" | "store_corrupt" | "store_key")
}

/// The app's window asks this from now on. A keyring that answers late is as good as one that answers in time.
pub(crate) fn ask(app: &AppHandle, question: SecretsQuestion) {
    let shell = app.state::<Shell>();
    shell.ask(question);
    let late = shell.profile().and_then(|profile| shell.safe(profile).take_late());
    if let Some(late) = late {
        let (app, number) = (app.clone(), shell.unlocking().number());
        let waits = thread::Builder::new().name("late keyring".to_owned());
        if let Err(error) = waits.spawn(move || answered_late(&app, late, number)) {
            tracing::warn!(%error, "nobody waits for the keyring");
        }
    }
}

fn answered_late(app: &AppHandle, late: Late, number: u64) {
    let opens = late.opens();
    let shell = app.state::<Shell>();
    if shell.unlocking().number() != number {
        return;
    }
    if opens {
        tauri::async_runtime::block_on(go_on(app.clone())).unwrap_or_else(|problem| {
            tracing::warn!(code = problem.code, "the keyring opened, and the start did not go on");
        });
    } else if let Some(profile) = shell.profile() {
        shell.ask(secrets::question(profile, SecretsTrouble::Denied));
        windows::reload(app, Pane::App);
    }
}

/// Opens the profile's keys by its passphrase, and goes on.
pub(crate) async fn unlock(app: AppHandle, passphrase: Passphrase) -> Result<(), Problem> {
    settle(&app, move |shell, safe, profile| {
        let opened = secrets::unlock(safe, profile, &passphrase, shell.locale());
        match &opened {
            Ok(()) => shell.unlocking().right(),
            Err(problem) if problem.code == "passphrase_wrong" => thread::sleep(shell.unlocking().wrong()),
            Err(_) => {}
        }
        opened
    })
    .await
}

/// Makes keys under a new passphrase, and goes on.
pub(crate) async fn choose_passphrase(app: AppHandle, passphrase: Passphrase) -> Result<(), Problem> {
    settle(&app, move |shell, safe, profile| {
        secrets::choose_passphrase(safe, profile, &passphrase, shell.locale())
    })
    .await
}

/// Goes on with keys that this session alone has.
pub(crate) async fn for_session(app: AppHandle) -> Result<(), Problem> {
    settle(&app, |shell, safe, _| secrets::for_session(safe, shell.locale())).await
}

/// Sets aside what is on the disk, and goes on as at the first start.
pub(crate) async fn begin_anew(app: AppHandle) -> Result<(), Problem> {
    settle(&app, |shell, safe, profile| secrets::begin_anew(safe, profile, shell.locale())).await
}

/// Asks the keyring again, or whatever else was in the way.
pub(crate) async fn again(app: AppHandle) -> Result<(), Problem> {
    settle(&app, |_, _, _| Ok(())).await
}

/// Does it beside the main thread, one at a time, and goes on.
async fn settle(
    app: &AppHandle,
    work: impl FnOnce(&Shell, &Safe, &Profile) -> Result<(), Problem> + Send + 'static,
) -> Result<(), Problem> {
    let working = app.clone();
    let done = tauri::async_runtime::spawn_blocking(move || {
        let shell = working.state::<Shell>();
        let _one = shell.begin_start()?;
        if !shell.asks() {
            return Err(problem::say("forbidden", shell.locale()));
        }
        let profile = shell.profile().ok_or_else(|| problem::say("data_folder", shell.locale()))?;
        work(&shell, shell.safe(profile), profile)
    })
    .await;
    done.map_err(|_| problem::say("unexpected", app.state::<Shell>().locale()))??;
    // Whoever answers is here, and looks for what comes of it.
    app.state::<Shell>().come_forward();
    go_on(app.clone()).await
}

/// To where the program was asked to go. What fails on the way takes the window over.
async fn go_on(app: AppHandle) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    let goal = shell.unlocking().goal().ok_or_else(|| problem::say("unexpected", shell.locale()))?;
    match launch::choose(app.clone(), goal).await {
        Err(problem) if problem.code != "starting" => {
            launch::stop(&app, Shut::Failed(problem));
            Ok(())
        }
        other => other,
    }
}
