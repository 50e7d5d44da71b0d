//! A person's device: a session over a disk whose power may fail, and the journal of what the person was told.

use deskbell_core::store::{OutboxRow, OutboxState, Store as _};
use deskbell_core::{Config, EntryStatus, Notice, Now, Role, Session, TransferStand, Trouble};
use deskbell_server::desk::{ConnId, FileVoice};
use deskbell_wire::{
    Ack, Cursor, DeviceId, Epoch, Identity, MessageId, Secret, Seq, SiteKey, State, StreamId, Uid, VisitorId,
    VisitorRow,
};
use uuid::Uuid;

use super::Counts;
use super::courier::Courier;
use crate::checker::{self, Held, Told};
use crate::crash_store::{CrashStore, Disk, Schedule};

/// A device. Off while there is no session.
pub(super) struct Device {
    name: String,
    config: Config,
    pub(super) disk: Disk,
    pub(super) session: Option<Session<CrashStore>>,
    pub(super) journal: Vec<Told>,
    pub(super) line: Option<ConnId>,
    pub(super) dialling: bool,
    /// This life of the desk, as the device's connection was welcomed to it.
    pub(super) epoch: Option<Epoch>,
    pub(super) courier: Courier,
    /// The outbox, as the disk had it.
    order: Vec<(Uid, bool)>,
    queued: u64,
}

/// The n-th visitor's stream.
pub(super) fn stream(n: u128) -> StreamId {
    StreamId::public(SiteKey::main(), VisitorId(Uuid::from_u128(n)))
}

impl Device {
    /// The n-th device; a visitor's, or an operator's.
    pub(super) fn new(n: u64, visitor: Option<u128>, token: Secret, faults: Schedule) -> Self {
        let device_id = Self::device_id(n);
        let (name, role) = match visitor {
            Some(visitor) => {
                (format!("visitor {visitor} device {n}"), Role::Visitor { stream: stream(visitor), token })
            }
            None => (format!("operator device {n}"), Role::Operator { token: Some(token) }),
        };
        Self {
            name,
            config: Config { device_id, role, seed: faults.seed },
            disk: Disk::with(faults),
            session: None,
            journal: Vec::new(),
            line: None,
            dialling: false,
            epoch: None,
            courier: Courier::default(),
            order: Vec::new(),
            queued: 0,
        }
    }

    pub(super) fn device_id(n: u64) -> DeviceId {
        DeviceId(Uuid::from_u128(0xde71ce << 64 | u128::from(n)))
    }

    /// Switches it on.
    pub(super) fn start(&mut self) {
        self.session = Session::open(self.config.clone(), self.disk.open()).ok();
    }

    /// The visitor's own stream.
    pub(super) fn own(&self) -> Option<StreamId> {
        match &self.config.role {
            Role::Visitor { stream, .. } => Some(stream.clone()),
            Role::Operator { .. } => None,
        }
    }

    /// A uid that this device never used, and how many it made.
    pub(super) fn new_uid(&mut self) -> Uid {
        self.queued += 1;
        let device = self.config.device_id.0.as_u128() as u64;
        Uid(Uuid::from_u128(u128::from(device) << 64 | u128::from(self.queued)))
    }

    pub(super) fn made(&self) -> u64 {
        self.queued
    }

    /// What its outbox in memory says.
    pub(super) fn waiting(&self) -> Vec<OutboxRow> {
        let streams = self.session.iter().flat_map(Session::streams);
        streams.flat_map(|replica| replica.outbox.rows().cloned().collect::<Vec<_>>()).collect()
    }

    /// What waits for its person.
    pub(super) fn undecided(&self) -> Vec<OutboxRow> {
        let mut waiting = self.waiting();
        waiting.retain(|row| row.state != OutboxState::Queued);
        waiting
    }

    /// What a visitor's form shows of the present.
    pub(super) fn present(&self) -> Option<&State> {
        self.session.as_ref().filter(|_| self.own().is_some()).and_then(Session::present)
    }

    /// What an operator's list shows.
    pub(super) fn rows(&self) -> Vec<VisitorRow> {
        self.session.iter().flat_map(|session| session.rows().0.cloned()).collect()
    }

    /// The newest seq that it holds of a stream.
    pub(super) fn seq(&self, stream: &StreamId) -> Seq {
        let held = self.session.as_ref().and_then(|session| session.held(stream));
        held.map_or(0, |replica| replica.seq())
    }

    /// The device promised that an entry is durable.
    pub(super) fn queued(&mut self, stream: StreamId, uid: Uid, message: bool) {
        self.journal.push(Told::Queued { stream, uid, message });
        self.order = self.disk.order();
    }

    /// What went to the end of the outbox by itself, because its file has arrived: it counts from then on. And which
    /// files are not to be waited for.
    pub(super) fn note_order(&mut self) {
        for uid in self.hindered() {
            self.journal.push(Told::Hindered(uid));
        }
        let now = self.disk.order();
        for (uid, arrived) in &now {
            let waited = self.order.contains(&(*uid, false));
            if *arrived && waited {
                self.journal.push(Told::Arrived(*uid));
            }
        }
        self.order = now;
    }

    /// Files that do not go on by themselves, or not at once, and were not known to.
    fn hindered(&self) -> Vec<Uid> {
        let Some(session) = &self.session else { return Vec::new() };
        let stands = |uid| matches!(session.upload(uid), Some((_, stand)) if !goes_on(stand));
        let rows = session.streams().flat_map(|replica| replica.outbox.rows());
        let rows = rows.filter(|row| row.state != OutboxState::Queued || stands(row.uid));
        let uids = rows.filter(|row| row.body.file().is_some()).map(|row| row.uid);
        uids.filter(|uid| !self.journal.contains(&Told::Hindered(*uid))).collect()
    }

    /// Files of messages that it holds and never fetched.
    pub(super) fn unread_files(&self) -> Vec<(StreamId, MessageId)> {
        let Some(session) = &self.session else { return Vec::new() };
        let streams = session.streams().map(|replica| replica.stream.clone());
        let of = |stream: StreamId| {
            let held = session.store().files(&stream, None, None, 99).unwrap_or_default();
            held.into_iter().map(move |event| (stream.clone(), event.message_id))
        };
        let mut files: Vec<_> = streams.flat_map(of).collect();
        files.retain(|(_, message)| !self.courier.fetched.contains(message));
        files
    }

    /// Its voice over HTTP.
    pub(super) fn speaks(&self) -> (String, FileVoice) {
        let who = match self.config.role.clone() {
            Role::Visitor { stream, token } => {
                Identity::Visitor { site: stream.site, visitor_id: stream.visitor, token }
            }
            Role::Operator { token } => Identity::Operator { token: token.expect("a session") },
        };
        (self.name.clone(), FileVoice { who, device: self.config.device_id })
    }

    /// The desk said that an entry is durable.
    pub(super) fn hear_ack(&mut self, ack: &Ack, counts: &mut Counts) {
        counts.acks += 1;
        counts.dup_acks += u64::from(ack.dup);
        if let Some(epoch) = self.epoch {
            self.journal.push(Told::Acked { stream: ack.stream.clone(), uid: ack.uid, epoch, seq: ack.seq });
        }
    }

    /// The person is told something.
    pub(super) fn hear(&mut self, notice: &Notice, counts: &mut Counts) {
        match notice {
            Notice::Applied { stream, .. } | Notice::Older(stream) => self.note_range(stream),
            Notice::Replaced(stream) => {
                counts.resets += 1;
                counts.shown += self.undecided().len() as u64;
                self.journal.push(Told::Replaced(stream.clone()));
                self.note_range(stream);
            }
            Notice::Status { status: EntryStatus::Held | EntryStatus::Failed(_), .. } => counts.shown += 1,
            _ => {}
        }
    }

    fn note_range(&mut self, stream: &StreamId) {
        let held = self.session.as_ref().and_then(|session| session.held(stream));
        let reached = held.and_then(|replica| Some((replica.cursor?, replica.base)));
        let Some((Cursor { epoch, seq, .. }, base)) = reached else { return };
        self.journal.push(Told::Reached { stream: stream.clone(), epoch, base, seq });
    }

    /// What the checker wants to know.
    pub(super) fn seal(&self, streams: &[StreamId]) -> checker::Device {
        // What its person sees, and what would be left of it.
        let outbox = self.waiting();
        let store = self.disk.open();
        checker::Device {
            name: self.name.clone(),
            journal: self.journal.clone(),
            outbox,
            held: Held::all(&store).expect("the replicas"),
            follows: self.own().map_or_else(|| streams.to_vec(), |own| vec![own]),
            present: self.present().cloned(),
            rows: self.rows(),
        }
    }

    /// Nothing waits in memory, and it is at these heads with all that is older.
    pub(super) fn is_at_rest(&self, heads: &[(StreamId, Seq)]) -> bool {
        let waits = self.waiting().iter().any(|row| row.state == OutboxState::Queued);
        let own = self.own();
        let reached = |(stream, head): &(StreamId, Seq)| {
            let held = self.session.as_ref().and_then(|session| session.held(stream));
            held.map_or(*head == 0, |replica| replica.seq() == *head && replica.base == 0)
        };
        // The list is gathered for a moment.
        let listed = self
            .rows()
            .iter()
            .all(|row| heads.iter().all(|(stream, head)| *stream != row.stream || *head == row.head));
        !waits
            && listed
            && heads.iter().filter(|(stream, _)| own.as_ref().is_none_or(|own| own == stream)).all(reached)
    }
}

/// By itself, as soon as there is a line.
fn goes_on(stand: TransferStand) -> bool {
    match stand {
        TransferStand::Waiting { why, .. } => matches!(why, None | Some(Trouble::Line)),
        TransferStand::Going { .. } | TransferStand::Whole => true,
        _ => false,
    }
}

/// How often its disk fails.
pub(super) fn faults(seed: u64, crashes: u16, refusals: u16, lies: u32) -> Schedule {
    Schedule { seed, crashes, refusals, lies }
}

/// A moment, by both clocks.
pub(super) fn moment(mono: u64) -> Now {
    Now { mono: 0, wall: deskbell_wire::Timestamp(1_760_000_000_000) }.plus(mono)
}
