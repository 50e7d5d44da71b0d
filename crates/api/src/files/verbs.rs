//! What both faces do with files.
//!
//! What must always hold: a key leads to a file of this session or nowhere.

use std::sync::mpsc;

use deskbell_core::session::FileToSend;
use deskbell_core::store::{OutboxRow, OutboxState, Store, StoreError};
use deskbell_core::{Now, SendRefused, Session};
use deskbell_store::SqliteStore;
use deskbell_vault::{Blob, Vault, VaultError};
use deskbell_wire::{ChatId, Event, FileCard, FileId, GroupId, MessageId, SendBody, Seq, StreamId, Uid};
use uuid::Uuid;

use super::named::Named;
use super::refused::Refused;
use super::{Behind, Book, Chore, Intake, Keeper, Tell};
use super::{keeper, words};
use crate::dto::{FileView, FileWords, FilesPage, Locale, Message, Problem, Sender};
use crate::problem::{problem, refused_code, store_code};
use crate::start::{new_uid, without_nul};

/// Lines of a page of files.
const PAGE: u32 = 30;
/// Files that are looked through at once for a name.
const LOOKED_AT: u32 = 300;

/// A session that files are sent in and come in.
pub(crate) trait Desk {
    fn files(&self) -> &Files;

    /// Does something with the session, on its thread.
    ///
    /// # Errors
    /// `stopped`.
    fn in_session<R, F>(&self, job: F) -> Result<R, Problem>
    where
        R: Send + 'static,
        F: FnOnce(&mut Session<SqliteStore>, Now) -> R + Send + 'static;
}

/// Both ends of what there is to do.
pub(crate) type Chores = (mpsc::Sender<Chore>, mpsc::Receiver<Chore>);

/// What a session has for files. Clones are the same.
#[derive(Clone)]
pub(crate) struct Files {
    pub(crate) intake: Intake,
    pub(crate) book: Book,
    pub(crate) locale: Locale,
    keeper: Keeper,
}

/// What a key leads to.
enum Found {
    /// An entry that the desk does not have yet.
    Entry(Uid, FileCard),
    /// A message.
    Message(Box<Event>, FileCard),
}

/// Files to send, with everything that was checked before.
pub(crate) struct Sending {
    pub(crate) stream: StreamId,
    pub(crate) cards: Vec<FileCard>,
    pub(crate) caption: String,
    pub(crate) group: Option<GroupId>,
    pub(crate) own: Sender,
    /// Do they go out?
    pub(crate) state: OutboxState,
}

impl Files {
    /// `news`: what the book and its keeper have between them.
    pub(crate) fn new(book: Book, locale: Locale, news: Chores, (tell, behind): (Tell, Behind)) -> Self {
        let intake = Intake::new(book.vault().clone(), locale, tell);
        let keeper = Keeper::start(news, (book.vault().clone(), intake.clone()), behind);
        Self { intake, book, locale, keeper }
    }

    /// No file is chosen any more, and nothing is read.
    pub(crate) fn close(&self) {
        self.intake.stop();
    }

    /// The session has ended.
    pub(crate) fn end(&self) {
        self.keeper.stop();
    }

    pub(crate) fn vault(&self) -> &Vault {
        self.book.vault()
    }

    pub(crate) fn said<T>(&self, done: Result<T, Refused>) -> Result<T, Problem> {
        done.map_err(|refused| refused.problem(self.locale))
    }

    pub(crate) fn id(&self, text: &str) -> Result<Uuid, Problem> {
        text.parse().map_err(|_| problem("invalid", self.locale))
    }

    /// Which files a page wants: where its list begins, of which chat, and by which words of their names.
    pub(crate) fn listed(
        &self,
        before: Option<&str>,
        chat: Option<&str>,
        name: &str,
    ) -> Result<Listed, Problem> {
        let id = |text: Option<&str>| text.map(|text| self.id(text)).transpose();
        let (before, chat) = (id(before)?.map(MessageId), id(chat)?.map(ChatId));
        Ok(Listed { before, chat, named: Named::new(name) })
    }

    fn store(&self, error: &StoreError) -> Problem {
        problem(store_code(error), self.locale)
    }
}

/// Queues files in their order, one message each; the caption goes with the first. Stops where the disk refuses.
pub(crate) fn send(
    session: &mut Session<SqliteStore>,
    book: &Book,
    sending: Sending,
    now: Now,
) -> Result<Vec<Message>, &'static str> {
    let Sending { stream, cards, caption, group, own, state } = sending;
    let mut texts = std::iter::once(without_nul(&caption)).chain(std::iter::repeat(String::new()));
    let (mut lines, batch) = (Vec::new(), new_uid());
    for card in cards {
        let text = texts.next().unwrap_or_default();
        let uid = if lines.is_empty() { batch } else { new_uid() };
        let file = FileToSend { uid, card, text, group, batch };
        match queue(session, &stream, (file, state), now) {
            Ok(row) => lines.extend(book.row(session, &row, (false, own))),
            Err(refused) if lines.is_empty() => return Err(refused_code(&refused)),
            Err(_) => break,
        }
    }
    Ok(lines)
}

fn queue(
    session: &mut Session<SqliteStore>,
    stream: &StreamId,
    (file, state): (FileToSend, OutboxState),
    now: Now,
) -> Result<OutboxRow, SendRefused> {
    if state == OutboxState::Queued {
        return session.send_file(stream, file, now);
    }
    let FileToSend { uid, card, text, group, batch } = file;
    let body = SendBody::Message { text, group, file: Some(FileId(uid.0)) };
    let row = OutboxRow { uid, stream: stream.clone(), body, created_at: now.wall, state };
    session.keep_file(row, card, batch)
}

/// What a page's key leads to.
fn find(session: &Session<SqliteStore>, book: &Book, key: Uuid) -> Result<Option<Found>, StoreError> {
    if let Some((upload, _)) = session.upload(Uid(key)) {
        return Ok(Some(Found::Entry(Uid(key), upload.card.clone())));
    }
    let message = book.message_of(Uid(key)).unwrap_or(MessageId(key));
    let event = session.store().file_event(message)?;
    Ok(event.and_then(|event| {
        let card = event.body.file()?.clone();
        Some(Found::Message(Box::new(event), card))
    }))
}

impl Found {
    fn card(&self) -> &FileCard {
        match self {
            Self::Entry(_, card) | Self::Message(_, card) => card,
        }
    }
}

/// What a person does with a file on its way.
#[derive(Clone, Copy)]
enum Deed {
    Pause,
    Resume,
    Cancel,
    Fetch,
}

impl Deed {
    fn done(self, session: &mut Session<SqliteStore>, found: &Found, now: Now) -> Result<(), StoreError> {
        match (self, found) {
            (Self::Pause, Found::Entry(uid, _)) => session.pause_file(*uid, now),
            (Self::Resume, Found::Entry(uid, _)) => session.resume_file(*uid, now),
            (Self::Cancel, Found::Entry(uid, _)) => session.cancel_file(*uid, now),
            // Its bytes are here already.
            (Self::Fetch, Found::Entry(..)) => Ok(()),
            (Self::Pause | Self::Cancel, Found::Message(event, _)) => {
                session.stop_fetch(event.message_id, now);
                Ok(())
            }
            (Self::Resume | Self::Fetch, Found::Message(event, _)) => {
                session.fetch_file(&event.stream, event.message_id, now).map(drop)
            }
        }
    }
}

fn deed(desk: &impl Desk, key: &str, deed: Deed) -> Result<(), Problem> {
    let files = desk.files();
    let (key, book) = (files.id(key)?, files.book.clone());
    let done = desk.in_session(move |session, now| {
        let found = find(session, &book, key)?;
        found.map(|found| deed.done(session, &found, now)).transpose()
    })?;
    match done {
        Ok(Some(())) => Ok(()),
        Ok(None) => Err(problem("invalid", files.locale)),
        Err(error) => Err(files.store(&error)),
    }
}

pub(crate) fn pause(desk: &impl Desk, key: &str) -> Result<(), Problem> {
    deed(desk, key, Deed::Pause)
}

pub(crate) fn resume(desk: &impl Desk, key: &str) -> Result<(), Problem> {
    deed(desk, key, Deed::Resume)
}

pub(crate) fn cancel(desk: &impl Desk, key: &str) -> Result<(), Problem> {
    deed(desk, key, Deed::Cancel)
}

pub(crate) fn fetch(desk: &impl Desk, key: &str) -> Result<(), Problem> {
    deed(desk, key, Deed::Fetch)
}

pub(crate) fn unstage(desk: &impl Desk, id: &str) -> Result<(), Problem> {
    let files = desk.files();
    let digests = files.said(files.intake.unstage(files.id(id)?))?;
    files.book.let_go(digests);
    Ok(())
}

/// A file of a line.
pub(crate) fn file(desk: &impl Desk, key: &str) -> Result<FileView, Problem> {
    let files = desk.files();
    let (key, book) = (files.id(key)?, files.book.clone());
    let found = desk.in_session(move |session, _| {
        Ok(find(session, &book, key)?.and_then(|found| match found {
            Found::Entry(uid, _) => book.of_upload(session, uid),
            Found::Message(event, _) => book.of_event(session, &event),
        }))
    })?;
    found.map_err(|error| files.store(&error))?.ok_or_else(|| problem("invalid", files.locale))
}

/// Its bytes, or those of one that was chosen and not sent yet.
pub(crate) fn blob(desk: &impl Desk, key: &str) -> Result<(FileCard, Blob), Problem> {
    let files = desk.files();
    let (key, book) = (files.id(key)?, files.book.clone());
    let (card, comes_again) = match files.intake.card(key) {
        Some(card) => (card, false),
        None => {
            let found = desk
                .in_session(move |session, _| Ok((find(session, &book, key)?, keeper::waiting(session)?)))?;
            let (found, waiting) = found.map_err(|error| files.store(&error))?;
            let found = found.ok_or_else(|| problem("invalid", files.locale))?;
            let comes_again = matches!(&found, Found::Message(_, card) if !waiting.contains(&card.digest));
            (found.card().clone(), comes_again)
        }
    };
    let blob = files.said(opened(files.vault(), &card, comes_again).map_err(Refused::from))?;
    blob.map(|blob| (card, blob)).ok_or_else(|| problem("file_not_here", files.locale))
}

/// The bytes of a file. Damaged ones are let go of where the desk has them: then they are not here, and can be fetched.
pub(super) fn opened(vault: &Vault, card: &FileCard, comes_again: bool) -> Result<Option<Blob>, VaultError> {
    match vault.blob(&card.digest, card.size) {
        Err(VaultError::Corrupt) if comes_again => vault.remove(&card.digest).map(|()| None),
        opened => opened,
    }
}

/// The first words of a text.
pub(crate) fn words(desk: &impl Desk, key: &str) -> Result<FileWords, Problem> {
    let (_, mut blob) = blob(desk, key)?;
    words::first(&mut blob).map_err(|_| problem("store_io", desk.files().locale))
}

/// Which files are listed.
#[derive(Clone)]
pub(crate) struct Listed {
    /// Those below this message's.
    before: Option<MessageId>,
    chat: Option<ChatId>,
    named: Named,
}

/// Some of them, and where the others begin.
pub(crate) struct Part {
    lines: Vec<Message>,
    below: Option<Seq>,
}

/// A page of them, newest first. `part` gives those below a seq, on the session's thread: it does other things between
/// two parts of a long list.
pub(crate) fn list(part: impl Fn(Option<Seq>) -> Result<Part, Problem>) -> Result<FilesPage, Problem> {
    let mut lines = Vec::new();
    let mut below = None;
    loop {
        let part = part(below)?;
        lines.extend(part.lines);
        below = part.below;
        if lines.len() > PAGE as usize || below.is_none() {
            break;
        }
    }
    let more = lines.len() > PAGE as usize;
    lines.truncate(PAGE as usize);
    Ok(FilesPage { lines, more })
}

/// A part of a list: of a conversation's files below `below`, those that are meant.
pub(crate) fn listed(
    session: &Session<SqliteStore>,
    book: &Book,
    stream: &StreamId,
    (wanted, below): (&Listed, Option<Seq>),
) -> Result<Part, StoreError> {
    let below = match (below, wanted.before) {
        (None, Some(before)) => session.store().file_event(before)?.map(|event| event.seq),
        (below, _) => below,
    };
    let limit = if wanted.named.is_any() { PAGE + 1 } else { LOOKED_AT };
    let events = session.store().files(stream, wanted.chat, below, limit)?;
    let below = events.last().map(|event| event.seq).filter(|_| events.len() == limit as usize);
    let is_meant = |event: &&Event| event.body.file().is_some_and(|card| wanted.named.finds(&card.name));
    let meant = events.iter().filter(is_meant).take(PAGE as usize + 1);
    Ok(Part { lines: meant.map(|event| book.line(session, event)).collect(), below })
}
