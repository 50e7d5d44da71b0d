//! Files at the desk: who may send one, what became of it, and who may read it. The bytes pass elsewhere; they are
//! taken and given only as this machine says.
//!
//! What must always hold: a file is read by exactly those who may read its message, and by nobody before that message
//! is committed (I14); a right is looked at each time (S10, threats 40); an upload answers to its secret in the hands of
//! the very device that began it; naming a digest gives nobody the bytes: whoever announces a file sends all of it.

mod begin;
mod carry;
mod gate;
mod sweep;
mod voice;

use std::collections::HashMap;
use std::fmt;

use deskbell_db::DbError;
use deskbell_wire::limits::FILE_UNUSED_MS;
use deskbell_wire::{
    DeviceId, FileCard, FileDigest, FileId, FileRefusal, GroupId, Identity, MessageId, Secret, Side,
    StreamId, Timestamp,
};
use uuid::Uuid;

use super::Desk;
use super::hello::token_hash;
use super::pace::{Bucket, Paces};
use super::policy::Wish;
use crate::store::FileRow;
use voice::Speaker;

/// Milliseconds after which it is written again that an upload is in use.
const USE_MS: i64 = 60_000;

/// Who speaks over HTTP.
#[derive(Clone, Debug)]
pub struct FileVoice {
    /// A visitor with the token of this device, or an operator with that of a session.
    pub who: Identity,
    /// Which device.
    pub device: DeviceId,
}

/// A file as it is announced.
#[derive(Clone)]
pub struct NewFile {
    /// The uid of the entry that will carry it.
    pub id: FileId,
    /// Where it is to be sent.
    pub stream: StreamId,
    /// A visitor's: for which group, where its message opens a chat.
    pub group: Option<GroupId>,
    /// As the person's computer calls it; it is tidied here.
    pub name: String,
    /// Bytes, 1 and up.
    pub size: u64,
    /// As declared; agreed on when it is whole.
    pub media: String,
    /// Of the whole file.
    pub digest: FileDigest,
}

/// Where an upload goes.
#[derive(Clone, Debug)]
pub struct FilePlace {
    /// The upload's address. Known to whoever began it alone; the one given before for the same file ends.
    pub secret: Secret,
    /// Where its bytes are gathered.
    pub part: Uuid,
    /// It may have come further before.
    pub stage: FileStage,
    /// When it is forgotten, if nobody asks for it before.
    pub expires: Timestamp,
}

/// How far an upload is.
#[derive(Clone)]
pub struct FileStand {
    /// Where its bytes are gathered: tells one upload from another.
    pub part: Uuid,
    /// Its tidied name, its size and digest as announced, and its type: as declared until it is whole.
    pub card: FileCard,
    /// How far it is.
    pub stage: FileStage,
    /// When it is forgotten, if nobody asks for it before.
    pub expires: Timestamp,
}

/// The life of a file at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileStage {
    /// Bytes are missing.
    UnderWay,
    /// All bytes are there; its message is not.
    Whole,
    /// Its message is there: it can be read.
    Committed,
}

/// Bytes that nobody refers to any more. Whoever removes them lets no upload end meanwhile: the same bytes may have been
/// announced again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discard {
    /// Of uploads.
    pub parts: Vec<Uuid>,
    /// Of whole files.
    pub digests: Vec<FileDigest>,
}

/// What the desk knows of files without looking.
#[derive(Default)]
pub(super) struct Files {
    /// By a person's side and row.
    paces: HashMap<(Side, i64), Bucket>,
    by_origin: Paces,
}

impl Desk {
    /// How far an upload is, for the device that began it. Asking keeps it for another day.
    ///
    /// # Errors
    /// [`FileRefusal::Expired`] where the secret leads nowhere, or to somebody else's upload; otherwise as
    /// [`Desk::create_file`], without quotas.
    pub fn file_at(
        &mut self,
        voice: &FileVoice,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<FileStand, FileRefusal> {
        self.now = now;
        let (speaker, file) = self.upload(voice, secret)?;
        self.still_may(&speaker, &file)?;
        Ok(self.stand(file))
    }

    /// All bytes of an upload are on the disk, and bytes, name and declaration agree that it is `media`. On return
    /// that is durable.
    ///
    /// # Errors
    /// As [`Desk::file_at`], and [`FileRefusal::Quota`]: everything is looked at once more (threats 40).
    pub fn file_whole(
        &mut self,
        voice: &FileVoice,
        secret: &Secret,
        media: &str,
        now: Timestamp,
    ) -> Result<(), FileRefusal> {
        self.now = now;
        let (speaker, mut file) = self.upload(voice, secret)?;
        if file.stage != FileStage::UnderWay {
            return self.still_may(&speaker, &file);
        }
        file.card = FileCard::tidied(&file.card.name, file.card.size, media, file.card.digest);
        self.still_may(&speaker, &file)?;
        self.quota(&file.from, self.site_row(&file.stream)?, 0)?;
        self.alone(|store| store.file_is_whole(file.row, &file.card.name, &file.card.media, now))
            .map_err(unwritten)
    }

    /// The person has thought better of it. What belongs to a message stays.
    ///
    /// # Errors
    /// [`FileRefusal::Expired`] where the secret leads nowhere, [`FileRefusal::Forbidden`], [`FileRefusal::Storage`].
    pub fn drop_file(
        &mut self,
        voice: &FileVoice,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<Discard, FileRefusal> {
        self.now = now;
        let (_, file) = self.upload(voice, secret)?;
        if file.stage == FileStage::Committed {
            return Ok(Discard::default());
        }
        self.discard(vec![(file.row, file.part, file.card.digest)])
    }

    /// The file of a message, for somebody who may read that message.
    ///
    /// # Errors
    /// [`FileRefusal::Forbidden`], also where there is no such message, or no file in it (threats 1);
    /// [`FileRefusal::Storage`].
    pub fn readable_file(
        &mut self,
        voice: &FileVoice,
        message: MessageId,
        now: Timestamp,
    ) -> Result<FileCard, FileRefusal> {
        self.now = now;
        let speaker = self.speaker(voice)?;
        let file = self.store.file_of_message(message).map_err(unread)?.ok_or(FileRefusal::Forbidden)?;
        self.reached(&speaker, &file.stream, Wish::Read)?;
        Ok(file.card)
    }

    /// The upload that a secret leads to, in the hands of whoever began it.
    fn upload(&mut self, voice: &FileVoice, secret: &Secret) -> Result<(Speaker, FileRow), FileRefusal> {
        let speaker = self.speaker(voice)?;
        let owner = self.owner_of(&speaker, voice.device)?;
        let file = self.store.file_by_secret(&token_hash(secret)).map_err(unread)?;
        let own = file.filter(|file| file.from == owner).ok_or(FileRefusal::Expired)?;
        Ok((speaker, own))
    }

    fn stand(&mut self, file: FileRow) -> FileStand {
        let FileRow { row, part, card, stage, used, .. } = file;
        if stage != FileStage::Committed && !(0..USE_MS).contains(&(self.now.0 - used.0)) {
            self.dirty.files.insert(row, self.now);
            self.dirty.note(self.now);
        }
        FileStand { part, card, stage, expires: self.file_expires() }
    }

    fn file_expires(&self) -> Timestamp {
        Timestamp(self.now.0 + FILE_UNUSED_MS)
    }
}

/// The database cannot be read.
fn unread(error: DbError) -> FileRefusal {
    tracing::warn!(%error, "a question about a file is not answered");
    FileRefusal::Storage
}

/// The database takes nothing.
fn unwritten(error: DbError) -> FileRefusal {
    tracing::warn!(%error, "what becomes of a file could not be written");
    match error {
        DbError::Full => FileRefusal::NoSpace,
        _ => FileRefusal::Storage,
    }
}

impl fmt::Debug for NewFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewFile({}, {} bytes)", self.id, self.size)
    }
}

impl fmt::Debug for FileStand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileStand({}, {} bytes, {:?})", self.part, self.card.size, self.stage)
    }
}
