//! The core's news as the operator's page is told them.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender};

use deskbell_client::Audience;
use deskbell_core::store::{Store, StoreError};
use deskbell_core::{LinkPhase, Notice, Session, StopReason};
use deskbell_store::SqliteStore;
use deskbell_wire::{
    Ask, ByeCode, Event, FileRules, GroupId, OperatorCard, OperatorStatus, Requests, Secret, Side, StreamId,
    Told,
};

use super::feed::Feed;
use super::typed::Typed;
use super::{KeepToken, OperatorListener, OperatorOptions, rows, work};
use crate::dto::{
    FileNews, FileView, Hosting, Locale, OperatorBoot, OperatorPhase, OperatorUpdate, Problem, RequestLine,
    SiteView, Summon,
};
use crate::files::{Book, Bounds};
use crate::lines;
use crate::problem::{nack_code, problem, stop_code, store_code};
use crate::questions::Questions;
use crate::start::wall_ms;

/// The setting in which the operator's own card is kept.
const ME: &str = "operator.me";
/// The setting in which it is kept which files the site takes: known again before the desk is reached.
const FILE_RULES: &str = "operator.files";

pub(crate) struct OperatorAudience {
    locale: Locale,
    desk: String,
    hosting: Option<Hosting>,
    session_only: bool,
    keep_token: KeepToken,
    listener: Option<OperatorListener>,
    /// What the window is to show when its page is there.
    summon: Option<Summon>,
    waiting: Option<SyncSender<Result<(), Problem>>>,
    phase: OperatorPhase,
    me: Option<OperatorCard>,
    online: bool,
    since: i64,
    typed: Typed,
    feed: Feed,
    site: Option<SiteView>,
    /// Newest first, open ones before those that were worked off; as the desk listed them.
    requests: BTreeMap<String, RequestLine>,
    open_requests: u64,
    questions: Questions,
    pub(super) book: Book,
}

impl OperatorAudience {
    pub(super) fn new(options: OperatorOptions, store: &SqliteStore, book: Book) -> Self {
        let signed_in = options.secrets.operator_tokens.contains_key(&options.desk);
        let me = store.setting(ME).ok().flatten().and_then(|text| serde_json::from_str(&text).ok());
        let rules = store.setting(FILE_RULES).ok().flatten();
        let rules: Option<FileRules> = rules.and_then(|text| serde_json::from_str(&text).ok());
        if let Some(rules) = rules {
            book.rules(&rules);
        }
        let phase = match (signed_in, options.needs_setup) {
            (true, _) => OperatorPhase::Ready,
            (false, true) => OperatorPhase::Setup,
            (false, false) => OperatorPhase::SignIn,
        };
        Self {
            locale: options.locale,
            desk: options.link.authority(),
            hosting: options.hosting,
            session_only: options.keep == crate::profile::Keep::SessionOnly,
            keep_token: options.keep_token,
            listener: None,
            summon: None,
            waiting: None,
            phase,
            me,
            online: true,
            since: wall_ms(),
            typed: Typed::default(),
            feed: Feed::new(options.newsroom, options.locale),
            site: None,
            requests: BTreeMap::new(),
            open_requests: 0,
            questions: Questions::default(),
            book,
        }
    }

    pub(super) fn boot(
        &mut self,
        session: &Session<SqliteStore>,
        listener: OperatorListener,
    ) -> OperatorBoot {
        self.listener = Some(listener);
        let (listed, total) = session.rows();
        let mut rows: Vec<_> = listed.map(rows::from_row).collect();
        let listed = session.link() == LinkPhase::Live;
        if rows.is_empty() && !listed && self.phase == OperatorPhase::Ready {
            rows = rows::from_history(session);
        }
        let total = total.max(rows.len() as u64);
        OperatorBoot {
            phase: self.phase,
            locale: self.locale,
            operator: self.me.as_ref().map(lines::operator),
            online: self.online,
            connection: lines::connection(session, self.since, self.locale),
            desk: self.desk.clone(),
            hosting: self.hosting.clone(),
            rows,
            total,
            site: self.site.clone(),
            requests: self.requests.values().cloned().collect(),
            open_requests: self.open_requests,
            session_only: self.session_only,
            summon: self.summon.take(),
        }
    }

    pub(super) fn question(&mut self, session: &mut Session<SqliteStore>, ask: Ask) -> Receiver<Told> {
        self.questions.ask(session, ask)
    }

    fn requested(&mut self, requests: Requests) {
        let Requests { whole, rows, gone, open } = requests;
        let rows: Vec<_> = rows.iter().map(work::request).collect();
        let gone: Vec<_> = gone.iter().map(ToString::to_string).collect();
        if whole {
            self.requests.clear();
        }
        self.requests.retain(|id, _| !gone.contains(id));
        self.requests.extend(rows.iter().map(|row| (row.id.clone(), row.clone())));
        self.open_requests = open;
        self.tell(OperatorUpdate::Requests { whole, rows, gone, open });
    }

    pub(super) fn await_sign_in(&mut self, answer: SyncSender<Result<(), Problem>>) {
        self.waiting = Some(answer);
    }

    pub(super) fn adopted(&mut self, token: &Secret) {
        (self.keep_token)(Some(token.clone()));
        self.phase = OperatorPhase::Ready;
        self.tell_phase(None);
    }

    pub(super) fn signed_out(&mut self) {
        (self.keep_token)(None);
        self.me = None;
        self.feed.clear();
    }

    pub(super) fn status_changed(&mut self, session: &Session<SqliteStore>, status: OperatorStatus) {
        self.online = status == OperatorStatus::Online;
        self.tell_phase(None);
        self.stand(session);
    }

    pub(super) fn typed_in(&self, stream: &StreamId) -> Option<String> {
        self.typed.of(stream)
    }

    /// The window was raised from outside. A page that is not there yet finds it in its boot.
    pub(super) fn summon(&mut self, summon: Summon) {
        match &mut self.listener {
            Some(listener) => listener(OperatorUpdate::Summon { summon }),
            None => self.summon = Some(summon),
        }
    }

    pub(crate) fn tell(&mut self, update: OperatorUpdate) {
        if let Some(listener) = &mut self.listener {
            listener(update);
        }
    }

    /// The desktop hears everything before the page does, and keeps its own account.
    fn report(&mut self, session: &mut Session<SqliteStore>, notice: &Notice) {
        let Some(me) = self.me.as_ref().map(|card| card.id) else { return };
        match notice {
            Notice::Applied { stream, events, .. } => self.feed.applied(session, (stream, events), me),
            Notice::Replaced(stream) => self.feed.replaced(session, stream, me),
            Notice::Receipts(stream, side, receipts) => self.feed.receipts(stream, *side, *receipts),
            Notice::Rows { rows, .. } => self.feed.rows(session, rows, me),
            Notice::Requests(requests) => self.feed.requests(session, requests, me),
            Notice::Site(site) => self.feed.site(site, me),
            _ => {}
        }
    }

    /// Tells the desktop how things stand.
    fn stand(&mut self, session: &Session<SqliteStore>) {
        let me = self.me.as_ref().map(|card| card.id);
        self.feed.stands(session, me, (self.phase == OperatorPhase::Ready, self.online));
    }

    fn tell_phase(&mut self, problem: Option<Problem>) {
        let operator = self.me.as_ref().map(lines::operator);
        self.tell(OperatorUpdate::Phase { phase: self.phase, operator, online: self.online, problem });
    }

    fn answer_sign_in(&mut self, answer: Result<(), Problem>) {
        if let Some(waiting) = self.waiting.take() {
            // The page may have given up waiting.
            let _ = waiting.try_send(answer);
        }
    }

    fn link(&mut self, session: &Session<SqliteStore>, phase: LinkPhase) {
        self.since = wall_ms();
        let connection = lines::connection(session, self.since, self.locale);
        if phase != LinkPhase::Live {
            self.typed.clear();
        }
        match phase {
            LinkPhase::Stopped(reason) => self.line_stopped(reason),
            LinkPhase::Waiting => {
                let code = connection.code.clone().unwrap_or_else(|| "unreachable".to_owned());
                self.answer_sign_in(Err(problem(&code, self.locale)));
            }
            LinkPhase::Connecting | LinkPhase::Live => {}
        }
        self.tell(OperatorUpdate::Connection { connection });
    }

    fn line_stopped(&mut self, reason: StopReason) {
        let why = problem(stop_code(reason), self.locale);
        self.answer_sign_in(Err(why.clone()));
        let code = match reason {
            StopReason::Bye(code) => Some(code),
            StopReason::NoToken => None,
            StopReason::Certificate => return,
        };
        if code == Some(ByeCode::BadToken) {
            (self.keep_token)(None);
        }
        let signs_in = code
            .is_none_or(|code| matches!(code, ByeCode::BadToken | ByeCode::BadCredentials | ByeCode::Limit));
        // Nobody is signed in, and the page knows: whatever it says of the last try stands.
        let known = code.is_none() && self.phase == OperatorPhase::SignIn;
        if signs_in && !known && self.phase != OperatorPhase::Setup {
            self.phase = OperatorPhase::SignIn;
            self.feed.clear();
            self.tell_phase(code.map(|_| why));
        }
    }

    fn signed_in(&mut self, session: &mut Session<SqliteStore>, card: OperatorCard, token: Secret) {
        (self.keep_token)(Some(token));
        self.remember(session, card);
        self.phase = OperatorPhase::Ready;
        self.answer_sign_in(Ok(()));
        self.tell_phase(None);
    }

    fn welcomed(&mut self, session: &mut Session<SqliteStore>, card: OperatorCard, status: OperatorStatus) {
        self.remember(session, card);
        self.online = status == OperatorStatus::Online;
        self.phase = OperatorPhase::Ready;
        self.tell_phase(None);
    }

    fn remember(&mut self, session: &mut Session<SqliteStore>, card: OperatorCard) {
        if self.me.as_ref() != Some(&card) {
            let text = serde_json::to_string(&card).unwrap_or_default();
            if let Err(error) = session.store_mut().set_setting(ME, &text) {
                tracing::warn!(%error, "the operator's card was not kept");
            }
            self.me = Some(card);
        }
    }

    fn file_rules(&self, session: &mut Session<SqliteStore>, rules: &FileRules) {
        if self.book.rules(rules) {
            let text = serde_json::to_string(rules).unwrap_or_default();
            if let Err(error) = session.store_mut().set_setting(FILE_RULES, &text) {
                tracing::warn!(%error, "which files the site takes was not kept");
            }
        }
    }

    fn applied(
        &mut self,
        session: &Session<SqliteStore>,
        (stream, events, live): (&StreamId, &[Event], bool),
    ) {
        self.typed.applied(stream, events);
        let visitor = stream.visitor.to_string();
        events.iter().for_each(|event| self.book.settled(event));
        for change in events.iter().filter_map(lines::committed) {
            self.tell(OperatorUpdate::Status { visitor: visitor.clone(), change });
        }
        if !live {
            return self.tell(OperatorUpdate::Changed { visitor });
        }
        // Own words are on the page since they were stored; what else one did becomes a line only now.
        let news = events.iter().filter(|event| event.uid.is_none() || !lines::is_words(event));
        let is_open = session.held(stream).is_some_and(|held| held.backfill);
        for event in news {
            let message = Box::new(self.book.line(session, event));
            if is_open {
                self.book.shown(stream, std::slice::from_ref(&message));
            }
            self.tell(OperatorUpdate::Message { visitor: visitor.clone(), message });
        }
    }

    /// Which files are taken in a chat that is for that group.
    pub(crate) fn file_bounds(&self, group: Option<GroupId>) -> Bounds {
        self.book.bounds(group)
    }

    fn went_on(&mut self, stream: &StreamId, file: Option<FileView>) {
        if let Some(file) = file {
            let (visitor, news) = (stream.visitor.to_string(), Box::new(FileNews { file }));
            self.tell(OperatorUpdate::File { visitor, news });
        }
    }

    fn typed(&mut self, stream: StreamId, text: Option<String>) {
        let visitor = stream.visitor.to_string();
        self.typed.heard(stream, text.clone());
        self.tell(OperatorUpdate::Typing { visitor, text });
    }

    fn unwell(&mut self, error: &StoreError) {
        let problem = problem(store_code(error), self.locale);
        self.tell(OperatorUpdate::Error { problem });
    }
}

impl Audience<SqliteStore> for OperatorAudience {
    fn hear(&mut self, session: &mut Session<SqliteStore>, notice: Notice) {
        let stands = matches!(
            notice,
            Notice::Link(_) | Notice::SignedIn(..) | Notice::Welcomed(..) | Notice::Rows { .. }
        );
        self.report(session, &notice);
        self.tell_page(session, notice);
        if stands {
            self.stand(session);
        }
    }
}

impl OperatorAudience {
    fn tell_page(&mut self, session: &mut Session<SqliteStore>, notice: Notice) {
        match notice {
            Notice::Link(phase) => self.link(session, phase),
            Notice::SignedIn(card, token) => self.signed_in(session, card, token),
            Notice::Welcomed(card, status) => self.welcomed(session, card, status),
            Notice::Applied { stream, events, live } => self.applied(session, (&stream, &events, live)),
            Notice::Replaced(stream) => {
                self.tell(OperatorUpdate::Changed { visitor: stream.visitor.to_string() })
            }
            Notice::Status { stream, uid, status } => {
                if let Some(change) = self.book.status_change(session, uid, status) {
                    self.tell(OperatorUpdate::Status { visitor: stream.visitor.to_string(), change });
                }
            }
            Notice::Upload { stream, uid, stand } => {
                let file = self.book.sent_on(session, uid, stand);
                self.went_on(&stream, file);
            }
            Notice::Unneeded(digest) => self.book.let_go(vec![digest]),
            Notice::Download { stream, message, stand } => {
                let file = self.book.came_on(session, message, stand);
                self.went_on(&stream, file);
            }
            Notice::Refused(_, code) => {
                let problem = problem(nack_code(code), self.locale);
                self.tell(OperatorUpdate::Error { problem });
            }
            Notice::Rows { whole, rows, gone, total } => {
                let rows = rows.iter().map(rows::from_row).collect();
                let gone = gone.iter().map(|stream| stream.visitor.to_string()).collect();
                self.tell(OperatorUpdate::Rows { whole, rows, gone, total });
            }
            Notice::Heard(heard) if heard.side == Side::Visitor => {
                self.typed(heard.stream, heard.typing.then_some(heard.text));
            }
            Notice::Receipts(stream, Side::Visitor, receipts) => {
                let (visitor, receipts) = (stream.visitor.to_string(), lines::receipts(receipts));
                self.tell(OperatorUpdate::Receipts { visitor, receipts });
            }
            Notice::Older(stream) => self.tell(OperatorUpdate::Older { visitor: stream.visitor.to_string() }),
            Notice::Unwell(error) => self.unwell(&error),
            Notice::Site(site) => {
                let site = work::site(&site);
                self.file_rules(session, &site.settings.form.files);
                self.site = Some(site.clone());
                self.tell(OperatorUpdate::Site { site: Box::new(site) });
            }
            Notice::Requests(requests) => self.requested(requests),
            Notice::Told(n, told) => self.questions.told(n, told),
            // What the page did itself, and what only a visitor is told.
            Notice::Heard(_)
            | Notice::Receipts(..)
            | Notice::Done(_)
            | Notice::Present(_)
            | Notice::Form(_)
            | Notice::Linked(..) => {}
        }
    }
}
