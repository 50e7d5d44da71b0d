//! A visitor or the operator over all lives of the app's process: its profile, its line, and everything that it ever
//! said.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use deskbell_api::dto::Locale;
use deskbell_api::profile::{DeskKey, ProfileSecrets};
use deskbell_wire::{Secret, SiteKey, VisitorId};

use super::app::{Who, say_problem};
use super::plan::{Sameness, Transfer};
use crate::proxy::Proxy;
use crate::torture::Trouble;
use crate::torture::desk::Leash;

/// A new life reads one in so many files again that were read before.
const READ_AGAIN: usize = 4;

/// Everything that came from it so far.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) ready: bool,
    /// Files that it had on its disk to be sent.
    pub(super) sent: HashSet<usize>,
    /// Files that it refused before they were sent, and why.
    pub(super) refused: HashMap<usize, String>,
    /// The other end's files that it has read to the end.
    pub(super) read: HashMap<usize, Sameness>,
    /// Words that it had on its disk to be sent.
    pub(super) said: HashSet<String>,
    /// Conversations in which a visitor has said something, by the visitors' numbers.
    pub(super) knows: HashSet<usize>,
    /// How often a file that had stopped was asked for again.
    pub(super) again: u32,
    /// How many entries wait, and which failed.
    pub(super) state: Option<(usize, Vec<String>)>,
}

/// An app that can be killed and started again, behind a line of its own.
pub(super) struct Person {
    pub(super) who: Who,
    pub(super) secrets: ProfileSecrets,
    pub(super) line: Proxy,
    heard: Arc<Mutex<Heard>>,
    /// What it was told to send and has not answered.
    asked: Option<(usize, PathBuf)>,
    lives: usize,
    process: Option<Process>,
}

struct Process {
    leash: Leash,
    orders: Option<ChildStdin>,
    ear: Option<JoinHandle<()>>,
}

impl Person {
    /// Nobody yet, with a new profile.
    pub(super) fn new(who: Who, line: Proxy) -> Result<Self, Trouble> {
        let secrets = ProfileSecrets::generate(Locale::En).map_err(say_problem)?;
        Ok(Self::with(who, secrets, line))
    }

    /// Nobody yet, with a profile that is there.
    pub(super) fn with(who: Who, secrets: ProfileSecrets, line: Proxy) -> Self {
        Self { who, secrets, line, heard: Arc::default(), asked: None, lives: 0, process: None }
    }

    /// Who the visitor is to the desk, and its proof.
    pub(super) fn identity(&self) -> (VisitorId, Secret) {
        self.secrets.visitor_at(&DeskKey::of(&self.who.link), &SiteKey::main())
    }

    /// Starts it, waits until it is there, and tells it again what it did not answer in its life before.
    pub(super) fn spawn(&mut self, limit: Duration) -> Result<(), Trouble> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["files", "app"]).args(self.who.words());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (orders, out) = (child.stdin.take(), child.stdout.take());
        let mut process = Process { leash: Leash(child), orders, ear: None };
        self.lives += 1;
        {
            let mut heard = self.heard();
            (heard.ready, heard.state) = (false, None);
        }
        process.ear = Some(listen(out.ok_or("no output")?, Arc::clone(&self.heard)));
        self.process = Some(process);
        let secrets = self.secrets.to_json()?;
        self.tell(&secrets);
        self.tell(&self.known());
        let until = Instant::now() + limit;
        while !self.heard().ready {
            if Instant::now() > until {
                return Err("an app did not start".into());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        if let Some((n, path)) = self.asked.clone().filter(|(n, _)| !self.has_answered(*n)) {
            self.tell(&format!("send {n} {}", path.display()));
        }
        Ok(())
    }

    /// What it need not read again: of what it had read, all but one in so many.
    fn known(&self) -> String {
        let heard = self.heard();
        let known = heard.read.keys().filter(|n| !(*n + self.lives).is_multiple_of(READ_AGAIN));
        format!("known {}", known.map(usize::to_string).collect::<Vec<_>>().join(","))
    }

    /// Has it nothing to do that it has not answered?
    pub(super) fn is_free(&mut self) -> bool {
        let Some((n, path)) = self.asked.clone() else { return true };
        let answered = self.has_answered(n);
        if answered {
            // The app has taken it in: what becomes of the place where it lay is nobody's concern.
            let _ = std::fs::remove_file(path);
            self.asked = None;
        }
        answered
    }

    fn has_answered(&self, n: usize) -> bool {
        let heard = self.heard();
        heard.sent.contains(&n) || heard.refused.contains_key(&n)
    }

    /// Puts a file into a folder and has it sent.
    pub(super) fn send(&mut self, transfer: &Transfer, folder: &Path) -> Result<(), Trouble> {
        let path = folder.join(transfer.name());
        std::io::copy(&mut transfer.bytes(), &mut File::create(&path)?)?;
        self.tell(&format!("send {} {}", transfer.n, path.display()));
        self.asked = Some((transfer.n, path));
        Ok(())
    }

    /// Gives an order. A process that is gone does not hear it.
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

    /// Did it end by itself? Then something is wrong with it.
    pub(super) fn is_gone(&mut self) -> bool {
        self.process.as_mut().is_some_and(|process| !matches!(process.leash.0.try_wait(), Ok(None)))
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

    pub(super) fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn listen(out: ChildStdout, heard: Arc<Mutex<Heard>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        // A kill may leave half a line: it was not said.
        let mut out = BufReader::new(out);
        let mut line = Vec::new();
        while out.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if line.pop() == Some(b'\n') {
                let line = String::from_utf8_lossy(&line);
                heard.lock().unwrap_or_else(PoisonError::into_inner).take(&line);
            }
            line.clear();
        }
    })
}

impl Heard {
    fn take(&mut self, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let number = || rest.split(' ').next().and_then(|n| n.parse::<usize>().ok());
        let second = rest.split_once(' ').map_or("", |(_, second)| second);
        match (word, number()) {
            ("ready", _) => self.ready = true,
            ("again", _) => self.again += 1,
            ("said", _) => drop(self.said.insert(rest.to_owned())),
            ("knows", Some(with)) => drop(self.knows.insert(with)),
            ("sent", Some(n)) => drop(self.sent.insert(n)),
            ("refused", Some(n)) => drop(self.refused.insert(n, second.to_owned())),
            ("read", Some(n)) => self.reads(n, second),
            ("state", Some(waiting)) => {
                let failed = second.split(',').filter(|failed| !failed.is_empty()).map(str::to_owned);
                self.state = Some((waiting, failed.collect()));
            }
            _ => {}
        }
    }

    /// A new life reads some of it again: once different is different.
    fn reads(&mut self, n: usize, how: &str) {
        let how = if how == "same" { Sameness::Same } else { Sameness::Different };
        let known = self.read.entry(n).or_insert(how);
        if how == Sameness::Different {
            *known = how;
        }
    }
}
