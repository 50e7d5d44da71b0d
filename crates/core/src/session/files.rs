//! What a person does with files.

use deskbell_wire::{BodyFlaw, FileCard, FileId, GroupId, Identity, MessageId, SendBody, StreamId, Uid};

use super::{Role, SendRefused, Session};
use crate::clock::Now;
use crate::notice::{EntryStatus, Notice, Output};
use crate::store::{OutboxRow, OutboxState, Store, StoreError, Upload, UploadState};
use crate::transfers::{Order, TransferStand, Voice};

/// A file whose bytes are in the vault, and what is said with it.
#[derive(Clone, PartialEq, Eq)]
pub struct FileToSend {
    /// Made for its entry, once (C1). The upload has the same name.
    pub uid: Uid,
    /// What it is.
    pub card: FileCard,
    /// 0 to 8,000 characters.
    pub text: String,
    /// A visitor's: for which group, where it opens a chat.
    pub group: Option<GroupId>,
    /// The uid of the first of those that are sent together with it, which may be its own.
    pub batch: Uid,
}

impl<S: Store> Session<S> {
    /// Takes an entry that carries a file. When this has returned, both are on the disk (C1); the file's bytes must be
    /// in the vault already. The entry goes out when the desk has the file; what is sent meanwhile does not wait.
    ///
    /// # Errors
    /// When the text is too long, or the disk refuses.
    pub fn send_file(
        &mut self,
        stream: &StreamId,
        file: FileToSend,
        now: Now,
    ) -> Result<OutboxRow, SendRefused> {
        let FileToSend { uid, card, text, group, batch } = file;
        let has_words = !text.is_empty();
        let body = SendBody::Message { text, group, file: Some(FileId(uid.0)) };
        let state = OutboxState::Queued;
        let row = OutboxRow { uid, stream: stream.clone(), body, created_at: now.wall, state };
        let row = self.keep_file(row, card, batch)?;
        if has_words {
            self.typing.clear(stream);
        }
        self.pump(now);
        Ok(row)
    }

    /// Takes an entry that carries a file as it is, with the uid of the first of those that are sent together with it.
    /// One that is failed begins when [`Session::resend`] is called.
    ///
    /// # Errors
    /// As [`Session::send_file`]; also where it is no message with the file of its own uid.
    pub fn keep_file(
        &mut self,
        row: OutboxRow,
        card: FileCard,
        batch: Uid,
    ) -> Result<OutboxRow, SendRefused> {
        self.check(&row.body)?;
        let SendBody::Message { group, file: Some(FileId(file)), .. } = row.body else {
            return Err(SendRefused::Flaw(BodyFlaw::Invalid));
        };
        if file != row.uid.0 || card.size == 0 {
            return Err(SendRefused::Flaw(BodyFlaw::Invalid));
        }
        let upload = Upload { group, batch, ..Upload::again(row.uid, card) };
        if let Err(error) = self.store.queue_file(&row, &upload) {
            // As with words: the person is told no, so it must not turn up later (I9).
            let _ = self.store.discard(row.uid);
            return Err(error.into());
        }
        let outbox = &mut self.replica(&row.stream).outbox;
        outbox.push(row.clone());
        outbox.set_waits(row.uid, true);
        self.transfers.uploads.push(row.stream.clone(), upload, row.state);
        Ok(row)
    }

    /// The file of an entry that waits, and how it stands. `None`: there is no such entry (any more), or no file.
    pub fn upload(&self, uid: Uid) -> Option<(&Upload, TransferStand)> {
        self.transfers.uploads.get(uid).map(|job| (&job.upload, job.stand()))
    }

    /// How the file of a message stands on its way here. `None`: it is not on its way.
    pub fn download(&self, message: MessageId) -> Option<TransferStand> {
        self.transfers.fetches.get(message).map(crate::transfers::Fetch::stand)
    }

    /// The person stops a file on its way to the desk for a while. Nothing where it has arrived, or failed.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn pause_file(&mut self, uid: Uid, now: Now) -> Result<(), StoreError> {
        self.set_paused(uid, UploadState::Paused, now)
    }

    /// The person lets it go on.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn resume_file(&mut self, uid: Uid, now: Now) -> Result<(), StoreError> {
        self.set_paused(uid, UploadState::Going, now)
    }

    fn set_paused(&mut self, uid: Uid, state: UploadState, now: Now) -> Result<(), StoreError> {
        let Some(job) = self.transfers.uploads.get(uid) else { return Ok(()) };
        let held = job.upload.state;
        if held == state || held == UploadState::Whole || job.row != OutboxState::Queued {
            return Ok(());
        }
        let place = job.upload.place.clone();
        self.store.set_upload(uid, state, place.as_ref())?;
        if let Some(job) = self.transfers.uploads.get_mut(uid) {
            job.upload.state = state;
            job.at_once();
        }
        self.settle_files();
        self.tell_upload(uid);
        self.pump(now);
        Ok(())
    }

    /// The person takes a file back that the desk does not have whole, or an entry that failed or is held. What is on
    /// its way as an entry cannot be taken back.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn cancel_file(&mut self, uid: Uid, now: Now) -> Result<(), StoreError> {
        let Some(job) = self.transfers.uploads.get(uid) else { return Ok(()) };
        if job.row == OutboxState::Queued && job.upload.state == UploadState::Whole {
            return Ok(());
        }
        let stream = job.stream.clone();
        self.take_back(stream, uid, now)
    }

    /// Takes an entry out of the outbox for good, with what the desk has of its file.
    pub(super) fn take_back(&mut self, stream: StreamId, uid: Uid, now: Now) -> Result<(), StoreError> {
        self.store.discard(uid)?;
        let outbox = &mut self.replica(&stream).outbox;
        outbox.remove(uid);
        outbox.resume();
        let upload = self.transfers.uploads.get(uid).map(|job| job.upload.clone());
        self.settle_files();
        if let (Some(place), Some(voice)) = (upload.as_ref().and_then(|it| it.place.clone()), self.voice()) {
            self.carry(Order::Leave { voice, place });
        }
        upload.into_iter().for_each(|upload| self.tell(Notice::Unneeded(upload.card.digest)));
        self.tell(Notice::Status { stream, uid, status: EntryStatus::Discarded });
        self.pump(now);
        Ok(())
    }

    /// The person sends a failed or held entry with a file again: at the end of the outbox, for nothing waited for it.
    /// A file that the desk did not have whole begins again; what the desk has of it is found by its uid.
    pub(super) fn resend_file(&mut self, row: &OutboxRow, now: Now) -> Result<(), StoreError> {
        let uid = row.uid;
        let whole = self.transfers.uploads.get(uid).is_some_and(|job| job.upload.state == UploadState::Whole);
        if !whole {
            // It may be another person's by now.
            self.store.set_upload(uid, UploadState::Going, None)?;
            self.store.set_refused(uid, None)?;
        }
        self.store.requeue(uid, now.wall)?;
        self.move_to_end(row, now, !whole);
        if let Some(job) = self.transfers.uploads.get_mut(uid).filter(|_| !whole) {
            (job.upload.state, job.upload.place, job.upload.refused) = (UploadState::Going, None, None);
            job.begin_again();
        }
        Ok(())
    }

    /// The row is at the end of the outbox on the disk; here, too.
    pub(super) fn move_to_end(&mut self, row: &OutboxRow, now: Now, waits: bool) {
        let outbox = &mut self.replica(&row.stream).outbox;
        outbox.remove(row.uid);
        outbox.push(OutboxRow { state: OutboxState::Queued, created_at: now.wall, ..row.clone() });
        outbox.set_waits(row.uid, waits);
        self.transfers.uploads.move_to_end(row.uid);
    }

    /// The person wants the file of a message on this device. `false`: no such message with a file is held there.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn fetch_file(
        &mut self,
        stream: &StreamId,
        message: MessageId,
        now: Now,
    ) -> Result<bool, StoreError> {
        let event = self.store.file_event(message)?.filter(|event| event.stream == *stream);
        let Some(card) = event.as_ref().and_then(|event| event.body.file()) else { return Ok(false) };
        self.transfers.fetches.push(stream.clone(), message, card.clone());
        self.tell_download(message);
        self.pump(now);
        Ok(true)
    }

    /// The person no longer wants it.
    pub fn stop_fetch(&mut self, message: MessageId, now: Now) {
        let Some((fetch, carried)) = self.transfers.fetches.remove(message) else { return };
        if carried {
            self.carry(Order::StopFetch { message });
        }
        self.tell(Notice::Download { stream: fetch.stream, message, stand: TransferStand::Stopped });
        self.pump(now);
    }

    /// Who asks the desk for files; `None` while nobody can.
    pub(super) fn voice(&self) -> Option<Voice> {
        let who = match &self.role {
            _ if !self.link.is_live() => return None,
            Role::Visitor { stream, token } => Identity::Visitor {
                site: stream.site.clone(),
                visitor_id: stream.visitor,
                token: token.clone(),
            },
            Role::Operator { token } => Identity::Operator { token: token.clone()? },
        };
        Some(Voice { who, device: self.device_id })
    }

    pub(super) fn carry(&mut self, order: Order) {
        self.outputs.push_back(Output::Carry(order));
    }

    pub(super) fn tell_upload(&mut self, uid: Uid) {
        if let Some(job) = self.transfers.uploads.get(uid) {
            let (stream, stand) = (job.stream.clone(), job.stand());
            self.tell(Notice::Upload { stream, uid, stand });
        }
    }

    pub(super) fn tell_download(&mut self, message: MessageId) {
        if let Some(fetch) = self.transfers.fetches.get(message) {
            let (stream, stand) = (fetch.stream.clone(), fetch.stand());
            self.tell(Notice::Download { stream, message, stand });
        }
    }
}
