//! Conversations to take along, into a file where the person wants it, with the files that were sent in a folder beside
//! it.
//!
//! What must always hold: the file has its name only when it is whole (`whole.rs`), and the folder beside it before that
//! (`folder.rs`); of an export that is broken off nothing stays.

mod files;
mod folder;
mod going;
#[cfg(test)]
mod tests;

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use deskbell_api::dto::{
    ExportFiles, ExportFormat, ExportProgress, Exported, FileSum, FilesHeld, Problem, Saved,
};
use deskbell_api::export::{Beside, ExportError, ExportOptions, Moment};
use deskbell_wire::JoinLink;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tauri::{AppHandle, Manager};

use self::files::Files;
use self::folder::Folder;
pub(crate) use self::folder::numbered;
pub(crate) use self::going::Exports;
use self::going::{Ear, Going, Watched, Wish};
use crate::arguments::Face;
use crate::dialogs;
use crate::files::Side;
use crate::problem;
use crate::shell::Shell;
use crate::texts::text;
use crate::whole;

/// What the person wants written.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) format: ExportFormat,
    pub(crate) files: ExportFiles,
}

/// The files that could be taken along.
///
/// # Errors
/// `starting`, `stopped`, or the store's codes.
pub(crate) fn held(shell: &Shell) -> Result<FilesHeld, Problem> {
    let held = match shell.request().face {
        Face::Visitor => shell.visitor()?.export_files()?,
        Face::Operator => shell.operator()?.export_files()?,
    };
    Ok(FilesHeld { online: shell.is_online(), ..held })
}

/// Asks where, and writes; `ear` is told how far it is with the files. `None`: the person chose no place, or thought
/// better of it meanwhile.
///
/// # Errors
/// `starting`, `not_saved`, `disk_full`, `folder_gone`, `export_runs`, or why the history cannot be read.
pub(crate) async fn save(
    app: AppHandle,
    wanted: Wanted,
    ear: impl FnMut(ExportProgress) + Send + 'static,
) -> Result<Option<Exported>, Problem> {
    let locale = app.state::<Shell>().locale();
    let ending = match wanted.format {
        ExportFormat::Html => "html",
        ExportFormat::Json => "json",
    };
    let name = format!("deskbell-{}.{ending}", Timestamp::now().to_zoned(TimeZone::system()).date());
    let Some(place) = dialogs::place(&app, text("save_export", locale), &name).await else { return Ok(None) };
    let Some(running) = app.state::<Shell>().exports().begin() else {
        return Err(problem::say("export_runs", locale));
    };
    let wish = running.wish();
    let written = tauri::async_runtime::spawn_blocking(move || {
        let written = write(&app.state::<Shell>(), &place, wanted, (&running.wish(), Box::new(ear)));
        drop(running);
        written
    });
    match written.await {
        Ok(Ok(exported)) => Ok(Some(exported)),
        Ok(Err(_)) if wish.is_over() => Ok(None),
        Ok(Err(ExportError::Session(problem))) => Err(problem),
        Ok(Err(ExportError::File(error))) => Err(dialogs::not_saved(&error, locale)),
        Err(_) => Err(problem::say("unexpected", locale)),
    }
}

fn options(shell: &Shell, format: ExportFormat) -> ExportOptions {
    ExportOptions {
        format,
        locale: shell.locale(),
        desk: desk_of(shell),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        now: Timestamp::now().as_millisecond(),
        clock: Box::new(|ms| moment(ms, &TimeZone::system())),
    }
}

/// The desk's address, for people.
pub(crate) fn desk_of(shell: &Shell) -> String {
    if let Ok(desk) = shell.desk() {
        return desk.hosting().address;
    }
    let link = shell.profile().and_then(|profile| profile.remembered().desk);
    let link = link.and_then(|link| link.parse().ok()).or_else(|| shell.request().desk.clone());
    link.map_or_else(String::new, |link: JoinLink| link.authority())
}

fn moment(ms: i64, zone: &TimeZone) -> Moment {
    let at = Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(zone.clone());
    Moment {
        date: (at.year(), at.month().unsigned_abs(), at.day().unsigned_abs()),
        time: at.strftime("%H:%M").to_string(),
        exact: at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
    }
}

fn write(
    shell: &Shell,
    place: &Path,
    wanted: Wanted,
    (wish, mut ear): (&Wish, Ear),
) -> Result<Exported, ExportError> {
    let options = options(shell, wanted.format);
    ear(ExportProgress::default());
    let mut files = files(shell, place, wanted.files, (wish, ear))?;
    let conversations = whole::write(place, |file| {
        let beside = files.as_mut().map(|files| files as &mut dyn Beside);
        let count = write_part(shell, Watched { to: file, wish: wish.clone() }, &options, beside)?;
        // Nobody follows a link to a file that is not there.
        files.as_mut().map_or(Ok(()), Files::settle)?;
        Ok::<_, ExportError>(count)
    })?;
    let (folder, files, missing) = files.map_or_else(Default::default, Files::keep);
    let folder = folder.map(|folder: PathBuf| folder.display().to_string());
    let Saved { path, bytes } = dialogs::saved(place);
    Ok(Exported { path, bytes, conversations, folder, files, missing })
}

/// Where files go; `None`: they are only named.
fn files<'a>(
    shell: &'a Shell,
    place: &Path,
    wanted: ExportFiles,
    (wish, ear): (&Wish, Ear),
) -> Result<Option<Files<'a>>, Problem> {
    let fetch = match wanted {
        ExportFiles::Names => return Ok(None),
        ExportFiles::Here => false,
        ExportFiles::All => true,
    };
    let FilesHeld { here, away, .. } = held(shell)?;
    let all =
        if fetch { FileSum { count: here.count + away.count, bytes: here.bytes + away.bytes } } else { here };
    let folder = Folder::beside(place, text("export_folder", shell.locale()));
    let going = Going::new(wish.clone(), all, ear);
    Ok(Some(Files::new(shell, Side::now(shell)?, folder, going, fetch)))
}

fn write_part(
    shell: &Shell,
    file: Watched<'_>,
    options: &ExportOptions,
    beside: Option<&mut dyn Beside>,
) -> Result<u64, ExportError> {
    let mut file = BufWriter::new(file);
    let count = match shell.request().face {
        Face::Visitor => shell.visitor()?.export(options, &mut file, beside)?,
        Face::Operator => shell.operator()?.export(options, &mut file, beside)?,
    };
    file.flush()?;
    Ok(count)
}
