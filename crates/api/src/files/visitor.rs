//! The visitor's verbs for files.

use std::path::PathBuf;
use std::sync::Arc;

use deskbell_core::store::OutboxState;
use deskbell_core::{Now, Session};
use deskbell_store::SqliteStore;
use deskbell_vault::Blob;
use deskbell_wire::{FileCard, GroupId, NackCode};

use super::verbs::{self, Desk, Files, Sending};
use super::{Pictures, face};
use crate::dto::{FileView, FileWords, FilesPage, Message, NewPiece, Problem, Sender, VisitorUpdate};
use crate::problem::problem;
use crate::visitor::VisitorApp;

impl VisitorApp {
    /// Takes files in from where they are. They are in the update `staged` at once, and are read one after the other on
    /// a thread of their own; what is refused says so there.
    ///
    /// # Errors
    /// `file_limit` where there are too many at once: those that fit are taken. `stopped`.
    pub fn file_stage_paths(&self, paths: Vec<PathBuf>) -> Result<(), Problem> {
        let bounds = self.file_bounds(None)?;
        let files = self.files();
        files.said(files.intake.paths(self.stream().visitor, paths, &bounds))
    }

    /// A page's own file is about to come, in pieces of at most 1 MiB. Gives its id.
    ///
    /// # Errors
    /// `file_empty`, `file_too_large`, `file_type`, `file_off`, `file_limit`, `file_no_space`, `store_io`, `stopped`.
    pub fn file_begin(&self, file: &NewPiece) -> Result<String, Problem> {
        let bounds = self.file_bounds(None)?;
        let files = self.files();
        files.said(files.intake.begin(self.stream().visitor, file, &bounds)).map(|id| id.to_string())
    }

    /// Sends chosen files in this order, one message each, to a group where they open a chat; the caption goes with the
    /// first. They are on the disk when this returns; where the site's terms come first, as failed with the code
    /// `consent`, to be sent again when the visitor has agreed.
    ///
    /// # Errors
    /// The first thing against any of them: then none was sent. `linking`, `too_large` (the caption),
    /// `disk_full`, `store_io`, `stopped`.
    pub fn file_send(
        &self,
        ids: &[String],
        caption: &str,
        group: Option<u32>,
    ) -> Result<Vec<Message>, Problem> {
        let (files, to, group) = (self.files().clone(), self.stream().visitor, group.map(GroupId));
        let ids = ids.iter().map(|id| files.id(id)).collect::<Result<Vec<_>, _>>()?;
        let leaving = files.said(files.intake.leave(to, &ids))?;
        let cards = leaving.cards.clone();
        let bounds = self.file_bounds(group)?;
        files.said(cards.iter().try_for_each(|card| bounds.check(&card.name, card.size)))?;
        let (stream, caption) = (self.stream().clone(), caption.to_owned());
        let state = OutboxState::Queued;
        let sending = Sending { stream, cards, caption, group, own: Sender::Visitor, state };
        let book = files.book.clone();
        let sent = self.ask(move |session, audience, now| {
            if audience.is_linking() {
                return Err("linking");
            }
            let state = match audience.lacks_consent(session) {
                true => OutboxState::Failed(NackCode::Consent),
                false => OutboxState::Queued,
            };
            verbs::send(session, &book, Sending { state, ..sending }, now)
        })?;
        let lines = sent.map_err(|code| problem(code, files.locale))?;
        files.book.let_go(leaving.sent(lines.len()));
        Ok(lines)
    }

    /// The files of the conversation, or of one of its chats, newest first; below the line whose file has the key
    /// `before`, or the newest.
    ///
    /// # Errors
    /// `invalid`, `stopped`, or the store's codes.
    pub fn files_list(&self, before: Option<&str>, chat: Option<&str>) -> Result<FilesPage, Problem> {
        self.files_named(before, chat, "")
    }

    /// The same, those in whose names every word of `name` is.
    ///
    /// # Errors
    /// As [`Self::files_list`].
    pub fn files_named(
        &self,
        before: Option<&str>,
        chat: Option<&str>,
        name: &str,
    ) -> Result<FilesPage, Problem> {
        let files = self.files();
        let wanted = files.listed(before, chat, name)?;
        verbs::list(|below| {
            let (wanted, book, stream) = (wanted.clone(), files.book.clone(), self.stream().clone());
            let part =
                self.ask(move |session, _, _| verbs::listed(session, &book, &stream, (&wanted, below)))?;
            part.map_err(|error| self.store(&error))
        })
    }

    /// Files are held over the window, or no longer.
    ///
    /// # Errors
    /// `stopped`.
    pub fn file_dragging(&self, over: bool) -> Result<(), Problem> {
        self.ask(move |_, audience, _| audience.tell(VisitorUpdate::Dragging { over }))
    }

    /// Files were dropped on the window: as [`Self::file_stage_paths`], and the page is told what is wrong.
    ///
    /// # Errors
    /// `stopped`.
    pub fn file_drop(&self, paths: Vec<PathBuf>) -> Result<(), Problem> {
        self.file_refused(self.file_stage_paths(paths))
    }

    /// A file was pasted into the window, all of it: it is chosen when this returns, and the page is told what is wrong.
    /// May take seconds: not for a window's own thread.
    ///
    /// # Errors
    /// `stopped`.
    pub fn file_paste(&self, file: &NewPiece, bytes: &[u8]) -> Result<(), Problem> {
        self.file_refused(self.file_begin(file).and_then(|id| self.file_whole(&id, bytes)))
    }

    fn file_refused(&self, taken: Result<(), Problem>) -> Result<(), Problem> {
        let Err(Problem { code, message }) = taken else { return Ok(()) };
        self.ask(move |_, audience, _| audience.tell(VisitorUpdate::Error { code, message }))
    }

    fn file_bounds(&self, group: Option<GroupId>) -> Result<super::Bounds, Problem> {
        self.ask(move |_, audience, _| audience.file_bounds(group))
    }
}

impl Desk for VisitorApp {
    fn files(&self) -> &Files {
        self.desk_files()
    }

    fn in_session<R, F>(&self, job: F) -> Result<R, Problem>
    where
        R: Send + 'static,
        F: FnOnce(&mut Session<SqliteStore>, Now) -> R + Send + 'static,
    {
        self.ask(move |session, _, now| job(session, now))
    }
}

face!(VisitorApp);
