//! A visitor in memory: who is connected, and the newest of the public stream.
//!
//! What must always hold: outside an open transaction, what stands here of the log is what the database holds;
//! after a commit of unknown outcome it is read again (S5).

use std::sync::Arc;

use deskbell_db::DbError;
use deskbell_wire::{
    Availability, ChatId, EventBody, LastWords, OperatorCard, OperatorId, Seq, Side, State, StreamId,
    Timestamp, VisitorId, VisitorRow, VisitorState, VisitorStatus,
};

use super::io::ConnId;
use super::pace::Bucket;
use crate::store::{Store, VisitorRecord};

/// Names a visitor inside the desk: the site's row and the visitor's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PersonKey {
    pub(crate) site: i64,
    pub(crate) visitor: VisitorId,
}

/// How far a side has come. Monotone (S11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Receipts {
    pub(crate) delivered: Seq,
    pub(crate) read: Seq,
}

/// An open chat.
#[derive(Clone, Debug)]
pub(crate) struct Chat {
    pub(crate) row: i64,
    pub(crate) id: ChatId,
    pub(crate) opened: Seq,
    pub(crate) opened_at: Timestamp,
    /// Rows of the operators who joined.
    pub(crate) members: Vec<i64>,
    /// Who joined last.
    pub(crate) operator: Option<OperatorCard>,
}

/// The newest of a stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    /// 0 where nothing was ever written.
    pub(crate) row: i64,
    pub(crate) head: Seq,
    /// The seq of the last `closed` event; 0 where no chat was ever closed.
    pub(crate) closed: Seq,
    pub(crate) chat: Option<Box<Chat>>,
    pub(crate) last: Option<Box<LastWords>>,
    pub(crate) unread: u64,
    pub(crate) visitor: Receipts,
    pub(crate) operator: Receipts,
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
    /// The visitor's words so far, and the connection that types them.
    pub(crate) typing: Option<(ConnId, Box<str>)>,
    /// The operator's connection that types.
    pub(crate) answering: Option<ConnId>,
    pub(crate) pace: Bucket,
    /// What the visitor's form was last told.
    pub(crate) told: Option<(VisitorState, bool, Option<OperatorId>)>,
}

/// Counting goes no further: "999+" says as much.
const UNREAD_MOST: u32 = 1_000;
/// Characters of the last words in a list.
const LAST_CHARS: usize = 120;

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
            typing: None,
            answering: None,
            pace: Bucket::default(),
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
        let mut person = Self::new(stream, record.token, record.seen);
        person.row = record.row;
        person.log = Log::load(store, record.stream_row, card)?;
        person.status = person.status_now();
        if let Some(chat) = &person.log.chat {
            person.since = chat.opened_at;
        }
        Ok(person)
    }

    /// The status that follows from everything else.
    pub(crate) fn status_now(&self) -> VisitorStatus {
        match &self.log.chat {
            Some(chat) if chat.operator.is_some() => VisitorStatus::InChat,
            Some(_) => VisitorStatus::Waiting,
            None if self.conns.is_empty() => VisitorStatus::Gone,
            None => VisitorStatus::OnSite,
        }
    }

    /// What the visitor's form needs to know.
    pub(crate) fn state(&self, online: bool) -> State {
        let chat = self.log.chat.as_deref();
        State {
            visitor_state: if chat.is_some() { VisitorState::Chat } else { VisitorState::Available },
            availability: Availability { online },
            operator: chat.and_then(|chat| chat.operator.clone()),
        }
    }

    /// The row of the operators' list.
    pub(crate) fn list_row(&self) -> VisitorRow {
        let chat = self.log.chat.as_deref();
        VisitorRow {
            stream: StreamId::clone(&self.stream),
            name: None,
            status: self.status,
            since: self.since,
            connected: !self.conns.is_empty(),
            chat_id: chat.map(|chat| chat.id),
            operator: chat.and_then(|chat| chat.operator.clone()),
            head: self.log.head,
            last: self.log.last.as_deref().cloned(),
            unread: self.log.unread,
        }
    }
}

impl Log {
    /// Reads it; row 0 is the empty log.
    pub(crate) fn load(
        store: &Store,
        row: i64,
        mut card: impl FnMut(i64) -> Option<OperatorCard>,
    ) -> Result<Self, DbError> {
        if row == 0 {
            return Ok(Self::default());
        }
        let kept = store.log(row)?;
        let [visitor, operator] = kept.marks.map(|(delivered, read)| Receipts { delivered, read });
        let chat = kept.chat.map(|(row, id, opened, opened_at)| {
            let operator = kept.members.last().and_then(|last| card(*last));
            Box::new(Chat { row, id, opened, opened_at, members: kept.members, operator })
        });
        Ok(Self {
            row,
            head: kept.head,
            closed: kept.closed,
            chat,
            last: kept.last.map(|(text, side, ts)| Box::new(words(&text, side, ts))),
            unread: store.unread(row, operator.read, UNREAD_MOST)?,
            visitor,
            operator,
        })
    }

    /// Takes an event in that was written just now. Opening, joining and closing also change [`Self::chat`], which
    /// the caller does: only it knows the rows.
    pub(crate) fn append(&mut self, body: &EventBody, side: Side, now: Timestamp) {
        self.head += 1;
        match body {
            EventBody::Message { text } => {
                self.last = Some(Box::new(words(text, side, now)));
                self.unread += u64::from(side == Side::Visitor);
            }
            EventBody::Closed { .. } => self.closed = self.head,
            EventBody::Opened { .. } | EventBody::Joined { .. } | EventBody::Left { .. } => {}
        }
    }

    /// Counts what no operator has read, after the mark rose.
    pub(crate) fn recount(&mut self, store: &Store) -> Result<(), DbError> {
        self.unread = if self.operator.read >= self.head {
            0
        } else {
            store.unread(self.row, self.operator.read, UNREAD_MOST)?
        };
        Ok(())
    }

    /// One side's receipts.
    pub(crate) fn receipts(&mut self, side: Side) -> &mut Receipts {
        match side {
            Side::Visitor => &mut self.visitor,
            Side::Operator => &mut self.operator,
        }
    }
}

/// The beginning of a text, on one line.
fn words(text: &str, side: Side, ts: Timestamp) -> LastWords {
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    LastWords { text: line.take(LAST_CHARS).collect(), side, ts }
}
