//! The visitor's verbs.
//!
//! What must always hold: `send` has the row on the disk before it returns; the mirror that `boot` gives and the
//! updates after it make one whole, without a hole and without a repetition.

mod audience;
mod devices;
mod feed;
mod outside;
mod pack;
mod present;
#[cfg(test)]
mod tests;
mod transcripts;
mod wishes;

use std::sync::{Arc, mpsc};

use deskbell_client::Client;
use deskbell_core::store::{OutboxRow, OutboxState, StoreError};
use deskbell_core::{Config, Now, Role, Session};
use deskbell_store::SqliteStore;
use deskbell_wire::{Ask, GroupId, JoinLink, NackCode, SendBody, StreamId, Told};

use crate::desktop::Newsroom;
use crate::dto::{Locale, Message, MessagesPage, Problem, Sender, VisitorBoot, VisitorUpdate, VisitorWish};
use crate::files::{Behind, Book, Files, Tell};
use crate::lines;
use crate::problem::{db_code, problem, refused_code, store_code};
use crate::profile::{DeskKey, Keep, ProfileSecrets};
use crate::questions::answer_of;
use crate::start::{new_uid, parse_uid, seed, start, stopped, without_nul};

use audience::VisitorAudience;
use pack::{Packs, Thread};

/// Lines that the mirror starts with, and lines of a page of history.
const PAGE: u32 = 20;

/// What a visitor's session starts from.
#[derive(Clone, Debug)]
pub struct VisitorOptions {
    /// Where the desk is.
    pub link: JoinLink,
    /// The profile's.
    pub secrets: ProfileSecrets,
    /// Where the history is kept.
    pub keep: Keep,
    /// For sentences.
    pub locale: Locale,
    /// Is told what the desktop needs.
    pub newsroom: Newsroom,
}

/// A visitor's running session.
#[derive(Clone)]
pub struct VisitorApp {
    client: Client<SqliteStore, VisitorAudience>,
    stream: StreamId,
    locale: Locale,
    packs: Arc<Packs>,
    keeper: Thread,
    files: Files,
    /// What it started from.
    options: Arc<VisitorOptions>,
}

/// Where updates go.
pub type VisitorListener = Box<dyn FnMut(VisitorUpdate) + Send>;

impl VisitorApp {
    /// Opens the history and starts the session.
    ///
    /// # Errors
    /// The codes of [`Keep::open`].
    pub fn start(options: VisitorOptions) -> Result<Self, Problem> {
        let VisitorOptions { link, secrets, keep, locale, .. } = &options;
        let (locale, desk) = (*locale, DeskKey::of(link));
        let store = keep.open_for_visitor(secrets, (&desk, &link.site), locale)?;
        let vault = keep.files_for_visitor(secrets, (&desk, &link.site), locale)?;
        let chores = mpsc::channel();
        let book = Book::new(vault.clone(), locale, chores.0.clone());
        let (visitor, token) = secrets.visitor_at(&desk, &link.site);
        let stream = StreamId::public(link.site.clone(), visitor);
        let manner = (locale, *keep == Keep::SessionOnly);
        let known = (&store, book.clone());
        let audience = VisitorAudience::new(stream.clone(), manner, options.newsroom.clone(), known);
        let role = Role::Visitor { stream: stream.clone(), token };
        let config = Config { device_id: secrets.device_id, role, seed: seed() };
        let packs = audience.packs();
        let client = start(link.clone(), config, (store, vault), audience, locale)?;
        let keeper =
            Thread::start(Arc::clone(&packs), &client, keep).map_err(|_| problem("unexpected", locale))?;
        let files = Files::new(book, locale, chores, (staged(&client), behind(&client)));
        Ok(Self { client, stream, locale, packs, keeper, files, options: Arc::new(options) })
    }

    /// The mirror; updates after it go to `listener`. A second call replaces the listener.
    ///
    /// # Errors
    /// `stopped`, or the store's codes.
    pub fn boot(&self, listener: VisitorListener) -> Result<VisitorBoot, Problem> {
        let boot = self.ask(move |session, audience, _| audience.boot(session, listener))?;
        self.files.intake.tell();
        boot.map_err(|error| self.store(&error))
    }

    /// Sends words, to a group where they open a chat. They are on the disk when this returns; where the site's terms
    /// come first, as failed with the code `consent`, to be sent again when the visitor has agreed.
    ///
    /// # Errors
    /// `empty`, `too_large`, `linking`, `disk_full`, `store_io`, `stopped`. Nothing was queued then.
    pub fn send(&self, text: &str, group: Option<u32>) -> Result<Message, Problem> {
        let body = SendBody::Message { text: without_nul(text), group: group.map(GroupId), file: None };
        let stream = self.stream.clone();
        let row = self.ask(move |session, audience, now| {
            if audience.linking.is_on() {
                return Err("linking");
            }
            let sent = if audience.lacks_consent(session) {
                let state = OutboxState::Failed(NackCode::Consent);
                session.keep(OutboxRow { uid: new_uid(), stream, body, created_at: now.wall, state })
            } else {
                session.send(&stream, body, new_uid(), now)
            };
            sent.map_err(|refused| refused_code(&refused))
        })?;
        let row = row.map_err(|code| problem(code, self.locale))?;
        lines::from_row(&row, false, Sender::Visitor).ok_or_else(|| problem("unexpected", self.locale))
    }

    /// Lines below `before`, newest first, at most 20; `None`: the newest.
    ///
    /// # Errors
    /// `stopped`, or the store's codes.
    pub fn history(&self, before: Option<u64>) -> Result<MessagesPage, Problem> {
        let stream = self.stream.clone();
        self.ask(move |session, audience, _| {
            let shown = crate::detail::is_talk;
            lines::page(session, &audience.book, (&stream, before, PAGE), shown)
        })?
        .map_err(|error| self.store(&error))
    }

    /// Takes a wish under a name that the page made (a UUIDv4); it is on the disk when this returns, and an update
    /// with that name answers it.
    ///
    /// # Errors
    /// `no_invite`, `consent`, `linking`, `invalid_email`, `invalid_phone`, `invalid_mark`, `empty`, `too_large`, `invalid`,
    /// `disk_full`, `store_io`, `stopped`. Nothing was queued then.
    pub fn want(&self, uid: &str, wish: VisitorWish) -> Result<(), Problem> {
        let uid = parse_uid(uid, self.locale)?;
        let (stream, locale) = (self.stream.clone(), self.locale);
        let taken = self.ask(move |session, audience, now| {
            if audience.linking.is_on() {
                return Err("linking");
            }
            let body = wishes::body(wish, audience.invitation(), locale)?;
            if wishes::needs_consent(&body) && audience.lacks_consent(session) {
                return Err("consent");
            }
            session.send(&stream, body, uid, now).map_err(|refused| refused_code(&refused))?;
            audience.tell_present(session);
            Ok(())
        })?;
        taken.map_err(|code| problem(code, self.locale))
    }

    /// The visitor types.
    ///
    /// # Errors
    /// `stopped`.
    pub fn typing(&self, text: &str) -> Result<(), Problem> {
        let (stream, text) = (self.stream.clone(), without_nul(text));
        self.ask(move |session, _, now| session.typing(&stream, !text.is_empty(), text, now))
    }

    /// Everything up to `seq` was seen.
    ///
    /// # Errors
    /// `stopped`, or the store's codes.
    pub fn read(&self, seq: u64) -> Result<(), Problem> {
        let stream = self.stream.clone();
        self.ask(move |session, _, _| session.read(&stream, seq))?.map_err(|error| self.store(&error))
    }

    /// Sends a failed or held entry again.
    ///
    /// # Errors
    /// `invalid`, `stopped`, or the store's codes.
    pub fn resend(&self, uid: &str) -> Result<(), Problem> {
        let uid = parse_uid(uid, self.locale)?;
        self.ask(move |session, _, now| session.resend(uid, now))?.map_err(|error| self.store(&error))
    }

    /// Takes a failed or held entry back.
    ///
    /// # Errors
    /// `invalid`, `stopped`, or the store's codes.
    pub fn discard(&self, uid: &str) -> Result<(), Problem> {
        let uid = parse_uid(uid, self.locale)?;
        self.ask(move |session, _, now| session.discard(uid, now))?.map_err(|error| self.store(&error))
    }

    /// The person tries again after the line has stopped.
    ///
    /// # Errors
    /// `stopped`.
    pub fn reconnect(&self) -> Result<(), Problem> {
        self.ask(|session, _, now| session.reconnect(now))
    }

    /// Reads the whole history and says whether it is sound, and where it is kept. Takes seconds for a large one.
    ///
    /// # Errors
    /// `store_corrupt`, `store_io`, `stopped`.
    pub fn check(&self) -> Result<Keep, Problem> {
        self.ask(|session, _, _| session.store().check())?
            .map_err(|error| problem(db_code(&error), self.locale))?;
        Ok(self.options.keep.clone())
    }

    /// Whose conversation it is.
    pub(crate) fn stream(&self) -> &StreamId {
        &self.stream
    }

    /// What it has for files.
    pub(crate) fn desk_files(&self) -> &Files {
        &self.files
    }

    /// Ends the session; the history is closed when this returns.
    pub fn stop(self) {
        self.files.close();
        self.client.stop();
        self.files.end();
        self.keeper.join();
    }

    fn question<T>(&self, ask: Ask, take: impl FnOnce(Told) -> Option<T>) -> Result<T, Problem> {
        let wait = self.ask(move |session, audience, _| audience.question(session, ask))?;
        answer_of(&wait, self.locale, take)
    }

    pub(crate) fn ask<R, F>(&self, job: F) -> Result<R, Problem>
    where
        R: Send + 'static,
        F: FnOnce(&mut Session<SqliteStore>, &mut VisitorAudience, Now) -> R + Send + 'static,
    {
        self.client.ask(job).map_err(|end| stopped(end, self.locale))
    }

    pub(crate) fn store(&self, error: &StoreError) -> Problem {
        problem(store_code(error), self.locale)
    }
}

/// Tells the page which files are chosen.
fn staged(client: &Client<SqliteStore, VisitorAudience>) -> Tell {
    let client = client.downgrade();
    Box::new(move |_, files| {
        // The session has ended: nobody is there to be told.
        let _ = client.ask(|_, audience, _| audience.tell(VisitorUpdate::Staged { files }));
    })
}

/// The way to the session for whoever looks after its files.
fn behind(client: &Client<SqliteStore, VisitorAudience>) -> Behind {
    let client = client.downgrade();
    Box::new(move |work| {
        // It has ended: whoever waits for an answer hears of that.
        let _ = client.ask(|session, _, now| work(session, now));
    })
}
