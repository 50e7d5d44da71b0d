//! The cycles: wait for a random moment, kill, start again; and at the end let everything heal.

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, Instant};

use deskbell_wire::{Seq, StreamId, VisitorId};

use super::child::LOGIN;
use super::desk::DeskProcess;
use super::person::{Person, Said};
use super::{Trouble, Wish, reader};
use crate::checker::{Files, History};
use crate::dice::Dice;

/// Visitors, beside one operator.
const VISITORS: u64 = 2;
/// How long a process may take to be ready, and everything to heal (I11).
const LIMIT: Duration = Duration::from_secs(60);
/// How long somebody may take to come back after a kill.
const BACK: Duration = Duration::from_secs(30);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(2);
/// How often clients hear that the network is there, while somebody waits for them.
const NUDGE: Duration = Duration::from_millis(100);
/// How long a client may take to say where it is.
const ANSWER: Duration = Duration::from_secs(5);

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    cycles: u32,
    messages: usize,
    events: usize,
    client_kills: u32,
    desk_kills: u32,
    in_flight: u32,
    seconds: u64,
    heal_ms: u128,
}

/// Everything that runs.
pub(super) struct Run {
    dice: Dice,
    people: Vec<Person>,
    desk: DeskProcess,
    figures: Figures,
    since: Instant,
    came_back: bool,
    /// Last: the folder goes when nobody works in it any more.
    _folder: tempfile::TempDir,
}

impl Run {
    /// Starts the desk, the visitors and the operator, and waits until all of them talk.
    pub(super) fn start(wish: &Wish, mut dice: Dice) -> Result<Self, Trouble> {
        let folder = tempfile::Builder::new().prefix("deskbell-torture").tempdir()?;
        let desk = DeskProcess::start(&wish.server, folder.path(), wish.dedup, &[("Ada", LOGIN)])?;
        let mut people = Vec::new();
        for n in 0..=VISITORS {
            let mut person = Person::new(n, n < VISITORS, folder.path(), desk.link()?, &mut dice);
            person.spawn(&mut dice)?;
            people.push(person);
        }
        let figures = Figures::default();
        let mut run =
            Self { dice, people, desk, figures, since: Instant::now(), came_back: true, _folder: folder };
        if run.all_talk() { Ok(run) } else { Err("nobody could begin to talk".into()) }
    }

    /// A random moment, a kill, a new start. `false`: not everybody came back, and there is no use in going on.
    pub(super) fn cycle(&mut self) -> Result<bool, Trouble> {
        self.figures.cycles += 1;
        std::thread::sleep(Duration::from_micros(self.dice.roll(150_000)));
        let at = self.dice.index(self.people.len());
        let (desk, client) = [(true, false), (false, true), (true, true)][self.dice.index(3)];
        if desk {
            self.kill_desk();
        }
        if client {
            self.kill_client(at);
        }
        // Sometimes the others notice, sometimes it is back before they try again.
        std::thread::sleep(Duration::from_micros(self.dice.roll(30_000)));
        if desk {
            self.desk.spawn()?;
        }
        if client {
            self.people[at].spawn(&mut self.dice)?;
        }
        Ok(self.all_talk())
    }

    /// Did everybody come back after every kill?
    pub(super) fn came_back(&self) -> bool {
        self.came_back
    }

    fn kill_desk(&mut self) {
        let in_flight = self.people.iter().any(Person::has_in_flight);
        self.desk.kill();
        self.figures.desk_kills += 1;
        self.figures.in_flight += u32::from(in_flight);
    }

    fn kill_client(&mut self, at: usize) {
        let person = &mut self.people[at];
        person.kill();
        // All that it had said was heard, and no more came: so it was at that moment.
        self.figures.client_kills += 1;
        self.figures.in_flight += u32::from(person.has_in_flight());
        person.forget_line();
    }

    /// Waits until everyone has a line and goes on writing.
    fn all_talk(&mut self) -> bool {
        let before: Vec<usize> = self.people.iter().map(Person::queued).collect();
        self.nudge();
        let talks = |person: &Person, before: usize| person.is_live() && person.queued() > before;
        self.came_back = self
            .wait(BACK, |run| run.people.iter().zip(&before).all(|(person, before)| talks(person, *before)));
        if !self.came_back {
            println!("not everybody came back within {BACK:?}: {}", self.roll_call());
        }
        self.came_back
    }

    /// The network is there again: nobody has to sit a pause out.
    fn nudge(&mut self) {
        self.people.iter_mut().for_each(|person| person.tell("wake"));
    }

    /// Looks again and again. `false`: it did not come in time.
    fn wait(&mut self, limit: Duration, mut there: impl FnMut(&mut Self) -> bool) -> bool {
        let until = Instant::now() + limit;
        let mut nudged = Instant::now();
        while !there(self) {
            if Instant::now() > until {
                return false;
            }
            if nudged.elapsed() > NUDGE {
                self.nudge();
                nudged = Instant::now();
            }
            std::thread::sleep(LOOK);
        }
        true
    }

    fn roll_call(&self) -> String {
        let each = |person: &Person| format!("{} live: {}", person.name(), person.is_live());
        self.people.iter().map(each).collect::<Vec<_>>().join(", ")
    }

    /// Faults are over: waits until everything has arrived, ends everybody, and reads all that is left.
    pub(super) fn finish(mut self) -> Result<(Figures, History), Trouble> {
        let healing = Instant::now();
        self.people.iter_mut().for_each(|person| person.tell("quiet"));
        // Who did not come back then will not now: the checker says what is wrong.
        let limit = if self.came_back { LIMIT } else { Duration::ZERO };
        if !self.wait(limit, Self::is_drained) {
            println!("not everything left within {limit:?}");
        }
        let streams: Vec<StreamId> = self.people.iter().filter_map(Person::stream).collect();
        let logs = reader::read(self.desk.link()?, &streams, LIMIT)?;
        let heads = logs.iter().map(|log| (log.stream.visitor, (0, log.events.len() as Seq))).collect();
        if !self.wait(limit, |run| run.is_at_rest(&heads)) {
            println!("not everybody reached the heads within {limit:?}");
        }
        self.figures.heal_ms = healing.elapsed().as_millis();
        for person in &mut self.people {
            if !person.end(Duration::from_secs(10)) {
                return Err(format!("{} did not end by itself", person.name()).into());
            }
        }
        let epoch = logs.first().ok_or("no log")?.epoch;
        let devices =
            self.people.iter().map(|person| person.seal(epoch, &streams)).collect::<Result<_, _>>()?;
        self.figures.messages = self.people.iter().map(Person::queued).sum();
        self.figures.events = logs.iter().map(|log| log.events.len()).sum();
        self.figures.seconds = self.since.elapsed().as_secs();
        Ok((self.figures, History { logs, devices, files: Files::default() }))
    }

    fn states(&mut self) -> Vec<Said> {
        self.people.iter_mut().for_each(Person::ask);
        let until = Instant::now() + ANSWER;
        while self.people.iter().any(|person| person.said().is_none()) && Instant::now() < until {
            std::thread::sleep(LOOK);
        }
        self.people.iter().filter_map(Person::said).collect()
    }

    fn is_drained(&mut self) -> bool {
        let states = self.states();
        states.len() == self.people.len() && states.iter().all(|said| said.live && said.waiting == 0)
    }

    /// Every visitor holds the own stream to its head, the operator all of them.
    fn is_at_rest(&mut self, heads: &HashMap<VisitorId, (Seq, Seq)>) -> bool {
        let states = self.states();
        let reached =
            |said: &Said| said.streams.iter().all(|(visitor, range)| heads.get(visitor) == Some(range));
        let operator = states.last().is_some_and(|said| said.streams.len() == heads.len());
        states.len() == self.people.len() && operator && states.iter().all(reached)
    }
}

impl Figures {
    /// At least half of the kills met a message in flight.
    pub(super) fn is_worth_something(&self) -> bool {
        2 * self.in_flight >= self.client_kills + self.desk_kills
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cycles, messages, events, client_kills, desk_kills, in_flight, seconds, heal_ms } = self;
        let kills = client_kills + desk_kills;
        write!(
            f,
            "{cycles} cycles in {seconds} s: {messages} messages queued, {events} events in the logs; {kills} kills \
             ({client_kills} of a client, {desk_kills} of the desk), {in_flight} of them with a message in flight \
             ({} %); healed in {heal_ms} ms",
            in_flight * 100 / kills.max(1)
        )
    }
}
