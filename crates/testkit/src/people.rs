//! A desk and people at it, inside the test: the product's server, driver, session and store on loopback.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use deskbell_client::{Audience, Client};
use deskbell_core::{Config, Notice, Now, Role, Session};
use deskbell_server::{DeskLimits, DeskOptions, RunningDesk};
use deskbell_store::{Location, SqliteStore};
use deskbell_vault::Vault;
use deskbell_wire::{DeviceId, EventBody, JoinLink, Secret, SendBody, StreamId, Uid};
use uuid::Uuid;

use crate::checker::{self, Held};
use crate::events::stream;

/// How long anything may take before a test gives up.
pub const LIMIT: Duration = Duration::from_secs(30);

/// A person's app without its window.
pub struct Person(pub Client<SqliteStore, Deaf>);

/// Hears nothing: tests ask.
pub struct Deaf;

impl Audience<SqliteStore> for Deaf {
    fn hear(&mut self, _: &mut Session<SqliteStore>, _: Notice) {}
}

/// A desk in memory on a free port of loopback, with one operator, who needs no password here.
pub fn desk() -> RunningDesk {
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let options = DeskOptions { listen, limits: DeskLimits::unpaced(), ..DeskOptions::default() };
    let desk = deskbell_server::start(options).expect("a desk");
    desk.add_owner("Ada").expect("an operator");
    desk
}

/// Waits until it is so.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < LIMIT, "{what}: not within {LIMIT:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

impl Person {
    /// The n-th visitor, with the stream `events::stream(n)`.
    pub fn visitor(n: u32, address: SocketAddr) -> Self {
        let role = Role::Visitor { stream: stream(n), token: Secret::new([7; 32]) };
        Self::start(DeviceId(Uuid::from_u128(0xd0 << 64 | u128::from(n))), role, address)
    }

    /// The operator, on the n-th device.
    pub fn operator(n: u32, desk: &RunningDesk, address: SocketAddr) -> Self {
        let device = DeviceId(Uuid::from_u128(0x0b << 64 | u128::from(n)));
        let (_, token) = desk.local_session(device).expect("a session");
        Self::start(device, Role::Operator { token: Some(token) }, address)
    }

    fn start(device_id: DeviceId, role: Role, address: SocketAddr) -> Self {
        let store = SqliteStore::open(&Location::Memory, None).expect("a store");
        let session = Session::open(Config { device_id, role, seed: 1 }, store).expect("a session");
        let vault = Vault::passing().expect("a vault");
        let link: JoinLink = address.to_string().parse().expect("a link");
        Self(Client::start(link, session, Deaf, vault).expect("a client"))
    }

    /// Does something with the session.
    pub fn ask<R, F>(&self, job: F) -> R
    where
        R: Send + 'static,
        F: FnOnce(&mut Session<SqliteStore>, Now) -> R + Send + 'static,
    {
        self.0.ask(move |session, _, now| job(session, now)).expect("a running client")
    }

    /// Says something in a stream. It is on the disk when this returns.
    pub fn say(&self, stream: &StreamId, text: &str) -> Uid {
        let (stream, uid) = (stream.clone(), Uid(Uuid::new_v4()));
        let body = SendBody::message(checker::words(uid, text));
        self.ask(move |session, now| session.send(&stream, body, uid, now)).expect("it is queued");
        uid
    }

    /// The uids of the messages that are held of a stream, oldest first.
    pub fn uids(&self, stream: &StreamId) -> Vec<Uid> {
        let wanted = stream.clone();
        let held = self.ask(move |session, _| Held::all(session.store())).expect("the store");
        let events = held.into_iter().filter(|held| held.stream == wanted).flat_map(|held| held.events);
        events
            .filter(|event| matches!(event.body, EventBody::Message { .. }))
            .filter_map(|e| checker::uid_in(&e))
            .collect()
    }

    /// Holds a stream whole from now on.
    pub fn open(&self, stream: &StreamId) {
        let stream = stream.clone();
        self.ask(move |session, now| session.open_stream(&stream, now));
    }

    /// Does nothing wait in the outbox any more?
    pub fn has_sent_all(&self) -> bool {
        self.ask(|session, now| {
            // The network is there: nobody sits a pause out in a test.
            session.wake(now);
            session.streams().all(|replica| replica.outbox.is_empty())
        })
    }
}
