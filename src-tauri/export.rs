//! Conversations to take along, into a file where the person wants it.
//!
//! What must always hold: the file has its name only when it is whole (`whole.rs`).

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use deskbell_api::dto::{ExportFormat, Problem, Saved};
use deskbell_api::export::{ExportError, ExportOptions, Moment};
use deskbell_wire::JoinLink;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tauri::{AppHandle, Manager};

use crate::arguments::Face;
use crate::dialogs;
use crate::problem;
use crate::shell::Shell;
use crate::texts::text;
use crate::whole;

/// Asks where, and writes. `None`: the person chose no place.
///
/// # Errors
/// `starting`, `not_saved`, `disk_full`, or why the history cannot be read.
pub(crate) async fn save(app: AppHandle, format: ExportFormat) -> Result<Option<Saved>, Problem> {
    let locale = app.state::<Shell>().locale();
    let ending = match format {
        ExportFormat::Html => "html",
        ExportFormat::Json => "json",
    };
    let name = format!("deskbell-{}.{ending}", Timestamp::now().to_zoned(TimeZone::system()).date());
    let Some(place) = dialogs::place(&app, text("save_export", locale), &name).await else { return Ok(None) };
    let writing = app.clone();
    let written = tauri::async_runtime::spawn_blocking(move || {
        let shell = writing.state::<Shell>();
        let count = write(&shell, &place, options(&shell, format))?;
        Ok(dialogs::saved(&place, Some(count)))
    });
    match written.await {
        Ok(Ok(saved)) => Ok(Some(saved)),
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

fn write(shell: &Shell, place: &Path, options: ExportOptions) -> Result<u64, ExportError> {
    whole::write(place, |file| write_part(shell, file, options))
}

fn write_part(shell: &Shell, file: &mut File, options: ExportOptions) -> Result<u64, ExportError> {
    let mut file = BufWriter::new(file);
    let count = match shell.request().face {
        Face::Visitor => shell.visitor()?.export(&options, &mut file)?,
        Face::Operator => shell.operator()?.export(&options, &mut file)?,
    };
    file.flush()?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_where_the_person_is() {
        let zone = TimeZone::fixed(jiff::tz::offset(3));
        let said = moment(1_700_000_000_000, &zone);
        assert_eq!((said.date, said.time.as_str()), ((2023, 11, 15), "01:13"));
        assert_eq!(said.exact, "2023-11-15T01:13:20+03:00");
        assert_eq!(
            moment(i64::MIN, &TimeZone::UTC).date.0,
            1970,
            "a time out of all bounds is no reason to stop"
        );
    }
}
