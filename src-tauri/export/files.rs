//! The files of the lines that are exported, put beside the export one after the other.
//!
//! What must always hold: a file that cannot be had is no reason to have no export, and is named; a disk that refuses is;
//! never more of a file is in memory than a piece.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use deskbell_api::dto::{FileKind, FileSum, FileView, Opening, Preview, Problem};
use deskbell_api::export::{Beside, ExportError, Put, Use};

use super::folder::Folder;
use super::going::{Counted, Going};
use crate::files::{Failed, Side, bring, found, pour};
use crate::shell::Shell;

/// So long nothing may come of a file that is brought from the desk.
const PATIENCE: Duration = Duration::from_secs(15);

/// Files on their way into a folder.
pub(super) struct Files<'a> {
    shell: &'a Shell,
    side: Side,
    folder: Folder,
    going: Going,
    /// Those that are not here are brought, for as long as that goes well.
    fetch: bool,
    missing: u64,
}

impl<'a> Files<'a> {
    pub(super) fn new(shell: &'a Shell, side: Side, folder: Folder, going: Going, fetch: bool) -> Self {
        Self { shell, side, folder, going, fetch, missing: 0 }
    }

    /// All lines are written.
    ///
    /// # Errors
    /// As [`Folder::settle`].
    pub(super) fn settle(&mut self) -> io::Result<()> {
        self.folder.settle()
    }

    /// The export is there: the folder, what is in it, and how many are missing.
    pub(super) fn keep(self) -> (Option<PathBuf>, FileSum, u64) {
        (self.folder.keep(), self.going.done(), self.missing)
    }

    /// The file, with its bytes; `None`: they cannot be had.
    fn here(&mut self, key: &str) -> Result<Option<FileView>, Problem> {
        let view = match self.side.view(key) {
            Ok(view) => view,
            // It was taken back while the lines were read.
            Err(problem) if problem.code == "invalid" => return Ok(None),
            Err(problem) => return Err(problem),
        };
        if view.here || !self.fetch || !self.shell.is_online() {
            return Ok(Some(view).filter(|view| view.here));
        }
        self.going.fetching(true);
        let brought = self.brought(key);
        self.going.fetching(false);
        Ok(brought)
    }

    fn brought(&mut self, key: &str) -> Option<FileView> {
        let (mut last, mut since, mut gave_up) = (None, Instant::now(), false);
        let wish = self.going.wish().clone();
        let goes_on = |view: &FileView| {
            let done = view.transfer.as_ref().map(|transfer| transfer.done);
            if done != last {
                (last, since) = (done, Instant::now());
            }
            gave_up = since.elapsed() >= PATIENCE;
            !gave_up && !wish.is_over()
        };
        let brought = tauri::async_runtime::block_on(bring(self.shell, &self.side, key, goes_on));
        if gave_up {
            // The others would have to be waited for as long.
            self.fetch = false;
        }
        brought.inspect_err(|problem| tracing::info!(code = problem.code, "a file was not brought")).ok()
    }

    fn add(&mut self, key: &str, view: &FileView) -> Result<Option<Put>, ExportError> {
        let (card, opening) = match found(&self.side, key) {
            Ok(found) => found,
            Err(problem) if problem.code == "file_not_here" => return Ok(None),
            Err(problem) => return Err(problem.into()),
        };
        let (side, shell, going) = (&self.side, self.shell, &mut self.going);
        let written =
            self.folder.add(&card, |to| pour(side, key, &mut Counted { to, going: &mut *going }, shell));
        going.half_a_file_is_none();
        match written {
            Ok(path) => {
                going.file(card.size);
                Ok(Some(Put::There { path, usable: usable(view, opening) }))
            }
            // Its bytes turned out to be damaged.
            Err(Failed::Session(problem)) if problem.code == "file_not_here" => Ok(None),
            Err(Failed::Session(problem)) => Err(problem.into()),
            Err(Failed::File(error)) => Err(error.into()),
        }
    }
}

impl Beside for Files<'_> {
    fn put(&mut self, key: &str) -> Result<Put, ExportError> {
        self.going.wish().check()?;
        let view = self.here(key)?;
        self.going.wish().check()?;
        let put = view.map(|view| self.add(key, &view)).transpose()?.flatten();
        self.missing += u64::from(put.is_none());
        Ok(put.unwrap_or(Put::Absent))
    }
}

/// What a click may do is what the app itself would do without a question.
fn usable(view: &FileView, opening: Opening) -> Use {
    match opening {
        Opening::Never => Use::Name,
        _ if view.kind == FileKind::Image && view.preview == Preview::Picture => Use::Picture,
        _ => Use::Link,
    }
}
