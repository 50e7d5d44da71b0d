//! Several files of a conversation, written into one folder.
//!
//! What must always hold: none takes the place of what stands there already; those that were written stay written when
//! a later one cannot be.

use std::path::{Path, PathBuf};

use deskbell_api::dto::{Problem, Saved};
use tauri::{AppHandle, Manager};

use super::saving::write;
use super::{Side, pace};
use crate::dialogs;
use crate::export::numbered;
use crate::problem;
use crate::shell::Shell;
use crate::texts::text;

/// So many are saved at once.
const MOST: usize = 500;

/// Asks for a folder, and writes those of them that are here. `None`: the person chose no folder.
///
/// # Errors
/// `starting`, `file_not_here` (none of them is), `not_confirmed`, `not_saved`, `disk_full`.
pub(crate) async fn save_all(app: AppHandle, keys: Vec<String>) -> Result<Option<Saved>, Problem> {
    let side = Side::now(&app.state::<Shell>())?;
    let _turn = pace::Turn::take(&app)?;
    let locale = app.state::<Shell>().locale();
    let here = named(&side, &keys);
    if here.is_empty() {
        return Err(problem::say("file_not_here", locale));
    }
    let Some(folder) = dialogs::folder(&app, text("file_save_all", locale)).await else { return Ok(None) };
    let writing = app.clone();
    let written = tauri::async_runtime::spawn_blocking(move || write_all(&writing, &side, &folder, here));
    written.await.map_err(|_| problem::say("unexpected", locale))?.map(Some)
}

/// Those that are here, each once, by key and name.
fn named(side: &Side, keys: &[String]) -> Vec<(String, String)> {
    let mut named: Vec<(String, String)> = Vec::new();
    for key in keys.iter().take(MOST) {
        let view = side.view(key).ok().filter(|view| view.here);
        if let Some(view) = view.filter(|_| named.iter().all(|(known, _)| known != key)) {
            named.push((key.clone(), view.name));
        }
    }
    named
}

fn write_all(
    app: &AppHandle,
    side: &Side,
    folder: &Path,
    files: Vec<(String, String)>,
) -> Result<Saved, Problem> {
    let shell = app.state::<Shell>();
    let mut bytes = 0;
    for (key, name) in files {
        let place = free(folder, &name);
        bytes += write(side, &key, &place, &shell)?.bytes;
        shell.files().remember(&key, place);
    }
    Ok(Saved { path: folder.display().to_string(), bytes })
}

/// A place where nothing stands: the name itself, or with a number before its extension.
fn free(folder: &Path, name: &str) -> PathBuf {
    let mut places = (1_u32..).map(|number| folder.join(numbered(name, number)));
    // A link that leads nowhere is something, too.
    places.find(|place| place.symlink_metadata().is_err()).unwrap_or_else(|| folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_stands_there_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| std::fs::write(folder.path().join(name), "").unwrap();
        let next = |name: &str| free(folder.path(), name).file_name().unwrap().to_owned();
        assert_eq!(next("a.tar.gz"), "a.tar.gz");
        put("a.tar.gz");
        assert_eq!(next("a.tar.gz"), "a.tar (2).gz");
        put("a.tar (2).gz");
        assert_eq!(next("a.tar.gz"), "a.tar (3).gz");
        put("notes");
        assert_eq!(next("notes"), "notes (2)");
        put(".profile");
        assert_eq!(next(".profile"), ".profile (2)");
    }

    #[cfg(unix)]
    #[test]
    fn threats_44_a_link_that_leads_nowhere_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/nowhere/at all", folder.path().join("a.txt")).unwrap();
        assert_eq!(free(folder.path(), "a.txt").file_name().unwrap(), "a (2).txt");
    }
}
