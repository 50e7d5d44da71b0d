//! Leaving: one desk, or the program as a whole.
//!
//! What must always hold: nothing goes before the person has said so in a dialog of the system's that says what goes; the
//! keys go first, so that whatever a disk keeps cannot be read; the files go last, when nobody writes them any more; what
//! the program did not make stays where it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use deskbell_api::dto::{Locale, Problem, SecretsPlace};
use deskbell_api::profile::{DeskKey, ProfileSecrets};
use tauri::{AppHandle, Manager};

use crate::arguments::Face;
use crate::autostart;
use crate::dialogs;
use crate::export;
use crate::files;
use crate::launch::Goal;
use crate::logs;
use crate::problem;
use crate::profile::{Profile, Remembered};
use crate::questions::Question;
use crate::secrets::{self, KeyringState};
use crate::shell::Shell;
use crate::texts::text;

/// How often the files are looked for again: a page's process may write while it ends.
const LOOKS: u32 = 30;
/// And how long after each other.
const PAUSE: Duration = Duration::from_millis(100);
/// So many looks in a row find nothing before it is believed.
const QUIET: u32 = 3;

/// What the names of folders begin with in which pages keep what they keep.
const PAGES: &str = "webview";

/// What is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The desk that the session leads to.
    Desk,
    /// The profile, with everything that the program keeps of it.
    Everything,
}

/// What is to be erased when the windows are gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Of this profile's folder, what belongs to the desk.
    Desk(PathBuf, DeskKey),
    /// The folder, and the one around it if it is the program's own and empty then.
    Everything(PathBuf, Option<PathBuf>),
    /// Of this profile's folder, what pages kept: the session was to leave nothing of itself.
    Pages(PathBuf),
}

/// Asks; when the person agrees, the program ends and leaves nothing behind. It goes on where the person does not.
///
/// # Errors
/// `forbidden`: there is nothing of this kind. `keyring_for_leaving`, `keyring_keeps`: nothing but the session is gone.
pub(crate) async fn forget(app: AppHandle, what: What) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    let locale = shell.locale();
    let profile = shell.profile().ok_or_else(|| problem::say("forbidden", locale))?;
    if !dialogs::ask_gravely(&app, question(what, &export::desk_of(&shell), locale)).await {
        return Ok(());
    }
    if what == What::Everything
        && profile.has_desk()
        && !dialogs::ask_gravely(&app, desk_question(locale)).await
    {
        return Ok(());
    }
    let leaving = app.clone();
    let left = tauri::async_runtime::spawn_blocking(move || leave(&leaving.state::<Shell>(), what)).await;
    left.map_err(|_| problem::say("unexpected", locale))??;
    app.exit(0);
    Ok(())
}

fn question(what: What, desk: &str, locale: Locale) -> Question {
    let name = match what {
        What::Desk => "forget",
        What::Everything => "erase",
    };
    let say = |part: &str| text(&format!("{name}_{part}"), locale).replace("{desk}", desk);
    Question { title: say("title"), description: say("body"), yes: say("yes"), no: text("leave_no", locale) }
}

fn desk_question(locale: Locale) -> Question {
    let say = |part: &str| text(&format!("erase_desk_{part}"), locale);
    Question { title: say("title"), description: say("body"), yes: say("yes"), no: text("leave_no", locale) }
}

/// Ends the session, takes the keys away, and says what is to be erased at the end.
fn leave(shell: &Shell, what: What) -> Result<(), Problem> {
    let locale = shell.locale();
    let profile = shell.profile().ok_or_else(|| problem::say("forbidden", locale))?;
    let safe = shell.safe(profile);
    if safe.place() == Some(SecretsPlace::Keyring) && safe.keyring_state() != KeyringState::Open {
        return Err(problem::say("keyring_for_leaving", locale));
    }
    let plan = match (what, shell.goal()) {
        (What::Everything, _) => Plan::Everything(profile.folder.clone(), own_root(shell, profile)),
        (What::Desk, Some(Goal::Desk(link))) => Plan::Desk(profile.folder.clone(), DeskKey::of(&link)),
        // A desk of one's own goes with everything.
        (What::Desk, _) => return Err(problem::say("forbidden", locale)),
    };
    take_leave(shell);
    match &plan {
        Plan::Everything(..) => secrets::forget(safe, profile, locale)?,
        Plan::Desk(folder, desk) => {
            let fresh = (!has_others(folder, desk)).then(|| ProfileSecrets::generate(locale)).transpose()?;
            safe.change(|secrets| secrets.forget(desk, fresh));
            safe.settle();
            let remembered = Remembered { desk: None, ..profile.remembered() };
            profile.remember(&remembered).map_err(|error| dialogs::not_saved(&error, locale))?;
        }
        // That needs nobody's leave.
        Plan::Pages(_) => {}
    }
    if what == What::Everything
        && let Err(error) = autostart::set(shell.request(), false)
    {
        tracing::warn!(%error, "the entry of the start after signing in stays");
    }
    shell.leave(plan);
    Ok(())
}

/// The desk hears that the operator's token is not to be taken any more; then the sessions end.
fn take_leave(shell: &Shell) {
    if shell.request().face == Face::Operator
        && let Ok(operator) = shell.operator()
        && let Err(problem) = operator.sign_out()
    {
        tracing::info!(code = problem.code, "the operator was not signed out");
    }
    shell.stop();
}

/// What goes at the end of a session that is not kept. Pages of a profile with a history belong to that, too.
pub(crate) fn after_session(shell: &Shell) -> Option<Plan> {
    let profile = shell.profile().filter(|profile| !profile.has_history())?;
    let is_session = shell.safe(profile).place() == Some(SecretsPlace::Session);
    is_session.then(|| Plan::Pages(profile.folder.clone()))
}

/// The folder of all profiles, where it is the program's own.
fn own_root(shell: &Shell, profile: &Profile) -> Option<PathBuf> {
    profile.folder.parent().filter(|_| shell.request().data.is_none()).map(Path::to_owned)
}

/// Does the profile know other desks?
fn has_others(folder: &Path, desk: &DeskKey) -> bool {
    names(folder).iter().any(|name| DeskKey::is_anyones(name) && !desk.owns(name))
}

/// Erases what is to be. Called when the windows and everything behind them have ended.
///
/// # Errors
/// What the disk keeps.
pub(crate) fn finish(plan: &Plan) -> io::Result<()> {
    let (mut quiet, mut kept) = (0, Ok(()));
    for _ in 0..LOOKS {
        kept = erase(plan);
        quiet = if is_gone(plan) { quiet + 1 } else { 0 };
        if quiet == QUIET {
            break;
        }
        thread::sleep(PAUSE);
    }
    if let Plan::Everything(_, Some(root)) = plan {
        // Where other profiles are, it is not empty. An edition's is inside of Deskbell's own.
        let around = root.parent().filter(|around| around.ends_with("deskbell"));
        let _ = fs::remove_dir(root).and_then(|()| around.map_or(Ok(()), fs::remove_dir));
    }
    kept
}

/// What the terminal is told of it.
pub(crate) fn kept(error: &io::Error, locale: Locale) -> Problem {
    tracing::error!(%error, "not everything was erased");
    problem::say("not_erased", locale)
}

fn erase(plan: &Plan) -> io::Result<()> {
    match plan {
        Plan::Everything(folder, _) => erase_profile(folder),
        Plan::Desk(folder, desk) => goes(folder, desk).iter().try_for_each(|name| remove(&folder.join(name))),
        Plan::Pages(folder) => pages(folder).iter().try_for_each(|name| remove(&folder.join(name))),
    }
}

fn is_gone(plan: &Plan) -> bool {
    match plan {
        Plan::Everything(folder, _) => !names(folder).iter().any(|name| is_ours(name)),
        Plan::Desk(folder, desk) => goes(folder, desk).is_empty(),
        Plan::Pages(folder) => pages(folder).is_empty(),
    }
}

/// A person may have put the folder on another disk, with a link in its place, or things of their own into it.
fn erase_profile(folder: &Path) -> io::Result<()> {
    let Ok(there) = folder.canonicalize() else { return remove(folder) };
    names(&there).iter().filter(|name| is_ours(name)).try_for_each(|name| remove(&there.join(name)))?;
    if fs::remove_dir(&there).is_ok() && folder.is_symlink() {
        return remove(folder);
    }
    Ok(())
}

/// Is it the name of something that the program makes in a profile's folder?
fn is_ours(name: &str) -> bool {
    const OURS: [&str; 11] = [
        "crashes",
        "desk",
        "door",
        "lock",
        "packs",
        "preferences.json.unreadable",
        "webview",
        files::FOLDER,
        logs::FOLDER,
        "profile.json",
        "preferences.json",
    ];
    let whole = name.strip_suffix(".new").unwrap_or(name);
    DeskKey::is_anyones(name) || OURS.contains(&whole) || secrets::is_ours(whole)
}

/// What of the folder belongs to the desk: its histories and files, what pages kept, its forms, and logs, which may name
/// it.
fn goes(folder: &Path, desk: &DeskKey) -> Vec<String> {
    let shared = ["webview", "packs", files::FOLDER, logs::FOLDER];
    let mut names = names(folder);
    names.retain(|name| desk.owns(name) || shared.contains(&name.as_str()));
    names
}

/// What pages kept, at whatever desk.
fn pages(folder: &Path) -> Vec<String> {
    let mut names = names(folder);
    names.retain(|name| name == PAGES || name.strip_prefix(PAGES).is_some_and(|desk| desk.starts_with('-')));
    names
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// A file, or a folder with everything in it; no link is followed.
fn remove(path: &Path) -> io::Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(about) if about.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(address: &str) -> DeskKey {
        DeskKey::of(&address.parse().unwrap())
    }

    /// A profile that knows two desks.
    fn profile() -> (tempfile::TempDir, PathBuf, DeskKey, DeskKey) {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("anna");
        let (one, two) = (key("one.example"), key("two.example"));
        let site = deskbell_wire::SiteKey::main();
        for desk in [&one, &two] {
            let pages = folder.join(desk.storage(&site));
            fs::create_dir_all(&pages).unwrap();
            fs::write(pages.join("kept"), "x").unwrap();
            let history = desk.storage(&site).replace("webview-", "client-").replace("-main", "");
            for ending in [".db", ".db-wal", ".db-shm", "-0123456789abcdef.db"] {
                fs::write(folder.join(format!("{history}{ending}")), "x").unwrap();
            }
        }
        for name in ["webview", "packs", "logs", "crashes"] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }
        fs::write(folder.join("preferences.json"), "{}").unwrap();
        (data, folder, one, two)
    }

    #[test]
    fn a_forgotten_desk_takes_its_own_and_nothing_of_others() {
        let (_data, folder, one, two) = profile();
        assert!(has_others(&folder, &one));
        finish(&Plan::Desk(folder.clone(), one.clone())).unwrap();
        let left = names(&folder);
        assert!(!left.iter().any(|name| one.owns(name)), "{left:?}");
        assert_eq!(left.iter().filter(|name| two.owns(name)).count(), 5, "{left:?}");
        assert!(folder.join("preferences.json").exists() && folder.join("crashes").exists());
        assert!(!folder.join("logs").exists() && !folder.join("webview").exists());
        assert!(!has_others(&folder, &two));
    }

    #[test]
    fn threats_44_a_session_that_is_not_kept_leaves_nothing_of_its_pages() {
        let (_data, folder, ..) = profile();
        finish(&Plan::Pages(folder.clone())).unwrap();
        let left = names(&folder);
        assert!(!left.iter().any(|name| name.starts_with(PAGES)), "{left:?}");
        assert_eq!(left.iter().filter(|name| name.starts_with("client-")).count(), 8, "{left:?}");
        assert!(folder.join("packs").exists() && folder.join("preferences.json").exists());
    }

    #[test]
    fn nothing_is_left_of_a_profile_and_another_one_stays() {
        let (data, folder, ..) = profile();
        let root = Some(data.path().to_owned());
        fs::create_dir(data.path().join("boris")).unwrap();
        finish(&Plan::Everything(folder.clone(), root.clone())).unwrap();
        assert!(!folder.exists() && data.path().join("boris").exists());
        fs::remove_dir(data.path().join("boris")).unwrap();
        finish(&Plan::Everything(folder, root)).unwrap();
        assert!(!data.path().exists());
    }

    #[cfg(unix)]
    #[test]
    fn threats_38_a_link_in_the_folder_leads_nothing_away() {
        let (data, folder, ..) = profile();
        let outside = data.path().join("mine.txt");
        fs::write(&outside, "mine").unwrap();
        std::os::unix::fs::symlink(&outside, folder.join("link")).unwrap();
        std::os::unix::fs::symlink(data.path(), folder.join("folder")).unwrap();
        finish(&Plan::Everything(folder, None)).unwrap();
        assert_eq!(fs::read(outside).unwrap(), b"mine");
    }

    #[cfg(unix)]
    #[test]
    fn threats_38_a_profile_on_another_disk_is_erased_there_and_what_is_not_ours_stays() {
        let (data, folder, ..) = profile();
        let (elsewhere, mine) = (data.path().join("disk"), data.path().join("disk/letter.txt"));
        for name in ["lock", "door", "profile.json.new", "secrets.sealed", "set-aside-2026-01-31"] {
            fs::write(folder.join(name), "x").unwrap();
        }
        fs::rename(&folder, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &folder).unwrap();
        fs::write(&mine, "mine").unwrap();
        finish(&Plan::Everything(folder.clone(), None)).unwrap();
        assert_eq!(names(&elsewhere), ["letter.txt"]);
        fs::remove_file(mine).unwrap();
        finish(&Plan::Everything(folder.clone(), None)).unwrap();
        assert!(!elsewhere.exists() && !folder.is_symlink());
    }

    #[test]
    fn the_questions_say_what_goes() {
        for locale in [Locale::En, Locale::Ru] {
            let said = question(What::Desk, "desk.example:7717", locale);
            assert!(said.description.contains("desk.example:7717") && !said.yes.starts_with("forget_"));
            assert!(!desk_question(locale).title.starts_with("erase_desk_"));
        }
    }
}
