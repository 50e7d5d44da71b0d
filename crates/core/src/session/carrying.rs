//! Orders to the carrier of files, and what it reports.
//!
//! What must always hold: what was said to be whole is on the disk before its entry goes out; a report of a run that
//! is over changes nothing.

use deskbell_wire::{MessageId, NackCode, Secret, StreamId, Uid};

use super::Session;
use crate::clock::Now;
use crate::notice::{EntryStatus, Notice};
use crate::store::{OutboxState, Store, StoreError, UploadState};
use crate::transfers::{Came, CarrierReport, Job, Order, TransferStand, Trouble};

impl<S: Store> Session<S> {
    /// The carrier says how far it is.
    pub fn carried(&mut self, report: CarrierReport, now: Now) {
        let outcome = match report {
            CarrierReport::Placed { uid, run, place } => self.placed(uid, run, place),
            CarrierReport::Sent { uid, run, done } => self.sent(uid, run, done),
            CarrierReport::Whole { uid, run } => self.arrived_whole(uid, run),
            CarrierReport::Failed { uid, run, why } => self.upload_failed(uid, run, why, now),
            CarrierReport::Fetched { message, run, done } => {
                self.fetched(message, run, done);
                Ok(())
            }
            CarrierReport::Here { message, run } => {
                self.fetch_ended(message, run, TransferStand::Whole);
                Ok(())
            }
            CarrierReport::FetchFailed { message, run, why } => {
                self.fetch_failed(message, run, why, now);
                Ok(())
            }
        };
        if let Err(error) = outcome {
            self.unwell(error, now);
        }
        self.pump(now);
    }

    fn placed(&mut self, uid: Uid, run: u64, place: Secret) -> Result<(), StoreError> {
        if self.transfers.uploads.in_run(uid, run).is_none() {
            return Ok(());
        }
        self.store.set_upload(uid, UploadState::Going, Some(&place))?;
        if let Some(job) = self.transfers.uploads.get_mut(uid) {
            job.placed(place);
        }
        Ok(())
    }

    fn sent(&mut self, uid: Uid, run: u64, done: u64) -> Result<(), StoreError> {
        let Some(job) = self.transfers.uploads.in_run(uid, run) else { return Ok(()) };
        job.sent(done);
        self.tell_upload(uid);
        self.keep_refusal(uid)
    }

    fn arrived_whole(&mut self, uid: Uid, run: u64) -> Result<(), StoreError> {
        let Some(job) = self.transfers.uploads.in_run(uid, run) else { return Ok(()) };
        job.arrived();
        self.tell_upload(uid);
        self.keep_refusal(uid)
    }

    /// What the desk said of a file outlives a restart, and is forgotten when it goes on.
    fn keep_refusal(&mut self, uid: Uid) -> Result<(), StoreError> {
        let Some(job) = self.transfers.uploads.get_mut(uid) else { return Ok(()) };
        let refused = job.to_keep();
        if job.upload.refused != refused {
            self.store.set_refused(uid, refused)?;
            job.upload.refused = refused;
        }
        Ok(())
    }

    fn upload_failed(&mut self, uid: Uid, run: u64, why: Trouble, now: Now) -> Result<(), StoreError> {
        let jitter = &mut self.transfers.jitter;
        let Some(job) = self.transfers.uploads.in_run(uid, run) else { return Ok(()) };
        let came = job.failed(why, now.mono, jitter);
        // Before its row says that it failed: what it failed for belongs to that.
        self.keep_refusal(uid)?;
        self.went_wrong(uid, came)
    }

    fn went_wrong(&mut self, uid: Uid, came: Came) -> Result<(), StoreError> {
        match came {
            Came::Again => {}
            Came::Anew => {
                self.store.set_upload(uid, UploadState::Going, None)?;
                self.transfers.uploads.get_mut(uid).into_iter().for_each(Job::forget_place);
            }
            Came::Refused(code) => self.refuse_file(uid, code)?,
        }
        self.tell_upload(uid);
        Ok(())
    }

    fn refuse_file(&mut self, uid: Uid, code: NackCode) -> Result<(), StoreError> {
        let state = OutboxState::Failed(code);
        self.store.set_outbox_state(uid, state)?;
        let Some(job) = self.transfers.uploads.get_mut(uid) else { return Ok(()) };
        job.row = state;
        let stream = job.stream.clone();
        self.replica(&stream).outbox.set_state(uid, state);
        self.tell(Notice::Status { stream, uid, status: EntryStatus::Failed(code) });
        Ok(())
    }

    /// The desk took an entry whose file it does not have (any more): the file again, then the entry again. `false`:
    /// the entry carries none.
    pub(super) fn file_missing(&mut self, stream: &StreamId, uid: Uid, now: Now) -> Result<bool, StoreError> {
        let jitter = &mut self.transfers.jitter;
        let Some(job) = self.transfers.uploads.get_mut(uid) else { return Ok(false) };
        if job.upload.state != UploadState::Whole {
            return Ok(true);
        }
        let came = job.missed(now.mono, jitter);
        job.upload.state = UploadState::Going;
        self.replica(stream).outbox.set_waits(uid, true);
        self.went_wrong(uid, Came::Anew)?;
        if let Came::Refused(_) = came {
            self.went_wrong(uid, came)?;
        }
        Ok(true)
    }

    fn fetched(&mut self, message: MessageId, run: u64, done: u64) {
        if let Some(fetch) = self.transfers.fetches.in_run(message, run) {
            fetch.fetched(done);
            self.tell_download(message);
        }
    }

    fn fetch_failed(&mut self, message: MessageId, run: u64, why: Trouble, now: Now) {
        let jitter = &mut self.transfers.jitter;
        let Some(fetch) = self.transfers.fetches.in_run(message, run) else { return };
        if fetch.failed(why, now.mono, jitter) {
            self.tell_download(message);
        } else {
            self.fetch_over(message, TransferStand::Failed(why));
        }
    }

    fn fetch_ended(&mut self, message: MessageId, run: u64, stand: TransferStand) {
        if self.transfers.fetches.in_run(message, run).is_some() {
            self.fetch_over(message, stand);
        }
    }

    fn fetch_over(&mut self, message: MessageId, stand: TransferStand) {
        if let Some((fetch, _)) = self.transfers.fetches.remove(message) {
            self.tell(Notice::Download { stream: fetch.stream, message, stand });
        }
    }

    /// The files of the outbox, as the disk has them.
    pub(super) fn take_up_files(&mut self) -> Result<(), StoreError> {
        let mut files = Vec::new();
        for upload in self.store.uploads()? {
            let owner = self.replicas.values_mut().find(|replica| replica.outbox.get(upload.uid).is_some());
            let Some(replica) = owner else { continue };
            replica.outbox.set_waits(upload.uid, upload.state != UploadState::Whole);
            let state = replica.outbox.get(upload.uid).map(|row| row.state);
            files.extend(state.map(|state| (replica.stream.clone(), state, upload)));
        }
        self.transfers.uploads.take_up(files);
        Ok(())
    }

    /// Files follow their rows: what left, or is no longer queued, is not carried.
    pub(super) fn settle_files(&mut self) {
        let replicas = &self.replicas;
        let row = |job: &Job| {
            let outbox = &replicas.get(&job.stream)?.outbox;
            Some((outbox.get(job.upload.uid)?.state, outbox.is_agreeing()))
        };
        for uid in self.transfers.uploads.settle(row) {
            self.carry(Order::Stop { uid });
            self.tell_upload(uid);
        }
    }

    /// What has arrived lets its entry go; what may be carried is.
    pub(super) fn carry_on(&mut self, now: Now) -> Result<(), StoreError> {
        while let Some(uid) = self.transfers.uploads.next_arrived() {
            self.release(uid, now)?;
        }
        let Some(voice) = self.voice() else { return Ok(()) };
        while let Some(start) = self.transfers.uploads.start(now.mono) {
            let (stream, upload) = (start.job.stream.clone(), start.job.upload.clone());
            let (uid, run, voice) = (upload.uid, start.run, voice.clone());
            let (card, group, place) = (upload.card, upload.group, upload.place);
            self.carry(Order::Upload { uid, run, voice, stream, card, group, place });
            self.tell_upload(uid);
        }
        while let Some((fetch, run)) = self.transfers.fetches.start(now.mono) {
            let (message, card, voice) = (fetch.message, fetch.card.clone(), voice.clone());
            self.carry(Order::Fetch { message, run, voice, card });
            self.tell_download(message);
        }
        Ok(())
    }

    /// The entry goes to the end of the outbox: what was queued behind it has gone out before it.
    fn release(&mut self, uid: Uid, now: Now) -> Result<(), StoreError> {
        self.store.release(uid, now.wall)?;
        let job = self.transfers.uploads.get(uid);
        let row = job.and_then(|job| self.replicas.get(&job.stream)?.outbox.get(uid)).cloned();
        if let Some(row) = row {
            self.move_to_end(&row, now, false);
        }
        self.transfers.uploads.release(uid);
        self.tell_upload(uid);
        Ok(())
    }

    /// The line went down: nothing is carried without it.
    pub(super) fn rest_files(&mut self) {
        if !self.transfers.any_going() {
            return;
        }
        self.carry(Order::HangUp);
        self.transfers.uploads.rest().into_iter().for_each(|uid| self.tell_upload(uid));
        self.transfers.fetches.rest().into_iter().for_each(|message| self.tell_download(message));
    }
}
