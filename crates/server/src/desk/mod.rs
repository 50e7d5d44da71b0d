//! The desk as a machine: what happened goes in, what has to be done comes out. No socket, no clock, no thread.
//!
//! Why: every rule of the desk can be checked in virtual time, and one owner of the state means one order of events.
//! What must always hold: acks and events leave after the commit that holds them (S4); a frame other than `send`
//! waits until the entries that came before it are committed, so nobody is ever told of what is not durable.

mod answers;
mod ask;
mod attendance;
mod batch;
mod card;
mod conn;
mod devices;
mod entry;
mod fanout;
mod files;
mod hello;
mod io;
mod link_codes;
mod list;
mod log;
mod mails;
mod marks;
mod operators;
mod pace;
mod packs;
mod passwords;
mod people;
mod person;
mod plan;
mod policy;
mod presence;
mod reach;
mod requests;
mod rules;
mod sign_in;
mod site;
mod storage;
mod typing;
mod visit;
mod waiting;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::vec::Drain;

use deskbell_db::{DbError, Key};
use deskbell_wire::SiteSettings;
use deskbell_wire::limits::BATCH_ENTRIES;
use deskbell_wire::{Bye, ByeCode, ClientFrame, DeskFrame, Entry, Epoch, Side, Timestamp};

pub use attendance::Attendant;
pub use files::{Discard, FilePlace, FileStage, FileStand, FileVoice, NewFile};
pub use io::{Class, ConnId, HashTicket, Input, MailTicket, Output, Parcel, Text};
pub use operators::OperatorEntry;
pub use pace::Pace;
pub use packs::SitePack;

pub(crate) use conn::Origin;
pub(crate) use log::{About, Chat, Offer, Offered, Rateable};
pub(crate) use pace::Bucket;
pub(crate) use rules::Acted;
pub(crate) use sign_in::PASSWORD_CHARS;
pub(crate) use visit::Visit;

use crate::entropy::Entropy;
use crate::error::DeskError;
use crate::options::DeskLimits;
use crate::store::{FaultHook, SecondWay, Store};
use conn::{Conn, Operator, Post, Stage};
use people::People;
use person::PersonKey;
use plan::Deed;
use storage::{Dirty, Health};

/// What a desk's machine is made of.
pub struct DeskSetup {
    /// The database's file; `None` keeps everything in memory.
    pub file: Option<PathBuf>,
    /// The database's key; `None` leaves it unencrypted.
    pub key: Option<Key>,
    /// How much anybody may take.
    pub limits: DeskLimits,
    /// S2. Switched off only by a test that wants to see its own check fail.
    pub dedup: bool,
    /// Makes commits fail in tests (S5).
    #[doc(hidden)]
    pub faults: Option<FaultHook>,
}

/// The desk.
pub struct Desk {
    store: Store,
    epoch: Epoch,
    limits: DeskLimits,
    dedup: bool,
    sites: HashMap<String, i64>,
    /// By the site's row.
    settings: HashMap<i64, SiteSettings>,
    entropy: Entropy,
    conns: HashMap<ConnId, Conn>,
    people: People,
    operators: HashMap<i64, Operator>,
    /// By the site's row, too.
    site_book: site::Sites,
    /// Connections of all operators.
    at_work: Vec<Post>,
    /// Entries of the next transaction, in the order in which they came.
    batch: Vec<(ConnId, Entry)>,
    /// What the desk does by itself, with the next transaction.
    deeds: Vec<(PersonKey, Deed)>,
    committed: u64,
    /// Frames that wait for it.
    deferred: Vec<(ConnId, ClientFrame)>,
    dirty: Dirty,
    health: Health,
    sign_ins: sign_in::Tries,
    links: link_codes::Links,
    by_origin: HashMap<Origin, (Bucket, Bucket)>,
    /// Marks that rose since the last fan-out.
    risen: HashSet<(PersonKey, Side)>,
    lists: list::Lists,
    alarms: waiting::Alarms,
    requests: requests::Watched,
    mails: mails::Mails,
    packs: packs::Packs,
    files: files::Files,
    typing: typing::Typing,
    outputs: Vec<Output>,
    /// The time of what is being handled.
    now: Timestamp,
}

/// Why a connection is ended.
#[derive(Clone, Copy, Debug)]
struct Farewell {
    code: ByeCode,
    retry_after: Option<u64>,
}

impl Default for DeskSetup {
    fn default() -> Self {
        Self { file: None, key: None, limits: DeskLimits::default(), dedup: true, faults: None }
    }
}

impl Desk {
    /// Opens the database and reads who was there last.
    ///
    /// # Errors
    /// What [`DeskError`] says of databases.
    pub fn open(setup: DeskSetup, now: Timestamp) -> Result<Self, DeskError> {
        let store = Store::open(setup.file, setup.key, setup.faults)?;
        let mut entropy = Entropy::new();
        let fresh = entropy.id().map_err(DeskError::system)?;
        let epoch = store.epoch(fresh, now)?;
        let kept = store.sites()?;
        let mut desk = Self {
            store,
            epoch,
            limits: setup.limits,
            dedup: setup.dedup,
            sites: kept.iter().map(|site| (site.key.clone(), site.row)).collect(),
            settings: kept.iter().map(|site| (site.row, site.settings.clone())).collect(),
            entropy,
            conns: HashMap::new(),
            people: People::default(),
            operators: HashMap::new(),
            at_work: Vec::new(),
            site_book: site::Sites::of(&kept),
            batch: Vec::new(),
            deeds: Vec::new(),
            committed: 0,
            deferred: Vec::new(),
            dirty: Dirty::default(),
            health: Health::default(),
            sign_ins: sign_in::Tries::default(),
            links: link_codes::Links::default(),
            by_origin: HashMap::new(),
            risen: HashSet::new(),
            lists: list::Lists::default(),
            alarms: waiting::Alarms::since(now),
            requests: requests::Watched::default(),
            mails: mails::Mails::since(now),
            packs: packs::Packs::default(),
            files: files::Files::default(),
            typing: typing::Typing::default(),
            outputs: Vec::new(),
            now,
        };
        desk.recall()?;
        Ok(desk)
    }

    /// Takes in what happened, in this order, and gives out what has to be done. Entries that come together are
    /// committed together, at most 50 at a time (S1).
    pub fn handle(&mut self, inputs: &mut Vec<Input>, now: Timestamp) -> Drain<'_, Output> {
        self.now = now;
        for input in inputs.drain(..) {
            self.take(input);
        }
        self.settle();
        self.wake();
        self.outputs.drain(..)
    }

    /// When the desk wants a [`Input::Tick`], if nothing else happens before.
    pub fn wakes_at(&self) -> Option<Timestamp> {
        let lost = self.operators.values().filter_map(|operator| operator.lost).min();
        [
            self.dirty.since.filter(|_| self.health.can_write()).map(|since| since.0 + storage::DIRTY_MS),
            self.health.retry_at().map(|at| at.0),
            self.lists.wakes_at(self.people.has_changed()).map(|at| at.0),
            self.typing.wakes_at().map(|at| at.0),
            self.mails.wakes_at().filter(|_| self.health.can_write()).map(|at| at.0),
            lost.map(|lost| lost.0 + operators::GRACE_MS),
            self.site_book.wakes_at().map(|at| at.0),
            self.alarms.wakes_at().filter(|_| self.health.can_write()).map(|at| at.0),
            self.requests.wakes_at().map(|at| at.0),
            self.packs.wakes_at().map(|at| at.0),
        ]
        .into_iter()
        .flatten()
        .min()
        .map(Timestamp)
    }

    /// This life of the database.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// How many connections there are, of known and unknown people.
    pub fn connections(&self) -> usize {
        self.conns.len()
    }

    /// Writes what is still in memory only, and moves the log into the file. For the very end.
    ///
    /// # Errors
    /// When the disk refuses; acknowledged entries are not in danger.
    pub fn close(mut self, now: Timestamp) -> Result<(), DeskError> {
        self.now = now;
        self.settle();
        self.flush();
        self.store.checkpoint()?;
        Ok(())
    }

    /// How to make checkpoints on another thread.
    pub(crate) fn upkeep(&self) -> Option<SecondWay> {
        self.store.second_way()
    }

    /// How many entries were committed since the start.
    pub(crate) fn committed(&self) -> u64 {
        self.committed
    }

    /// Moves the log into the file, between two commits.
    pub(crate) fn checkpoint(&self) {
        if let Err(error) = self.store.checkpoint() {
            tracing::warn!(%error, "a checkpoint failed");
        }
    }

    /// The certificate that the desk made for itself, and its key; made by `make` at the first call.
    pub(crate) fn certificate(
        &self,
        make: impl FnOnce() -> Result<(Vec<u8>, Vec<u8>), DeskError>,
    ) -> Result<(Vec<u8>, Vec<u8>), DeskError> {
        let kept = self.store.certificate()?;
        if !kept.0.is_empty() {
            return Ok(kept);
        }
        let made = make()?;
        self.store.keep_certificate(&made.0, &made.1)?;
        Ok(made)
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Frame { conn, frame: ClientFrame::Send(entry) } if self.in_session(conn) => {
                self.batch.push((conn, entry));
                if self.batch.len() >= BATCH_ENTRIES {
                    self.settle();
                }
            }
            Input::Frame { conn, frame } if !self.batch.is_empty() && self.in_session(conn) => {
                self.deferred.push((conn, frame));
            }
            other => {
                self.settle();
                self.act(other);
            }
        }
    }

    /// Has the connection said hello? Its entries may be gathered, and its other frames may wait for them.
    fn in_session(&self, conn: ConnId) -> bool {
        matches!(self.conns.get(&conn).map(|conn| &conn.stage), Some(Stage::Visitor(_) | Stage::Operator(_)))
    }

    fn act(&mut self, input: Input) {
        match input {
            Input::Opened { conn, address } => {
                self.conns.insert(conn, Conn { origin: Origin::of(address), stage: Stage::New });
            }
            Input::Frame { conn, frame } => self.frame(conn, frame),
            Input::Malformed { conn } => self.dismiss(conn, ByeCode::Protocol.into()),
            Input::Verified { conn, right } => self.verified(conn, right),
            Input::Hashed { ticket, hash } => self.hashed(ticket, hash),
            Input::Mailed { ticket, result } => self.mailed(ticket, result),
            Input::Pack { site, pack } => self.take_pack(&site, pack),
            Input::Closed { conn } => self.forget(conn),
            Input::Tick => {}
            Input::Stop => {
                let all: Vec<ConnId> = self.conns.keys().copied().collect();
                for conn in all {
                    self.dismiss(conn, Farewell { code: ByeCode::Stopping, retry_after: Some(1_000) });
                }
            }
        }
    }

    /// Commits what waits, then does what waited for that.
    fn settle(&mut self) {
        self.commit();
        for (conn, frame) in std::mem::take(&mut self.deferred) {
            self.frame(conn, frame);
        }
        self.tell_marks();
    }

    /// Does what time alone asks for.
    fn wake(&mut self) {
        self.heal();
        if self.dirty.since.is_some_and(|since| self.now.0 >= since.0 + storage::DIRTY_MS) {
            self.flush();
            self.by_origin
                .retain(|_, (entries, visits)| !entries.is_full(self.now) || !visits.is_full(self.now));
        }
        if self.operators.values().any(|operator| operator.is_over(self.now)) {
            self.look_who_is_there();
        }
        self.ring();
        self.send_mails();
        self.commit();
        self.let_go();
        self.tell_typing();
        self.tell_lists();
        self.tell_requests();
        self.tell_colleagues();
        self.tell_packs();
    }

    fn frame(&mut self, conn: ConnId, frame: ClientFrame) {
        let done = match self.conns.get(&conn).map(|conn| &conn.stage) {
            None => return,
            Some(Stage::New) => match frame {
                ClientFrame::Hello(hello) => self.hello(conn, hello),
                ClientFrame::SignIn(sign_in) => self.sign_in(conn, sign_in),
                ClientFrame::Redeem(redeem) => self.redeem(conn, &redeem),
                _ => Err(ByeCode::Protocol.into()),
            },
            Some(Stage::SignedIn) => match frame {
                ClientFrame::Hello(hello) => self.hello(conn, hello),
                _ => Err(ByeCode::Protocol.into()),
            },
            Some(Stage::Checking { .. }) => Err(ByeCode::Protocol.into()),
            Some(Stage::Visitor(_) | Stage::Operator(_)) => self.session_frame(conn, frame),
        };
        if let Err(farewell) = done {
            self.dismiss(conn, farewell);
        }
    }

    fn session_frame(&mut self, conn: ConnId, frame: ClientFrame) -> Result<(), Farewell> {
        match frame {
            ClientFrame::Fetch(fetch) => self.fetch(conn, &fetch),
            ClientFrame::Snapshot(snapshot) => self.snapshot(conn, &snapshot),
            ClientFrame::Mark(mark) => self.mark(conn, &mark),
            ClientFrame::Ephemeral(ephemeral) => self.types(conn, ephemeral),
            ClientFrame::Watch(watch) => self.watch(conn, &watch),
            ClientFrame::Status(status) => self.set_status(conn, status),
            ClientFrame::Ping { n } => self.ping(conn, n),
            ClientFrame::Ask { n, ask } => self.ask(conn, n, ask),
            // A send never comes here: it goes into the batch.
            ClientFrame::Redeem(_)
            | ClientFrame::Hello(_)
            | ClientFrame::SignIn(_)
            | ClientFrame::Send(_) => Err(ByeCode::Protocol.into()),
        }
    }

    /// Says why, closes, forgets.
    fn dismiss(&mut self, conn: ConnId, farewell: Farewell) {
        if !self.conns.contains_key(&conn) {
            return;
        }
        let Farewell { code, retry_after } = farewell;
        self.answer(conn, &DeskFrame::Bye(Bye { code, retry_after, moved: None }));
        self.outputs.push(Output::Close { conn });
        self.forget(conn);
    }

    fn forget(&mut self, conn: ConnId) {
        match self.conns.remove(&conn).map(|conn| conn.stage) {
            Some(Stage::Visitor(seat)) => {
                self.note_device(&seat);
                self.visitor_left(conn, seat.key);
            }
            Some(Stage::Operator(place)) => self.operator_left(conn, place.operator),
            Some(Stage::New | Stage::Checking { .. } | Stage::SignedIn) | None => {}
        }
    }
}

impl From<ByeCode> for Farewell {
    fn from(code: ByeCode) -> Self {
        Self { code, retry_after: None }
    }
}

/// What was asked cannot be read now: come back later.
impl From<DbError> for Farewell {
    fn from(error: DbError) -> Self {
        tracing::warn!(%error, "a connection is sent away: the database cannot be read");
        Self { code: ByeCode::Limit, retry_after: Some(storage::RETRY_MS) }
    }
}
