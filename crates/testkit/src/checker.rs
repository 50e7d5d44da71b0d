//! The history checker: reads what is left after a run, and what people were told during it, and names every
//! invariant of delivery that does not hold.
//!
//! What must always hold: it trusts nobody. A message carries its uid in its own words ([`words`]), so that a log can
//! be judged by what is in it, whoever reads it and whatever the reader's store says.

mod files;
mod standing;
mod told;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use deskbell_core::store::{OutboxRow, OutboxState, Store, StoreError};
use deskbell_wire::{
    Cursor, Epoch, Event, EventBody, MessageId, Request, Seq, State, StreamId, Uid, VisitorRow,
};
use standing::Standing;

pub use files::{CONTENTS, Files, Given, card_of, digest_of};
pub use told::{BadLine, Told};

/// A promise of the delivery paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Invariant {
    /// No loss.
    I1,
    /// No duplicate.
    I2,
    /// Acknowledged is durable.
    I3,
    /// Seqs are 1 to head.
    I4,
    /// An author's order is the log's order.
    I5,
    /// Everybody sees the same.
    I6,
    /// A device holds a gapless range; its base only falls, its cursor only rises.
    I7,
    /// Nothing of one life of the desk on the cursor of another.
    I10,
    /// Faults over, everything arrives.
    I11,
    /// A file is complete, what it was, and read by exactly the readers of its message.
    I14,
    /// The consultant API's states: a log that their machine can write, and forms and lists that show what it says.
    States,
}

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub invariant: Invariant,
    /// How, with names and numbers.
    pub says: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.invariant, self.says)
    }
}

/// A stream as the desk has it.
#[derive(Clone, Debug)]
pub struct Log {
    /// Which.
    pub stream: StreamId,
    /// In which life of the desk.
    pub epoch: Epoch,
    /// All of it, oldest first.
    pub events: Vec<Event>,
}

/// A stream as a device has it.
#[derive(Clone, Debug)]
pub struct Held {
    /// Which.
    pub stream: StreamId,
    /// The seq just below the oldest event.
    pub base: Seq,
    /// The newest event.
    pub cursor: Option<Cursor>,
    /// All that is held, oldest first.
    pub events: Vec<Event>,
}

/// A device at the end of a run.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// For people.
    pub name: String,
    /// What its person was told, in order, over all its lives.
    pub journal: Vec<Told>,
    /// What still waits.
    pub outbox: Vec<OutboxRow>,
    /// What it holds.
    pub held: Vec<Held>,
    /// The streams of which it must hold everything.
    pub follows: Vec<StreamId>,
    /// What a visitor's form was last told of the present.
    pub present: Option<State>,
    /// The operators' list as it was last told.
    pub rows: Vec<VisitorRow>,
}

/// A run, when faults are over.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The desk's streams.
    pub logs: Vec<Log>,
    /// The devices.
    pub devices: Vec<Device>,
    /// The desk's files.
    pub files: Files,
}

/// A message's text that names its own uid.
pub fn words(uid: Uid, text: &str) -> String {
    format!("{uid} {text}")
}

/// The uid that a message names, or an invitation, a card, a request.
pub fn uid_in(event: &Event) -> Option<Uid> {
    let text = match &event.body {
        EventBody::Message { text, file: Some(card) } if text.is_empty() => &card.name,
        EventBody::Message { text, .. } | EventBody::Invited { text, .. } => text,
        EventBody::CardSaved { card } => &card.name,
        EventBody::Requested(Request::Offline { text, .. }) => text,
        EventBody::Requested(Request::Callback { name, .. }) => name,
        _ => return None,
    };
    text.split(' ').next()?.parse().ok()
}

impl Held {
    /// Everything that a store holds.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn all(store: &impl Store) -> Result<Vec<Self>, StoreError> {
        let read = |row: deskbell_core::store::StreamRow| {
            let mut events = Vec::new();
            while let Some(page) = Some(store.before(
                &row.stream,
                events.last().map_or(Seq::MAX, |event: &Event| event.seq),
                200,
            )?)
            .filter(|page| !page.is_empty())
            {
                events.extend(page);
            }
            events.reverse();
            Ok(Self { stream: row.stream, base: row.base, cursor: row.cursor, events })
        };
        store.streams()?.into_iter().map(read).collect()
    }

    /// The newest seq.
    pub fn seq(&self) -> Seq {
        self.cursor.map_or(0, |cursor| cursor.seq)
    }
}

impl Log {
    fn head(&self) -> Seq {
        self.events.last().map_or(0, |event| event.seq)
    }

    fn at(&self, seq: Seq) -> Option<&Event> {
        // Where it is, as long as the log is dense.
        let there = usize::try_from(seq).ok().and_then(|seq| self.events.get(seq.checked_sub(1)?));
        there.filter(|event| event.seq == seq).or_else(|| self.events.iter().find(|event| event.seq == seq))
    }
}

impl History {
    /// Every broken promise.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check { history: self, found: Vec::new() };
        self.logs.iter().for_each(|log| check.log(log));
        self.devices.iter().for_each(|device| check.device(device));
        check.files();
        check.found
    }
}

struct Check<'a> {
    history: &'a History,
    found: Vec<Violation>,
}

impl Check<'_> {
    fn broken(&mut self, invariant: Invariant, says: String) {
        self.found.push(Violation { invariant, says });
    }

    fn log(&mut self, log: &Log) {
        let seqs: Vec<Seq> = log.events.iter().map(|event| event.seq).collect();
        if !seqs.iter().copied().eq(1..=log.events.len() as Seq) {
            self.broken(Invariant::I4, format!("the seqs of {} are {seqs:?}", log.stream.visitor));
        }
        for says in Standing::of(&log.events).1 {
            self.broken(Invariant::States, format!("{}: {says}", log.stream.visitor));
        }
        let mut seen: HashMap<Uid, Seq> = HashMap::new();
        for event in &log.events {
            if let Some(uid) = uid_in(event)
                && let Some(first) = seen.insert(uid, event.seq)
            {
                self.broken(Invariant::I2, format!("{uid} is in the log at {first} and {}", event.seq));
            }
        }
    }

    fn device(&mut self, device: &Device) {
        self.queued(device);
        self.acked(device);
        self.order(device);
        self.together(device);
        self.range(device);
        device.held.iter().for_each(|held| self.held(device, held));
        self.arrived(device);
        self.shown(device);
    }

    /// I1: in the log once, or visibly failed, held or taken back.
    fn queued(&mut self, device: &Device) {
        let there: HashSet<Uid> =
            self.history.logs.iter().flat_map(|log| &log.events).filter_map(uid_in).collect();
        for told in &device.journal {
            let Told::Queued { uid, message: true, .. } = told else { continue };
            let waits = device.outbox.iter().any(|row| row.uid == *uid);
            let taken_back = || device.journal.contains(&Told::Discarded(*uid));
            if !there.contains(uid) && !waits && !taken_back() {
                self.broken(Invariant::I1, format!("{uid} of {} was queued and is nowhere", device.name));
            }
        }
    }

    /// I3: what was acknowledged is where the desk said, as long as no backup was restored.
    fn acked(&mut self, device: &Device) {
        let messages: HashSet<Uid> = device.journal.iter().filter_map(Told::message).collect();
        for told in &device.journal {
            let Told::Acked { stream, uid, epoch, seq } = told else { continue };
            let log = self.history.logs.iter().find(|log| log.stream == *stream);
            if log.is_some_and(|log| log.epoch != *epoch) {
                continue;
            }
            let there = log.and_then(|log| log.at(*seq));
            let right = |event: &Event| match uid_in(event) {
                Some(named) => named == *uid,
                None => !messages.contains(uid),
            };
            if !there.is_some_and(right) {
                self.broken(Invariant::I3, format!("{uid} of {} was acknowledged at {seq}", device.name));
            }
        }
    }

    /// I5: what a device queued in a stream is in its log in that order. What its person sent again counts from
    /// then on, or, where it had arrived all along, from when it was queued.
    fn order(&mut self, device: &Device) {
        let mut places: BTreeMap<&StreamId, HashMap<Uid, Vec<usize>>> = BTreeMap::new();
        let mut streams: HashMap<Uid, &StreamId> = HashMap::new();
        for (at, told) in device.journal.iter().enumerate() {
            match told {
                Told::Queued { stream, uid, message: true } => {
                    streams.insert(*uid, stream);
                    places.entry(stream).or_default().entry(*uid).or_default().push(at);
                }
                Told::Requeued(uid) | Told::Arrived(uid) => {
                    let known = streams.get(uid).and_then(|stream| places.get_mut(stream)?.get_mut(uid));
                    known.into_iter().for_each(|places| places.push(at));
                }
                _ => {}
            }
        }
        for log in &self.history.logs {
            let Some(places) = places.get(&log.stream) else { continue };
            let mut reached = None;
            for event in &log.events {
                let Some((uid, queued)) = uid_in(event).and_then(|uid| Some((uid, places.get(&uid)?))) else {
                    continue;
                };
                match queued.iter().copied().find(|at| reached.is_none_or(|reached| *at > reached)) {
                    Some(at) => reached = Some(at),
                    None => {
                        let says = format!("{uid} of {} is at {}, out of order", device.name, event.seq);
                        self.broken(Invariant::I5, says);
                    }
                }
            }
        }
    }

    /// I7 over time: a base only falls, a cursor only rises, except on a reset.
    fn range(&mut self, device: &Device) {
        let mut reached: HashMap<(&StreamId, Epoch), (Seq, Seq)> = HashMap::new();
        for told in &device.journal {
            match told {
                Told::Reached { stream, epoch, base, seq } => {
                    if let Some((lowest, highest)) = reached.insert((stream, *epoch), (*base, *seq))
                        && (*base > lowest || *seq < highest)
                    {
                        let says = format!("{} went from {lowest}..{highest} to {base}..{seq}", device.name);
                        self.broken(Invariant::I7, says);
                    }
                }
                Told::Replaced(replaced) => reached.retain(|(stream, _), _| *stream != replaced),
                _ => {}
            }
        }
    }

    /// I2, I6, I7, I10 of one replica.
    fn held(&mut self, device: &Device, held: &Held) {
        let name = &device.name;
        let seqs: Vec<Seq> = held.events.iter().map(|event| event.seq).collect();
        if !seqs.iter().copied().eq(held.base + 1..=held.seq().max(held.base)) {
            let says = format!("{name} holds {seqs:?} and says {}..{}", held.base, held.seq());
            self.broken(Invariant::I7, says);
        }
        let ids: HashSet<MessageId> = held.events.iter().map(|event| event.message_id).collect();
        if ids.len() < held.events.len() {
            self.broken(Invariant::I2, format!("{name} shows a message twice"));
        }
        let Some(cursor) = held.cursor else { return };
        let log = self.history.logs.iter().find(|log| log.stream == held.stream);
        if log.is_none_or(|log| log.epoch != cursor.epoch) {
            self.broken(Invariant::I10, format!("{name} holds events of another life of the desk"));
            return;
        }
        for event in &held.events {
            let desks = log.and_then(|log| log.at(event.seq));
            if !desks.is_some_and(|desks| is_same(event, desks)) {
                self.broken(Invariant::I6, format!("{name} differs from the desk at {}", event.seq));
            }
        }
    }

    /// What people see is what the log says.
    fn shown(&mut self, device: &Device) {
        for log in &self.history.logs {
            let standing = Standing::of(&log.events).0;
            let own = device.follows.contains(&log.stream);
            let form = device.present.as_ref().filter(|_| own);
            if let Some(says) = form.and_then(|present| standing.differs_from(present)) {
                self.broken(Invariant::States, format!("{} shows {says}", device.name));
            }
            let row = device.rows.iter().find(|row| row.stream == log.stream);
            if let Some(says) = row.and_then(|row| standing.differs_in(row)) {
                self.broken(Invariant::States, format!("{} lists {says}", device.name));
            }
        }
    }

    /// I11: nothing waits any more, and the device holds all of what it follows.
    fn arrived(&mut self, device: &Device) {
        for row in device.outbox.iter().filter(|row| row.state == OutboxState::Queued) {
            self.broken(Invariant::I11, format!("{} of {} still waits", row.uid, device.name));
        }
        for stream in &device.follows {
            let head = self.history.logs.iter().find(|log| log.stream == *stream).map_or(0, Log::head);
            let held = device.held.iter().find(|held| held.stream == *stream);
            let (base, seq) = held.map_or((0, 0), |held| (held.base, held.seq()));
            if seq < head || base > 0 {
                self.broken(Invariant::I11, format!("{} holds {base}..{seq} of {head}", device.name));
            }
        }
    }
}

/// The uid is the author's device's alone; all else is everybody's.
fn is_same(one: &Event, other: &Event) -> bool {
    let (mut one, mut other) = (one.clone(), other.clone());
    (one.uid, other.uid) = (None, None);
    one == other
}

#[cfg(test)]
mod tests;
