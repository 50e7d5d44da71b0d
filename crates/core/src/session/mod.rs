//! One person's session with a desk, over any number of connections.
//!
//! What must always hold: what [`Session::send`] has accepted is on the disk; events are applied in seq order in one
//! transaction each page; nothing is transmitted before the desk has said welcome.

mod asks;
mod carrying;
mod files;
mod frames;
mod sync;
mod verbs;

use std::collections::{BTreeMap, VecDeque};

use deskbell_wire::limits::{HELD_MS, HELLO_CURSORS, IN_FLIGHT};
use deskbell_wire::{
    ClientFrame, DeviceId, Epoch, Hello, Identity, NackCode, OperatorCard, OperatorStatus, PROTO, Redeem,
    Secret, Side, SignIn, State, StreamCursor, StreamId, Timestamp, Uid, VisitorRow,
};

use crate::clock::Now;
use crate::link::{Closed, Link, LinkAction, LinkPhase, StopReason};
use crate::notice::{EntryStatus, Notice, Output};
use crate::replica::Replica;
use crate::store::{OutboxState, Store, StoreError};
use crate::transfers::Transfers;
use crate::typing::Typing;

pub use asks::AskId;
use asks::Asked;
pub use files::FileToSend;
pub use verbs::SendRefused;

/// Who the session is for.
#[derive(Clone, Debug)]
pub enum Role {
    /// A visitor, with the stream that is the visitor's own.
    Visitor {
        /// The own stream.
        stream: StreamId,
        /// Made on this device.
        token: Secret,
    },
    /// An operator; without a token until signed in.
    Operator {
        /// From an earlier sign-in.
        token: Option<Secret>,
    },
}

/// What a session needs to know of its device.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which device of the person.
    pub device_id: DeviceId,
    /// Who.
    pub role: Role,
    /// For the jitter of reconnections.
    pub seed: u64,
}

/// The machine.
pub struct Session<S> {
    device_id: DeviceId,
    role: Role,
    store: S,
    link: Link,
    epoch: Option<Epoch>,
    since: Timestamp,
    replicas: BTreeMap<StreamId, Replica>,
    typing: Typing,
    transfers: Transfers,
    sign_in: Option<SignIn>,
    redeem: Option<Redeem>,
    asked: Asked,
    me: Option<(OperatorCard, OperatorStatus)>,
    wished_status: Option<OperatorStatus>,
    present: Option<State>,
    rows: BTreeMap<StreamId, VisitorRow>,
    total: u64,
    text_chars: usize,
    window: usize,
    outputs: VecDeque<Output>,
    told: Option<LinkPhase>,
}

impl<S: Store> Session<S> {
    /// Takes up where the store left off. Dials at the first tick.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open(config: Config, store: S) -> Result<Self, StoreError> {
        let mut session = Self {
            device_id: config.device_id,
            role: config.role,
            store,
            link: Link::new(config.seed),
            epoch: None,
            since: Timestamp(i64::MAX),
            replicas: BTreeMap::new(),
            typing: Typing::default(),
            transfers: Transfers::new(config.seed),
            sign_in: None,
            redeem: None,
            asked: Asked::default(),
            me: None,
            wished_status: None,
            present: None,
            rows: BTreeMap::new(),
            total: 0,
            text_chars: deskbell_wire::limits::TEXT_CHARS,
            window: IN_FLIGHT,
            outputs: VecDeque::new(),
            told: None,
        };
        session.load()?;
        if matches!(session.role, Role::Operator { token: None }) {
            session.link.stop(StopReason::NoToken);
        }
        Ok(session)
    }

    /// Reads what is held, and forgets what was thought to be. Streams that were opened stay open.
    fn load(&mut self) -> Result<(), StoreError> {
        let (mut rows, mut waiting) = (self.store.streams()?, self.store.outbox()?);
        if let Role::Visitor { stream: own, .. } = &self.role {
            // The same profile on another site: what it holds there is neither named nor sent here.
            rows.retain(|row| row.stream == *own);
            waiting.retain(|row| row.stream == *own);
        }
        let opened = self.replicas.values().filter(|replica| replica.backfill);
        let mut opened: Vec<_> = opened.map(|replica| replica.stream.clone()).collect();
        if let Role::Visitor { stream, .. } = &self.role {
            opened.push(stream.clone());
        }
        self.replicas = rows.into_iter().map(|row| (row.stream.clone(), Replica::from_row(row))).collect();
        for row in waiting {
            self.replica(&row.stream.clone()).outbox.push(row);
        }
        for stream in opened {
            self.replica(&stream).backfill = true;
        }
        self.take_up_files()
    }

    /// The store, for reading.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The store, for the profile's settings.
    pub fn store_mut(&mut self) -> &mut S {
        &mut self.store
    }

    /// What the line does.
    pub fn link(&self) -> LinkPhase {
        self.link.phase()
    }

    /// How the last connection ended, for words.
    pub fn ended(&self) -> Option<Closed> {
        self.link.ended()
    }

    /// The operator's card and status, once welcomed.
    pub fn me(&self) -> Option<&(OperatorCard, OperatorStatus)> {
        self.me.as_ref()
    }

    /// What the desk last said of the present; `None` before the first word.
    pub fn present(&self) -> Option<&State> {
        self.present.as_ref()
    }

    /// The operators' list of visitors and how many rows the desk has.
    pub fn rows(&self) -> (impl Iterator<Item = &VisitorRow>, u64) {
        (self.rows.values(), self.total)
    }

    /// The row of the operators' list that a stream has.
    pub fn row(&self, stream: &StreamId) -> Option<&VisitorRow> {
        self.rows.get(stream)
    }

    /// When the desk last said welcome, by its own clock: what is younger was written while the line was up. Nothing is
    /// before the first welcome.
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// What is held of a stream.
    pub fn held(&self, stream: &StreamId) -> Option<&Replica> {
        self.replicas.get(stream)
    }

    /// Every stream that is held or waits.
    pub fn streams(&self) -> impl Iterator<Item = &Replica> {
        self.replicas.values()
    }

    /// What to do next.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Self::tick`] wants to be called, on the monotonic clock.
    pub fn deadline(&self) -> Option<u64> {
        let live = self.link.is_live();
        let outboxes = self
            .replicas
            .values()
            .filter(|replica| live && !replica.stale && !replica.outbox.is_empty())
            .filter_map(|replica| replica.outbox.deadline());
        let typing = self.typing.deadline().filter(|_| live);
        let files = self.transfers.deadline().filter(|_| live);
        outboxes.chain(self.link.deadline()).chain(typing).chain(files).min()
    }

    /// Time went on.
    pub fn tick(&mut self, now: Now) {
        match self.link.tick(now.mono) {
            Some(LinkAction::Dial) => self.outputs.push_back(Output::Dial),
            Some(LinkAction::HangUp) => self.hang_up(),
            Some(LinkAction::Ping(n)) => self.transmit(ClientFrame::Ping { n }),
            None => {}
        }
        self.tell_link();
        self.hold_overdue(now);
        self.pump(now);
    }

    /// The socket is open.
    pub fn opened(&mut self, now: Now) {
        self.link.opened(now.mono);
        let first = match (self.sign_in.clone(), self.redeem.clone()) {
            (Some(sign_in), _) => Some(ClientFrame::SignIn(sign_in)),
            (None, Some(redeem)) => Some(ClientFrame::Redeem(redeem)),
            (None, None) => self.hello(),
        };
        match first {
            Some(frame) => self.outputs.push_back(Output::Transmit(frame)),
            None => self.stop(StopReason::NoToken),
        }
    }

    /// The socket is closed, and not because of [`Output::HangUp`].
    pub fn closed(&mut self, how: Closed, now: Now) {
        self.link.closed(now.mono, how);
        self.rest();
        self.tell_link();
    }

    /// The device woke up or its network changed.
    pub fn wake(&mut self, now: Now) {
        self.link.wake(now.mono);
        self.tick(now);
    }

    /// The person did something about a stopped line. A code that is under way is not tried again.
    pub fn reconnect(&mut self, now: Now) {
        self.redeem = None;
        self.redial(now);
    }

    fn redial(&mut self, now: Now) {
        self.link.restart();
        self.tick(now);
    }

    fn hello(&self) -> Option<ClientFrame> {
        let who = match &self.role {
            Role::Visitor { stream, token } => Identity::Visitor {
                site: stream.site.clone(),
                visitor_id: stream.visitor,
                token: token.clone(),
            },
            Role::Operator { token } => Identity::Operator { token: token.clone()? },
        };
        Some(ClientFrame::Hello(Hello {
            proto: PROTO,
            device_id: self.device_id,
            who,
            cursors: self.cursors(),
        }))
    }

    /// The cursors that matter most: streams with something waiting, then those that moved last.
    fn cursors(&self) -> Vec<StreamCursor> {
        let mut replicas: Vec<_> =
            self.replicas.values().filter(|replica| replica.cursor.is_some()).collect();
        replicas.sort_by_key(|replica| {
            (replica.outbox.is_empty(), std::cmp::Reverse(replica.cursor.map(|c| c.message_id)))
        });
        let cursor = |replica: &&Replica| {
            replica.cursor.map(|cursor| StreamCursor { stream: replica.stream.clone(), cursor })
        };
        replicas.iter().filter_map(cursor).take(HELLO_CURSORS).collect()
    }

    fn side(&self) -> Side {
        match self.role {
            Role::Visitor { .. } => Side::Visitor,
            Role::Operator { .. } => Side::Operator,
        }
    }

    fn replica(&mut self, stream: &StreamId) -> &mut Replica {
        self.replicas.entry(stream.clone()).or_insert_with(|| Replica::new(stream.clone()))
    }

    fn transmit(&mut self, frame: ClientFrame) {
        if self.link.is_live() {
            self.outputs.push_back(Output::Transmit(frame));
        }
    }

    fn tell(&mut self, notice: Notice) {
        self.outputs.push_back(Output::Tell(notice));
    }

    fn tell_link(&mut self) {
        let phase = self.link.phase();
        if self.told != Some(phase) {
            self.told = Some(phase);
            self.tell(Notice::Link(phase));
        }
    }

    fn stop(&mut self, reason: StopReason) {
        self.link.stop(reason);
        self.hang_up();
        self.tell_link();
    }

    fn hang_up(&mut self) {
        self.outputs.push_back(Output::HangUp);
        self.rest();
    }

    fn rest(&mut self) {
        self.replicas.values_mut().for_each(Replica::rest);
        self.typing.reset();
        self.rest_files();
        self.sign_in = None;
        self.redeem = None;
        self.give_up_asks();
    }

    /// The disk refuses: what cannot be remembered must not be acknowledged. The line goes down and is tried again,
    /// from what the disk holds now: what became of the last write is unknown (I9).
    fn unwell(&mut self, error: StoreError, now: Now) {
        self.link.closed(now.mono, Closed::Lost);
        self.hang_up();
        // Where it cannot be read either, the next refusal reads it again.
        let _ = self.load();
        self.tell(Notice::Unwell(error));
        self.tell_link();
    }

    /// What nobody answered for a day is no longer sent behind the person's back.
    fn hold_overdue(&mut self, now: Now) {
        let before = Timestamp(now.wall.0.saturating_sub(HELD_MS));
        let mut overdue = Vec::new();
        for replica in self.replicas.values() {
            overdue
                .extend(replica.outbox.overdue(before).into_iter().map(|uid| (replica.stream.clone(), uid)));
        }
        for (stream, uid) in overdue {
            self.hold(stream, uid);
        }
    }

    /// From here on the person decides about an entry.
    fn hold(&mut self, stream: StreamId, uid: Uid) {
        if !self.replica(&stream).outbox.get(uid).is_some_and(|row| row.body.is_message()) {
            self.expire(&stream, uid);
        } else if self.store.set_outbox_state(uid, OutboxState::Held).is_ok() {
            self.replica(&stream).outbox.set_state(uid, OutboxState::Held);
            self.tell(Notice::Status { stream, uid, status: EntryStatus::Held });
        }
    }

    /// A verb is no line that could be shown as held: it is refused, like one that the desk finds too late.
    fn expire(&mut self, stream: &StreamId, uid: Uid) {
        if self.store.discard(uid).is_ok()
            && let Some(row) = self.replica(stream).outbox.remove(uid)
        {
            self.tell(Notice::Refused(row, NackCode::Stale));
        }
    }
}
