//! The operator's verbs for files. `visitor`: in whose conversation.

use std::path::PathBuf;
use std::sync::Arc;

use deskbell_core::store::OutboxState;
use deskbell_core::{Now, Session};
use deskbell_store::SqliteStore;
use deskbell_vault::Blob;
use deskbell_wire::{FileCard, VisitorId};

use super::verbs::{self, Desk, Files, Sending};
use super::{Bounds, Pictures, face};
use crate::dto::{FileView, FileWords, FilesPage, Message, NewPiece, OperatorUpdate, Problem, Sender};
use crate::operator::OperatorApp;
use crate::problem::problem;

impl OperatorApp {
    /// Takes files in from where they are. They are in the update `staged` at once, and are read one after the other on
    /// a thread of their own; what is refused says so there.
    ///
    /// # Errors
    /// `unknown_visitor`. `file_limit` where there are too many at once: those that fit are taken. `stopped`.
    pub fn file_stage_paths(&self, visitor: &str, paths: Vec<PathBuf>) -> Result<(), Problem> {
        let (to, bounds) = self.file_bounds(visitor)?;
        let files = self.files();
        files.said(files.intake.paths(to, paths, &bounds))
    }

    /// A page's own file is about to come, in pieces of at most 1 MiB. Gives its id.
    ///
    /// # Errors
    /// `unknown_visitor`, `file_empty`, `file_too_large`, `file_type`, `file_off`, `file_limit`, `file_no_space`,
    /// `store_io`, `stopped`.
    pub fn file_begin(&self, visitor: &str, file: &NewPiece) -> Result<String, Problem> {
        let (to, bounds) = self.file_bounds(visitor)?;
        let files = self.files();
        files.said(files.intake.begin(to, file, &bounds)).map(|id| id.to_string())
    }

    /// Sends chosen files in this order, one message each; the caption goes with the first. They are on the disk when
    /// this returns.
    ///
    /// # Errors
    /// The first thing against any of them: then none was sent. `unknown_visitor`, `too_large` (the caption),
    /// `disk_full`, `store_io`, `stopped`.
    pub fn file_send(&self, visitor: &str, ids: &[String], caption: &str) -> Result<Vec<Message>, Problem> {
        let ((to, bounds), files) = (self.file_bounds(visitor)?, self.files().clone());
        let ids = ids.iter().map(|id| files.id(id)).collect::<Result<Vec<_>, _>>()?;
        let leaving = files.said(files.intake.leave(to, &ids))?;
        let cards = leaving.cards.clone();
        files.said(cards.iter().try_for_each(|card| bounds.check(&card.name, card.size)))?;
        let (caption, book) = (caption.to_owned(), files.book.clone());
        let sent = self.in_stream(visitor, move |session, _, now, stream| {
            let stream = stream.clone();
            let (own, state) = (Sender::Operator, OutboxState::Queued);
            let sending = Sending { stream, cards, caption, group: None, own, state };
            verbs::send(session, &book, sending, now)
        })?;
        let lines = sent.map_err(|code| problem(code, files.locale))?;
        files.book.let_go(leaving.sent(lines.len()));
        Ok(lines)
    }

    /// The files of a conversation, or of one of its chats, newest first; below the line whose file has the key
    /// `before`, or the newest.
    ///
    /// # Errors
    /// `unknown_visitor`, `invalid`, `stopped`, or the store's codes.
    pub fn files_list(
        &self,
        visitor: &str,
        before: Option<&str>,
        chat: Option<&str>,
    ) -> Result<FilesPage, Problem> {
        self.files_named(visitor, before, chat, "")
    }

    /// The same, those in whose names every word of `name` is.
    ///
    /// # Errors
    /// As [`Self::files_list`].
    pub fn files_named(
        &self,
        visitor: &str,
        before: Option<&str>,
        chat: Option<&str>,
        name: &str,
    ) -> Result<FilesPage, Problem> {
        let files = self.files();
        let wanted = files.listed(before, chat, name)?;
        verbs::list(|below| {
            let (wanted, book) = (wanted.clone(), files.book.clone());
            let part = self.in_stream(visitor, move |session, _, _, stream| {
                verbs::listed(session, &book, stream, (&wanted, below))
            })?;
            part.map_err(|error| self.store(&error))
        })
    }

    /// Files are held over the window, or no longer.
    ///
    /// # Errors
    /// `stopped`.
    pub fn file_dragging(&self, over: bool) -> Result<(), Problem> {
        self.ask(move |_, audience, _| audience.tell(OperatorUpdate::Dragging { over }))
    }

    /// Files were dropped on the window while this visitor's conversation was open: as [`Self::file_stage_paths`], and
    /// the page is told what is wrong.
    ///
    /// # Errors
    /// `stopped`.
    pub fn file_drop(&self, visitor: &str, paths: Vec<PathBuf>) -> Result<(), Problem> {
        self.file_refused(self.file_stage_paths(visitor, paths))
    }

    /// A file was pasted into the window while this visitor's conversation was open, all of it: it is chosen when this
    /// returns, and the page is told what is wrong. May take seconds: not for a window's own thread.
    ///
    /// # Errors
    /// `stopped`.
    pub fn file_paste(&self, visitor: &str, file: &NewPiece, bytes: &[u8]) -> Result<(), Problem> {
        self.file_refused(self.file_begin(visitor, file).and_then(|id| self.file_whole(&id, bytes)))
    }

    fn file_refused(&self, taken: Result<(), Problem>) -> Result<(), Problem> {
        let Err(problem) = taken else { return Ok(()) };
        self.ask(move |_, audience, _| audience.tell(OperatorUpdate::Error { problem }))
    }

    fn file_bounds(&self, visitor: &str) -> Result<(VisitorId, Bounds), Problem> {
        self.in_stream(visitor, |session, audience, _, stream| {
            let group = session.row(stream).and_then(|row| row.group);
            (stream.visitor, audience.file_bounds(group))
        })
    }
}

impl Desk for OperatorApp {
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

face!(OperatorApp);
