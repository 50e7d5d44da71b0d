//! What a person chose for this profile on this computer: alerts, and how the windows behave.
//!
//! What must always hold: the file is replaced whole or not at all; a file that cannot be read is set aside and never
//! overwritten; what a newer version wrote stays in it; nothing in it is a secret; who asks never waits for the disk.

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
    /// What the file holds. Whoever changes anything has this first, and writes while it is theirs alone.
    kept: Mutex<Preferences>,
}

impl Chosen {
    /// Those in this folder.
    pub(crate) fn of(folder: &Path) -> Self {
        let kept = read(folder);
        Self { folder: Some(folder.to_owned()), now: Mutex::new(kept.clone()), kept: Mutex::new(kept) }
    }

    /// As they are now.
    pub(crate) fn now(&self) -> Preferences {
        lock(&self.now).clone()
    }

    /// Changes them, here and in the file; waits for the disk where that holds others, so not on the main thread.
    /// `change` itself must not wait, and asks for no preferences.
    ///
    /// # Errors
    /// The file could not be written; then they are changed for as long as the program runs, and the next change tries
    /// again to write all of it.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Preferences)) -> io::Result<()> {
        let mut kept = lock(&self.kept);
        let changed = {
            let mut now = lock(&self.now);
            change(&mut now);
            now.clone()
        };
        if let Some(folder) = &self.folder
            && *kept != changed
        {
            profile::write_whole(folder, FILE, &serde_json::to_vec_pretty(&changed)?)?;
        }
        *kept = changed;
        Ok(())
    }
}

fn lock(preferences: &Mutex<Preferences>) -> MutexGuard<'_, Preferences> {
    preferences.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the file says; the defaults where there is none.
fn read(folder: &Path) -> Preferences {
    let Ok(text) = profile::read_short(folder, FILE) else { return Preferences::default() };
    let read = serde_json::from_slice(&text);
    let bounded = |read: Preferences| Preferences { alerts: read.alerts.clone().within_bounds(), ..read };
    read.map(bounded).unwrap_or_else(|error| {
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
    fn values_out_of_all_bounds_are_brought_back_and_a_file_without_an_end_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let hostile =
            r#"{ "alerts": { "volume": 255, "quiet": { "from": 9999, "to": 65535 }, "unanswered_s": 1 } }"#;
        fs::write(folder.path().join(FILE), hostile).unwrap();
        let alerts = Chosen::of(folder.path()).now().alerts;
        assert_eq!((alerts.volume, alerts.unanswered_s), (100, 10));
        assert_eq!(alerts.quiet, None);
        let endless = fs::File::create(folder.path().join(FILE)).unwrap();
        endless.set_len(1 << 40).unwrap();
        assert_eq!(Chosen::of(folder.path()).now(), Preferences::default());
        assert!(folder.path().join(ASIDE).exists());
    }

    #[test]
    fn what_the_disk_refused_is_refused_again_until_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let profile = folder.path().join("not-yet");
        let chosen = Chosen::of(&profile);
        for _ in 0..2 {
            chosen.change(|now| now.alerts.volume = 20).unwrap_err();
        }
        fs::create_dir(&profile).unwrap();
        chosen.change(|now| now.alerts.volume = 20).unwrap();
        assert_eq!(Chosen::of(&profile).now().alerts.volume, 20);
    }

    #[test]
    fn nobody_who_asks_waits_for_the_disk() {
        let chosen = Chosen::default();
        let _writing = lock(&chosen.kept);
        assert_eq!(chosen.now(), Preferences::default());
    }

    #[test]
    fn nothing_is_written_where_nothing_changes() {
        let folder = tempfile::tempdir().unwrap();
        Chosen::of(folder.path()).change(|now| now.alerts.volume = 70).unwrap();
        assert!(!folder.path().join(FILE).exists());
        Chosen::default().change(|now| now.alerts.volume = 0).unwrap();
    }
}
