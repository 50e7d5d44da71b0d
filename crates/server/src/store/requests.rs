//! What visitors left to be worked off. A row points at its `requested` event, which holds the words.

use deskbell_db::DbError;
use deskbell_wire::{
    EventBody, MessageId, OperatorCard, OperatorId, Request, RequestRow, Seq, SiteKey, StreamId, Timestamp,
    VisitorCard, VisitorId,
};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::{Store, number, stored};

/// A request, as far as it takes to decide who may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestKey {
    pub(crate) id: MessageId,
    /// The stream's row.
    pub(crate) stream: i64,
    /// The site's row.
    pub(crate) site: i64,
    /// 0: for everybody.
    pub(crate) grp: u32,
}

const OPEN: &str = "SELECT r.message_id, r.stream, v.site, r.grp FROM requests r \
     JOIN streams s ON s.id = r.stream JOIN visitors v ON v.id = s.visitor \
     WHERE r.done = 0 ORDER BY r.id DESC LIMIT ?1";
const DONE: &str = "SELECT r.message_id, r.stream, v.site, r.grp FROM requests r \
     JOIN streams s ON s.id = r.stream JOIN visitors v ON v.id = s.visitor \
     WHERE r.done <> 0 ORDER BY r.done_at DESC LIMIT ?1";
const ONE: &str = "SELECT r.message_id, r.stream, v.site, r.grp FROM requests r \
     JOIN streams s ON s.id = r.stream JOIN visitors v ON v.id = s.visitor WHERE r.message_id = ?1";
const WHOLE: &str = "SELECT t.key, v.visitor_id, m.ts, m.body, v.card, \
     coalesce(o.operator_id, x''), coalesce(o.name, ''), coalesce(o.position, '') FROM requests r \
     JOIN messages m ON m.stream = r.stream AND m.seq = r.seq JOIN streams s ON s.id = r.stream \
     JOIN visitors v ON v.id = s.visitor JOIN sites t ON t.id = v.site \
     LEFT JOIN operators o ON o.id = r.done WHERE r.message_id = ?1";

impl Store {
    /// Files a request under the id of its `requested` event. `grp` 0: for everybody.
    pub(crate) fn add_request(&self, id: MessageId, stream: i64, seq: Seq, grp: u32) -> Result<(), DbError> {
        self.change(
            "INSERT INTO requests (message_id, stream, seq, grp, done, done_at) VALUES (?1, ?2, ?3, ?4, 0, 0)",
            params![id.0.as_bytes(), stream, stored(seq), grp],
        )
        .map(drop)
    }

    /// Notes that an operator has worked a request off; operator 0: it is open again. `false`: no such request.
    pub(crate) fn settle_request(
        &self,
        id: MessageId,
        operator: i64,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let when = if operator == 0 { 0 } else { now.0 };
        let changed = self.change(
            "UPDATE requests SET done = ?2, done_at = ?3 WHERE message_id = ?1",
            params![id.0.as_bytes(), operator, when],
        )?;
        Ok(changed == 1)
    }

    /// Whose a request is, and for whom.
    pub(crate) fn request(&self, id: MessageId) -> Result<Option<RequestKey>, DbError> {
        self.one(ONE, [id.0.as_bytes()], key)
    }

    /// Open requests, the newest first.
    pub(crate) fn open_requests(&self, limit: u32) -> Result<Vec<RequestKey>, DbError> {
        self.all(OPEN, [limit], key)
    }

    /// Requests that were worked off, the last one first.
    pub(crate) fn done_requests(&self, limit: u32) -> Result<Vec<RequestKey>, DbError> {
        self.all(DONE, [limit], key)
    }

    /// A stream's newest requests.
    pub(crate) fn requests_of(&self, stream: i64) -> Result<Vec<MessageId>, DbError> {
        self.all(
            "SELECT message_id FROM requests WHERE stream = ?1 ORDER BY id DESC LIMIT 500",
            [stream],
            |row| Ok(MessageId(Uuid::from_bytes(row.get(0)?))),
        )
    }

    /// How many requests are open.
    pub(crate) fn count_open_requests(&self) -> Result<u64, DbError> {
        let count = self.one("SELECT count(*) FROM requests WHERE done = 0", [], |row| row.get(0))?;
        Ok(count.map_or(0, number))
    }

    /// A request as operators see it.
    pub(crate) fn request_row(&self, id: MessageId) -> Result<Option<RequestRow>, DbError> {
        let kept = self.one(WHOLE, [id.0.as_bytes()], |row| {
            let (body, card): (String, String) = (row.get(3)?, row.get(4)?);
            let stream = StreamId::public(site_key(row.get(0)?)?, VisitorId(Uuid::from_bytes(row.get(1)?)));
            Ok((stream, Timestamp(row.get(2)?), body, card, done_by(row)?))
        })?;
        let Some((stream, ts, body, card, done_by)) = kept else { return Ok(None) };
        let Ok(EventBody::Requested(request)) = serde_json::from_str(&body) else {
            return Err(DbError::Corrupt);
        };
        Ok(Some(RequestRow { id, stream, ts, visitor: called(&card, &request), request, done_by }))
    }

    /// The groups for which a stream has requests; 0 is none of them.
    pub(crate) fn asked_groups(&self, stream: i64) -> Result<Vec<u32>, DbError> {
        self.all("SELECT DISTINCT grp FROM requests WHERE stream = ?1 AND grp <> 0", [stream], |row| {
            row.get(0)
        })
    }
}

/// What the visitor is called: by his card, else by what he wrote into the request.
fn called(card: &str, request: &Request) -> Option<String> {
    let card: VisitorCard = serde_json::from_str(card).unwrap_or_default();
    let written = match request {
        Request::Offline { name, .. } | Request::Callback { name, .. } => name.as_str(),
        Request::Lead { .. } => "",
    };
    [card.name.as_str(), written].into_iter().find(|name| !name.trim().is_empty()).map(str::to_owned)
}

fn key(row: &Row<'_>) -> rusqlite::Result<RequestKey> {
    Ok(RequestKey {
        id: MessageId(Uuid::from_bytes(row.get(0)?)),
        stream: row.get(1)?,
        site: row.get(2)?,
        grp: row.get(3)?,
    })
}

fn done_by(row: &Row<'_>) -> rusqlite::Result<Option<OperatorCard>> {
    let id: Vec<u8> = row.get(5)?;
    let (name, position) = (row.get(6)?, row.get(7)?);
    Ok(Uuid::from_slice(&id).ok().map(|id| OperatorCard { id: OperatorId(id), name, position }))
}

fn site_key(text: String) -> rusqlite::Result<SiteKey> {
    SiteKey::try_from(text).map_err(|_| rusqlite::Error::InvalidQuery)
}
