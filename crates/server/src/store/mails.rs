//! Transcripts that wait for the mail server.

use deskbell_db::DbError;
use deskbell_wire::{EventBody, Lang, MessageId, Seq, SiteKey, StreamId, Timestamp, VisitorId};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::{Store, StoredEvent, number, stored};

/// A transcript that was asked for.
pub(crate) struct NewMail<'a> {
    pub(crate) stream: i64,
    pub(crate) asked: MessageId,
    pub(crate) chat: i64,
    pub(crate) email: &'a str,
    pub(crate) lang: Lang,
    pub(crate) zone_min: i16,
}

/// One that waits.
pub(crate) struct Mail {
    pub(crate) row: i64,
    pub(crate) site: i64,
    pub(crate) stream: StreamId,
    pub(crate) stream_row: i64,
    pub(crate) asked: MessageId,
    pub(crate) chat: i64,
    pub(crate) email: String,
    pub(crate) lang: Lang,
    pub(crate) zone_min: i32,
    pub(crate) first: Timestamp,
    pub(crate) tries: u32,
}

/// When a chat was, and where in its stream.
pub(crate) struct Span {
    pub(crate) from: Seq,
    /// `None` while it goes on.
    pub(crate) to: Option<Seq>,
    pub(crate) opened: Timestamp,
    pub(crate) closed: Option<Timestamp>,
}

const RU: i64 = 1;
/// A query for [`mail`].
macro_rules! mails {
    ($which:literal) => {
        concat!(
            "SELECT m.id, v.site, t.key, v.visitor_id, m.stream, m.asked, m.chat, m.email, m.lang, m.zone_min, \
             m.first, m.tries FROM mails m JOIN streams s ON s.id = m.stream \
             JOIN visitors v ON v.id = s.visitor JOIN sites t ON t.id = v.site WHERE ",
            $which
        )
    };
}

impl Store {
    /// A transcript is to be sent as soon as may be.
    pub(crate) fn add_mail(&self, mail: &NewMail<'_>, now: Timestamp) -> Result<(), DbError> {
        let lang = if mail.lang == Lang::Ru { RU } else { 0 };
        self.change(
            "INSERT INTO mails (stream, asked, chat, email, lang, zone_min, first, next, tries)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 0)",
            params![mail.stream, mail.asked.0.as_bytes(), mail.chat, mail.email, lang, mail.zone_min, now.0],
        )
        .map(drop)
    }

    /// Those whose time has come, the longest waiting first.
    pub(crate) fn due_mails(&self, now: Timestamp, limit: u32) -> Result<Vec<Mail>, DbError> {
        self.all(mails!("m.next <= ?1 ORDER BY m.next LIMIT ?2"), params![now.0, limit], mail)
    }

    pub(crate) fn mail(&self, row: i64) -> Result<Option<Mail>, DbError> {
        self.one(mails!("m.id = ?1"), [row], mail)
    }

    /// When the next one's time comes.
    pub(crate) fn next_mail(&self) -> Result<Option<Timestamp>, DbError> {
        let next = self.one("SELECT min(next) FROM mails", [], |row| row.get::<_, Option<i64>>(0))?;
        Ok(next.flatten().map(Timestamp))
    }

    /// It was tried, and is tried again.
    pub(crate) fn put_mail_off(&self, row: i64, next: Timestamp, tries: u32) -> Result<(), DbError> {
        self.change("UPDATE mails SET next = ?2, tries = ?3 WHERE id = ?1", params![row, next.0, tries])
            .map(drop)
    }

    /// It waits no longer.
    pub(crate) fn drop_mail(&self, asked: MessageId) -> Result<(), DbError> {
        self.change("DELETE FROM mails WHERE asked = ?1", [asked.0.as_bytes()]).map(drop)
    }

    /// Does it still wait?
    pub(crate) fn has_mail(&self, asked: MessageId) -> Result<bool, DbError> {
        let found = self
            .one("SELECT 1 FROM mails WHERE asked = ?1", [asked.0.as_bytes()], |row| row.get::<_, i64>(0))?;
        Ok(found.is_some())
    }

    /// When a chat was.
    pub(crate) fn span(&self, chat: i64) -> Result<Option<Span>, DbError> {
        self.one(
            "SELECT c.opened, c.closed, c.opened_at, coalesce(m.ts, 0) FROM chats c
             LEFT JOIN messages m ON m.stream = c.stream AND m.seq = c.closed WHERE c.id = ?1",
            [chat],
            |row| {
                let (closed, at): (i64, i64) = (row.get(1)?, row.get(3)?);
                let closed = (closed > 0).then(|| number(closed));
                Ok(Span {
                    from: number(row.get(0)?),
                    to: closed,
                    opened: Timestamp(row.get(2)?),
                    closed: closed.map(|_| Timestamp(at)),
                })
            },
        )
    }

    /// The newest `limit` messages of a chat, oldest first.
    pub(crate) fn said(&self, stream: i64, span: &Span, limit: usize) -> Result<Vec<StoredEvent>, DbError> {
        let mut said = Vec::new();
        let above = span.to.map_or(i64::MAX.unsigned_abs(), |last| last + 1);
        self.before(stream, above, |event| {
            if event.seq <= span.from {
                return false;
            }
            if matches!(event.body, EventBody::Message { .. }) {
                said.push(event);
            }
            said.len() < limit
        })?;
        said.reverse();
        Ok(said)
    }

    /// How many messages a chat has.
    pub(crate) fn count_said(&self, stream: i64, span: &Span) -> Result<usize, DbError> {
        let last = span.to.map_or(i64::MAX, stored);
        let count = self.one(
            "SELECT count(*) FROM messages WHERE stream = ?1 AND seq > ?2 AND seq <= ?3 AND kind IN (1, 19)",
            params![stream, stored(span.from), last],
            |row| row.get(0),
        )?;
        Ok(count.map_or(0, |count| usize::try_from(number(count)).unwrap_or(usize::MAX)))
    }
}

fn mail(row: &Row<'_>) -> rusqlite::Result<Mail> {
    let site: String = row.get(2)?;
    let site = SiteKey::try_from(site).map_err(|_| rusqlite::Error::InvalidQuery)?;
    Ok(Mail {
        row: row.get(0)?,
        site: row.get(1)?,
        stream: StreamId::public(site, VisitorId(Uuid::from_bytes(row.get(3)?))),
        stream_row: row.get(4)?,
        asked: MessageId(Uuid::from_bytes(row.get(5)?)),
        chat: row.get(6)?,
        email: row.get(7)?,
        lang: if row.get::<_, i64>(8)? == RU { Lang::Ru } else { Lang::En },
        zone_min: row.get(9)?,
        first: Timestamp(row.get(10)?),
        tries: row.get(11)?,
    })
}
