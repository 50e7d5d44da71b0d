//! The desk, the people and their lines, and turn after turn: something is sent, and something goes wrong.

use std::collections::VecDeque;
use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use deskbell_wire::{JoinLink, VisitorId};

use super::Wish;
use super::app::{VISITORS, Who, say_problem};
use super::faults::Fault;
use super::operator::Operator;
use super::person::{Heard, Person};
use super::plan::{self, Transfer, Way};
use crate::dice::Dice;
use crate::proxy::{Proxy, Rules};
use crate::torture::Trouble;
use crate::torture::child::LOGIN;
use crate::torture::desk::DeskProcess;

/// Where the operator is among the people.
pub(super) const OPERATOR: usize = VISITORS;
/// The operator who works in another group.
pub(super) const OUTSIDER: &str = "bob";
/// So many files may be on their way at once; then nothing new is sent until some have come.
const ON_THEIR_WAY: usize = 12;
/// How often it is looked at what has come.
const LOOK: Duration = Duration::from_millis(30);
/// How often clients hear that the network is there. A person is not that quick; a pause of 30 s would be spent waiting.
const NUDGE: Duration = Duration::from_millis(400);
/// How long a process may take to be ready.
pub(super) const READY: Duration = Duration::from_secs(30);

/// What a run came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    pub(super) turns: u32,
    /// Faults that met a file on its way, of all.
    met: u32,
    faults: u32,
    desk_kills: u32,
    visitor_kills: u32,
    operator_kills: u32,
    pub(super) sent: usize,
    pub(super) refused: usize,
    pub(super) bytes: u64,
    pub(super) words: usize,
    pub(super) connections: u64,
    pub(super) again: u32,
    pub(super) asked_as_strangers: usize,
    pub(super) seconds: u64,
    pub(super) heal_ms: u128,
}

/// Everything that runs.
pub(super) struct Ground {
    pub(super) dice: Dice,
    pub(super) desk: DeskProcess,
    /// The visitors, then the operator.
    pub(super) people: Vec<Person>,
    /// Of another group, and of nobody any more.
    pub(super) outsiders: Vec<Operator>,
    pub(super) transfers: Vec<Transfer>,
    waiting: VecDeque<usize>,
    /// Every text that a visitor was told to say.
    pub(super) words: Vec<(usize, String)>,
    pub(super) figures: Figures,
    pub(super) since: Instant,
    pub(super) folder: tempfile::TempDir,
}

impl Ground {
    pub(super) fn new(wish: &Wish) -> Result<Self, Trouble> {
        let folder = tempfile::Builder::new().prefix("deskbell-torture").tempdir()?;
        std::fs::create_dir(folder.path().join("sources"))?;
        let accounts = [("Ada", LOGIN), ("Bob", OUTSIDER)];
        let desk = DeskProcess::start(&wish.server, folder.path(), wish.dedup, &accounts)?;
        let line = Proxy::start(desk.address());
        let link: JoinLink = line.address().to_string().parse()?;
        let profile = folder.path().join("operator");
        let operator = Operator::start(&link, Some(&profile), LOGIN)?;
        let groups = operator.set_site_up()?;
        let direct = desk.link()?;
        let bob = Operator::start(&direct, None, OUTSIDER)?;
        operator.app.set_groups(&bob.id()?, &[groups[1].0]).map_err(say_problem)?;
        let gone = Operator::start(&direct, None, LOGIN)?;
        gone.sign_out()?;
        let (seed, count, flip) = (wish.seed, wish.transfers, wish.flip);
        let who =
            |profile, link, visitors| Who { profile, link, seed, count, group: groups[0].0, flip, visitors };
        let mut people = Vec::new();
        for n in 0..VISITORS {
            let line = Proxy::start(desk.address());
            let link = line.address().to_string().parse()?;
            people
                .push(Person::new(who(folder.path().join(format!("visitor-{n}")), link, Vec::new()), line)?);
        }
        let visitors = people.iter().map(|person| person.identity().0).collect();
        people.push(Person::with(who(profile, link, visitors), operator.into_secrets()?, line));
        people.iter_mut().try_for_each(|person| person.spawn(READY))?;
        let transfers = plan::transfers(wish.seed, wish.transfers, VISITORS);
        Ok(Self {
            dice: Dice::new(wish.seed ^ 0xfa17),
            desk,
            people,
            outsiders: vec![bob, gone],
            waiting: transfers.iter().map(|transfer| transfer.n).collect(),
            transfers,
            words: Vec::new(),
            figures: Figures::default(),
            since: Instant::now(),
            folder,
        })
    }

    /// Is there something left to be sent?
    pub(super) fn goes_on(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Something is sent, and something goes wrong; then it is over, and some of it goes on.
    pub(super) fn turn(&mut self) -> Result<(), Trouble> {
        self.figures.turns += 1;
        self.send_some()?;
        let fault = Fault::roll(&mut self.dice, VISITORS + 1);
        let (lasts, rests) = (60 + self.dice.roll(900), 30 + self.dice.roll(250));
        // Often there is something under way already, sometimes it has just begun.
        let before = self.dice.roll(80);
        self.pass(Duration::from_millis(before))?;
        self.begin(&fault);
        self.pass(Duration::from_millis(lasts))?;
        self.lift(&fault)?;
        self.pass(Duration::from_millis(rests))
    }

    fn begin(&mut self, fault: &Fault) {
        let meets = self.on_their_way() > 0;
        if *fault != Fault::Calm {
            self.figures.faults += 1;
            self.figures.met += u32::from(meets);
        }
        if let Some((line, rules)) = fault.rules() {
            self.line(line).set(rules);
        }
        if let Some(line) = fault.resets_first() {
            self.line(line).reset();
        }
        if fault.kills_desk() {
            self.desk.kill();
            self.figures.desk_kills += 1;
        }
        if let Some(who) = fault.kills_app() {
            self.people[who].kill();
            self.figures.visitor_kills += u32::from(who != OPERATOR);
            self.figures.operator_kills += u32::from(who == OPERATOR);
        }
    }

    fn lift(&mut self, fault: &Fault) -> Result<(), Trouble> {
        if let Some((line, _)) = fault.rules() {
            self.line(line).set(Rules::default());
        }
        if let Some(line) = fault.resets_last() {
            self.line(line).reset();
        }
        if fault.kills_desk() {
            self.desk.spawn()?;
        }
        fault.kills_app().map_or(Ok(()), |who| self.people[who].spawn(READY))
    }

    fn line(&self, whose: usize) -> &Proxy {
        &self.people[whose].line
    }

    /// Files on their way, as far as is known here.
    fn on_their_way(&self) -> usize {
        let count =
            |of: fn(&Heard) -> usize| self.people.iter().map(|person| of(&person.heard())).sum::<usize>();
        count(|heard| heard.sent.len()).saturating_sub(count(|heard| heard.read.len()))
    }

    fn send_some(&mut self) -> Result<(), Trouble> {
        for _ in 0..=self.dice.roll(3) {
            if self.on_their_way() < ON_THEIR_WAY
                && let Some(n) = self.waiting.pop_front()
                && !self.send(n)?
            {
                // Whoever is to send it is busy: others go first.
                self.waiting.push_back(n);
            }
        }
        if self.dice.chance(600) {
            let who = self.dice.index(VISITORS);
            let text = format!("words {}", self.words.len());
            self.people[who].tell(&format!("say {text}"));
            self.words.push((who, text));
        }
        Ok(())
    }

    /// `false`: not now.
    fn send(&mut self, n: usize) -> Result<bool, Trouble> {
        let transfer = self.transfers[n].clone();
        let author = if transfer.way == Way::Up { transfer.visitor } else { OPERATOR };
        let person = &mut self.people[author];
        let knows = author != OPERATOR || person.heard().knows.contains(&transfer.visitor);
        let is_free = knows && person.is_free();
        if is_free {
            person.send(&transfer, &self.folder.path().join("sources"))?;
        }
        Ok(is_free)
    }

    pub(super) fn visitors(&self) -> Vec<VisitorId> {
        self.people[..OPERATOR].iter().map(|person| person.identity().0).collect()
    }

    /// Time goes by.
    pub(super) fn pass(&mut self, long: Duration) -> Result<(), Trouble> {
        let until = Instant::now() + long;
        let mut nudged = Instant::now();
        loop {
            if let Some(at) = self.people.iter_mut().position(|person| person.is_gone()) {
                return Err(format!("the app of {} ended by itself", whose(at)).into());
            }
            if nudged.elapsed() > NUDGE {
                self.nudge();
                nudged = Instant::now();
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(LOOK));
        }
    }

    /// The network is there again: nobody has to sit a pause out.
    /// The network is there again: nobody has to sit a pause out.
    pub(super) fn nudge(&mut self) {
        self.people.iter_mut().for_each(|person| person.tell("wake"));
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.path().join("desk")
    }

    pub(super) fn key(&self) -> PathBuf {
        self.folder.path().join("desk.key")
    }
}

/// One of the people, for people.
pub(super) fn whose(at: usize) -> String {
    if at == OPERATOR { "the operator".to_owned() } else { format!("visitor {at}") }
}

impl Figures {
    /// At least half of the faults met a file on its way.
    pub(super) fn is_worth_something(&self) -> bool {
        2 * self.met >= self.faults && self.faults > 0
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            turns,
            met,
            faults,
            desk_kills,
            visitor_kills,
            operator_kills,
            sent,
            refused,
            bytes,
            words,
            ..
        } = self;
        let Self { connections, again, asked_as_strangers, seconds, heal_ms, .. } = self;
        write!(
            f,
            "{sent} files ({:.1} MiB) and {words} texts in {turns} turns and {seconds} s, {refused} refused before \
             they were sent; {faults} faults, {met} of them with a file on its way: {desk_kills} kills of the desk, \
             {visitor_kills} of a visitor's app, {operator_kills} of the operator's, the rest on the lines ({connections} connections, {again} files asked \
             for again); {asked_as_strangers} asked for by strangers; healed in {heal_ms} ms",
            *bytes as f64 / 1024.0 / 1024.0
        )
    }
}
