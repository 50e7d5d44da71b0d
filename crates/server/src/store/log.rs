//! The logs: events, the uids that caused them, chats and marks.

use deskbell_db::DbError;
use deskbell_wire::{ChatId, EventBody, MessageId, Seq, Side, Timestamp, Uid};
use rusqlite::types::Type;
use rusqlite::{Row, params};
use uuid::Uuid;

use super::chats::ChatRow;
use super::visitors::side_number;
use super::{Store, number, stored};

/// An event on its way in.
pub(crate) struct NewRow<'a> {
    pub(crate) stream: i64,
    pub(crate) seq: Seq,
    pub(crate) message_id: MessageId,
    pub(crate) chat: i64,
    pub(crate) ts: Timestamp,
    /// `None`: the desk itself.
    pub(crate) side: Option<Side>,
    /// 0 where no operator wrote it.
    pub(crate) operator: i64,
    pub(crate) device: i64,
    pub(crate) uid: Option<Uid>,
    pub(crate) body: &'a EventBody,
}

/// An event as it was kept.
pub(crate) struct StoredEvent {
    pub(crate) seq: Seq,
    pub(crate) message_id: MessageId,
    pub(crate) chat_id: Option<ChatId>,
    pub(crate) ts: Timestamp,
    pub(crate) side: Option<Side>,
    pub(crate) operator: i64,
    pub(crate) device: i64,
    pub(crate) uid: Option<Uid>,
    pub(crate) body: EventBody,
}

/// A uid that is known (S2).
pub(crate) struct Known {
    pub(crate) stream: i64,
    pub(crate) seq: Seq,
    pub(crate) hash: [u8; 16],
}

/// The newest of a stream, read once when it comes into memory.
#[derive(Default)]
pub(crate) struct LogRow {
    pub(crate) head: Seq,
    pub(crate) closed: Seq,
    /// The open chat.
    pub(crate) chat: Option<ChatRow>,
    /// Who joined it, in order.
    pub(crate) members: Vec<i64>,
    /// Body, side and time of the last message.
    pub(crate) last: Option<(EventBody, Side, Timestamp)>,
    /// delivered, read: visitor's, operators'.
    pub(crate) marks: [(Seq, Seq); 2],
}

const EVENT: &str = "SELECT m.seq, m.message_id, coalesce(c.chat_id, x''), m.ts, m.side, m.operator, m.device, \
     m.uid, m.kind, m.body FROM messages m LEFT JOIN chats c ON c.id = m.chat WHERE m.stream = ?1 AND ";
const MESSAGE: i64 = 1;
/// With a file: its words and its card are JSON.
const FILE_MESSAGE: i64 = 19;

impl Store {
    pub(crate) fn log(&self, stream: i64) -> Result<LogRow, DbError> {
        let chat = self.chat(stream)?;
        let members = match &chat {
            Some(chat) => self.members(chat.row)?,
            None => Vec::new(),
        };
        Ok(LogRow {
            head: self.head(stream)?,
            closed: self
                .one("SELECT max(closed) FROM chats WHERE stream = ?1", [stream], |row| {
                    row.get::<_, Option<i64>>(0)
                })?
                .flatten()
                .map_or(0, number),
            chat,
            members,
            last: self.last_words(stream)?,
            marks: [self.marks(stream, Side::Visitor)?, self.marks(stream, Side::Operator)?],
        })
    }

    /// The newest seq of a stream.
    pub(crate) fn head(&self, stream: i64) -> Result<Seq, DbError> {
        let head = self.one("SELECT max(seq) FROM messages WHERE stream = ?1", [stream], |row| {
            row.get::<_, Option<i64>>(0)
        })?;
        Ok(head.flatten().map_or(0, number))
    }

    /// What a person said last: what the desk says while a chat waits is nobody's words.
    fn last_words(&self, stream: i64) -> Result<Option<(EventBody, Side, Timestamp)>, DbError> {
        self.one(
            "SELECT kind, body, side, ts FROM messages WHERE stream = ?1 AND kind IN (1, 19) AND side <> 0
             ORDER BY seq DESC LIMIT 1",
            [stream],
            |row| {
                let side = if row.get::<_, i64>(2)? == 1 { Side::Visitor } else { Side::Operator };
                Ok((read_body(row.get(0)?, row.get(1)?)?, side, Timestamp(row.get(3)?)))
            },
        )
    }

    /// The visitor's messages above `read`, counted no further than `limit`.
    pub(crate) fn unread(&self, stream: i64, read: Seq, limit: u32) -> Result<u64, DbError> {
        let count = self.one(
            "SELECT count(*) FROM (SELECT 1 FROM messages
             WHERE stream = ?1 AND seq > ?2 AND kind IN (1, 19) AND side = 1 LIMIT ?3)",
            params![stream, stored(read), limit],
            |row| row.get(0),
        )?;
        Ok(count.map_or(0, number))
    }

    fn marks(&self, stream: i64, side: Side) -> Result<(Seq, Seq), DbError> {
        let key = params![stream, side_number(side)];
        let marks =
            self.one("SELECT delivered, read FROM marks WHERE stream = ?1 AND side = ?2", key, |row| {
                Ok((number(row.get(0)?), number(row.get(1)?)))
            })?;
        Ok(marks.unwrap_or_default())
    }

    pub(crate) fn set_marks(
        &self,
        stream: i64,
        side: Side,
        delivered: Seq,
        read: Seq,
    ) -> Result<(), DbError> {
        self.change(
            "INSERT INTO marks (stream, side, delivered, read) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET delivered = excluded.delivered, read = excluded.read",
            params![stream, side_number(side), stored(delivered), stored(read)],
        )
        .map(drop)
    }

    /// S2: has this device's uid been here?
    pub(crate) fn known(&self, device: i64, uid: Uid) -> Result<Option<Known>, DbError> {
        self.one(
            "SELECT stream, seq, hash FROM uids WHERE device = ?1 AND uid = ?2",
            params![device, uid.0.as_bytes()],
            |row| Ok(Known { stream: row.get(0)?, seq: number(row.get(1)?), hash: row.get(2)? }),
        )
    }

    pub(crate) fn add_uid(&self, device: i64, uid: Uid, known: &Known) -> Result<(), DbError> {
        // OR REPLACE: only a desk whose dedup a test has switched off meets a uid twice.
        self.change(
            "INSERT OR REPLACE INTO uids (device, uid, stream, seq, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![device, uid.0.as_bytes(), known.stream, stored(known.seq), known.hash],
        )
        .map(drop)
    }

    pub(crate) fn add_event(&self, row: &NewRow<'_>) -> Result<(), DbError> {
        let (kind, body) = keep(row.body)?;
        let uid: &[u8] = row.uid.as_ref().map_or(&[], |uid| uid.0.as_bytes());
        self.change(
            "INSERT INTO messages (stream, seq, message_id, chat, ts, side, operator, device, uid, kind, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                row.stream,
                stored(row.seq),
                row.message_id.0.as_bytes(),
                row.chat,
                row.ts.0,
                row.side.map_or(0, side_number),
                row.operator,
                row.device,
                uid,
                kind,
                body,
            ],
        )
        .map(drop)
    }

    /// The id and time of one event.
    pub(crate) fn event_id(&self, stream: i64, seq: Seq) -> Result<Option<(MessageId, Timestamp)>, DbError> {
        self.one(
            "SELECT message_id, ts FROM messages WHERE stream = ?1 AND seq = ?2",
            params![stream, stored(seq)],
            |row| Ok((MessageId(Uuid::from_bytes(row.get(0)?)), Timestamp(row.get(1)?))),
        )
    }

    /// Gives `take` the events above `seq`, oldest first, until it answers `false`.
    pub(crate) fn after(
        &self,
        stream: i64,
        seq: Seq,
        take: impl FnMut(StoredEvent) -> bool,
    ) -> Result<(), DbError> {
        self.events(&format!("{EVENT} m.seq > ?2 ORDER BY m.seq"), stream, seq, take)
    }

    /// Gives `take` the events below `seq`, newest first, until it answers `false`.
    pub(crate) fn before(
        &self,
        stream: i64,
        seq: Seq,
        take: impl FnMut(StoredEvent) -> bool,
    ) -> Result<(), DbError> {
        self.events(&format!("{EVENT} m.seq < ?2 ORDER BY m.seq DESC"), stream, seq, take)
    }

    fn events(
        &self,
        sql: &str,
        stream: i64,
        seq: Seq,
        mut take: impl FnMut(StoredEvent) -> bool,
    ) -> Result<(), DbError> {
        let mut statement = self.db()?.prepare_cached(sql)?;
        let mut rows = statement.query(params![stream, stored(seq)])?;
        while let Some(row) = rows.next()? {
            if !take(event(row)?) {
                break;
            }
        }
        Ok(())
    }
}

fn event(row: &Row<'_>) -> rusqlite::Result<StoredEvent> {
    let (chat_id, uid): (Vec<u8>, Vec<u8>) = (row.get(2)?, row.get(7)?);
    Ok(StoredEvent {
        seq: number(row.get(0)?),
        message_id: MessageId(Uuid::from_bytes(row.get(1)?)),
        chat_id: Uuid::from_slice(&chat_id).ok().map(ChatId),
        ts: Timestamp(row.get(3)?),
        side: match row.get::<_, i64>(4)? {
            1 => Some(Side::Visitor),
            2 => Some(Side::Operator),
            _ => None,
        },
        operator: row.get(5)?,
        device: row.get(6)?,
        uid: Uuid::from_slice(&uid).ok().map(Uid),
        body: read_body(row.get(8)?, row.get(9)?)?,
    })
}

/// How a body is kept: a message as its bare text, so that it can be searched, everything else as JSON.
fn keep(body: &EventBody) -> Result<(i64, std::borrow::Cow<'_, str>), DbError> {
    let kind = match body {
        EventBody::Message { text, file: None } => return Ok((MESSAGE, text.into())),
        EventBody::Message { file: Some(_), .. } => FILE_MESSAGE,
        EventBody::Opened { .. } => 2,
        EventBody::Joined { .. } => 3,
        EventBody::Left { .. } => 4,
        EventBody::Closed { .. } => 5,
        EventBody::Moved { .. } => 6,
        EventBody::Invited { .. } => 7,
        EventBody::InviteEnded { .. } => 8,
        EventBody::Rated { .. } => 9,
        EventBody::CardSaved { .. } => 10,
        EventBody::TranscriptAsked { .. } => 11,
        EventBody::TranscriptEnded { .. } => 12,
        EventBody::Requested(_) => 13,
        EventBody::Settled { .. } => 14,
        EventBody::LeadShown { .. } => 15,
        EventBody::LeadEnded { .. } => 16,
        EventBody::Consented { .. } => 17,
        EventBody::Banned { .. } => 18,
    };
    let json = serde_json::to_string(body).map_err(|_| DbError::Io("an event that is no JSON".to_owned()))?;
    Ok((kind, json.into()))
}

fn read_body(kind: i64, body: String) -> rusqlite::Result<EventBody> {
    if kind == MESSAGE {
        return Ok(EventBody::message(body));
    }
    serde_json::from_str(&body)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(9, Type::Text, Box::new(error)))
}
