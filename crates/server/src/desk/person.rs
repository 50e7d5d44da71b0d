//! A visitor in memory: who is connected, and the newest of the public stream.
//!
//! What must always hold: outside an open transaction, what stands here of the log is what the database holds;
//! after a commit of unknown outcome it is read again (S5).

use std::sync::Arc;

use deskbell_db::DbError;
use deskbell_wire::{
    Availability, Invitation, OperatorCard, Rating, State, StreamId, Timestamp, VisitorId, VisitorRow,
    VisitorState, VisitorStatus,
};

use super::io::ConnId;
use super::log::{Chat, Log, Offer, Offered};
use super::pace::Bucket;
use super::policy::Subject;
use super::rules::Acted;
use super::visit::Visit;
use crate::store::{Store, VisitorRecord};

/// Names a visitor inside the desk: the site's row and the visitor's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PersonKey {
    pub(crate) site: i64,
    pub(crate) visitor: VisitorId,
}

/// A visitor in memory.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) stream: Arc<StreamId>,
    /// The row in the database; 0 where it is not written yet.
    pub(crate) row: i64,
    pub(crate) token: [u8; 32],
    pub(crate) log: Log,
    pub(crate) conns: Vec<ConnId>,
    pub(crate) status: VisitorStatus,
    pub(crate) since: Timestamp,
    pub(crate) visit: Visit,
    pub(crate) acted: Acted,
    /// The visitor's words so far, and the connection that types them.
    pub(crate) typing: Option<(ConnId, Box<str>)>,
    /// The operator's connection that types.
    pub(crate) answering: Option<ConnId>,
    pub(crate) pace: Bucket,
    pub(crate) asks: Bucket,
    /// Of a pack.
    pub(crate) parts: Bucket,
    /// What the visitor's form was last told.
    pub(crate) told: Option<Box<State>>,
}

impl Person {
    /// Somebody whom the desk has never seen.
    pub(crate) fn new(stream: StreamId, token: [u8; 32], now: Timestamp) -> Self {
        Self {
            stream: Arc::new(stream),
            row: 0,
            token,
            log: Log::default(),
            conns: Vec::new(),
            status: VisitorStatus::Gone,
            since: now,
            visit: Visit { seen: now, ..Visit::default() },
            acted: Acted::new(),
            typing: None,
            answering: None,
            pace: Bucket::default(),
            asks: Bucket::default(),
            parts: Bucket::default(),
            told: None,
        }
    }

    /// Somebody whom the database knows.
    pub(crate) fn load(
        store: &Store,
        stream: StreamId,
        record: &VisitorRecord,
        card: impl FnMut(i64) -> Option<OperatorCard>,
    ) -> Result<Self, DbError> {
        let mut person = Self::new(stream, record.token, record.visit.seen);
        person.row = record.row;
        person.visit = record.visit;
        person.acted.clone_from(&record.acted);
        person.log = Log::load(store, record, card)?;
        person.status = person.status_now();
        if let Some(chat) = &person.log.chat {
            person.since = chat.opened_at;
        }
        Ok(person)
    }

    /// The status that follows from everything else.
    pub(crate) fn status_now(&self) -> VisitorStatus {
        match (&self.log.chat, &self.log.offer) {
            (Some(chat), _) if !chat.members.is_empty() => VisitorStatus::InChat,
            (Some(_), _) => VisitorStatus::Waiting,
            (None, _) if self.conns.is_empty() => VisitorStatus::Gone,
            (None, Some(offer)) => match offer.what {
                Offered::Invite { .. } => VisitorStatus::Invited,
                Offered::Lead { .. } => VisitorStatus::FormShown,
            },
            (None, None) => VisitorStatus::OnSite,
        }
    }

    /// What the visitor's form needs to know. `rating`: does the site let operators be rated?
    pub(crate) fn state(&self, availability: Availability, rating: bool) -> State {
        let Log { chat, offer, rateable, about, .. } = &self.log;
        let chat = chat.as_deref();
        let invite = offer.as_deref().and_then(invitation);
        let lead = self.log.lead();
        let visitor_state = match (chat, &invite, lead) {
            (Some(_), ..) => VisitorState::Chat,
            (None, Some(_), _) => VisitorState::Invite,
            (None, None, Some(_)) => VisitorState::Lead,
            (None, None, None) => VisitorState::Available,
        };
        let rating = rateable.as_deref().filter(|_| rating);
        State {
            visitor_state,
            availability,
            operator: chat.and_then(Chat::operator).cloned(),
            group: chat.and_then(|chat| chat.group),
            invite,
            lead,
            rating: rating.map(|rateable| Rating { chat_id: rateable.chat_id, mark: rateable.mark }),
            card: about.card.clone(),
            retention: chat.and_then(|chat| chat.way),
            consented: about.consented,
        }
    }

    /// His stream, as far as rights go.
    pub(crate) fn subject(&self, key: PersonKey) -> Subject<'_> {
        Subject { stream: &self.stream, site: key.site, log: Some(&self.log) }
    }

    /// The row of the operators' list.
    pub(crate) fn list_row(&self) -> VisitorRow {
        let chat = self.log.chat.as_deref();
        VisitorRow {
            stream: StreamId::clone(&self.stream),
            name: Some(self.log.about.card.name.clone()).filter(|name| !name.is_empty()),
            status: self.status,
            since: self.since,
            connected: !self.conns.is_empty(),
            chat_id: chat.map(|chat| chat.id),
            operator: chat.and_then(Chat::operator).cloned(),
            group: chat.and_then(|chat| chat.group),
            head: self.log.head,
            last: self.log.last.as_deref().cloned(),
            unread: self.log.unread,
        }
    }
}

fn invitation(offer: &Offer) -> Option<Invitation> {
    let Offered::Invite { text, operator, .. } = &offer.what else { return None };
    let (id, ts, expires) = (offer.message_id, offer.ts, offer.expires);
    Some(Invitation { id, text: text.clone(), operator: operator.clone(), ts, expires })
}
