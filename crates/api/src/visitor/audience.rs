//! The core's news as the visitor's page is told them.

use deskbell_client::Audience;
use deskbell_core::store::{OutboxRow, Store, StoreError};
use deskbell_core::{Notice, Session};
use deskbell_store::SqliteStore;
use deskbell_wire::{
    Event, EventBody, NackCode, OpenedBy, OperatorCard, SendBody, Side, State, StreamId, VisitorState,
};

use super::{PAGE, VisitorListener};
use crate::dto::{Answer, Locale, Sender, Verb, VisitorBoot, VisitorUpdate};
use crate::lines;
use crate::problem::{nack_code, sentence, store_code};
use crate::start::wall_ms;

/// The settings in which the present is kept, so that a start without a network knows where things stood.
const CHATTING: &str = "chatting";
const OPERATOR: &str = "operator";

pub(crate) struct VisitorAudience {
    stream: StreamId,
    locale: Locale,
    session_only: bool,
    listener: Option<VisitorListener>,
    since: i64,
    chatting: bool,
    available: bool,
    operator: Option<OperatorCard>,
}

impl VisitorAudience {
    pub(super) fn new(stream: StreamId, locale: Locale, session_only: bool, store: &SqliteStore) -> Self {
        let kept = |name| store.setting(&key(&stream, name)).ok().flatten();
        let chatting = kept(CHATTING).is_some_and(|text| text == "1");
        let operator = kept(OPERATOR).and_then(|text| serde_json::from_str(&text).ok());
        let (listener, since, available) = (None, wall_ms(), false);
        Self { stream, locale, session_only, listener, since, chatting, available, operator }
    }

    pub(super) fn boot(
        &mut self,
        session: &Session<SqliteStore>,
        listener: VisitorListener,
    ) -> Result<VisitorBoot, StoreError> {
        self.listener = Some(listener);
        let page = lines::tail(session, &self.stream, PAGE, Sender::Visitor)?;
        let receipts = session.held(&self.stream).map(|held| held.operator).unwrap_or_default();
        Ok(VisitorBoot {
            visitor_id: self.stream.visitor.to_string(),
            site: self.stream.site.to_string(),
            locale: self.locale,
            chatting: self.chatting,
            available: self.available,
            operator: self.operator.as_ref().map(lines::operator),
            connection: lines::connection(session, self.since, self.locale),
            messages: page.messages,
            more: page.more,
            receipts: lines::receipts(receipts),
            unread: session.store().unread(&self.stream, Side::Visitor)?,
            session_only: self.session_only,
        })
    }

    fn tell(&mut self, update: VisitorUpdate) {
        if let Some(listener) = &mut self.listener {
            listener(update);
        }
    }

    fn applied(&mut self, session: &Session<SqliteStore>, events: &[Event], live: bool) {
        let unread = session.store().unread(&self.stream, Side::Visitor).unwrap_or(0);
        for change in events.iter().filter_map(lines::committed) {
            self.tell(VisitorUpdate::Status { change });
        }
        // Own words are on the page since they were stored; what else one did becomes a line only now.
        let news = events.iter().filter(|event| event.uid.is_none() || !lines::is_words(event));
        let messages: Vec<_> = news.map(lines::from_event).collect();
        if live {
            if events.iter().any(opened_by_message) {
                self.answer(Verb::StartChat, None);
            }
            for message in messages {
                self.tell(VisitorUpdate::Message { message, unread });
            }
        } else if !messages.is_empty() {
            self.tell(VisitorUpdate::Missed { messages, unread });
        }
    }

    fn replaced(&mut self, session: &Session<SqliteStore>) {
        match lines::tail(session, &self.stream, PAGE, Sender::Visitor) {
            Ok(page) => {
                let unread = session.store().unread(&self.stream, Side::Visitor).unwrap_or(0);
                self.tell(VisitorUpdate::Replaced { messages: page.messages, more: page.more, unread });
            }
            Err(error) => self.unwell(&error),
        }
    }

    fn present(&mut self, session: &mut Session<SqliteStore>, state: State) {
        let chatting = state.visitor_state == VisitorState::Chat;
        if chatting != self.chatting {
            self.chatting = chatting;
            keep(session, &key(&self.stream, CHATTING), if chatting { "1" } else { "0" });
            self.tell(VisitorUpdate::State { chatting });
        }
        if state.availability.online != self.available {
            self.available = state.availability.online;
            self.tell(VisitorUpdate::Availability { available: self.available });
        }
        if state.operator != self.operator {
            self.operator = state.operator;
            keep(
                session,
                &key(&self.stream, OPERATOR),
                &serde_json::to_string(&self.operator).unwrap_or_default(),
            );
            self.tell(VisitorUpdate::Operator { operator: self.operator.as_ref().map(lines::operator) });
        }
    }

    fn gone_offline(&mut self) {
        if self.available {
            self.available = false;
            self.tell(VisitorUpdate::Availability { available: false });
        }
    }

    fn answered(&mut self, row: &OutboxRow, refused: Option<NackCode>) {
        match row.body {
            SendBody::Start {} => self.answer(Verb::StartChat, refused),
            SendBody::Close {} => self.answer(Verb::CloseChat, refused),
            SendBody::Message { .. } => {}
        }
    }

    fn answer(&mut self, verb: Verb, refused: Option<NackCode>) {
        let code = refused.map(nack_code);
        let answer = Answer {
            verb,
            success: refused.is_none(),
            code: code.map(str::to_owned),
            message: code.map(|code| sentence(code, self.locale)),
        };
        self.tell(VisitorUpdate::Answer { answer });
    }

    fn unwell(&mut self, error: &StoreError) {
        let code = store_code(error);
        self.tell(VisitorUpdate::Error { code: code.to_owned(), message: sentence(code, self.locale) });
    }
}

impl Audience<SqliteStore> for VisitorAudience {
    fn hear(&mut self, session: &mut Session<SqliteStore>, notice: Notice) {
        match notice {
            Notice::Link(_) => {
                self.since = wall_ms();
                let connection = lines::connection(session, self.since, self.locale);
                if connection.phase != crate::dto::Phase::Online {
                    self.gone_offline();
                }
                self.tell(VisitorUpdate::Connection { connection });
            }
            Notice::Applied { events, live, .. } => self.applied(session, &events, live),
            Notice::Replaced(_) => self.replaced(session),
            Notice::Status { uid, status, .. } => {
                if let Some(change) = lines::status_change(uid, status, self.locale) {
                    self.tell(VisitorUpdate::Status { change });
                }
            }
            Notice::Present(state) => self.present(session, state),
            Notice::Heard(heard) if heard.side == Side::Operator => {
                self.tell(VisitorUpdate::Typing { typing: heard.typing });
            }
            Notice::Receipts(_, Side::Operator, receipts) => {
                self.tell(VisitorUpdate::Receipts { receipts: lines::receipts(receipts) });
            }
            Notice::Done(row) => self.answered(&row, None),
            Notice::Refused(row, code) => self.answered(&row, Some(code)),
            Notice::Unwell(error) => self.unwell(&error),
            Notice::Older(_) => self.tell(VisitorUpdate::Older),
            // What the page did itself, and what only operators are told.
            Notice::Heard(_)
            | Notice::Receipts(..)
            | Notice::SignedIn(..)
            | Notice::Welcomed(..)
            | Notice::Rows { .. } => {}
        }
    }
}

fn opened_by_message(event: &Event) -> bool {
    matches!(event.body, EventBody::Opened { by: OpenedBy::Message })
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
