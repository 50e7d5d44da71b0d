//! Faults are over: everything arrives, everybody ends, and all that is left is looked at.

use std::collections::HashSet;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use deskbell_wire::{DeviceId, Secret, SiteKey, StreamId, Timestamp};
use uuid::Uuid;

use super::ground::{Figures, Ground, OPERATOR, READY, whose};
use super::leftovers::{self, Leftovers};
use super::plan::{Transfer, Way};
use super::strangers::Voice;
use super::verdict::{self, Outcome};
use crate::checker::Log;
use crate::proxy::Rules;
use crate::torture::{Trouble, reader};

/// How long everything may take to heal (I11), a few files of 25 MiB among it.
const LIMIT: Duration = Duration::from_secs(60);
/// How often clients hear now that the network is there: often they have come back by themselves before.
const ALONE: Duration = Duration::from_secs(2);
/// How long the desk may take to sweep out.
const SWEEP: Duration = Duration::from_secs(10);
/// Files that are asked for from outside.
const SAMPLE: usize = 20;

impl Ground {
    /// Waits, ends everybody, and says what came of it and which promises were broken.
    pub(super) fn heal(mut self) -> Result<(Figures, Vec<String>), Trouble> {
        let healing = Instant::now();
        self.everything_is_well();
        let mut broken = self.wait_until_at_rest()?;
        self.figures.heal_ms = healing.elapsed().as_millis();
        let failed = self.failed();
        let streams: Vec<StreamId> =
            self.visitors().iter().map(|id| StreamId::public(SiteKey::main(), *id)).collect();
        let logs = reader::read(self.desk.link()?, &streams, LIMIT)?;
        broken.extend(self.outcome(failed).broken(&logs));
        self.end()?;
        broken.extend(self.sweep()?);
        broken.extend(self.ask_around(&logs)?);
        self.count(&logs);
        Ok((self.figures.clone(), broken))
    }

    fn everything_is_well(&mut self) {
        self.people.iter().for_each(|person| person.line.set(Rules::default()));
    }

    /// Waits until every file was read at the other end and no entry waits.
    fn wait_until_at_rest(&mut self) -> Result<Vec<String>, Trouble> {
        let (until, mut nudges_at) = (Instant::now() + LIMIT, Instant::now() + ALONE);
        while !self.is_at_rest() {
            if Instant::now() > until {
                return Ok(self.not_there());
            }
            self.pass(Duration::from_millis(100))?;
            if Instant::now() > nudges_at {
                self.nudge();
                nudges_at += ALONE;
            }
            self.people.iter_mut().for_each(|person| person.tell("state"));
        }
        Ok(Vec::new())
    }

    fn is_at_rest(&mut self) -> bool {
        let drained = |person: &super::person::Person| {
            person.heard().state.as_ref().is_some_and(|(waiting, _)| *waiting == 0)
        };
        self.people.iter_mut().all(super::person::Person::is_free)
            && self.people.iter().all(drained)
            && self.transfers.iter().all(|transfer| self.is_refused(transfer) || self.is_read(transfer))
    }

    fn not_there(&self) -> Vec<String> {
        let missing = self
            .transfers
            .iter()
            .filter(|transfer| !self.is_refused(transfer) && !self.is_read(transfer))
            .map(|transfer| format!("{} was not read within {LIMIT:?} (I11)", verdict::describe(transfer)));
        let mut all: Vec<String> = missing.collect();
        for (at, person) in self.people.iter().enumerate() {
            all.extend(
                person
                    .heard()
                    .state
                    .iter()
                    .filter(|(waiting, _)| *waiting > 0)
                    .map(|(waiting, _)| format!("{}: {waiting} entries still wait (I11)", whose(at))),
            );
        }
        all
    }

    fn is_refused(&self, transfer: &Transfer) -> bool {
        self.people.iter().any(|person| person.heard().refused.contains_key(&transfer.n))
    }

    fn is_read(&self, transfer: &Transfer) -> bool {
        let reader = if transfer.way == Way::Up { OPERATOR } else { transfer.visitor };
        self.people[reader].heard().read.contains_key(&transfer.n)
    }

    /// What failed and says so, on any side.
    fn failed(&self) -> Vec<String> {
        let each = |(at, person): (usize, &super::person::Person)| {
            let failed = person.heard().state.as_ref().map(|(_, failed)| failed.clone()).unwrap_or_default();
            failed.into_iter().map(move |failed| format!("{failed} of {}", whose(at)))
        };
        self.people.iter().enumerate().flat_map(each).collect()
    }

    fn outcome(&self, failed: Vec<String>) -> Outcome {
        let mut outcome = Outcome { failed, ..Outcome::default() };
        outcome.transfers.clone_from(&self.transfers);
        outcome.words.extend(self.words.iter().map(|(_, text)| text.clone()));
        for person in &self.people {
            let heard = person.heard();
            outcome.sent.extend(&heard.sent);
            outcome.refused.extend(heard.refused.clone());
            outcome.read.extend(&heard.read);
            outcome.said.extend(heard.said.clone());
        }
        outcome
    }

    fn end(&mut self) -> Result<(), Trouble> {
        for (at, person) in self.people.iter_mut().enumerate() {
            if !person.end(READY) {
                return Err(format!("the app of {} did not end by itself", whose(at)).into());
            }
        }
        self.figures.connections = self.people.iter().map(|person| person.line.accepted()).sum();
        self.figures.again = self.people.iter().map(|person| person.heard().again).sum();
        Ok(())
    }

    /// Kills the desk once more, lets its files grow old, and sees what its sweep leaves.
    fn sweep(&mut self) -> Result<Vec<String>, Trouble> {
        self.desk.kill();
        let (data, key) = (self.data(), self.key());
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let wanted = leftovers::wanted(&data, &key, Timestamp(i64::try_from(now)?))?;
        leftovers::age(&data)?;
        self.desk.spawn()?;
        let until = Instant::now() + SWEEP;
        loop {
            let left = leftovers::look(&data, &key, &wanted)?;
            if left == Leftovers::default() {
                return Ok(Vec::new());
            }
            if Instant::now() > until {
                let Leftovers { parts, files, missing } = left;
                let says = format!(
                    "the desk's folder holds {parts} parts and {files} files that no row names, and lacks {missing}"
                );
                return Ok(vec![says]);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// I14: a sample of files is asked for over plain HTTP.
    fn ask_around(&mut self, logs: &[Log]) -> Result<Vec<String>, Trouble> {
        let (desk, voices) = (self.desk.address(), self.voices()?);
        let mut carried: Vec<_> = verdict::files(logs).collect();
        let mut broken = Vec::new();
        while carried.len() > SAMPLE {
            carried.swap_remove(self.dice.index(carried.len()));
        }
        for (stream, id, n) in carried {
            let transfer = &self.transfers[n];
            for voice in &voices {
                let may =
                    voice.name == "the operator" || voice.visitor == Some(stream.visitor) && voice.is_right();
                let kept = match may {
                    true => voice.gets(desk, id, transfer)?,
                    false => voice.learns_nothing(desk, id)?,
                };
                self.figures.asked_as_strangers += usize::from(!may);
                if !kept {
                    let how = if may { "does not get" } else { "learns of" };
                    broken.push(format!("{} {how} {} (I14)", voice.name, verdict::describe(transfer)));
                }
            }
        }
        Ok(broken)
    }

    fn voices(&self) -> Result<Vec<Voice>, Trouble> {
        let operator = |name, who: &super::operator::Operator| {
            let voice = |token| Voice { name, token: Some(token), device: who.device, visitor: None };
            who.token().map(voice)
        };
        let own = &self.people[OPERATOR];
        let (device, token) = (own.secrets.device_id, own.secrets.operator_tokens.values().next().cloned());
        let mut voices = vec![
            Voice { name: "the operator", token, device, visitor: None },
            operator("an operator of another group", &self.outsiders[0])?,
            operator("an operator who has signed out", &self.outsiders[1])?,
            Voice { name: "nobody", token: None, device, visitor: None },
        ];
        for person in &self.people[..OPERATOR] {
            let (visitor, token) = person.identity();
            let device = person.secrets.device_id;
            voices.push(Voice {
                name: "a visitor",
                token: Some(token.clone()),
                device,
                visitor: Some(visitor),
            });
            // The right token of somebody else, and none at all.
            voices.push(Voice {
                name: "a visitor as an operator",
                token: Some(token),
                device,
                visitor: None,
            });
            let wrong = Secret::new([0x5a; 32]);
            let device = DeviceId(Uuid::new_v4());
            voices.push(Voice { name: "a wrong token", token: Some(wrong), device, visitor: Some(visitor) });
        }
        Ok(voices)
    }

    fn count(&mut self, logs: &[Log]) {
        let sent: HashSet<usize> = verdict::files(logs).map(|(_, _, n)| n).collect();
        self.figures.sent = sent.len();
        self.figures.bytes = sent.iter().map(|n| self.transfers[*n].size).sum();
        self.figures.refused = self.transfers.iter().filter(|transfer| self.is_refused(transfer)).count();
        self.figures.words = self.words.len();
        self.figures.seconds = self.since.elapsed().as_secs();
    }
}

impl Voice {
    /// Its own token, not a guessed one.
    fn is_right(&self) -> bool {
        self.name == "a visitor"
    }
}
