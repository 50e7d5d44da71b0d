//! A copy of the desk inside this program, while it runs.
//!
//! What must always hold: the copy is encrypted, and its key leaves the keyring only when the person has said so, into a
//! file of its own.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use deskbell_api::dto::{Problem, Saved};
use jiff::Zoned;
use tauri::{AppHandle, Manager};

use crate::dialogs;
use crate::problem;
use crate::questions::Question;
use crate::shell::Shell;
use crate::texts::text;

/// Asks where, copies, and offers to write the key down. `None`: the person chose no place.
///
/// # Errors
/// `forbidden`: there is no desk here. `desk_in_memory`, `place_taken`, `disk_full`, `store_io` …
pub(crate) async fn save(app: AppHandle) -> Result<Option<Saved>, Problem> {
    let shell = app.state::<Shell>();
    let (desk, locale) = (shell.desk()?, shell.locale());
    let name = format!("deskbell-desk-{}", Zoned::now().strftime("%Y-%m-%d"));
    let Some(place) = dialogs::place(&app, text("save_backup", locale), &name).await else {
        return Ok(None);
    };
    if place.symlink_metadata().is_ok() {
        return Err(problem::say("place_taken", locale));
    }
    let (copied, to) = (desk.clone(), place.clone());
    let written = tauri::async_runtime::spawn_blocking(move || copied.copy(&to)).await;
    written.map_err(|_| problem::say("unexpected", locale))??;
    let bytes = size(&place);
    let key = key_question(locale);
    if dialogs::ask(&app, key).await
        && let Some(file) = dialogs::place(&app, text("save_key", locale), &format!("{name}.key")).await
    {
        write_key(&file, desk.key_text().as_bytes()).map_err(|error| dialogs::not_saved(&error, locale))?;
    }
    Ok(Some(Saved { path: place.display().to_string(), bytes }))
}

fn key_question(locale: deskbell_api::dto::Locale) -> Question {
    Question {
        title: text("backup_key_title", locale),
        description: text("backup_key_body", locale),
        yes: text("backup_key_yes", locale),
        no: text("backup_key_no", locale),
    }
}

/// For its owner alone from its first moment on.
fn write_key(place: &Path, text: &[u8]) -> io::Result<()> {
    // One that is there may be readable by others: the dialog has asked whether it may go.
    match fs::remove_file(place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(place)?;
    file.write_all(text)?;
    file.sync_all()
}

/// Bytes of everything in a folder.
pub(crate) fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let one = |entry: fs::DirEntry| match entry.metadata() {
        Ok(about) if about.is_dir() => size(&entry.path()),
        Ok(about) => about.len(),
        Err(_) => 0,
    };
    entries.map(one).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn threats_44_the_keys_file_is_its_owners_alone_even_where_another_stood() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("desk.key");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        write_key(&file, b"new").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!((fs::read(&file).unwrap(), size(folder.path())), (b"new".to_vec(), 3));
    }
}
