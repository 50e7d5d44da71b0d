//! A store on a disk whose power fails, by a schedule that a seed decides.
//!
//! What it models: a call is one transaction. The power may fail before it, in the middle of it (the torn record is
//! thrown away when the disk is read again: none of it is there) or after it became durable but before the caller
//! heard of it. The disk may also be full, or refuse with an unknown outcome while the program lives on (I9).
//! After a power failure every call of the old handle fails; [`Disk::open`] gives what survived.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deskbell_core::store::{
    OutboxRow, OutboxState, Receipts, Store, StoreError, StreamRow, Upload, UploadState,
};
use deskbell_wire::{
    ChatId, Epoch, Event, FileDigest, FileRefusal, MessageId, Secret, Seq, Side, StreamId, Timestamp, Uid,
};

use crate::plain_store::PlainStore;

/// What happens to one write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The power fails before the write began.
    CrashBefore,
    /// The power fails in the middle of it.
    CrashTorn,
    /// The power fails when the write is durable and the caller has not heard of it.
    CrashAfter,
    /// No space is left.
    Full,
    /// The disk reports an error, and nothing was written.
    RefusedLost,
    /// The disk reports an error, and yet everything was written.
    RefusedKept,
}

/// When faults happen. Rates are per thousand writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Decides which writes.
    pub seed: u64,
    /// Power failures.
    pub crashes: u16,
    /// Full disks and refusals.
    pub refusals: u16,
    /// For a test of the tests: this many writes return before the next one makes them durable. 0 is an honest disk.
    pub lies: u32,
}

/// The disk: it outlives its handles.
#[derive(Clone)]
pub struct Disk(Arc<Mutex<State>>);

struct State {
    now: PlainStore,
    /// What a power failure leaves, where the disk lies.
    synced: Option<PlainStore>,
    unsynced: u32,
    schedule: Schedule,
    random: u64,
    next: Option<Fault>,
    writes: u64,
    life: u64,
    alive: bool,
}

impl Disk {
    /// A disk without faults.
    pub fn new() -> Self {
        Self::with(Schedule::default())
    }

    /// A disk that fails by schedule.
    pub fn with(schedule: Schedule) -> Self {
        Self(Arc::new(Mutex::new(State {
            now: PlainStore::default(),
            synced: None,
            unsynced: 0,
            schedule,
            random: schedule.seed,
            next: None,
            writes: 0,
            life: 0,
            alive: true,
        })))
    }

    /// The power is back: what survived, under a new handle. Older handles stay dead.
    pub fn open(&self) -> CrashStore {
        let mut state = self.state();
        state.crash();
        state.alive = true;
        CrashStore { disk: self.clone(), life: state.life }
    }

    /// The power fails now, between two calls.
    pub fn crash(&self) {
        self.state().crash();
    }

    /// Is the power on?
    pub fn is_alive(&self) -> bool {
        self.state().alive
    }

    /// The next write meets this fault, whatever the schedule says.
    pub fn fail_next(&self, fault: Fault) {
        self.state().next = Some(fault);
    }

    /// No more faults by schedule: now everything must heal.
    pub fn heal(&self) {
        let mut state = self.state();
        state.schedule = Schedule { lies: state.schedule.lies, ..Schedule::default() };
        state.next = None;
    }

    /// The outbox after a power failure now: see [`PlainStore::order`].
    pub fn order(&self) -> Vec<(Uid, bool)> {
        let state = self.state();
        state.synced.as_ref().unwrap_or(&state.now).order()
    }

    /// Writes so far, failed ones too.
    pub fn writes(&self) -> u64 {
        self.state().writes
    }

    /// What would be found after a power failure now.
    pub fn durable(&self) -> PlainStore {
        let state = self.state();
        state.synced.clone().unwrap_or_else(|| state.now.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        write!(f, "Disk({:?}, {} writes, life {})", state.schedule, state.writes, state.life)
    }
}

impl State {
    fn crash(&mut self) {
        if let Some(synced) = self.synced.take() {
            self.now = synced;
        }
        self.unsynced = 0;
        self.life += 1;
        self.alive = false;
    }

    fn write(
        &mut self,
        work: impl FnOnce(&mut PlainStore) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.writes += 1;
        match self.fault() {
            None => self.commit(work),
            Some(Fault::Full) => Err(StoreError::Full),
            Some(Fault::RefusedLost) => Err(refused()),
            Some(Fault::RefusedKept) => self.commit(work).and(Err(refused())),
            Some(Fault::CrashBefore) => Err(self.power_off()),
            Some(Fault::CrashTorn) => {
                // The record reaches the disk in part; reading it again throws it away.
                let mut torn = self.now.clone();
                let _ = work(&mut torn);
                Err(self.power_off())
            }
            Some(Fault::CrashAfter) => {
                let _ = self.commit(work);
                self.synced = None;
                Err(self.power_off())
            }
        }
    }

    fn commit(
        &mut self,
        work: impl FnOnce(&mut PlainStore) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if self.unsynced == 0 && self.schedule.lies > 0 {
            self.synced = Some(self.now.clone());
        }
        work(&mut self.now)?;
        self.unsynced += 1;
        if self.unsynced > self.schedule.lies {
            (self.synced, self.unsynced) = (None, 0);
        }
        Ok(())
    }

    fn power_off(&mut self) -> StoreError {
        self.crash();
        gone()
    }

    fn fault(&mut self) -> Option<Fault> {
        if let Some(fault) = self.next.take() {
            return Some(fault);
        }
        let (roll, kind) = (self.roll(1_000), self.roll(3));
        let Schedule { crashes, refusals, .. } = self.schedule;
        let kinds = if roll < u64::from(crashes) {
            [Fault::CrashBefore, Fault::CrashTorn, Fault::CrashAfter]
        } else if roll < u64::from(crashes) + u64::from(refusals) {
            [Fault::Full, Fault::RefusedLost, Fault::RefusedKept]
        } else {
            return None;
        };
        usize::try_from(kind).ok().and_then(|kind| kinds.get(kind)).copied()
    }

    /// SplitMix64: the same seed gives the same faults on every machine.
    fn roll(&mut self, sides: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}

fn gone() -> StoreError {
    StoreError::Io("the power is off".to_owned())
}

fn refused() -> StoreError {
    StoreError::Io("input/output error".to_owned())
}

/// A handle of one life of the program.
#[derive(Clone, Debug)]
pub struct CrashStore {
    disk: Disk,
    life: u64,
}

impl CrashStore {
    fn write(
        &mut self,
        work: impl FnOnce(&mut PlainStore) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.powered()?.write(work)
    }

    fn powered(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        let state = self.disk.state();
        if state.alive && state.life == self.life { Ok(state) } else { Err(gone()) }
    }
}

impl Store for CrashStore {
    fn queue(&mut self, row: &OutboxRow) -> Result<(), StoreError> {
        self.write(|disk| disk.queue(row))
    }

    fn queue_file(&mut self, row: &OutboxRow, upload: &Upload) -> Result<(), StoreError> {
        self.write(|disk| disk.queue_file(row, upload))
    }

    fn uploads(&self) -> Result<Vec<Upload>, StoreError> {
        self.powered()?.now.uploads()
    }

    fn set_upload(&mut self, uid: Uid, state: UploadState, place: Option<&Secret>) -> Result<(), StoreError> {
        self.write(|disk| disk.set_upload(uid, state, place))
    }

    fn set_refused(&mut self, uid: Uid, refused: Option<FileRefusal>) -> Result<(), StoreError> {
        self.write(|disk| disk.set_refused(uid, refused))
    }

    fn release(&mut self, uid: Uid, now: Timestamp) -> Result<(), StoreError> {
        self.write(|disk| disk.release(uid, now))
    }

    fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        self.powered()?.now.outbox()
    }

    fn set_outbox_state(&mut self, uid: Uid, state: OutboxState) -> Result<(), StoreError> {
        self.write(|disk| disk.set_outbox_state(uid, state))
    }

    fn requeue(&mut self, uid: Uid, now: Timestamp) -> Result<(), StoreError> {
        self.write(|disk| disk.requeue(uid, now))
    }

    fn discard(&mut self, uid: Uid) -> Result<(), StoreError> {
        self.write(|disk| disk.discard(uid))
    }

    fn streams(&self) -> Result<Vec<StreamRow>, StoreError> {
        self.powered()?.now.streams()
    }

    fn apply(
        &mut self,
        stream: &StreamId,
        epoch: Epoch,
        events: &[Event],
        settled: &[Uid],
    ) -> Result<(), StoreError> {
        self.write(|disk| disk.apply(stream, epoch, events, settled))
    }

    fn prepend(&mut self, stream: &StreamId, events: &[Event]) -> Result<(), StoreError> {
        self.write(|disk| disk.prepend(stream, events))
    }

    fn reset(
        &mut self,
        stream: &StreamId,
        epoch: Epoch,
        snapshot: &[Event],
        since: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|disk| disk.reset(stream, epoch, snapshot, since))
    }

    fn raise(&mut self, stream: &StreamId, side: Side, receipts: Receipts) -> Result<(), StoreError> {
        self.write(|disk| disk.raise(stream, side, receipts))
    }

    fn before(&self, stream: &StreamId, before: Seq, limit: u32) -> Result<Vec<Event>, StoreError> {
        self.powered()?.now.before(stream, before, limit)
    }

    fn file_event(&self, message: MessageId) -> Result<Option<Event>, StoreError> {
        self.powered()?.now.file_event(message)
    }

    fn files(
        &self,
        stream: &StreamId,
        chat: Option<ChatId>,
        below: Option<Seq>,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        self.powered()?.now.files(stream, chat, below, limit)
    }

    fn wanted_digests(&self) -> Result<Vec<FileDigest>, StoreError> {
        self.powered()?.now.wanted_digests()
    }

    fn unread(&self, stream: &StreamId, reader: Side) -> Result<u64, StoreError> {
        self.powered()?.now.unread(stream, reader)
    }

    fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.powered()?.now.setting(key)
    }

    fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write(|disk| disk.set_setting(key, value))
    }
}
