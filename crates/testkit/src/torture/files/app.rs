//! A visitor's or the operator's app as a process of its own: the product's session on a profile on the disk. What it
//! does and reads it says on standard output, a line each.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use deskbell_api::dto::{
    FileView, Message, MessageStatus, NewPiece, Problem, Sender, StagedFile, TransferState,
};
use deskbell_api::profile::ProfileSecrets;
use deskbell_wire::{JoinLink, VisitorId};

use super::face::{Face, Staged};
use super::plan::{self, Sameness, Transfer};
use crate::torture::Trouble;

/// Visitors of a run.
pub(super) const VISITORS: usize = 2;
/// How often it looks at what has come.
const LOOK: Duration = Duration::from_millis(40);
/// How long a file may be read in.
const READING: Duration = Duration::from_secs(60);
/// A page hands a file over in pieces of at most so many bytes.
const PIECE: usize = 1024 * 1024;

/// Who it is, as the command line says.
pub(super) struct Who {
    pub(super) profile: PathBuf,
    pub(super) link: JoinLink,
    pub(super) seed: u64,
    pub(super) count: usize,
    /// The group that a visitor writes to.
    pub(super) group: u32,
    /// Compares with another byte than was sent.
    pub(super) flip: bool,
    /// The operator's, by their numbers; none: it is a visitor.
    pub(super) visitors: Vec<VisitorId>,
}

/// What the parent says.
enum Order {
    /// Send this transfer, unless it was sent before; its bytes are at that place.
    Send(usize, PathBuf),
    /// Say these words.
    Say(String),
    /// These files were read in a life before.
    Known(HashSet<usize>),
    /// The network is there again.
    Wake,
    /// Say where you are.
    State,
}

/// The child's program.
pub(super) fn run(words: &[String]) -> ExitCode {
    match serve(words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("an app: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn serve(words: &[String]) -> Result<(), Trouble> {
    let who = Who::read(words)?;
    let mut first = String::new();
    std::io::stdin().read_line(&mut first)?;
    let (secrets, staged) = (ProfileSecrets::from_json(first.trim())?, Staged::default());
    let face = Face::start(&who, secrets, &staged).map_err(say_problem)?;
    let transfers = plan::transfers(who.seed, who.count, VISITORS);
    let (fetched, read, met) = (HashMap::new(), HashSet::new(), HashSet::new());
    let mut life = Life { face, who, transfers, staged, wish: None, fetched, read, met };
    say("ready");
    life.live(&orders())?;
    life.face.stop();
    Ok(())
}

impl Who {
    fn read(words: &[String]) -> Result<Self, Trouble> {
        let [profile, link, seed, count, group, flip, visitors @ ..] = words else {
            return Err("six words are needed".into());
        };
        Ok(Self {
            profile: profile.into(),
            link: link.parse()?,
            seed: seed.parse()?,
            count: count.parse()?,
            group: group.parse()?,
            flip: flip.parse()?,
            visitors: visitors.iter().map(|id| id.parse()).collect::<Result<_, _>>()?,
        })
    }

    /// The words that [`Self::read`] reads.
    pub(super) fn words(&self) -> Vec<String> {
        let Self { profile, link, seed, count, group, flip, visitors } = self;
        let profile = profile.to_string_lossy().into_owned();
        let mut words = vec![profile, link.to_string(), seed.to_string(), count.to_string()];
        words.extend([group.to_string(), flip.to_string()]);
        words.extend(visitors.iter().map(VisitorId::to_string));
        words
    }

    /// Its conversations, by the visitors' numbers; a visitor has one.
    fn conversations(&self) -> std::ops::Range<usize> {
        0..self.visitors.len().max(1)
    }
}

/// Orders of the parent; closed when it is gone.
fn orders() -> Receiver<Order> {
    let (orders, received) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let Some(order) = Order::read(&line) else { return };
            if orders.send(order).is_err() {
                return;
            }
        }
    });
    received
}

impl Order {
    fn read(line: &str) -> Option<Self> {
        match line.split_once(' ') {
            None if line == "wake" => Some(Self::Wake),
            None if line == "state" => Some(Self::State),
            Some(("say", text)) => Some(Self::Say(text.to_owned())),
            Some(("known", numbers)) => Some(Self::Known(numbers.split(',').flat_map(str::parse).collect())),
            Some(("send", rest)) => {
                let (n, path) = rest.split_once(' ')?;
                Some(Self::Send(n.parse().ok()?, path.into()))
            }
            _ => None,
        }
    }
}

/// One life of the process.
struct Life {
    face: Face,
    who: Who,
    transfers: Vec<Transfer>,
    staged: Staged,
    /// What is to be sent as soon as its conversation is there.
    wish: Option<(usize, PathBuf)>,
    /// Files that were asked for, by number: the key, and when.
    fetched: HashMap<usize, (String, Instant)>,
    /// Files that were compared.
    read: HashSet<usize>,
    /// Conversations in which a visitor has said something.
    met: HashSet<usize>,
}

impl Life {
    fn live(&mut self, orders: &Receiver<Order>) -> Result<(), Trouble> {
        loop {
            match orders.recv_timeout(LOOK) {
                Ok(Order::Send(n, path)) => self.wish = Some((n, path)),
                Ok(Order::Say(text)) => {
                    self.face.say(0, &text).map_err(say_problem)?;
                    say(format_args!("said {text}"));
                }
                Ok(Order::Known(numbers)) => self.read.extend(numbers),
                Ok(Order::Wake) => self.face.wake().map_err(say_problem)?,
                Ok(Order::State) => self.state()?,
                Err(RecvTimeoutError::Timeout) => self.look()?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if let Some((n, path)) = self.wish.take()
                && !self.send(n, &path)?
            {
                self.wish = Some((n, path));
            }
        }
    }

    /// The newest lines, and what waits in the outbox.
    fn lines(&self, with: usize) -> Result<Option<Vec<Message>>, Trouble> {
        self.face.lines(with, &self.staged).map_err(say_problem)
    }

    /// Every line with a file that the desk has, newest first, as far as they are looked at. `false`: the conversation
    /// is not known yet.
    fn files(&self, with: usize, mut goes_on: impl FnMut(&Message) -> bool) -> Result<bool, Trouble> {
        let mut below = None;
        loop {
            let Some(page) = self.face.list(with, below.as_deref()).map_err(say_problem)? else {
                return Ok(false);
            };
            if !page.lines.iter().all(&mut goes_on) || !page.more {
                return Ok(true);
            }
            below = page.lines.last().and_then(|line| Some(line.file.as_ref()?.key.clone()));
        }
    }

    /// Sends it once, whatever became of the process when it was told so before. `false`: not yet.
    fn send(&mut self, n: usize, path: &Path) -> Result<bool, Trouble> {
        let transfer = self.transfers[n].clone();
        match self.holds(&transfer)? {
            None => return Ok(false),
            Some(true) => {
                say(format_args!("sent {n}"));
                return Ok(true);
            }
            Some(false) => {}
        }
        let staged = if n.is_multiple_of(2) {
            self.stage_path(&transfer, path)?
        } else {
            self.stage_pieces(&transfer, path)
        };
        match staged {
            Err(code) => say(format_args!("refused {n} {code}")),
            Ok(id) => {
                let sent = self.face.send(transfer.visitor, id, &transfer.caption());
                sent.map_err(say_problem)?;
                say(format_args!("sent {n}"));
            }
        }
        Ok(true)
    }

    /// Was it sent in a life before? `None`: the conversation is not known yet.
    fn holds(&self, transfer: &Transfer) -> Result<Option<bool>, Trouble> {
        let is_it = |line: &Message| {
            let file = line.file.as_ref().filter(|_| line.mine);
            file.is_some_and(|file| Transfer::number(&file.name) == Some(transfer.n))
        };
        let Some(lines) = self.lines(transfer.visitor)? else { return Ok(None) };
        let mut found = lines.iter().any(is_it);
        let is_known = self.files(transfer.visitor, |line| {
            found |= is_it(line);
            !found
        })?;
        Ok(is_known.then_some(found))
    }

    /// As if chosen in a dialog: the app reads it by itself.
    fn stage_path(&self, transfer: &Transfer, path: &Path) -> Result<Result<String, String>, Trouble> {
        self.face.stage_path(transfer.visitor, path.to_owned()).map_err(say_problem)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let until = Instant::now() + READING;
        loop {
            let staged = self.staged.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let it = staged.into_iter().find(|file| file.name == name);
            match it {
                Some(StagedFile { id, code: Some(code), .. }) => {
                    self.face.unstage(&id).map_err(say_problem)?;
                    return Ok(Err(code));
                }
                Some(StagedFile { id, ready: true, .. }) => return Ok(Ok(id)),
                _ if Instant::now() > until => return Err("a file was never read in".into()),
                _ => std::thread::sleep(Duration::from_millis(3)),
            }
        }
    }

    /// As a page hands it over.
    fn stage_pieces(&self, transfer: &Transfer, path: &Path) -> Result<String, String> {
        let piece = NewPiece { name: transfer.name(), size: transfer.size, media: String::new() };
        let id = self.face.begin(transfer.visitor, &piece).map_err(|problem| problem.code)?;
        let (mut file, mut chunk) = (File::open(path).map_err(|_| "gone")?, vec![0; PIECE]);
        loop {
            let count = file.read(&mut chunk).map_err(|_| "unreadable")?;
            if count == 0 {
                break;
            }
            self.face.piece(&id, &chunk[..count]).map_err(|problem| problem.code)?;
        }
        self.face.end(&id).map_err(|problem| problem.code)?;
        Ok(id)
    }

    /// Brings here what the other end has sent, and reads what has come.
    fn look(&mut self) -> Result<(), Trouble> {
        for with in self.who.conversations() {
            self.fetch_new(with)?;
        }
        let waiting: Vec<(usize, String)> = self
            .fetched
            .iter()
            .filter(|(n, _)| !self.read.contains(n))
            .map(|(n, (key, _))| (*n, key.clone()))
            .collect();
        waiting.into_iter().try_for_each(|(n, key)| self.read_or_press(n, &key))
    }

    fn fetch_new(&mut self, with: usize) -> Result<(), Trouble> {
        let Some(lines) = self.lines(with)? else { return Ok(()) };
        // Before a visitor has said anything there is no chat for an operator to write in.
        if lines.iter().any(|line| line.sender == Sender::Visitor) && self.met.insert(with) {
            say(format_args!("knows {with}"));
        }
        let mut new = Vec::new();
        self.files(with, |line| {
            let Some((n, key)) = theirs(line) else { return true };
            if self.fetched.contains_key(&n) {
                return false;
            }
            new.push((n, key));
            true
        })?;
        for (n, key) in new {
            if !self.read.contains(&n) {
                self.face.fetch(&key).map_err(say_problem)?;
            }
            self.fetched.insert(n, (key, Instant::now()));
        }
        Ok(())
    }

    fn read_or_press(&mut self, n: usize, key: &str) -> Result<(), Trouble> {
        let file = self.face.file(key).map_err(say_problem)?;
        if file.here {
            let blob = self.face.blob(key).map_err(say_problem)?;
            let found = self.transfers[n].compare(blob, self.who.flip)?;
            self.read.insert(n);
            say(format_args!("read {n} {}", if found == Sameness::Same { "same" } else { "different" }));
        } else if has_stopped(&file) && self.fetched[&n].1.elapsed() > Duration::from_secs(1) {
            // A person would press again.
            say(format_args!("again {n}"));
            self.face.fetch(key).map_err(say_problem)?;
            self.fetched.insert(n, (key.to_owned(), Instant::now()));
        }
        Ok(())
    }

    /// `state WAITING FAILED`: how many wait in the outbox, and what failed, by number and code. Nothing where a
    /// conversation is not known yet.
    fn state(&self) -> Result<(), Trouble> {
        let mut own = Vec::new();
        for with in self.who.conversations() {
            let Some(lines) = self.lines(with)? else { return Ok(()) };
            own.extend(lines.into_iter().filter(|line| line.mine && line.seq.is_none()));
        }
        let waiting = own.iter().filter(|line| line.status == MessageStatus::Queued).count();
        let failed: Vec<String> = own
            .iter()
            .filter(|line| line.status != MessageStatus::Queued)
            .map(|line| format!("{}:{}", line.text, line.code.as_deref().unwrap_or("held")).replace(' ', "_"))
            .collect();
        say(format_args!("state {waiting} {}", failed.join(",")));
        Ok(())
    }
}

/// A file of the other end's.
fn theirs(line: &Message) -> Option<(usize, String)> {
    let file = line.file.as_ref().filter(|_| !line.mine)?;
    Some((Transfer::number(&file.name)?, file.key.clone()))
}

/// It is neither here nor on its way.
fn has_stopped(file: &FileView) -> bool {
    file.transfer.as_ref().is_none_or(|transfer| transfer.state == TransferState::Failed)
}

pub(super) fn say_problem(problem: Problem) -> Trouble {
    format!("{}: {}", problem.code, problem.message).into()
}

/// One line, at once. Where nobody listens any more, the end is near anyway.
fn say(line: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush());
}
