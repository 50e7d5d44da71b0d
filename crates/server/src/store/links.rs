//! Devices that may speak for a visitor, where there is more than one. Of a token only its hash is kept.
//!
//! What must always hold: a visitor without rows here has one device, and its token stands in `visitors`; with the
//! first link that device gets a row, too, and from then on these rows alone count.

use deskbell_db::DbError;
use deskbell_wire::{DeviceId, Timestamp};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::Store;

/// A device that may speak for a visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LinkRow {
    pub(crate) device: DeviceId,
    pub(crate) token: [u8; 32],
    /// Since when.
    pub(crate) linked: Timestamp,
    /// Last connected.
    pub(crate) seen: Timestamp,
}

impl Store {
    /// The linked devices, the oldest first.
    pub(crate) fn links(&self, visitor: i64) -> Result<Vec<LinkRow>, DbError> {
        self.all(
            "SELECT device_id, token, linked, seen FROM links WHERE visitor = ?1 ORDER BY linked, device_id",
            [visitor],
            link,
        )
    }

    /// Adds a device, or gives one that is there another token.
    pub(crate) fn put_link(&self, visitor: i64, link: &LinkRow) -> Result<(), DbError> {
        self.change(
            "INSERT OR REPLACE INTO links (visitor, device_id, token, linked, seen) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![visitor, link.device.0.as_bytes(), link.token, link.linked.0, link.seen.0],
        )
        .map(drop)
    }

    /// Takes a device's right away. `false`: it had none.
    pub(crate) fn drop_link(&self, visitor: i64, device: DeviceId) -> Result<bool, DbError> {
        let dropped = self.change(
            "DELETE FROM links WHERE visitor = ?1 AND device_id = ?2",
            params![visitor, device.0.as_bytes()],
        )?;
        Ok(dropped == 1)
    }

    /// A linked device was there.
    pub(crate) fn set_link_seen(
        &self,
        visitor: i64,
        device: DeviceId,
        now: Timestamp,
    ) -> Result<(), DbError> {
        self.change(
            "UPDATE links SET seen = ?3 WHERE visitor = ?1 AND device_id = ?2",
            params![visitor, device.0.as_bytes(), now.0],
        )
        .map(drop)
    }

    /// What the visitor registered with: the token's hash, and when.
    pub(crate) fn registration(&self, visitor: i64) -> Result<Option<([u8; 32], Timestamp)>, DbError> {
        self.one("SELECT token, created FROM visitors WHERE id = ?1", [visitor], |row| {
            Ok((row.get(0)?, Timestamp(row.get(1)?)))
        })
    }
}

fn link(row: &Row<'_>) -> rusqlite::Result<LinkRow> {
    Ok(LinkRow {
        device: DeviceId(Uuid::from_bytes(row.get(0)?)),
        token: row.get(1)?,
        linked: Timestamp(row.get(2)?),
        seen: Timestamp(row.get(3)?),
    })
}
