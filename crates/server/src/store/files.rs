//! Files: those on their way, and those that messages carry. Their bytes lie elsewhere. Of a secret only its hash is kept.

use std::collections::HashSet;

use deskbell_db::DbError;
use deskbell_wire::{
    DeviceId, FileCard, FileDigest, FileId, GroupId, MessageId, Side, SiteKey, StreamId, Timestamp, VisitorId,
};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::visitors::side_number;
use super::{Store, number, stored};
use crate::desk::FileStage;

/// Who sends a file, and from which device. `owner` is the row of the visitor or of the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FileOwner {
    pub(crate) side: Side,
    pub(crate) owner: i64,
    pub(crate) device: DeviceId,
}

/// A file as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct FileRow {
    pub(crate) row: i64,
    pub(crate) part: Uuid,
    /// The visitor's row: in whose stream it is sent.
    pub(crate) visitor: i64,
    pub(crate) stream: StreamId,
    pub(crate) from: FileOwner,
    pub(crate) group: Option<GroupId>,
    /// Its type is what was declared, until it is whole.
    pub(crate) card: FileCard,
    pub(crate) stage: FileStage,
    pub(crate) used: Timestamp,
}

/// A file on its way in.
pub(crate) struct NewFileRow<'a> {
    pub(crate) part: Uuid,
    pub(crate) site: i64,
    pub(crate) visitor: i64,
    pub(crate) from: FileOwner,
    pub(crate) id: FileId,
    pub(crate) group: Option<GroupId>,
    pub(crate) card: &'a FileCard,
    pub(crate) secret: &'a [u8; 32],
    pub(crate) now: Timestamp,
}

macro_rules! file_where {
    ($condition:literal) => {
        concat!(
            "SELECT f.id, f.part, f.visitor, t.key, v.visitor_id, f.side, f.owner, f.device_id, f.grp, f.name, f.size,
                 f.media, f.digest, f.state, f.used
             FROM files f JOIN visitors v ON v.id = f.visitor JOIN sites t ON t.id = f.site WHERE ",
            $condition
        )
    };
}

const UNDER_WAY: i64 = 1;
const WHOLE: i64 = 2;
const COMMITTED: i64 = 3;

impl Store {
    /// What this device sends under that id.
    pub(crate) fn file_of(&self, from: &FileOwner, id: FileId) -> Result<Option<FileRow>, DbError> {
        self.one(
            file_where!("f.side = ?1 AND f.owner = ?2 AND f.device_id = ?3 AND f.file_id = ?4"),
            params![side_number(from.side), from.owner, from.device.0.as_bytes(), id.0.as_bytes()],
            file,
        )
    }

    /// The upload of a secret's hash.
    pub(crate) fn file_by_secret(&self, secret: &[u8; 32]) -> Result<Option<FileRow>, DbError> {
        self.one(file_where!("f.secret = ?1"), params![secret], file)
    }

    /// The file that a message carries.
    pub(crate) fn file_of_message(&self, message: MessageId) -> Result<Option<FileRow>, DbError> {
        self.one(file_where!("f.message_id = ?1 AND f.state = 3"), params![message.0.as_bytes()], file)
    }

    pub(crate) fn add_file(&self, new: &NewFileRow<'_>) -> Result<(), DbError> {
        self.insert(
            "INSERT INTO files (part, site, visitor, side, owner, device_id, file_id, grp, name, media, size, digest,
                 secret, state, created, used, message_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1, ?14, ?14, x'')",
            params![
                new.part.as_bytes(),
                new.site,
                new.visitor,
                side_number(new.from.side),
                new.from.owner,
                new.from.device.0.as_bytes(),
                new.id.0.as_bytes(),
                new.group.map_or(0, |group| group.0),
                new.card.name,
                new.card.media,
                stored(new.card.size),
                new.card.digest.0,
                new.secret,
                new.now.0,
            ],
        )
        .map(drop)
    }

    /// Another secret leads to the upload from now on.
    pub(crate) fn set_file_secret(&self, row: i64, secret: &[u8; 32], now: Timestamp) -> Result<(), DbError> {
        self.change("UPDATE files SET secret = ?2, used = ?3 WHERE id = ?1", params![row, secret, now.0])
            .map(drop)
    }

    pub(crate) fn set_file_used(&self, row: i64, now: Timestamp) -> Result<(), DbError> {
        self.change("UPDATE files SET used = ?2 WHERE id = ?1", params![row, now.0]).map(drop)
    }

    /// All its bytes are there, and what they are was agreed on.
    pub(crate) fn file_is_whole(
        &self,
        row: i64,
        name: &str,
        media: &str,
        now: Timestamp,
    ) -> Result<(), DbError> {
        self.change(
            "UPDATE files SET state = 2, name = ?2, media = ?3, used = ?4 WHERE id = ?1 AND state = 1",
            params![row, name, media, now.0],
        )
        .map(drop)
    }

    /// It belongs to that message from now on, and stays.
    pub(crate) fn commit_file(&self, row: i64, message: MessageId) -> Result<(), DbError> {
        self.change(
            "UPDATE files SET state = 3, message_id = ?2 WHERE id = ?1",
            params![row, message.0.as_bytes()],
        )
        .map(drop)
    }

    pub(crate) fn drop_file(&self, row: i64) -> Result<(), DbError> {
        self.change("DELETE FROM files WHERE id = ?1 AND state < 3", [row]).map(drop)
    }

    /// Its bytes are gone: it is under way again, from the beginning.
    pub(crate) fn file_again(&self, digest: &FileDigest) -> Result<(), DbError> {
        self.change("UPDATE files SET state = 1 WHERE digest = ?1 AND state = 2", params![digest.0]).map(drop)
    }

    /// Does any file have these bytes, or is one with them announced?
    pub(crate) fn wants_digest(&self, digest: &FileDigest) -> Result<bool, DbError> {
        let found =
            self.one("SELECT 1 FROM files WHERE digest = ?1 LIMIT 1", params![digest.0], |_| Ok(()))?;
        Ok(found.is_some())
    }

    /// Files that no message carries and nobody asked for since: the oldest `limit`.
    pub(crate) fn stale_files(
        &self,
        used_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<(i64, Uuid, FileDigest)>, DbError> {
        self.all(
            "SELECT id, part, digest FROM files WHERE state < 3 AND used < ?1 ORDER BY used LIMIT ?2",
            params![used_before.0, limit],
            |row| Ok((row.get(0)?, Uuid::from_bytes(row.get(1)?), FileDigest(row.get(2)?))),
        )
    }

    /// Of files, in order, above that one.
    pub(crate) fn file_digests(
        &self,
        above: Option<&FileDigest>,
        limit: u32,
    ) -> Result<Vec<FileDigest>, DbError> {
        let above: &[u8] = above.map_or(&[], |digest| &digest.0);
        self.all(
            "SELECT DISTINCT digest FROM files WHERE digest > ?1 ORDER BY digest LIMIT ?2",
            params![above, limit],
            |row| row.get(0).map(FileDigest),
        )
    }

    /// Of every file that is whole and waits for its message.
    pub(crate) fn waiting_digests(&self) -> Result<HashSet<FileDigest>, DbError> {
        let waiting = self.all(
            "SELECT DISTINCT digest FROM files INDEXED BY files_open WHERE state < 3 AND state = 2",
            [],
            |row| row.get(0).map(FileDigest),
        )?;
        Ok(waiting.into_iter().collect())
    }

    /// Where bytes of uploads that are under way are gathered.
    pub(crate) fn file_parts(&self) -> Result<HashSet<Uuid>, DbError> {
        let parts = self.all(
            "SELECT part FROM files INDEXED BY files_open WHERE state < 3 AND state = 1",
            [],
            |row| row.get(0),
        )?;
        Ok(parts.into_iter().map(Uuid::from_bytes).collect())
    }

    /// Bytes that a person has announced after that moment, and not taken back.
    pub(crate) fn file_bytes_after(&self, from: &FileOwner, after: Timestamp) -> Result<u64, DbError> {
        let sum = self.one(
            "SELECT coalesce(sum(size), 0) FROM files WHERE side = ?1 AND owner = ?2 AND created > ?3",
            params![side_number(from.side), from.owner, after.0],
            |row| row.get(0),
        )?;
        Ok(sum.map_or(0, number))
    }

    /// Bytes that a site's files take.
    pub(crate) fn site_file_bytes(&self, site: i64) -> Result<u64, DbError> {
        let sum = self.one("SELECT file_bytes FROM sites WHERE id = ?1", [site], |row| row.get(0))?;
        Ok(sum.map_or(0, number))
    }

    /// How many files of a person wait for their end or for their message.
    pub(crate) fn open_files(&self, from: &FileOwner) -> Result<usize, DbError> {
        let count = self.one(
            "SELECT count(*) FROM files INDEXED BY files_open_of WHERE side = ?1 AND owner = ?2 AND state < 3",
            params![side_number(from.side), from.owner],
            |row| row.get(0),
        )?;
        Ok(count.map_or(0, |count| usize::try_from(number(count)).unwrap_or(usize::MAX)))
    }
}

fn file(row: &Row<'_>) -> rusqlite::Result<FileRow> {
    let site = SiteKey::try_from(row.get::<_, String>(3)?).map_err(|_| rusqlite::Error::InvalidQuery)?;
    let group: u32 = row.get(8)?;
    Ok(FileRow {
        row: row.get(0)?,
        part: Uuid::from_bytes(row.get(1)?),
        visitor: row.get(2)?,
        stream: StreamId::public(site, VisitorId(Uuid::from_bytes(row.get(4)?))),
        from: FileOwner {
            side: if row.get::<_, i64>(5)? == 1 { Side::Visitor } else { Side::Operator },
            owner: row.get(6)?,
            device: DeviceId(Uuid::from_bytes(row.get(7)?)),
        },
        group: (group > 0).then_some(GroupId(group)),
        card: FileCard {
            name: row.get(9)?,
            size: number(row.get(10)?),
            media: row.get(11)?,
            digest: FileDigest(row.get(12)?),
        },
        stage: match row.get::<_, i64>(13)? {
            UNDER_WAY => FileStage::UnderWay,
            WHOLE => FileStage::Whole,
            COMMITTED => FileStage::Committed,
            _ => return Err(rusqlite::Error::InvalidQuery),
        },
        used: Timestamp(row.get(14)?),
    })
}
