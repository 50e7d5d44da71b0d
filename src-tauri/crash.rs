//! What the program writes when it crashes: for the person to read, to keep or to throw away.
//!
//! What must always hold: a report is written on this computer and goes nowhere by itself; it holds where in the program
//! it happened and never what people wrote, so of a panic's message only a text of the program's own is in it.

use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::fs;
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use deskbell_api::dto::{CrashReport, Problem, Saved};
use tauri::{AppHandle, Manager};

use crate::dialogs;
use crate::problem;
use crate::profile;
use crate::shell::Shell;
use crate::texts::text;

/// The folder in the profile's.
pub(crate) const FOLDER: &str = "crashes";
/// A program that crashes at every start fills no disk.
const KEPT: usize = 10;

/// From now on a crash of any thread leaves a report in the profile's folder.
pub(crate) fn watch(folder: &Path) {
    let (folder, usual) = (folder.join(FOLDER), panic::take_hook());
    panic::set_hook(Box::new(move |crash| {
        let written = write(&folder, &describe(crash));
        match written {
            Some(file) => eprintln!("deskbell: this is a mistake of the program; see {}", file.display()),
            None => eprintln!("deskbell: this is a mistake of the program"),
        }
        // Its message may hold what people wrote: for whoever develops the program alone.
        if cfg!(debug_assertions) {
            usual(crash);
        }
    }));
}

fn describe(crash: &PanicHookInfo<'_>) -> String {
    let thread = std::thread::current();
    let place = crash.location().map_or_else(|| "?".to_owned(), ToString::to_string);
    // A message that was put together may quote anything; one that stands in the program cannot.
    let words = crash.payload().downcast_ref::<&'static str>().copied().unwrap_or("(not shown)");
    let mut text = format!(
        "Deskbell {} crashed.\n\nsystem: {} {}\nthread: {}\nplace: {place}\nwords: {words}\n\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        thread.name().unwrap_or("?"),
    );
    // Writing to a String cannot fail.
    let _ = write!(text, "{}", Backtrace::force_capture());
    text
}

fn write(folder: &Path, text: &str) -> Option<PathBuf> {
    profile::make_private(folder).ok()?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_millis();
    let name = format!("{since}.txt");
    profile::write_whole(folder, &name, text.as_bytes()).ok()?;
    for (_, old) in listed(folder).into_iter().skip(KEPT) {
        let _ = fs::remove_file(old);
    }
    Some(folder.join(name))
}

/// When, and the file; the newest first.
fn listed(folder: &Path) -> Vec<(i64, PathBuf)> {
    let when = |path: &Path| path.file_name()?.to_str()?.strip_suffix(".txt")?.parse().ok();
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<_> = entries.filter_map(|entry| Some((when(&entry.path())?, entry.path()))).collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    found
}

/// The reports, the newest first.
pub(crate) fn reports(shell: &Shell) -> Vec<CrashReport> {
    let Some(folder) = folder(shell) else { return Vec::new() };
    let read = |(when, file)| Some(CrashReport { id: id(when), when, text: fs::read_to_string(file).ok()? });
    listed(&folder).into_iter().filter_map(read).collect()
}

/// Writes a copy where the person says; `None`: nowhere.
///
/// # Errors
/// `invalid`: there is no such report. `not_saved`: the disk refused.
pub(crate) async fn save(app: &AppHandle, id: &str) -> Result<Option<Saved>, Problem> {
    let shell = app.state::<Shell>();
    let report = reports(&shell).into_iter().find(|report| report.id == id);
    let report = report.ok_or_else(|| problem::say("invalid", shell.locale()))?;
    let title = text("save_crash", shell.locale());
    let Some(place) = dialogs::place(app, title, &format!("deskbell-crash-{id}.txt")).await else {
        return Ok(None);
    };
    fs::write(&place, &report.text).map_err(|error| dialogs::not_saved(&error, shell.locale()))?;
    Ok(Some(dialogs::saved(&place)))
}

/// Throws a report away.
///
/// # Errors
/// `invalid`: there is no such report.
pub(crate) fn discard(shell: &Shell, id: &str) -> Result<(), Problem> {
    let found = folder(shell).map(|folder| listed(&folder)).unwrap_or_default();
    let file = found.into_iter().find(|(when, _)| self::id(*when) == id);
    let removed = file.is_some_and(|(_, file)| fs::remove_file(file).is_ok());
    if removed { Ok(()) } else { Err(problem::say("invalid", shell.locale())) }
}

fn id(when: i64) -> String {
    when.to_string()
}

fn folder(shell: &Shell) -> Option<PathBuf> {
    shell.profile().map(|profile| profile.folder.join(FOLDER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_9_a_report_quotes_no_message_that_was_put_together() {
        let profile = tempfile::tempdir().unwrap();
        watch(profile.path());
        let canary = std::hint::black_box("what people wrote");
        let crashed = |job: Box<dyn FnOnce() + Send>| {
            assert!(std::thread::Builder::new().name("tried".into()).spawn(job).unwrap().join().is_err());
        };
        crashed(Box::new(move || panic!("{canary}")));
        crashed(Box::new(|| panic!("a text of the program's own")));
        drop(panic::take_hook());
        let texts: String = listed(&profile.path().join(FOLDER))
            .into_iter()
            .map(|(_, file)| fs::read_to_string(file).unwrap())
            .collect();
        assert!(texts.contains("thread: tried") && texts.contains("src-tauri/crash.rs:"));
        assert!(texts.contains("a text of the program's own") && !texts.contains(canary));
    }

    #[test]
    fn only_the_newest_reports_are_kept_and_strange_files_are_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        for when in 1..=KEPT {
            fs::write(folder.path().join(format!("{when}.txt")), "old").unwrap();
        }
        let newest = write(folder.path(), "new").unwrap();
        let found = listed(folder.path());
        assert_eq!((found.len(), &found[0].1), (KEPT, &newest));
        assert!(folder.path().join("notes.txt").exists() && !folder.path().join("1.txt").exists());
    }
}
