//! The thread that drives the desk: the one owner of its state, the one committer (S1).
//!
//! What must always hold: it never waits for a client; whatever queued while it was busy is handled together.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use deskbell_wire::limits::BATCH_ENTRIES;
use deskbell_wire::{ClientFrame, Entry, SendBody, Timestamp};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Duration, Instant, timeout};
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::desk::{ConnId, Desk, HashTicket, Input, Output, Parcel};
use crate::mail::{self, MailError};
use crate::net::queue::{Outlet, Person};
use crate::password;
use crate::talk::Talk;
use crate::upkeep::Upkeep;

/// What waits for the desk at most; more make their connections wait.
pub(crate) const QUEUE: usize = 1_024;
/// What is taken from the queue at once.
const TAKEN: usize = 64;
/// What is handled together at most: a full transaction. More would only keep its acknowledgements waiting.
const TOGETHER: usize = BATCH_ENTRIES;
/// Passwords compared at the same time: each takes 19 MiB and a processor.
pub(crate) const COMPARING: usize = 2;
/// Threads for mails beside those.
pub(crate) const MAILING: usize = 3;
/// Passwords that wait for that.
const WAITING: usize = 32;

/// Something to ask of the desk itself.
pub(crate) type Call = Box<dyn FnOnce(&mut Desk, Timestamp) + Send>;

/// What comes to the desk's thread.
pub(crate) enum Work {
    /// A connection, and the way out to it.
    Opened { conn: ConnId, address: IpAddr, outlet: Arc<Outlet> },
    /// A client said this, together.
    Heard(Vec<Input>),
    /// Something else happened.
    Input(Input),
    /// Somebody asks.
    Call(Call),
    /// The end.
    Stop,
}

/// The desk and everybody it talks to.
pub(crate) struct Actor {
    pub(crate) desk: Desk,
    clock: Clock,
    pub(crate) work: mpsc::Receiver<Work>,
    /// Held weakly: the desk's thread ends when nobody else can reach it.
    pub(crate) back: mpsc::WeakSender<Work>,
    pub(crate) runtime: Handle,
    pub(crate) upkeep: Option<Upkeep>,
    talk: Arc<Talk>,
    outlets: HashMap<ConnId, Arc<Outlet>>,
    /// Outlets whose writers have something new.
    woken: Vec<Arc<Outlet>>,
    comparing: Arc<Semaphore>,
}

impl Actor {
    pub(crate) fn new(
        (desk, clock): (Desk, Clock),
        work: mpsc::Receiver<Work>,
        back: mpsc::WeakSender<Work>,
        runtime: Handle,
        (upkeep, talk): (Option<Upkeep>, Arc<Talk>),
    ) -> Self {
        let comparing = Arc::new(Semaphore::new(COMPARING + WAITING));
        Self {
            desk,
            clock,
            work,
            back,
            runtime,
            upkeep,
            talk,
            outlets: HashMap::new(),
            woken: Vec::new(),
            comparing,
        }
    }

    /// Runs until told to stop, then says goodbye and closes the database.
    pub(crate) fn run(mut self) {
        let (mut works, mut inputs) = (Vec::with_capacity(TAKEN), Vec::with_capacity(2 * TOGETHER));
        loop {
            self.receive(&mut works);
            let mut stop = works.is_empty() && self.work.is_closed();
            for work in works.drain(..) {
                stop |= self.take(work, &mut inputs);
            }
            // What came while the last transaction was written fills up the next one.
            while !inputs.is_empty()
                && !stop
                && let Ok(work) = self.work.try_recv()
            {
                stop = self.take(work, &mut inputs);
            }
            if stop {
                inputs.push(Input::Stop);
            }
            self.handle(&mut inputs);
            if stop {
                break;
            }
        }
        self.end();
    }

    /// Takes one piece of work; whole transactions are handled at once, the rest waits in `inputs`. `true`: the end.
    fn take(&mut self, work: Work, inputs: &mut Vec<Input>) -> bool {
        match work {
            Work::Opened { conn, address, outlet } => {
                self.outlets.insert(conn, outlet);
                inputs.push(Input::Opened { conn, address });
            }
            Work::Heard(heard) => {
                self.count(&heard);
                if heard.iter().any(is_words) {
                    self.talk.heard(Instant::now());
                }
                inputs.extend(heard);
            }
            Work::Input(input) => {
                if let Input::Closed { conn } = input {
                    self.outlets.remove(&conn);
                }
                inputs.push(input);
            }
            Work::Call(call) => {
                self.handle(inputs);
                call(&mut self.desk, self.clock.now());
            }
            Work::Stop => return true,
        }
        while inputs.len() >= TOGETHER {
            let rest = inputs.split_off(TOGETHER);
            self.handle(inputs);
            *inputs = rest;
        }
        false
    }

    /// Waits for work, or until the desk wants to look at the clock.
    fn receive(&mut self, works: &mut Vec<Work>) {
        let wakes_at = self.desk.wakes_at();
        let wait =
            wakes_at.map(|at| Duration::from_millis(u64::try_from(at.0 - self.clock.now().0).unwrap_or(0)));
        let receive = self.work.recv_many(works, TAKEN);
        self.runtime.block_on(async move {
            match wait {
                Some(wait) => {
                    // Nothing came: the desk looks at the clock.
                    let _ = timeout(wait, receive).await;
                }
                None => {
                    receive.await;
                }
            }
        });
    }

    /// Makes room for what else the client has to say.
    fn count(&self, heard: &[Input]) {
        if let Some(Input::Frame { conn, .. } | Input::Malformed { conn }) = heard.first()
            && let Some(outlet) = self.outlets.get(conn)
        {
            outlet.dealt(heard.len());
        }
    }

    fn handle(&mut self, inputs: &mut Vec<Input>) {
        for output in self.desk.handle(inputs, self.clock.now()) {
            match output {
                Output::Frame { to, text, class } => {
                    if let Some(outlet) = self.outlets.get(&to)
                        && outlet.push(text, class)
                    {
                        self.woken.push(Arc::clone(outlet));
                    }
                }
                Output::Authenticated { conn, operator } => {
                    if let Some(outlet) = self.outlets.get(&conn) {
                        outlet.authenticate(if operator { Person::Operator } else { Person::Visitor });
                    }
                }
                Output::Verify { conn, password, hash } => {
                    compare(&self.runtime, &self.comparing, &self.back, (conn, password, hash));
                }
                Output::Hash { ticket, password } => {
                    hash(&self.runtime, &self.comparing, &self.back, (ticket, password));
                }
                Output::Mail(parcel) => hand_over(&self.runtime, &self.back, *parcel),
                Output::Close { conn } => {
                    if let Some(outlet) = self.outlets.remove(&conn) {
                        outlet.close();
                    }
                }
            }
        }
        // All that a client is told by one transaction leaves with one write.
        self.woken.drain(..).for_each(|outlet| outlet.wake());
        if let Some(upkeep) = &self.upkeep {
            upkeep.note(&self.desk);
        }
    }

    fn end(self) {
        let Self { desk, clock, upkeep, .. } = self;
        // The checkpointer's connection has to be gone before the last checkpoint.
        drop(upkeep);
        if let Err(error) = desk.close(clock.now()) {
            tracing::warn!(%error, "the last checkpoint failed; the write-ahead log keeps everything");
        }
    }
}

/// Somebody says something, or is about to.
fn is_words(input: &Input) -> bool {
    let Input::Frame { frame, .. } = input else { return false };
    match frame {
        ClientFrame::Send(Entry { body: SendBody::Message { file, .. }, .. }) => file.is_none(),
        ClientFrame::Ephemeral(_) => true,
        _ => false,
    }
}

/// Compares a password on a thread of its own, if not too many wait for that.
fn compare(
    runtime: &Handle,
    comparing: &Arc<Semaphore>,
    back: &mpsc::WeakSender<Work>,
    (conn, password, hash): (ConnId, Zeroizing<String>, Arc<str>),
) {
    let Some(back) = back.upgrade() else { return };
    let place = comparing.clone().try_acquire_owned();
    runtime.spawn(async move {
        let right = match place {
            Ok(place) => {
                let compared = tokio::task::spawn_blocking(move || password::fits(&password, &hash)).await;
                drop(place);
                compared.ok()
            }
            Err(_) => None,
        };
        let _ = back.send(Work::Input(Input::Verified { conn, right })).await;
    });
}

/// Hashes a password on a thread of its own, if not too many wait for that.
fn hash(
    runtime: &Handle,
    comparing: &Arc<Semaphore>,
    back: &mpsc::WeakSender<Work>,
    (ticket, password): (HashTicket, Zeroizing<String>),
) {
    let Some(back) = back.upgrade() else { return };
    let place = comparing.clone().try_acquire_owned();
    runtime.spawn(async move {
        let hash = match place {
            Ok(place) => {
                let hashed = tokio::task::spawn_blocking(move || password::hash(&password)).await;
                drop(place);
                hashed.ok().and_then(Result::ok).map(Zeroizing::new)
            }
            Err(_) => None,
        };
        let _ = back.send(Work::Input(Input::Hashed { ticket, hash })).await;
    });
}

/// Hands a letter to its mail server on a thread that may wait.
fn hand_over(runtime: &Handle, back: &mpsc::WeakSender<Work>, parcel: Parcel) {
    let Some(back) = back.upgrade() else { return };
    let Parcel { ticket, settings, letter } = parcel;
    runtime.spawn(async move {
        let sent = tokio::task::spawn_blocking(move || mail::send(&settings, &letter)).await;
        let failed = |error: tokio::task::JoinError| Err(MailError::Unreachable { cause: error.to_string() });
        let result = sent.unwrap_or_else(failed);
        let _ = back.send(Work::Input(Input::Mailed { ticket, result })).await;
    });
}
