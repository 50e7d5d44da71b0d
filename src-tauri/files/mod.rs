//! Files between a conversation and this computer: chosen, dropped, pasted, shown, saved and opened.
//!
//! What must always hold: a page neither learns nor names a path; what came from somebody is never run: it is opened
//! only where its kind allows it ([`opening`]), and saved without the right to be run.

mod bringing;
mod choose;
mod details;
mod drop;
mod gathering;
mod link;
mod mark;
mod opening;
mod pace;
#[cfg(target_os = "linux")]
mod paste;
mod pictures;
mod private;
mod saving;
mod show;
mod side;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tauri::WebviewWindow;

pub(crate) use bringing::bring;
pub(crate) use choose::choose;
pub(crate) use details::confirm_kept;
pub(crate) use gathering::save_all;
pub(crate) use link::{Link, ask};
pub(crate) use mark::came_from_elsewhere;
pub(crate) use opening::{found, open};
use pictures::Pictures;
pub(crate) use pictures::{Asked, WORKER, picture};
pub(crate) use private::{FOLDER, sweep};
pub(crate) use saving::{Failed, pour, save};
pub(crate) use show::show;
pub(crate) use side::Side;

/// So many files are remembered by where they were saved last.
const SAVED: usize = 200;

/// What the shell knows about files while it runs.
#[derive(Default)]
pub(crate) struct Files {
    in_view: Mutex<Option<String>>,
    saved: Mutex<Vec<(String, PathBuf)>>,
    /// Is what is held over a window a page's own?
    pub(crate) own_drag: drop::OwnDrag,
    pictures: Pictures,
}

/// Takes what is dropped onto a face's window, or pasted into it.
pub(crate) fn attend(window: &WebviewWindow) -> tauri::Result<()> {
    #[cfg(target_os = "linux")]
    paste::attend(window)?;
    drop::attend(window)
}

impl Files {
    /// Whose conversation the operator's page shows; `None`: nobody's.
    pub(crate) fn in_view_is(&self, visitor: Option<String>) {
        *self.in_view.lock().unwrap_or_else(PoisonError::into_inner) = visitor;
    }

    fn in_view(&self) -> Option<String> {
        self.in_view.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A session begins, which may be another person's: nothing is known of files. Gives what looks into pictures before
    /// they are sent.
    pub(crate) fn begin(&self) -> Arc<dyn deskbell_api::files::Pictures> {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.pictures.clear();
        self.pictures.look()
    }

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    fn remember(&self, key: &str, place: PathBuf) {
        let mut saved = self.saved.lock().unwrap_or_else(PoisonError::into_inner);
        saved.retain(|(known, _)| known != key);
        if saved.len() == SAVED {
            saved.remove(0);
        }
        saved.push((key.to_owned(), place));
    }

    fn saved(&self, key: &str) -> Option<PathBuf> {
        let saved = self.saved.lock().unwrap_or_else(PoisonError::into_inner);
        saved.iter().find(|(known, _)| known == key).map(|(_, place)| place.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_place_of_a_file_is_remembered_for_the_last_files() {
        let files = Files::default();
        for number in 0..=SAVED {
            files.remember(&number.to_string(), format!("/a/{number}").into());
        }
        files.remember("7", "/b/7".into());
        assert_eq!(files.saved("0"), None);
        assert_eq!(files.saved("7"), Some("/b/7".into()));
        assert_eq!(files.saved("200"), Some("/a/200".into()));
    }
}
