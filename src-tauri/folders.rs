//! Where the system's dialogs begin.
//!
//! What must always hold: a dialog begins in a folder of the person's, never in the one in which the program happens to
//! have been started; which folders were used is known to this run alone.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tauri::path::PathResolver;
use tauri::{AppHandle, Manager, Runtime};

use crate::shell::Shell;

/// The folders that a person used last.
#[derive(Default)]
pub(crate) struct Folders {
    saved: Mutex<Option<PathBuf>>,
    picked: Mutex<Option<PathBuf>>,
}

impl Folders {
    /// Something was saved in this folder.
    pub(crate) fn saved_in(&self, folder: Option<&Path>) {
        *self.saved.lock().unwrap_or_else(PoisonError::into_inner) = folder.map(Path::to_owned);
    }

    /// Files of this folder were picked.
    pub(crate) fn picked_in(&self, folder: Option<&Path>) {
        *self.picked.lock().unwrap_or_else(PoisonError::into_inner) = folder.map(Path::to_owned);
    }

    /// Where one looks for files: where the last ones were; without any the system knows best.
    pub(crate) fn to_pick(&self) -> Option<PathBuf> {
        self.picked.lock().unwrap_or_else(PoisonError::into_inner).clone().filter(|it| it.is_dir())
    }

    fn saved(&self) -> Option<PathBuf> {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Where something is saved unless the person says otherwise: where the last one went, or among the downloads.
pub(crate) fn to_save(app: &AppHandle) -> Option<PathBuf> {
    first(app.state::<Shell>().folders().saved(), app.path())
}

fn first<R: Runtime>(last: Option<PathBuf>, paths: &PathResolver<R>) -> Option<PathBuf> {
    let home = paths.home_dir().ok();
    // Desktops that name no folder for downloads have one of this name all the same.
    let usual = home.as_deref().map(|home| home.join("Downloads"));
    [last, paths.download_dir().ok(), usual, home].into_iter().flatten().find(|folder| folder.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_looked_for_where_the_last_ones_were_while_that_folder_is_there() {
        let folders = Folders::default();
        assert_eq!(folders.to_pick(), None, "the system knows best");
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().to_owned();
        folders.picked_in(Some(&place));
        assert_eq!(folders.to_pick(), Some(place));
        drop(folder);
        assert_eq!(folders.to_pick(), None);
    }
}
