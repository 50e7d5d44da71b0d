//! An upload begins, or begins again.

use std::net::IpAddr;

use deskbell_wire::{FileCard, FileRefusal, Secret, SendBody, Side, Timestamp};

use super::voice::Speaker;
use super::{FilePlace, FileStage, FileVoice, NewFile, unread, unwritten};
use crate::desk::Desk;
use crate::desk::conn::Origin;
use crate::desk::hello::token_hash;
use crate::desk::person::PersonKey;
use crate::desk::policy::Wish;
use crate::store::{FileOwner, FileRow, NewFileRow};

/// Buckets of people are swept when there are so many.
const SWEEP_AT: usize = 10_000;

impl Desk {
    /// Gives a file a place. The same file under the same id gets the place that it had, under a new secret.
    ///
    /// # Errors
    /// [`FileRefusal::Forbidden`], [`FileRefusal::Banned`], [`FileRefusal::Consent`], what [`deskbell_wire::FileBounds`]
    /// refuses, [`FileRefusal::Quota`]; [`FileRefusal::Invalid`] for another file under an id that is taken;
    /// [`FileRefusal::Busy`], [`FileRefusal::Storage`] and [`FileRefusal::NoSpace`] for now.
    pub fn create_file(
        &mut self,
        voice: &FileVoice,
        new: &NewFile,
        origin: IpAddr,
        now: Timestamp,
    ) -> Result<FilePlace, FileRefusal> {
        self.now = now;
        let speaker = self.speaker(voice)?;
        let from = self.owner_of(&speaker, voice.device)?;
        self.pace_upload(&from, origin)?;
        let key = self.reached(&speaker, &new.stream, Wish::Send(&SendBody::message("")))?;
        match self.store.file_of(&from, new.id).map_err(unread)? {
            Some(file) => self.begin_again(&speaker, file, new),
            None => self.begin_new(key, from, new),
        }
    }

    fn begin_again(
        &mut self,
        speaker: &Speaker,
        file: FileRow,
        new: &NewFile,
    ) -> Result<FilePlace, FileRefusal> {
        let same = file.stream == new.stream && file.card.size == new.size && file.card.digest == new.digest;
        if !same {
            return Err(FileRefusal::Invalid);
        }
        self.still_may(speaker, &file)?;
        let (secret, hash) = self.file_secret()?;
        let (row, now) = (file.row, self.now);
        self.alone(|store| store.set_file_secret(row, &hash, now)).map_err(unwritten)?;
        Ok(FilePlace { secret, part: file.part, stage: file.stage, expires: self.file_expires() })
    }

    fn begin_new(
        &mut self,
        key: PersonKey,
        from: FileOwner,
        new: &NewFile,
    ) -> Result<FilePlace, FileRefusal> {
        let card = FileCard::tidied(&new.name, new.size, &new.media, new.digest);
        self.gate(from.side, key, new.group, &card)?;
        if self.store.open_files(&from).map_err(unread)? >= self.limits.open_files {
            return Err(FileRefusal::Busy);
        }
        self.quota(&from, key.site, card.size)?;
        self.keep_new(key, from, new, &card)
    }

    fn keep_new(
        &mut self,
        key: PersonKey,
        from: FileOwner,
        new: &NewFile,
        card: &FileCard,
    ) -> Result<FilePlace, FileRefusal> {
        let (secret, hash) = self.file_secret()?;
        let part = self.entropy.id().map_err(|_| FileRefusal::Storage)?;
        let (visitor, now) = (self.person_row(key)?, self.now);
        let row = NewFileRow {
            part,
            site: key.site,
            visitor,
            from,
            id: new.id,
            group: new.group,
            card,
            secret: &hash,
            now,
        };
        self.alone(|store| store.add_file(&row)).map_err(unwritten)?;
        Ok(FilePlace { secret, part, stage: FileStage::UnderWay, expires: self.file_expires() })
    }

    /// A secret, and what is kept of it.
    fn file_secret(&mut self) -> Result<(Secret, [u8; 32]), FileRefusal> {
        let secret = Secret::new(self.entropy.bytes().map_err(|_| FileRefusal::Storage)?);
        let hash = token_hash(&secret);
        Ok((secret, hash))
    }

    /// Threats 22: nobody begins faster than he may, also not what he may not send.
    fn pace_upload(&mut self, from: &FileOwner, origin: IpAddr) -> Result<(), FileRefusal> {
        let (now, limits) = (self.now, &self.limits);
        if self.files.paces.len() > SWEEP_AT {
            self.files.paces.retain(|_, bucket| !bucket.is_full(now));
        }
        let bucket = self.files.paces.entry((from.side, from.owner)).or_default();
        let taken = bucket.take(limits.uploads, now).and_then(|()| match from.side {
            Side::Visitor => self.files.by_origin.take(Origin::of(origin), limits.address_uploads, now),
            Side::Operator => Ok(()),
        });
        taken.map_err(|_| FileRefusal::Busy)
    }
}
