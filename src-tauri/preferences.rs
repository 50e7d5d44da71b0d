//! What a person chose for this profile on this computer: alerts, and how the windows behave.
//!
//! What must always hold: the file is replaced whole or not at all; a file that cannot be read is set aside and never
//! overwritten; what a newer version wrote stays in it; nothing in it is a secret.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use deskbell_api::desktop::AlertPrefs;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::closing::Keeping;
use crate::profile;
use crate::window_state::Placement;

const FILE: &str = "preferences.json";
/// Where a file goes that cannot be read.
const ASIDE: &str = "preferences.json.unreadable";

/// Everything that the file holds. A field that is not there has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Preferences {
    /// What the person is told, and how.
    pub(crate) alerts: AlertPrefs,
    /// What closing the window does, where there is a tray.
    pub(crate) closing: Keeping,
    /// The same where there is none.
    pub(crate) closing_without_tray: Keeping,
    /// The person was told once that the program stays in the tray.
    pub(crate) told_hidden: bool,
    /// Where the windows were, by label.
    pub(crate) windows: BTreeMap<String, Placement>,
    /// What a newer version knows.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// The profile's preferences. Without a profile they last as long as the program runs.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    folder: Option<PathBuf>,
    now: Mutex<Preferences>,
}

impl Chosen {
    /// Those in this folder.
    pub(crate) fn of(folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()), now: Mutex::new(read(folder)) }
    }

    /// As they are now.
    pub(crate) fn now(&self) -> Preferences {
        self.lock().clone()
    }

    /// Changes them, here and in the file; waits for the disk where they differ, so not on the main thread.
    ///
    /// # Errors
    /// The file could not be written; then they are changed for as long as the program runs.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Preferences)) -> io::Result<()> {
        let mut now = self.lock();
        let before = now.clone();
        change(&mut now);
        match &self.folder {
            Some(folder) if *now != before => {
                profile::write_whole(folder, FILE, &serde_json::to_vec_pretty(&*now)?)
            }
            _ => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Preferences> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the file says; the defaults where there is none.
fn read(folder: &Path) -> Preferences {
    let Ok(text) = fs::read(folder.join(FILE)) else { return Preferences::default() };
    serde_json::from_slice(&text).unwrap_or_else(|error| {
        tracing::warn!(line = error.line(), "the preferences cannot be read and are set aside");
        if let Err(error) = fs::rename(folder.join(FILE), folder.join(ASIDE)) {
            tracing::warn!(%error, "the preferences stay where they are");
        }
        Preferences::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        Chosen::of(folder.path()).change(|now| now.alerts.volume = 20).unwrap();
        assert_eq!(Chosen::of(folder.path()).now().alerts.volume, 20);
    }

    #[test]
    fn what_a_newer_version_wrote_stays() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), r#"{ "later": { "a": [1] }, "alerts": { "hide_words": true } }"#)
            .unwrap();
        let chosen = Chosen::of(folder.path());
        assert!(chosen.now().alerts.hide_words);
        chosen.change(|now| now.alerts.grouping = false).unwrap();
        let text: Value = serde_json::from_slice(&fs::read(folder.path().join(FILE)).unwrap()).unwrap();
        assert_eq!((&text["later"]["a"][0], &text["alerts"]["grouping"]), (&1.into(), &false.into()));
    }

    #[test]
    fn an_unreadable_file_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{").unwrap();
        let chosen = Chosen::of(folder.path());
        assert_eq!(chosen.now(), Preferences::default());
        chosen.change(|now| now.alerts.volume = 0).unwrap();
        assert_eq!(fs::read(folder.path().join(ASIDE)).unwrap(), b"{");
    }

    #[test]
    fn nothing_is_written_where_nothing_changes() {
        let folder = tempfile::tempdir().unwrap();
        Chosen::of(folder.path()).change(|now| now.alerts.volume = 70).unwrap();
        assert!(!folder.path().join(FILE).exists());
        Chosen::default().change(|now| now.alerts.volume = 0).unwrap();
    }
}
