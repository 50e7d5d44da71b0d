//! The operator's verbs.
//!
//! What must always hold: `send` has the row on the disk before it returns; a token that the desk gave is handed to
//! the shell for the keyring and never to a page.

mod audience;
mod feed;
mod pile;
mod rows;
mod talk;
mod typed;
mod work;

use std::sync::{Arc, mpsc};
use std::time::Duration;

use deskbell_client::Client;
use deskbell_core::store::StoreError;
use deskbell_core::{Config, Now, Role, Session};
use deskbell_store::SqliteStore;
use deskbell_wire::{
    Ask, GroupId, JoinLink, MessageId, OperatorStatus, Secret, Secretive, SendBody, SiteSettings, StreamId,
    Told, VisitorId,
};

use crate::desktop::Newsroom;
use crate::dto::{
    Conversation, Hosting, Locale, Message, MessagesPage, OperatorBoot, OperatorUpdate, OperatorWish,
    PersonCard, Problem, Sender, Summon,
};
use crate::files::{Behind, Book, Files, Tell};
use crate::lines;
use crate::problem::{db_code, problem, refused_code, store_code};
use crate::profile::{DeskKey, Keep, ProfileSecrets};
use crate::questions::answer_of;
use crate::start::{new_uid, parse_uid, seed, start, stopped, without_nul};

use audience::OperatorAudience;

/// Lines that a conversation opens with, and lines of a page of history.
const PAGE: u32 = 50;
/// How long the page waits for the answer to a sign-in.
const SIGN_IN: Duration = Duration::from_secs(20);

/// How long it waits for the desk to take the token back.
const SIGN_OUT: Duration = Duration::from_secs(2);
/// How long a password may be, as the desk has it.
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 8..=1_000;

/// Keeps the operator's token in the keyring, or forgets it.
pub type KeepToken = Box<dyn Fn(Option<Secret>) + Send + Sync>;

/// What an operator's session starts from.
pub struct OperatorOptions {
    /// Where the desk is.
    pub link: JoinLink,
    /// Which desk it is.
    pub desk: DeskKey,
    /// The profile's.
    pub secrets: ProfileSecrets,
    /// Where the history is kept.
    pub keep: Keep,
    /// For sentences.
    pub locale: Locale,
    /// The desk inside this program.
    pub hosting: Option<Hosting>,
    /// The desk inside this program has no account yet.
    pub needs_setup: bool,
    /// Called with each new token.
    pub keep_token: KeepToken,
    /// Is told what the desktop needs.
    pub newsroom: Newsroom,
}

/// An operator's running session.
#[derive(Clone)]
pub struct OperatorApp {
    client: Client<SqliteStore, OperatorAudience>,
    keep: Arc<Keep>,
    locale: Locale,
    files: Files,
}

/// Where updates go.
pub type OperatorListener = Box<dyn FnMut(OperatorUpdate) + Send>;

impl OperatorApp {
    /// Opens the history and starts the session.
    ///
    /// # Errors
    /// The codes of [`Keep::open`].
    pub fn start(options: OperatorOptions) -> Result<Self, Problem> {
        let locale = options.locale;
        let store = options.keep.open(&options.secrets, &options.desk, locale)?;
        let vault = options.keep.files(&options.secrets, &options.desk, locale)?;
        let chores = mpsc::channel();
        let book = Book::new(vault.clone(), locale, chores.0.clone());
        let role = Role::Operator { token: options.secrets.operator_tokens.get(&options.desk).cloned() };
        let config = Config { device_id: options.secrets.device_id, role, seed: seed() };
        let (link, keep) = (options.link.clone(), Arc::new(options.keep.clone()));
        let audience = OperatorAudience::new(options, &store, book.clone());
        let client = start(link, config, (store, vault), audience, locale)?;
        let files = Files::new(book, locale, chores, (staged(&client), behind(&client)));
        Ok(Self { client, keep, locale, files })
    }

    /// What the page starts with; updates after it go to `listener`. A second call replaces the listener.
    ///
    /// # Errors
    /// `stopped`.
    pub fn boot(&self, listener: OperatorListener) -> Result<OperatorBoot, Problem> {
        let boot = self.ask(move |session, audience, _| audience.boot(session, listener));
        self.files.intake.tell();
        boot
    }

    /// Signs in and waits for the desk's word.
    ///
    /// # Errors
    /// `bad_credentials`, `limit`, `unreachable` and the other codes of the line; `stopped`.
    pub fn sign_in(&self, login: &str, password: &str) -> Result<(), Problem> {
        let (login, password) = (login.trim().to_owned(), password.to_owned());
        let (answer, wait) = mpsc::sync_channel(1);
        self.ask(move |session, audience, now| {
            audience.await_sign_in(answer);
            session.sign_in(login, password, now);
        })?;
        wait.recv_timeout(SIGN_IN).unwrap_or_else(|_| Err(problem("unreachable", self.locale)))
    }

    /// Takes a token that the desk inside this program made for its owner.
    ///
    /// # Errors
    /// `stopped`.
    pub fn adopt(&self, token: Secret) -> Result<(), Problem> {
        self.ask(move |session, audience, now| {
            audience.adopted(&token);
            session.adopt(token, now);
        })
    }

    /// Has the desk take the token back, forgets it and closes the line. Without a line to the desk the token is only
    /// forgotten here.
    ///
    /// # Errors
    /// `stopped`.
    pub fn sign_out(&self) -> Result<(), Problem> {
        let told = self.ask(|session, audience, _| audience.question(session, Ask::SignOut {}))?;
        // Nobody is kept waiting by a desk that does not answer.
        if told.recv_timeout(SIGN_OUT).is_err() {
            tracing::info!("the desk was not heard to take the token back");
        }
        self.ask(|session, audience, _| {
            audience.signed_out();
            session.sign_out();
        })
    }

    /// Takes chats, or does not.
    ///
    /// # Errors
    /// `stopped`.
    pub fn set_online(&self, online: bool) -> Result<(), Problem> {
        let status = if online { OperatorStatus::Online } else { OperatorStatus::Away };
        self.ask(move |session, audience, _| {
            session.set_status(status);
            audience.status_changed(session, status);
        })
    }

    /// Opens a conversation; from now on it is held whole on this device.
    ///
    /// # Errors
    /// `unknown_visitor`, `stopped`, or the store's codes.
    pub fn open(&self, visitor: &str) -> Result<Conversation, Problem> {
        let opened = self.in_stream(visitor, |session, audience, now, stream| {
            session.open_stream(stream, now);
            let page = lines::tail(session, &audience.book, (stream, PAGE), Sender::Operator)?;
            audience.book.shown(stream, &page.messages);
            let receipts = session.held(stream).map(|held| held.visitor).unwrap_or_default();
            Ok(Conversation {
                visitor: stream.visitor.to_string(),
                messages: page.messages,
                more: page.more,
                receipts: lines::receipts(receipts),
                typing: audience.typed_in(stream),
            })
        })?;
        opened.map_err(|error| self.store(&error))
    }

    /// Lines below `before`, newest first, at most 50.
    ///
    /// # Errors
    /// `unknown_visitor`, `stopped`, or the store's codes.
    pub fn history(&self, visitor: &str, before: u64) -> Result<MessagesPage, Problem> {
        let page = self.in_stream(visitor, move |session, audience, _, stream| {
            lines::page(session, &audience.book, (stream, Some(before), PAGE), lines::all)
        })?;
        page.map_err(|error| self.store(&error))
    }

    /// Sends words. They are on the disk when this returns.
    ///
    /// # Errors
    /// `unknown_visitor`, `empty`, `too_large`, `disk_full`, `store_io`, `stopped`.
    pub fn send(&self, visitor: &str, text: &str) -> Result<Message, Problem> {
        let body = SendBody::message(without_nul(text));
        let row =
            self.in_stream(visitor, |session, _, now, stream| session.send(stream, body, new_uid(), now))?;
        let row = row.map_err(|refused| problem(refused_code(&refused), self.locale))?;
        lines::from_row(&row, false, Sender::Operator).ok_or_else(|| problem("unexpected", self.locale))
    }

    /// Takes a wish; it is on the disk when this returns. A refusal by the desk comes as an `error`.
    ///
    /// # Errors
    /// `unknown_visitor`, `empty`, `too_large`, `invalid_email`, `invalid_phone`, `invalid`, `disk_full`, `store_io`,
    /// `stopped`.
    pub fn want(&self, visitor: &str, wish: OperatorWish) -> Result<(), Problem> {
        let body = work::body(wish).map_err(|code| problem(code, self.locale))?;
        let row =
            self.in_stream(visitor, |session, _, now, stream| session.send(stream, body, new_uid(), now))?;
        row.map(drop).map_err(|refused| problem(refused_code(&refused), self.locale))
    }

    /// What may be known of a visitor.
    ///
    /// # Errors
    /// `unknown_visitor`, `offline`, `forbidden`, `unreachable`, `stopped`.
    pub fn person(&self, visitor: &str) -> Result<PersonCard, Problem> {
        let wait = self.in_stream(visitor, |session, audience, _, stream| {
            audience.question(session, Ask::Person { stream: stream.clone() })
        })?;
        answer_of(&wait, self.locale, |told| match told {
            Told::Person(person) => Some(work::person(&person)),
            _ => None,
        })
    }

    /// Saves the site's settings. `version` is the one that was changed.
    ///
    /// # Errors
    /// `forbidden`, `settings_invalid`, `settings_stale`, `desk_storage`, `offline`, `unreachable`, `stopped`.
    pub fn save_site(&self, settings: SiteSettings) -> Result<(), Problem> {
        self.done(Ask::SaveSite(Box::new(settings)))
    }

    /// Puts an operator into groups; none: all.
    ///
    /// # Errors
    /// As [`Self::save_site`], and `invalid`.
    pub fn set_groups(&self, operator: &str, groups: &[u32]) -> Result<(), Problem> {
        let operator = operator.parse().map_err(|_| problem("invalid", self.locale))?;
        let groups = groups.iter().copied().map(GroupId).collect();
        self.done(Ask::SetGroups { operator, groups })
    }

    /// Has the desk send a mail, to see whether it comes.
    ///
    /// # Errors
    /// `mail_server`, `unavailable`, `forbidden`, `settings_invalid`, `offline`, `unreachable`, `stopped`.
    pub fn test_mail(&self, to: &str) -> Result<(), Problem> {
        self.done(Ask::TestMail { to: to.trim().to_owned() })
    }

    /// Gives another operator a new password; every session of that operator ends at once.
    ///
    /// # Errors
    /// `password`: too short or too long. `no_login`: that operator comes in without one. `forbidden`, `rate`,
    /// `desk_storage`, `offline`, `unreachable`, `stopped`.
    pub fn set_password(&self, operator: &str, password: &str) -> Result<(), Problem> {
        let operator = operator.parse().map_err(|_| problem("invalid", self.locale))?;
        if !PASSWORD_CHARS.contains(&password.chars().count()) {
            return Err(problem("password", self.locale));
        }
        let ask = Ask::SetPassword { operator, password: Secretive(password.to_owned()) };
        self.done(ask).map_err(|told| match told.code.as_str() {
            // The desk's one word for "out of bounds".
            "settings_invalid" => problem("no_login", self.locale),
            _ => told,
        })
    }

    /// Reads the whole history and says whether it is sound, and where it is kept. Takes seconds for a large one.
    ///
    /// # Errors
    /// `store_corrupt`, `store_io`, `stopped`.
    pub fn check(&self) -> Result<Keep, Problem> {
        self.ask(|session, _, _| session.store().check())?
            .map_err(|error| problem(db_code(&error), self.locale))?;
        Ok(self.keep.as_ref().clone())
    }

    /// Ends the visitor's chat.
    ///
    /// # Errors
    /// `unknown_visitor`, `disk_full`, `store_io`, `stopped`.
    pub fn close_chat(&self, visitor: &str) -> Result<(), Problem> {
        let row = self.in_stream(visitor, |session, _, now, stream| {
            session.send(stream, SendBody::Close {}, new_uid(), now)
        })?;
        row.map(|_| ()).map_err(|refused| problem(refused_code(&refused), self.locale))
    }

    /// The operator types, or stopped.
    ///
    /// # Errors
    /// `unknown_visitor`, `stopped`.
    pub fn typing(&self, visitor: &str, typing: bool) -> Result<(), Problem> {
        self.in_stream(visitor, move |session, _, now, stream| {
            session.typing(stream, typing, String::new(), now)
        })
    }

    /// Everything up to `seq` was seen.
    ///
    /// # Errors
    /// `unknown_visitor`, `stopped`, or the store's codes.
    pub fn read(&self, visitor: &str, seq: u64) -> Result<(), Problem> {
        self.in_stream(visitor, move |session, _, _, stream| session.read(stream, seq))?
            .map_err(|error| self.store(&error))
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

    /// The device woke up or its network changed: the line is looked after at once.
    ///
    /// # Errors
    /// `stopped`.
    pub fn wake(&self) -> Result<(), Problem> {
        self.ask(|session, _, now| session.wake(now))
    }

    /// The window was raised from outside: the page is asked to show this, now or when it is there.
    ///
    /// # Errors
    /// `stopped`.
    pub fn summon(
        &self,
        visitor: Option<VisitorId>,
        request: Option<MessageId>,
        compose: bool,
    ) -> Result<(), Problem> {
        let (visitor, request) = (visitor.map(|id| id.to_string()), request.map(|id| id.to_string()));
        self.ask(move |_, audience, _| audience.summon(Summon { visitor, request, compose }))
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
    }

    fn done(&self, ask: Ask) -> Result<(), Problem> {
        let wait = self.ask(move |session, audience, _| audience.question(session, ask))?;
        answer_of(&wait, self.locale, |told| matches!(told, Told::Done {}).then_some(()))
    }

    pub(crate) fn in_stream<R, F>(&self, visitor: &str, job: F) -> Result<R, Problem>
    where
        R: Send + 'static,
        F: FnOnce(&mut Session<SqliteStore>, &mut OperatorAudience, Now, &StreamId) -> R + Send + 'static,
    {
        let unknown = || problem("unknown_visitor", self.locale);
        let visitor: VisitorId = visitor.parse().map_err(|_| unknown())?;
        let done = self.ask(move |session, audience, now| {
            let stream = rows::stream_of(session, visitor)?;
            Some(job(session, audience, now, &stream))
        })?;
        done.ok_or_else(unknown)
    }

    pub(crate) fn ask<R, F>(&self, job: F) -> Result<R, Problem>
    where
        R: Send + 'static,
        F: FnOnce(&mut Session<SqliteStore>, &mut OperatorAudience, Now) -> R + Send + 'static,
    {
        self.client.ask(job).map_err(|end| stopped(end, self.locale))
    }

    pub(crate) fn store(&self, error: &StoreError) -> Problem {
        problem(store_code(error), self.locale)
    }
}

/// Tells the page which files are chosen.
fn staged(client: &Client<SqliteStore, OperatorAudience>) -> Tell {
    let client = client.downgrade();
    Box::new(move |visitor, files| {
        let visitor = visitor.to_string();
        // The session has ended: nobody is there to be told.
        let _ = client.ask(|_, audience, _| audience.tell(OperatorUpdate::Staged { visitor, files }));
    })
}

/// The way to the session for whoever looks after its files.
fn behind(client: &Client<SqliteStore, OperatorAudience>) -> Behind {
    let client = client.downgrade();
    Box::new(move |work| {
        // It has ended: whoever waits for an answer hears of that.
        let _ = client.ask(|session, _, now| work(session, now));
    })
}
