//! A client's process over all its lives: its folder, its key, and everything that it ever said.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use deskbell_core::store::Store as _;
use deskbell_store::{Key, Location, SqliteStore};
use deskbell_wire::{DeviceId, Epoch, JoinLink, Secret, Seq, SiteKey, StreamId, Uid, VisitorId};
use uuid::Uuid;

use super::Trouble;
use super::child::Who;
use super::desk::{Leash, PASSWORD};
use crate::checker::{self, Held, Told};
use crate::dice::Dice;

/// What a client last said of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) live: bool,
    pub(super) waiting: usize,
    pub(super) undecided: usize,
    /// Base and seq of each stream.
    pub(super) streams: HashMap<VisitorId, (Seq, Seq)>,
}

/// Everything that came from a client so far.
#[derive(Default)]
struct Heard {
    journal: Vec<Told>,
    queued: usize,
    unacked: HashSet<Uid>,
    live: bool,
    said: Option<Said>,
}

/// A client that can be killed and started again.
pub(super) struct Person {
    name: String,
    who: Who,
    key: Secret,
    secret: String,
    heard: Arc<Mutex<Heard>>,
    process: Option<Process>,
}

struct Process {
    leash: Leash,
    orders: Option<ChildStdin>,
    ear: Option<JoinHandle<()>>,
}

impl Person {
    /// Nobody yet: the n-th person, a visitor or the operator.
    pub(super) fn new(n: u64, visitor: bool, folder: &Path, link: JoinLink, dice: &mut Dice) -> Self {
        let id = Uuid::from_u64_pair(dice.number(), dice.number());
        let name = if visitor { format!("visitor {n}") } else { "operator".to_owned() };
        let mut bytes = [0; 32];
        bytes.iter_mut().for_each(|byte| *byte = dice.roll(256) as u8);
        Self {
            who: Who {
                store: folder.join(format!("client-{n}")).join("history.db"),
                link,
                device: DeviceId(Uuid::from_u64_pair(dice.number(), n)),
                visitor: visitor.then_some(VisitorId(id)),
                seed: dice.number(),
            },
            name,
            secret: if visitor { Secret::new(bytes).to_hex() } else { PASSWORD.to_owned() },
            key: Secret::new(bytes.map(|byte| byte ^ 0x55)),
            heard: Arc::default(),
            process: None,
        }
    }

    /// For people.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its own stream.
    pub(super) fn stream(&self) -> Option<StreamId> {
        self.who.visitor.map(|visitor| StreamId::public(SiteKey::main(), visitor))
    }

    /// Starts it, with another seed each time.
    pub(super) fn spawn(&mut self, dice: &mut Dice) -> Result<(), Trouble> {
        self.who.seed = dice.number();
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("client").args(self.who.words());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (orders, out) = (child.stdin.take(), child.stdout.take());
        let mut process = Process { leash: Leash(child), orders, ear: None };
        process.ear = Some(listen(out.ok_or("no output")?, Arc::clone(&self.heard)));
        self.process = Some(process);
        self.tell(&format!("{} {}", self.key.to_hex(), self.secret));
        Ok(())
    }

    /// Gives an order. A client that is gone does not hear it.
    pub(super) fn tell(&mut self, order: &str) {
        if let Some(orders) = self.process.as_mut().and_then(|process| process.orders.as_mut()) {
            let _ = orders.write_all(format!("{order}\n").as_bytes());
        }
    }

    /// SIGKILL; then all that it had said is heard.
    pub(super) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.leash.kill();
            if let Some(ear) = process.ear.take() {
                let _ = ear.join();
            }
        }
    }

    /// The next life begins with a line that is down.
    pub(super) fn forget_line(&mut self) {
        self.heard().live = false;
    }

    /// Lets it end by itself, and kills it where it does not.
    pub(super) fn end(&mut self, limit: Duration) -> bool {
        let Some(process) = self.process.as_mut() else { return true };
        drop(process.orders.take());
        let until = Instant::now() + limit;
        let ended = loop {
            match process.leash.0.try_wait() {
                Ok(Some(status)) => break status.success(),
                Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
                _ => break false,
            }
        };
        self.kill();
        ended
    }

    /// Has it a line to the desk, and something on it that was not acknowledged yet?
    pub(super) fn has_in_flight(&self) -> bool {
        let heard = self.heard();
        heard.live && !heard.unacked.is_empty()
    }

    pub(super) fn is_live(&self) -> bool {
        self.heard().live
    }

    /// Asks where it is.
    pub(super) fn ask(&mut self) {
        self.heard().said = None;
        self.tell("state");
    }

    /// What it answered.
    pub(super) fn said(&self) -> Option<Said> {
        self.heard().said.clone()
    }

    /// Messages that were queued so far.
    pub(super) fn queued(&self) -> usize {
        self.heard().queued
    }

    /// What the checker wants to know, read from its disk.
    pub(super) fn seal(&self, epoch: Epoch, streams: &[StreamId]) -> Result<checker::Device, Trouble> {
        let location = Location::File(self.who.store.clone());
        let store = SqliteStore::open(&location, Some(&Key::new(*self.key.bytes())))?;
        store.check()?;
        let mut journal = self.heard().journal.clone();
        for told in &mut journal {
            if let Told::Acked { epoch: life, .. } = told {
                *life = epoch;
            }
        }
        Ok(checker::Device {
            name: self.name.clone(),
            journal,
            outbox: store.outbox()?,
            held: Held::all(&store)?,
            follows: self.stream().map_or_else(|| streams.to_vec(), |own| vec![own]),
            ..checker::Device::default()
        })
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn listen(out: ChildStdout, heard: Arc<Mutex<Heard>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        // Bytes, not text: a kill may leave half a line.
        for line in BufReader::new(out).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            heard.lock().unwrap_or_else(PoisonError::into_inner).take(&line);
        }
    })
}

impl Heard {
    fn take(&mut self, line: &str) {
        match line.split_once(' ').map_or(line, |(first, _)| first) {
            "live" => self.live = true,
            "down" | "stopped" => self.live = false,
            "state" => self.said = Said::read(line),
            _ => self.take_told(line),
        }
    }

    fn take_told(&mut self, line: &str) {
        let Ok(told) = line.parse::<Told>() else { return };
        match &told {
            Told::Queued { uid, .. } => {
                self.queued += 1;
                self.unacked.insert(*uid);
            }
            Told::Acked { uid, .. } => drop(self.unacked.remove(uid)),
            _ => {}
        }
        self.journal.push(told);
    }
}

impl Said {
    fn read(line: &str) -> Option<Self> {
        let mut parts = line.split(' ').skip(1);
        let live = parts.next()?.parse().ok()?;
        let waiting = parts.next()?.parse().ok()?;
        let undecided = parts.next()?.parse().ok()?;
        let mut streams = HashMap::new();
        for stream in parts.next()?.split(',').filter(|stream| !stream.is_empty()) {
            let mut numbers = stream.split(':');
            let visitor = numbers.next()?.parse().ok()?;
            streams.insert(visitor, (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?));
        }
        Some(Self { live, waiting, undecided, streams })
    }
}
