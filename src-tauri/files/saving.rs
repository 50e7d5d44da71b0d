//! A file of a conversation, written where the person wants it.
//!
//! What must always hold: it is whole when it has its name, and it cannot be run there.

use std::io::{self, Read as _};
use std::path::Path;

use deskbell_api::dto::{Problem, Saved};
use tauri::{AppHandle, Manager};

use super::{mark, pace};
use crate::dialogs;
use crate::files::Side;
use crate::problem;
use crate::shell::Shell;
use crate::texts::text;
use crate::whole;

/// What is read at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// Why a file is not written.
pub(crate) enum Failed {
    /// It is not here, or not any more.
    Session(Problem),
    /// The disk.
    File(io::Error),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl Failed {
    pub(super) fn problem(self, shell: &Shell) -> Problem {
        match self {
            Self::Session(problem) => problem,
            Self::File(error) => dialogs::not_saved(&error, shell.locale()),
        }
    }
}

/// Asks where, and writes. `None`: the person chose no place.
///
/// # Errors
/// `starting`, `file_not_here`, `not_confirmed`, `not_saved`, `disk_full`.
pub(crate) async fn save(app: AppHandle, key: String) -> Result<Option<Saved>, Problem> {
    let side = Side::now(&app.state::<Shell>())?;
    let _turn = pace::Turn::take(&app)?;
    save_now(app.clone(), side, key).await
}

/// The same, for somebody whose turn it is.
pub(super) async fn save_now(app: AppHandle, side: Side, key: String) -> Result<Option<Saved>, Problem> {
    let shell = app.state::<Shell>();
    let view = side.view(&key)?;
    if !view.here {
        return Err(problem::say("file_not_here", shell.locale()));
    }
    let place = dialogs::place(&app, text("file_save", shell.locale()), &view.name).await;
    let Some(place) = place else { return Ok(None) };
    let (writing, to, named) = (app.clone(), place.clone(), key.clone());
    let written = tauri::async_runtime::spawn_blocking(move || {
        let shell = writing.state::<Shell>();
        write(&side, &named, &to, &shell)
    });
    let saved = written.await.map_err(|_| problem::say("unexpected", shell.locale()))??;
    shell.files().remember(&key, place);
    Ok(Some(saved))
}

/// Writes it there, and says of it that it came from elsewhere.
pub(super) fn write(side: &Side, key: &str, to: &Path, shell: &Shell) -> Result<Saved, Problem> {
    whole::write(to, |file| pour(side, key, file, shell)).map_err(|failed| failed.problem(shell))?;
    mark::came_from_elsewhere(to);
    Ok(dialogs::saved(to))
}

/// Writes the file's bytes, each of them checked when it is read.
pub(crate) fn pour(side: &Side, key: &str, to: &mut impl io::Write, shell: &Shell) -> Result<(), Failed> {
    let (_, mut blob) = side.blob(key).map_err(Failed::Session)?;
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = blob.read(&mut chunk).map_err(|error| {
            tracing::error!(%error, "a file's bytes cannot be read");
            Failed::Session(problem::say("file_not_here", shell.locale()))
        })?;
        match chunk.get(..count) {
            Some(bytes) if count > 0 => to.write_all(bytes)?,
            _ => return Ok(()),
        }
    }
}
