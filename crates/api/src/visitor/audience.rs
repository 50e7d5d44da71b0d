//! The core's news as the visitor's page is told them.

use std::sync::Arc;

use deskbell_client::Audience;
use deskbell_core::store::{OutboxRow, Store, StoreError};
use deskbell_core::{LinkPhase, Notice, Session, StopReason};
use deskbell_store::SqliteStore;
use deskbell_wire::{
    Ask, Availability, ByeCode, Event, EventBody, FormSettings, GroupId, MailOutcome, NackCode, OpenedBy,
    SendBody, Side, State, StreamId, Told, Uid,
};

use super::devices::Linking;
use super::feed::Feed;
use super::pack::{Packs, SitePack};
use super::transcripts::{News, Transcripts};
use super::{PAGE, VisitorListener, present, wishes};
use crate::desktop::Newsroom;
use crate::dto::{
    Answer, Connection, FileNews, FileView, Locale, Phase, Sender, Summon, Verb, VisitorBoot, VisitorUpdate,
};
use crate::files::{Book, Bounds};
use crate::problem::{nack_code, sentence, store_code};
use crate::questions::Questions;
use crate::start::wall_ms;
use crate::{detail, lines};

/// The settings in which the present is kept, so that a start without a network knows where things stood.
const PRESENT: &str = "present";
const FORM: &str = "form";
/// The digest of the pack that the site had last.
const PACK: &str = "pack";

pub(crate) struct VisitorAudience {
    stream: StreamId,
    locale: Locale,
    session_only: bool,
    listener: Option<VisitorListener>,
    /// What the window is to show when its page is there.
    summon: Option<Summon>,
    since: i64,
    state: State,
    form: Option<FormSettings>,
    pack: SitePack,
    feed: Feed,
    transcripts: Transcripts,
    pub(super) book: Book,
    pub(super) questions: Questions,
    pub(super) linking: Linking,
}

impl VisitorAudience {
    pub(super) fn new(
        stream: StreamId,
        (locale, session_only): (Locale, bool),
        newsroom: Newsroom,
        (store, book): (&SqliteStore, Book),
    ) -> Self {
        let kept = |name| store.setting(&key(&stream, name)).ok().flatten();
        let state = kept(PRESENT).and_then(|text| serde_json::from_str(&text).ok());
        let mut state: State = state.unwrap_or_else(present::unknown);
        state.availability = Availability::default();
        let form: Option<FormSettings> = kept(FORM).and_then(|text| serde_json::from_str(&text).ok());
        if let Some(form) = &form {
            book.rules(&form.files);
        }
        let feed = Feed::new(newsroom, locale, stream.clone(), &state);
        let pack = SitePack::new(form.as_ref(), kept(PACK).as_deref());
        Self {
            stream,
            locale,
            session_only,
            listener: None,
            summon: None,
            since: wall_ms(),
            state,
            form,
            pack,
            feed,
            transcripts: Transcripts::default(),
            book,
            questions: Questions::default(),
            linking: Linking::default(),
        }
    }

    pub(super) fn boot(
        &mut self,
        session: &Session<SqliteStore>,
        listener: VisitorListener,
    ) -> Result<VisitorBoot, StoreError> {
        self.listener = Some(listener);
        // What came after the page had asked for its pack, and before anybody listened.
        self.tell_pack();
        let page = lines::tail(session, &self.book, (&self.stream, PAGE), Sender::Visitor)?;
        self.book.shown(&self.stream, &page.messages);
        let receipts = session.held(&self.stream).map(|held| held.operator).unwrap_or_default();
        Ok(VisitorBoot {
            visitor_id: self.stream.visitor.to_string(),
            site: self.stream.site.to_string(),
            locale: self.locale,
            present: present::of(session, &self.stream, &self.state),
            form: self.form.as_ref().map(for_page),
            connection: self.connection(session),
            messages: page.messages,
            more: page.more,
            receipts: lines::receipts(receipts),
            unread: session.store().unread(&self.stream, Side::Visitor)?,
            session_only: self.session_only,
            summon: self.summon.take(),
        })
    }

    /// The window was raised from outside. A page that is not there yet finds it in its boot.
    pub(super) fn summon(&mut self, summon: Summon) {
        match &mut self.listener {
            Some(listener) => listener(VisitorUpdate::Summon { summon }),
            None => self.summon = Some(summon),
        }
    }

    pub(crate) fn tell(&mut self, update: VisitorUpdate) {
        if let Some(listener) = &mut self.listener {
            listener(update);
        }
    }

    fn applied(&mut self, session: &Session<SqliteStore>, events: &[Event], live: bool) {
        let unread = session.store().unread(&self.stream, Side::Visitor).unwrap_or(0);
        events.iter().for_each(|event| self.book.settled(event));
        for change in events.iter().filter_map(lines::committed) {
            self.tell(VisitorUpdate::Status { change });
        }
        // Own words are on the page since they were stored; what else one did becomes a line only now.
        let news = events.iter().filter(|event| detail::is_talk(event));
        let news = news.filter(|event| event.uid.is_none() || !lines::is_words(event));
        let messages: Vec<_> = news.map(|event| self.book.line(session, event)).collect();
        self.book
            .shown(&self.stream, messages.get(messages.len().saturating_sub(PAGE as usize)..).unwrap_or(&[]));
        if live {
            if events.iter().any(opened_by_message) {
                self.answer(Verb::StartChat, None, None);
            }
            for message in messages {
                self.tell(VisitorUpdate::Message { message: Box::new(message), unread });
            }
        } else if !messages.is_empty() {
            self.tell(VisitorUpdate::Missed { messages, unread });
        }
        for event in events {
            match self.transcripts.heard(event) {
                Some(News::Answer(uid, outcome)) => self.mailed(uid, outcome),
                Some(News::RefusedLater) => self.error("mail_refused"),
                None => {}
            }
        }
    }

    fn replaced(&mut self, session: &Session<SqliteStore>) {
        match lines::tail(session, &self.book, (&self.stream, PAGE), Sender::Visitor) {
            Ok(page) => {
                let unread = session.store().unread(&self.stream, Side::Visitor).unwrap_or(0);
                self.tell(VisitorUpdate::Replaced { messages: page.messages, more: page.more, unread });
            }
            Err(error) => self.unwell(&error),
        }
    }

    fn present(&mut self, session: &mut Session<SqliteStore>, state: State) {
        if state != self.state {
            let text = serde_json::to_string(&state).unwrap_or_default();
            keep(session, &key(&self.stream, PRESENT), &text);
            self.state = state;
            self.tell_present(session);
        }
    }

    /// Tells how things stand, what waits in the outbox counted in.
    pub(super) fn tell_present(&mut self, session: &Session<SqliteStore>) {
        self.feed.stands(session, &self.state);
        let present = Box::new(present::of(session, &self.stream, &self.state));
        self.tell(VisitorUpdate::Present { present });
    }

    fn form(&mut self, session: &mut Session<SqliteStore>, form: &FormSettings) {
        let told = self.form.as_ref().map(for_page);
        if self.form.as_ref() != Some(form) {
            let text = serde_json::to_string(form).unwrap_or_default();
            keep(session, &key(&self.stream, FORM), &text);
            self.form = Some(form.clone());
            self.book.rules(&form.files);
        }
        let form_for_page = for_page(form);
        if told.as_ref() != Some(&form_for_page) {
            self.tell(VisitorUpdate::Form { form: Box::new(form_for_page) });
        }
        self.pack.named(form);
        self.pack_news(session);
    }

    /// What is known of the site's pack.
    pub(super) fn packs(&self) -> Arc<Packs> {
        self.pack.share()
    }

    /// The site's pack may be another one now.
    pub(super) fn pack_news(&mut self, session: &mut Session<SqliteStore>) {
        if let Some(digest) = self.pack.news_to_keep() {
            keep(session, &key(&self.stream, PACK), &digest);
        }
        self.tell_pack();
    }

    fn tell_pack(&mut self) {
        if self.listener.is_some() && self.pack.is_news() {
            self.tell(VisitorUpdate::Pack);
        }
    }

    fn line(&mut self, session: &Session<SqliteStore>, phase: LinkPhase) {
        self.since = wall_ms();
        self.pack.line(phase);
        // A code that failed is told to whoever typed it, and the line goes on.
        if self.linking.heard(session, phase) {
            return;
        }
        let connection = self.connection(session);
        if connection.phase != Phase::Online {
            self.gone_offline(session);
        }
        self.tell(VisitorUpdate::Connection { connection });
    }

    /// A visitor never signed in: where the token is no longer good, another device took the right away.
    fn connection(&self, session: &Session<SqliteStore>) -> Connection {
        let mut connection = lines::connection(session, self.since, self.locale);
        if session.link() == LinkPhase::Stopped(StopReason::Bye(ByeCode::BadToken)) {
            connection.code = Some("revoked".to_owned());
            connection.sentence = Some(sentence("revoked", self.locale));
        }
        connection
    }

    fn gone_offline(&mut self, session: &Session<SqliteStore>) {
        if self.state.availability != Availability::default() {
            self.state.availability = Availability::default();
            self.tell_present(session);
        }
    }

    /// The invitation that waits.
    pub(super) fn invitation(&self) -> Option<&deskbell_wire::Invitation> {
        self.state.invite.as_ref()
    }

    /// What the visitor agreed to has left the outbox, and the desk's word of it is still on its way: it stands between
    /// the two as well.
    fn agreed(&mut self, session: &mut Session<SqliteStore>, body: &SendBody) {
        if let SendBody::Consent { version } = *body {
            let consented = self.state.consented.max(version);
            self.present(session, State { consented, ..self.state.clone() });
        }
    }

    /// Is this device being linked to another visitor?
    pub(crate) fn is_linking(&self) -> bool {
        self.linking.is_on()
    }

    /// Which files are taken in a chat that is for that group.
    pub(crate) fn file_bounds(&self, group: Option<GroupId>) -> Bounds {
        self.book.bounds(group)
    }

    fn went_on(&mut self, file: Option<FileView>) {
        if let Some(file) = file {
            self.tell(VisitorUpdate::File { news: Box::new(FileNews { file }) });
        }
    }

    /// Has the visitor still to agree to the site's terms?
    pub(crate) fn lacks_consent(&self, session: &Session<SqliteStore>) -> bool {
        let Some(consent) = self.form.as_ref().and_then(|form| form.consent.as_ref()) else { return false };
        present::of(session, &self.stream, &self.state).consented < consent.version
    }

    pub(super) fn question(
        &mut self,
        session: &mut Session<SqliteStore>,
        ask: Ask,
    ) -> std::sync::mpsc::Receiver<Told> {
        self.questions.ask(session, ask)
    }

    fn answered(&mut self, row: &OutboxRow, refused: Option<NackCode>) {
        let Some(verb) = wishes::verb(&row.body) else { return };
        // A mail that was taken is answered by what becomes of it.
        if refused.is_some() || !matches!(row.body, SendBody::Transcript { .. }) {
            self.answer(verb, Some(row.uid), refused.map(nack_code));
        }
    }

    fn mailed(&mut self, uid: Uid, outcome: MailOutcome) {
        match outcome {
            MailOutcome::Sent => self.answer(Verb::SendChatByMail, Some(uid), None),
            MailOutcome::Refused => self.answer(Verb::SendChatByMail, Some(uid), Some("mail_refused")),
            MailOutcome::Delayed => {
                let mut answer = self.made(Verb::SendChatByMail, Some(uid), Some("mail_delayed"));
                answer.success = true;
                self.tell(VisitorUpdate::Answer { answer });
            }
        }
    }

    fn answer(&mut self, verb: Verb, uid: Option<Uid>, code: Option<&str>) {
        let answer = self.made(verb, uid, code);
        self.tell(VisitorUpdate::Answer { answer });
    }

    fn made(&self, verb: Verb, uid: Option<Uid>, code: Option<&str>) -> Answer {
        Answer {
            verb,
            uid: uid.map(|uid| uid.to_string()),
            success: code.is_none(),
            code: code.map(str::to_owned),
            message: code.map(|code| sentence(code, self.locale)),
        }
    }

    fn error(&mut self, code: &str) {
        self.tell(VisitorUpdate::Error { code: code.to_owned(), message: sentence(code, self.locale) });
    }

    fn unwell(&mut self, error: &StoreError) {
        self.error(store_code(error));
    }
}

impl Audience<SqliteStore> for VisitorAudience {
    fn hear(&mut self, session: &mut Session<SqliteStore>, notice: Notice) {
        match &notice {
            Notice::Applied { events, .. } => self.feed.applied(session, events),
            Notice::Replaced(_) => self.feed.replaced(session),
            Notice::Receipts(_, side, receipts) => self.feed.receipts(*side, *receipts),
            Notice::Refused(row, _) => self.feed.refused(row),
            _ => {}
        }
        self.tell_page(session, notice);
        self.feed.stands(session, &self.state);
    }
}

impl VisitorAudience {
    fn tell_page(&mut self, session: &mut Session<SqliteStore>, notice: Notice) {
        match notice {
            Notice::Link(phase) => self.line(session, phase),
            Notice::Applied { events, live, .. } => self.applied(session, &events, live),
            Notice::Replaced(_) => self.replaced(session),
            Notice::Status { uid, status, .. } => {
                if let Some(change) = self.book.status_change(session, uid, status) {
                    self.tell(VisitorUpdate::Status { change });
                }
            }
            Notice::Upload { uid, stand, .. } => {
                let file = self.book.sent_on(session, uid, stand);
                self.went_on(file);
            }
            Notice::Unneeded(digest) => self.book.let_go(vec![digest]),
            Notice::Download { message, stand, .. } => {
                let file = self.book.came_on(session, message, stand);
                self.went_on(file);
            }
            Notice::Present(state) => self.present(session, *state),
            Notice::Form(form) => self.form(session, &form),
            Notice::Linked(visitor, token) => self.linking.linked(visitor, token),
            Notice::Told(n, told) => self.questions.told(n, told),
            Notice::Heard(heard) if heard.side == Side::Operator => {
                self.tell(VisitorUpdate::Typing { typing: heard.typing });
            }
            Notice::Receipts(_, Side::Operator, receipts) => {
                self.tell(VisitorUpdate::Receipts { receipts: lines::receipts(receipts) });
            }
            Notice::Done(row) => {
                self.agreed(session, &row.body);
                self.answered(&row, None);
            }
            Notice::Refused(row, code) => {
                // While it waited it was counted in.
                self.tell_present(session);
                self.answered(&row, Some(code));
            }
            Notice::Unwell(error) => self.unwell(&error),
            Notice::Older(_) => self.tell(VisitorUpdate::Older),
            // What the page did itself, and what only operators are told.
            Notice::Heard(_)
            | Notice::Receipts(..)
            | Notice::SignedIn(..)
            | Notice::Welcomed(..)
            | Notice::Site(_)
            | Notice::Requests(_)
            | Notice::Rows { .. } => {}
        }
    }
}

fn opened_by_message(event: &Event) -> bool {
    matches!(event.body, EventBody::Opened { by: OpenedBy::Message | OpenedBy::Invite, .. })
}

/// Which pack the site has is no setting of the page's: it is told when its bytes are here.
fn for_page(form: &FormSettings) -> FormSettings {
    FormSettings { pack: None, ..form.clone() }
}

/// One history may hold several sites of a desk.
fn key(stream: &StreamId, name: &str) -> String {
    format!("visitor.{}.{name}", stream.site)
}

/// What cannot be kept is asked of the desk again at the next start.
fn keep(session: &mut Session<SqliteStore>, key: &str, value: &str) {
    if let Err(error) = session.store_mut().set_setting(key, value) {
        tracing::warn!(%error, key, "a setting was not kept");
    }
}
