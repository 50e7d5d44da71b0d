//! What nobody refers to goes: uploads that nobody asked for within a day, and bytes without a row.

use std::collections::HashSet;

use deskbell_db::DbError;
use deskbell_wire::limits::FILE_UNUSED_MS;
use deskbell_wire::{FileDigest, FileRefusal, Timestamp};
use uuid::Uuid;

use super::{Discard, USE_MS, unread, unwritten};
use crate::desk::Desk;
use crate::store::Store;

/// Uploads that are forgotten at once; the rest has its turn with the next sweep.
const AT_ONCE: u32 = 500;
/// Digests that are read at once.
const DIGESTS: u32 = 2_000;

impl Desk {
    /// Forgets files that no message carries and nobody asked for within a day. On return that is durable.
    pub fn stale_files(&mut self, now: Timestamp) -> Discard {
        self.now = now;
        let before = Timestamp(now.0 - FILE_UNUSED_MS - USE_MS);
        let found = match self.is_sure() {
            Ok(()) => self.store.stale_files(before, AT_ONCE).map_err(unread),
            Err(refusal) => Err(refusal),
        };
        found.and_then(|stale| self.discard(stale)).unwrap_or_default()
    }

    /// The digests of the files that the desk knows of: the next 2,000 above that one, in order; none: that was all.
    /// Bytes of others are nobody's. Not all at once: nobody's words wait for so long.
    ///
    /// # Errors
    /// [`FileRefusal::Storage`]: nobody knows now, so nothing may be removed.
    pub fn wanted_digests(&self, above: Option<FileDigest>) -> Result<Vec<FileDigest>, FileRefusal> {
        self.is_sure()?;
        self.store.file_digests(above.as_ref(), DIGESTS).map_err(unread)
    }

    /// Where all uploads that are under way are gathered. Other parts are nobody's.
    ///
    /// # Errors
    /// As [`Desk::wanted_digests`].
    pub fn wanted_parts(&self) -> Result<HashSet<Uuid>, FileRefusal> {
        self.is_sure()?;
        self.store.file_parts().map_err(unread)
    }

    /// The digests of files that are whole and wait for their message. After a desk was restored from a copy their
    /// bytes may be missing: then [`Desk::file_bytes_lost`] has them sent again.
    ///
    /// # Errors
    /// As [`Desk::wanted_digests`].
    pub fn waiting_digests(&self) -> Result<HashSet<FileDigest>, FileRefusal> {
        self.is_sure()?;
        self.store.waiting_digests().map_err(unread)
    }

    /// The bytes of these are not there: files with them that wait for their message are under way again.
    ///
    /// # Errors
    /// [`FileRefusal::Storage`], [`FileRefusal::NoSpace`].
    pub fn file_bytes_lost(&mut self, lost: &[FileDigest], now: Timestamp) -> Result<(), FileRefusal> {
        self.now = now;
        self.alone(|store| lost.iter().try_for_each(|digest| store.file_again(digest))).map_err(unwritten)
    }

    /// Drops rows, and says which bytes nobody refers to any more.
    pub(super) fn discard(&mut self, files: Vec<(i64, Uuid, FileDigest)>) -> Result<Discard, FileRefusal> {
        if files.is_empty() {
            return Ok(Discard::default());
        }
        self.alone(|store| dropped(store, files)).map_err(unwritten)
    }

    fn is_sure(&self) -> Result<(), FileRefusal> {
        let sure = self.store.readable() && self.health.is_sure();
        if sure { Ok(()) } else { Err(FileRefusal::Storage) }
    }
}

/// Inside a transaction.
fn dropped(store: &Store, files: Vec<(i64, Uuid, FileDigest)>) -> Result<Discard, DbError> {
    files.iter().try_for_each(|(row, ..)| store.drop_file(*row))?;
    let mut gone = Discard::default();
    for (_, part, digest) in files {
        gone.parts.push(part);
        if !gone.digests.contains(&digest) && !store.wants_digest(&digest)? {
            gone.digests.push(digest);
        }
    }
    Ok(gone)
}
