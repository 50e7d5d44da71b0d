//! Visitors, their devices and streams.

use deskbell_db::DbError;
use deskbell_wire::{DeviceId, Side, SiteKey, StreamId, Timestamp, VisitorId};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::{Store, number};
use crate::desk::{About, Acted, Visit};

/// A visitor as the database knows one.
#[derive(Clone, Debug)]
pub(crate) struct VisitorRecord {
    pub(crate) row: i64,
    pub(crate) token: [u8; 32],
    pub(crate) visit: Visit,
    pub(crate) acted: Acted,
    /// 0 where nothing was ever written.
    pub(crate) stream_row: i64,
    pub(crate) about: About,
}

const VISITOR: &str = "SELECT v.id, v.token, v.seen, coalesce(s.id, 0), v.card, v.consented, v.banned, v.visits, v.visit, v.acted FROM visitors v \
     LEFT JOIN streams s ON s.visitor = v.id AND s.audience = 0 WHERE v.site = ?1 AND v.visitor_id = ?2";

impl Store {
    pub(crate) fn visitor(&self, site: i64, id: VisitorId) -> Result<Option<VisitorRecord>, DbError> {
        self.one(VISITOR, params![site, id.0.as_bytes()], record)
    }

    pub(crate) fn add_visitor(
        &self,
        site: i64,
        id: VisitorId,
        token: &[u8; 32],
        now: Timestamp,
    ) -> Result<i64, DbError> {
        self.insert(
            "INSERT INTO visitors (site, visitor_id, token, created, seen) VALUES (?1, ?2, ?3, ?4, ?4)",
            params![site, id.0.as_bytes(), token, now.0],
        )
    }

    pub(crate) fn set_seen(&self, visitor: i64, visit: &Visit) -> Result<(), DbError> {
        self.change(
            "UPDATE visitors SET seen = ?2, visits = ?3, visit = ?4 WHERE id = ?1",
            params![visitor, visit.seen.0, visit.number, visit.since.0],
        )
        .map(drop)
    }

    /// When which rule last acted for the visitor.
    pub(crate) fn set_acted(&self, visitor: i64, acted: &Acted) -> Result<(), DbError> {
        let json =
            serde_json::to_string(acted).map_err(|_| DbError::Io("times that are no JSON".to_owned()))?;
        self.change("UPDATE visitors SET acted = ?2 WHERE id = ?1", params![visitor, json]).map(drop)
    }

    /// When the desk first saw the visitor.
    pub(crate) fn first_seen(&self, visitor: i64) -> Result<Option<Timestamp>, DbError> {
        self.one("SELECT created FROM visitors WHERE id = ?1", [visitor], |row| row.get(0).map(Timestamp))
    }

    /// How many devices may speak for a visitor.
    pub(crate) fn count_devices(&self, visitor: i64) -> Result<u32, DbError> {
        let linked =
            self.one("SELECT count(*) FROM links WHERE visitor = ?1", [visitor], |row| row.get(0))?;
        // The first device has a row of its own only once there is a second.
        Ok(linked.unwrap_or(0).max(1))
    }

    /// What is known of the visitor himself.
    pub(crate) fn set_about(&self, visitor: i64, about: &About) -> Result<(), DbError> {
        let card = serde_json::to_string(&about.card)
            .map_err(|_| DbError::Io("a card that is no JSON".to_owned()))?;
        self.change(
            "UPDATE visitors SET card = ?2, consented = ?3, banned = ?4 WHERE id = ?1",
            params![visitor, card, about.consented, about.banned],
        )
        .map(drop)
    }

    pub(crate) fn add_stream(&self, visitor: i64) -> Result<i64, DbError> {
        self.insert("INSERT INTO streams (visitor, audience) VALUES (?1, 0)", [visitor])
    }

    /// The row of a device, made where it is new.
    pub(crate) fn device(&self, side: Side, owner: i64, device: DeviceId) -> Result<i64, DbError> {
        let key = params![side_number(side), owner, device.0.as_bytes()];
        let found = self.device_row(side, owner, device)?;
        match found {
            Some(row) => Ok(row),
            None => self.insert("INSERT INTO devices (side, owner, device_id) VALUES (?1, ?2, ?3)", key),
        }
    }

    /// The row of a device that has written something.
    pub(crate) fn device_row(
        &self,
        side: Side,
        owner: i64,
        device: DeviceId,
    ) -> Result<Option<i64>, DbError> {
        let key = params![side_number(side), owner, device.0.as_bytes()];
        self.one("SELECT id FROM devices WHERE side = ?1 AND owner = ?2 AND device_id = ?3", key, |row| {
            row.get(0)
        })
    }

    /// Visitors with an open chat, and the `limit` that were last seen: site row and stream.
    pub(crate) fn lately(&self, limit: u32) -> Result<Vec<(i64, StreamId)>, DbError> {
        let read = |row: &Row<'_>| {
            let site: String = row.get(1)?;
            let site = SiteKey::try_from(site).map_err(|_| rusqlite::Error::InvalidQuery)?;
            Ok((row.get(0)?, StreamId::public(site, VisitorId(Uuid::from_bytes(row.get(2)?)))))
        };
        self.all(
            "SELECT v.site, t.key, v.visitor_id FROM visitors v JOIN sites t ON t.id = v.site WHERE v.id IN (
                 SELECT s.visitor FROM chats c JOIN streams s ON s.id = c.stream WHERE c.closed = 0
             ) OR v.id IN (
                 SELECT s.visitor FROM chats c JOIN streams s ON s.id = c.stream ORDER BY c.id DESC LIMIT ?1
             )",
            [limit],
            read,
        )
    }

    /// How many visitors ever wrote.
    pub(crate) fn count_streams(&self) -> Result<u64, DbError> {
        let count = self.one("SELECT count(*) FROM streams WHERE audience = 0", [], |row| row.get(0))?;
        Ok(count.map_or(0, number))
    }
}

/// How a side is kept.
pub(super) fn side_number(side: Side) -> i64 {
    match side {
        Side::Visitor => 1,
        Side::Operator => 2,
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<VisitorRecord> {
    Ok(VisitorRecord {
        row: row.get(0)?,
        token: row.get(1)?,
        visit: Visit { number: row.get(7)?, since: Timestamp(row.get(8)?), seen: Timestamp(row.get(2)?) },
        stream_row: row.get(3)?,
        acted: serde_json::from_str(&row.get::<_, String>(9)?).unwrap_or_default(),
        about: About {
            card: read_card(&row.get::<_, String>(4)?),
            consented: row.get(5)?,
            banned: row.get(6)?,
        },
    })
}

/// '' says none.
fn read_card(text: &str) -> deskbell_wire::VisitorCard {
    serde_json::from_str(text).unwrap_or_default()
}
