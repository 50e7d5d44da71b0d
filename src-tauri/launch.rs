//! The way from a start to a window that is ready to type in.
//!
//! What must always hold: nothing here runs on the main thread but the opening of windows, for a keyring may wait for
//! a person and a disk for itself; a start that fails leaves every file as it was and says why in the app's window.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc;
use std::time::Duration;

use deskbell_api::desktop::Newsroom;
use deskbell_api::doors::find_desk;
use deskbell_api::dto::{AppScreen, Problem};
use deskbell_api::operator::{KeepToken, OperatorApp, OperatorOptions};
use deskbell_api::profile::{DeskKey, Keep, ProfileSecrets};
use deskbell_api::visitor::{VisitorApp, VisitorOptions};
use deskbell_wire::JoinLink;
use tauri::{AppHandle, Manager};

use crate::again;
use crate::arguments::Face;
use crate::deep_links;
use crate::desktop::Signal;
use crate::host::HostedDesk;
use crate::problem;
use crate::profile::{Profile, Remembered};
use crate::profiles;
use crate::secrets::{self, Safe, Shut};
use crate::shell::Shell;
use crate::unlocking;
use crate::windows::{self, Pane};

/// Where a desk inside this program listens unless the person says otherwise: on this computer alone.
const LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), deskbell_wire::join::DEFAULT_PORT);

/// What fails at once fails before a window is there, which would only have to give way to the reason.
const SOON: Duration = Duration::from_millis(250);

/// Where the session leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// To a desk somewhere.
    Desk(JoinLink),
    /// To the desk inside this program, listening here.
    Host(SocketAddr),
}

/// A session that starts, before there is a window for it.
pub(crate) struct Begun(mpsc::Receiver<Result<(), Shut>>);

/// Starts the session where a desk is known.
pub(crate) fn begin_early(shell: &Shell) -> Option<Begun> {
    let goal = shell.profile().filter(|_| !shell.failed()).and_then(|profile| goal(shell, profile))?;
    shell.set_goal(Some(goal.clone()));
    keep_apart(shell, &goal);
    let (starting, (done, outcome)) = (shell.clone(), mpsc::channel());
    tauri::async_runtime::spawn_blocking(move || done.send(start(&starting, goal)));
    Some(Begun(outcome))
}

/// Opens the first window: the session's, where one was begun.
pub(crate) fn begin(app: &AppHandle, begun: Option<Begun>) -> tauri::Result<()> {
    let shell = app.state::<Shell>();
    let open_link = || shell.request().link.iter().for_each(|link| deep_links::open(app, link));
    let Some(Begun(outcome)) = begun else {
        open_link();
        return windows::open_once(app, Pane::App);
    };
    match outcome.recv_timeout(SOON) {
        Ok(Ok(())) => {}
        Ok(Err(shut)) => {
            stop(app, shut);
            open_link();
            return Ok(());
        }
        Err(_) => watch(app.clone(), outcome),
    }
    windows::open(app, shell.request().face.into())?;
    open_link();
    Ok(())
}

/// The start takes its time: the window is there meanwhile, and gives way to the reason if it fails after all.
fn watch(app: AppHandle, outcome: mpsc::Receiver<Result<(), Shut>>) {
    tauri::async_runtime::spawn_blocking(move || {
        if let Ok(Err(shut)) = outcome.recv() {
            stop(&app, shut);
        }
    });
}

/// Starts the session that the person chose in the app's window, then shows its own window instead.
pub(crate) async fn choose(app: AppHandle, goal: Goal) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    if shell.goal().is_some() {
        return Err(problem::say("starting", shell.locale()));
    }
    let asked_for_keys = shell.screen().screen == AppScreen::Secrets;
    let starting = app.clone();
    keep_apart(&shell, &goal);
    let there = goal.clone();
    let started = tauri::async_runtime::spawn_blocking(move || start(&starting.state::<Shell>(), goal)).await;
    match started.map_err(|_| problem::say("unexpected", shell.locale()))? {
        Ok(()) => {}
        // What the person may put right where they are is said there.
        Err(Shut::Failed(problem)) if !unlocking::may_begin_anew(&problem) => return Err(problem),
        Err(shut) => {
            stop(&app, shut);
            return Ok(());
        }
    }
    shell.set_goal(Some(there));
    let pane = shell.request().face.into();
    windows::open(&app, pane).map_err(|error| {
        tracing::error!(%error, "a window did not open");
        problem::say("unexpected", shell.locale())
    })?;
    shell.settle();
    if !asked_for_keys || !deep_links::resume(&app) {
        windows::close(&app, Pane::App);
    }
    Ok(())
}

/// Goes where a link leads, once the desk there has answered: with this profile, which forgets where it was, or with
/// another one beside it.
///
/// # Errors
/// Nobody there, or another desk than the link's; or this program is a desk itself, which others are connected to.
pub(crate) async fn go_to(app: AppHandle, link: JoinLink, leave: bool) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    if leave && matches!(shell.goal(), Some(Goal::Host(_))) {
        return Err(problem::say("hosting_stays", shell.locale()));
    }
    find_desk(&link, shell.locale()).await?;
    let profile = shell.profile().ok_or_else(|| problem::say("data_folder", shell.locale()))?;
    let request = shell.request();
    let begun = if leave {
        // Before the other one knocks: it would hand its start over to this one, and end.
        shell.set_ending(true);
        remember(profile, &Goal::Desk(link));
        again::start(request, &request.profile, None)
    } else {
        let root = profile.folder.parent().unwrap_or(&profile.folder);
        let name = profiles::beside(root, request.face.word(), &link);
        again::start(request, &name, Some(&link))
    };
    begun.map_err(|error| {
        tracing::error!(%error, "the program did not start again");
        shell.set_ending(false);
        problem::say("unexpected", shell.locale())
    })?;
    deep_links::forget(&app);
    if leave {
        // The other one waits for this profile to be free.
        app.exit(0);
    }
    Ok(())
}

/// What a form keeps in its page at one site no other site's form reads.
fn keep_apart(shell: &Shell, goal: &Goal) {
    if let Goal::Desk(link) = goal {
        shell.keep_in(DeskKey::of(link).storage(&link.site));
    }
}

/// Links this device to the visitor who made the code: from then on the window is that visitor's.
pub(crate) async fn link(app: AppHandle, code: String) -> Result<(), Problem> {
    let linking = app.clone();
    let linked = tauri::async_runtime::spawn_blocking(move || link_now(&linking, &code)).await;
    linked.map_err(|_| problem::say("unexpected", app.state::<Shell>().locale()))?
}

/// The old session is gone before the page can speak to the new one: nothing that was meant for the one visitor
/// reaches the other.
fn link_now(app: &AppHandle, code: &str) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    let _one = shell.begin_start()?;
    let profile = shell.profile().ok_or_else(|| problem::say("data_folder", shell.locale()))?;
    let safe = shell.safe(profile);
    let before = shell.visitor()?;
    let kept = |_: &Keep, secrets: &ProfileSecrets| safe.keep(secrets);
    let after = before.link(code, kept)?;
    shell.end_visitor();
    before.stop();
    windows::reload(app, Pane::Visitor);
    shell.run_visitor(after);
    Ok(())
}

/// The desk of the command line, otherwise the one of the last time.
fn goal(shell: &Shell, profile: &Profile) -> Option<Goal> {
    let (request, remembered) = (shell.request(), profile.remembered());
    if let Some(link) = request.desk.clone() {
        return Some(Goal::Desk(link));
    }
    let hosts = request.host || (request.face == Face::Operator && remembered.host);
    if hosts {
        return Some(Goal::Host(request.listen.or(remembered.listen).unwrap_or(LISTEN)));
    }
    remembered.desk.and_then(|link| link.parse().ok()).map(Goal::Desk)
}

/// The desk inside this program, where the command line or the last time says.
pub(crate) fn own_desk(shell: &Shell) -> Goal {
    let remembered = shell.profile().and_then(|profile| profile.remembered().listen);
    Goal::Host(shell.request().listen.or(remembered).unwrap_or(LISTEN))
}

fn start(shell: &Shell, goal: Goal) -> Result<(), Shut> {
    let _one = shell.begin_start()?;
    // By a double click, or a keyring that opens late: nothing starts beside what runs.
    if shell.visitor().is_ok() || shell.operator().is_ok() {
        return Err(Shut::Failed(problem::say("starting", shell.locale())));
    }
    shell.unlocking().aim(&goal);
    let profile = shell.profile().ok_or_else(|| problem::say("data_folder", shell.locale()))?;
    let session_only = shell.request().session_only;
    let (secrets, keep) = secrets::open(shell.safe(profile), profile, session_only, shell.locale())?;
    match shell.request().face {
        Face::Visitor => start_visitor(shell, &goal, secrets, keep)?,
        Face::Operator => start_operator(shell, profile, &goal, (secrets, keep))?,
    }
    remember(profile, &goal);
    Ok(())
}

fn start_visitor(shell: &Shell, goal: &Goal, secrets: ProfileSecrets, keep: Keep) -> Result<(), Problem> {
    let Goal::Desk(link) = goal.clone() else {
        return Err(problem::say("link_shape", shell.locale()));
    };
    let options = VisitorOptions { link, secrets, keep, locale: shell.locale(), newsroom: newsroom(shell) };
    let visitor = VisitorApp::start(options)?;
    visitor.look_with(shell.files().begin());
    shell.run_visitor(visitor);
    Ok(())
}

fn start_operator(
    shell: &Shell,
    profile: &Profile,
    goal: &Goal,
    (mut secrets, keep): (ProfileSecrets, Keep),
) -> Result<(), Problem> {
    let (link, key, desk) = match goal {
        Goal::Desk(link) => (link.clone(), DeskKey::of(link), None),
        Goal::Host(listen) => {
            let desk = HostedDesk::start(profile, (&secrets, &keep), *listen, shell.locale())?;
            let key = DeskKey::hosted();
            if let Some(token) = desk.owner_token(shell.request().owner.as_deref())? {
                secrets.set_operator_token(&key, Some(token));
            }
            (desk.own_link(), key, Some(desk))
        }
    };
    let options = OperatorOptions {
        link,
        keep_token: keep_token(shell.safe(profile), &key),
        desk: key,
        secrets,
        keep,
        locale: shell.locale(),
        hosting: desk.as_ref().map(HostedDesk::hosting),
        newsroom: newsroom(shell),
        needs_setup: desk.as_ref().map_or(Ok(false), HostedDesk::needs_account)?,
    };
    let operator = OperatorApp::start(options)?;
    operator.look_with(shell.files().begin());
    shell.run_operator(operator);
    desk.into_iter().for_each(|desk| shell.run_desk(desk));
    Ok(())
}

/// The session's way to the desktop's hub.
fn newsroom(shell: &Shell) -> Newsroom {
    match shell.desktop().cloned() {
        Some(desktop) => Newsroom::new(move |news| desktop.tell(Signal::News(news))),
        None => Newsroom::silent(),
    }
}

/// Keeps each new token with the profile's secrets. Called on the session's own thread, so it never waits.
fn keep_token(safe: &Safe, desk: &DeskKey) -> KeepToken {
    let (safe, desk) = (safe.clone(), desk.clone());
    Box::new(move |token| safe.change(|secrets| secrets.set_operator_token(&desk, token)))
}

/// A program that cannot go on says why, or asks what it needs, instead of the window that it could not fill.
pub(crate) fn stop(app: &AppHandle, shut: Shut) {
    let shell = app.state::<Shell>();
    shell.set_goal(None);
    match shut {
        Shut::Asks(question) => unlocking::ask(app, question),
        Shut::Failed(problem) => {
            tracing::error!(code = problem.code, "the start failed");
            shell.fail(problem);
        }
    }
    if let Err(error) = windows::show_anew(app) {
        tracing::error!(%error, "no window for the problem");
        app.exit(1);
    }
    windows::close(app, shell.request().face.into());
}

/// What is not remembered is asked for again: no reason to stop.
fn remember(profile: &Profile, goal: &Goal) {
    let remembered = match goal {
        Goal::Desk(link) => Remembered { desk: Some(link.to_string()), ..Remembered::default() },
        Goal::Host(listen) => Remembered { host: true, listen: Some(*listen), desk: None },
    };
    if remembered != profile.remembered()
        && let Err(error) = profile.remember(&remembered)
    {
        tracing::warn!(%error, "the desk is not remembered");
    }
}
