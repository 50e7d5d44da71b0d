//! Files on their way: pieces, cuts, answers that are lost, bytes that are spoilt, rules that change, sweeps.

use deskbell_core::store::Store as _;
use deskbell_core::{CarrierReport, FileToSend, Order, TransferStand, Trouble};
use deskbell_server::desk::{Desk, FileStage, FileVoice};
use deskbell_wire::{FileRefusal, MessageId, StreamId, Uid};

use super::World;
use crate::checker::{self, Told, card_of, words};
use crate::pair::Flaw;
use crate::pair::courier::{Fetch, Job, Upload};

/// How a step of a carrier's ended.
enum Ended {
    /// It goes on.
    No(CarrierReport),
    /// With this, it is over.
    With(CarrierReport),
}

impl World {
    /// A person sends a file, or some together, with words or without.
    pub(super) fn send_files(&mut self, at: usize, stream: &StreamId, first: Uid) {
        let more = self.dice.roll(3);
        let others = (0..more).map(|_| self.devices[at].new_uid());
        let uids: Vec<Uid> = std::iter::once(first).chain(others).collect();
        let mut text = if self.dice.chance(500) { words(first, "see this") } else { String::new() };
        if more > 0 {
            self.counts.together += uids.len() as u64;
            self.devices[at].journal.push(Told::Together(uids.clone()));
        }
        for uid in uids {
            let batch = if self.flaw == Flaw::SentApart { uid } else { first };
            self.send_file(at, stream, (uid, batch), std::mem::take(&mut text));
        }
    }

    /// Its bytes are in the vault.
    fn send_file(&mut self, at: usize, stream: &StreamId, (uid, batch): (Uid, Uid), text: String) {
        let card = card_of(uid);
        self.devices[at].courier.here.insert(card.digest);
        let file = FileToSend { uid, card, text, group: None, batch };
        let sent = self.with(at, |session, now| session.send_file(stream, file, now));
        if let Some(Ok(_)) = sent {
            self.counts.files += 1;
            self.devices[at].queued(stream.clone(), uid, true);
        }
    }

    /// A person stops, lets go on, takes back, or wants to have a file.
    pub(super) fn handle_file(&mut self, at: usize) {
        let files: Vec<Uid> = self.devices[at]
            .waiting()
            .iter()
            .filter(|row| row.body.file().is_some())
            .map(|row| row.uid)
            .collect();
        match (self.dice.roll(6), self.dice.pick(&files)) {
            (0..=1, Some(uid)) => drop(self.with(at, |session, now| session.pause_file(uid, now))),
            (2, Some(uid)) => drop(self.with(at, |session, now| session.resume_file(uid, now))),
            (3, Some(uid)) => self.cancel(at, uid),
            _ => self.want_some_file(at),
        }
    }

    fn cancel(&mut self, at: usize, uid: Uid) {
        let session = self.devices[at].session.as_ref();
        let stand = session.and_then(|session| Some(session.upload(uid)?.1));
        if stand == Some(TransferStand::Whole) {
            return;
        }
        // Also where the disk refused: then it is unknown which of both it is.
        self.devices[at].journal.push(Told::Discarded(uid));
        self.with(at, |session, now| session.cancel_file(uid, now));
    }

    /// At the end everybody lets go on what was paused, and wants what the messages have.
    pub(super) fn let_files_go(&mut self, at: usize) {
        for row in self.devices[at].waiting().iter().filter(|row| row.body.file().is_some()) {
            self.with(at, |session, now| session.resume_file(row.uid, now));
        }
        for (stream, message) in self.devices[at].unread_files() {
            self.with(at, |session, now| session.fetch_file(&stream, message, now));
        }
    }

    fn want_some_file(&mut self, at: usize) {
        let Some(stream) = self.known_stream(at) else { return };
        let session = self.devices[at].session.as_ref();
        let held = session.and_then(|session| session.store().files(&stream, None, None, 9).ok());
        let held: Vec<MessageId> = held.into_iter().flatten().map(|event| event.message_id).collect();
        if let Some(message) = self.dice.pick(&held) {
            self.with(at, |session, now| session.fetch_file(&stream, message, now));
        }
    }

    pub(super) fn order_files(&mut self, at: usize, order: Order) {
        if let Some((voice, place)) = self.devices[at].courier.take(order)
            && !self.dice.chance(200)
            && let Some(Ok(gone)) = self.at_desk(|desk, now| desk.drop_file(&voice, &place, now))
        {
            self.shelf.discard(&gone);
        }
    }

    /// Carriers go on: one of them says something, or does something.
    pub(super) fn carry(&mut self) {
        let busy = |at: &usize| {
            let courier = &self.devices[*at].courier;
            !courier.jobs.is_empty() || !courier.said.is_empty()
        };
        let busy: Vec<usize> = (0..self.devices.len()).filter(busy).collect();
        let Some(at) = self.dice.pick(&busy) else { return };
        for _ in 0..=self.dice.roll(6) {
            self.carry_one(at);
        }
    }

    pub(super) fn carry_one(&mut self, at: usize) {
        if !self.devices[at].courier.said.is_empty() && self.dice.chance(600) {
            self.hear_carrier(at);
            return;
        }
        let jobs = self.devices[at].courier.jobs.len();
        if jobs > 0 {
            let n = self.dice.index(jobs);
            self.work(at, n);
        }
    }

    pub(super) fn hear_carrier(&mut self, at: usize) {
        if let Some(report) = self.devices[at].courier.said.pop_front() {
            self.trace(format_args!("device {at} hears {report:?}"));
            self.counts.whole += u64::from(matches!(report, CarrierReport::Whole { .. }));
            self.counts.file_troubles += u64::from(matches!(report, CarrierReport::Failed { .. }));
            self.with(at, |session, now| session.carried(report, now));
        }
    }

    /// Everything that is under way arrives, and is heard.
    pub(super) fn carry_all(&mut self) {
        for at in 0..self.devices.len() {
            for _ in 0..1_000 {
                if self.devices[at].courier.jobs.is_empty() && self.devices[at].courier.said.is_empty() {
                    break;
                }
                self.carry_one(at);
            }
        }
    }

    fn work(&mut self, at: usize, n: usize) {
        let mut job = self.devices[at].courier.jobs[n].clone();
        let ended = match &mut job {
            Job::Up(up) => self.upload(at, up),
            Job::Down(down) => self.fetch(at, down),
        };
        let courier = &mut self.devices[at].courier;
        let said = match ended {
            Ended::No(said) => {
                courier.jobs[n] = job;
                said
            }
            Ended::With(said) => {
                courier.jobs.remove(n);
                said
            }
        };
        courier.said.push_back(said);
    }

    /// One request of an upload, and what becomes of its answer.
    fn upload(&mut self, at: usize, up: &mut Upload) -> Ended {
        let (uid, run) = (up.uid, up.run);
        let over = |why| Ended::With(CarrierReport::Failed { uid, run, why });
        if !self.devices[at].courier.here.contains(&up.digest()) {
            return over(Trouble::Lost);
        }
        match self.answer(|world| world.send_part(up)) {
            Ok(true) => Ended::With(CarrierReport::Whole { uid, run }),
            Ok(false) => Ended::No(self.progress(up)),
            Err(why) => over(why),
        }
    }

    /// What a request came to, where it got there and its answer came back.
    fn answer<R>(&mut self, ask: impl FnOnce(&mut Self) -> Result<R, Trouble>) -> Result<R, Trouble> {
        if !self.desk.is_up() || (!self.healed && self.dice.chance(60)) {
            return Err(Trouble::Line);
        }
        if !self.healed && self.dice.chance(20) {
            let refusals =
                [FileRefusal::Busy, FileRefusal::NoSpace, FileRefusal::Storage, FileRefusal::Offset];
            return Err(Trouble::Refused(refusals[self.dice.index(4)]));
        }
        let fails = !self.healed && self.dice.chance(60);
        if fails {
            self.desk.fail_next_commit(&mut self.dice);
        }
        let answer = ask(self);
        if fails {
            self.desk.end_fault();
        }
        if !self.healed && self.dice.chance(60) {
            return Err(Trouble::Line);
        }
        answer
    }

    /// `true`: the desk has it whole.
    fn send_part(&mut self, up: &mut Upload) -> Result<bool, Trouble> {
        let Some(place) = up.place.clone() else {
            let new = up.announced();
            let address = std::net::Ipv4Addr::LOCALHOST.into();
            let place = self.asked(|desk, now| desk.create_file(&up.voice, &new, address, now))?;
            up.place = Some(place.secret);
            return Ok(place.stage != FileStage::UnderWay);
        };
        let stand = self.asked(|desk, now| desk.file_at(&up.voice, &place, now))?;
        if stand.stage != FileStage::UnderWay {
            return Ok(true);
        }
        let mut part = self.shelf.parts.get(&stand.part).copied().unwrap_or_default();
        let rest = stand.card.size - part.len;
        part.len += if self.dice.chance(500) { rest } else { 1 + self.dice.roll(rest) };
        part.spoilt |= !self.healed && self.dice.chance(15);
        self.shelf.parts.insert(stand.part, part);
        if part.len < stand.card.size {
            return Ok(false);
        }
        self.shelf.parts.remove(&stand.part);
        if part.spoilt && self.flaw != Flaw::NoDigestCheck {
            return Err(Trouble::Refused(FileRefusal::Checksum));
        }
        self.finish(up, &place, !part.spoilt)
    }

    /// The bytes first, then the row: the desk may be killed in between.
    fn finish(&mut self, up: &Upload, place: &deskbell_wire::Secret, sound: bool) -> Result<bool, Trouble> {
        self.shelf.blobs.insert(up.digest(), sound);
        if !self.healed && self.dice.chance(60) {
            self.desk_dies();
            return Err(Trouble::Line);
        }
        let media = up.announced().media;
        self.asked(|desk, now| desk.file_whole(&up.voice, place, &media, now))?;
        Ok(true)
    }

    fn progress(&mut self, up: &Upload) -> CarrierReport {
        let (uid, run) = (up.uid, up.run);
        match &up.place {
            Some(place) if self.dice.chance(500) => CarrierReport::Placed { uid, run, place: place.clone() },
            _ => CarrierReport::Sent { uid, run, done: 1 + self.dice.roll(up.announced().size) },
        }
    }

    fn fetch(&mut self, at: usize, down: &mut Fetch) -> Ended {
        let (message, run) = (down.message, down.run);
        let got = self.answer(|world| {
            let card = world.asked(|desk, now| desk.readable_file(&down.voice, message, now))?;
            // A desk that was restored may lack the bytes: it says what it says to a stranger.
            let there = world.shelf.has(&card.digest);
            if there { Ok(card) } else { Err(Trouble::Refused(FileRefusal::Forbidden)) }
        });
        match got {
            Err(why) => Ended::With(CarrierReport::FetchFailed { message, run, why }),
            Ok(card) => {
                down.done += 1 + self.dice.roll(card.size - down.done);
                if down.done < card.size {
                    return Ended::No(CarrierReport::Fetched { message, run, done: down.done });
                }
                self.counts.fetched += 1;
                assert_eq!(card, down.card, "the desk gives another file than the message has");
                self.devices[at].courier.here.insert(card.digest);
                self.devices[at].courier.fetched.insert(message);
                Ended::With(CarrierReport::Here { message, run })
            }
        }
    }

    fn asked<R>(
        &mut self,
        ask: impl FnOnce(&mut Desk, deskbell_wire::Timestamp) -> Result<R, FileRefusal>,
    ) -> Result<R, Trouble> {
        self.at_desk(ask).ok_or(Trouble::Line)?.map_err(Trouble::Refused)
    }

    fn at_desk<R>(&mut self, ask: impl FnOnce(&mut Desk, deskbell_wire::Timestamp) -> R) -> Option<R> {
        let now = self.now.wall;
        self.desk.machine().map(|desk| ask(desk, now))
    }

    /// The desk looks after its files, a device loses some, the site changes what it takes.
    pub(super) fn disturb_files(&mut self) {
        match self.dice.roll(5) {
            0 => self.lose_waiting(),
            1 => self.sweep(),
            2..=3 => {
                let at = self.dice.index(self.devices.len());
                let here: Vec<_> = self.devices[at].courier.here.iter().copied().collect();
                // By its smallest, for a set has no order of its own.
                if let Some(lost) = here.into_iter().min() {
                    self.devices[at].courier.here.remove(&lost);
                }
            }
            _ => {
                let enabled = self.dice.chance(600);
                self.take_files(enabled);
            }
        }
    }

    /// The bytes of a file that waits for its message are gone.
    pub(super) fn lose_waiting(&mut self) {
        let waiting = self.at_desk(|desk, _| desk.waiting_digests());
        if let Some(lost) = waiting.into_iter().flatten().flatten().min() {
            self.shelf.blobs.remove(&lost);
            // A message may have had the same bytes.
            self.lost.insert(lost);
            // Refused, it is noted by the next start.
            let _ = self.at_desk(|desk, now| desk.file_bytes_lost(&[lost], now));
        }
    }

    fn sweep(&mut self) {
        if let Some(gone) = self.at_desk(Desk::stale_files) {
            self.shelf.discard(&gone);
        }
        if self.flaw == Flaw::SweptTooMuch {
            self.shelf.blobs.clear();
        }
    }

    pub(super) fn take_files(&mut self, enabled: bool) {
        if self.desk.is_up() {
            self.settings.form.files.enabled = enabled;
            let saved = self.desk.set_up(self.settings.clone(), &self.token, self.now.wall);
            assert!(saved || !self.healed, "the site takes files again");
        }
    }

    /// What a desk does with its files when it starts.
    pub(super) fn start_desk(&mut self) {
        self.desk.start(self.now.wall);
        let waiting = self.at_desk(|desk, _| desk.waiting_digests());
        let lost: Vec<_> = waiting.into_iter().flatten().flatten().filter(|it| !self.shelf.has(it)).collect();
        if !lost.is_empty() {
            // Refused, it is asked again at the next start; until then those files are missed.
            let _ = self.at_desk(|desk, now| desk.file_bytes_lost(&lost, now));
        }
    }

    /// Everybody, and a stranger, asks for every file of every log.
    pub(super) fn give_files(&mut self, logs: &[checker::Log]) -> checker::Files {
        let messages: Vec<MessageId> = logs
            .iter()
            .flat_map(|log| &log.events)
            .filter(|event| event.body.file().is_some())
            .map(|event| event.message_id)
            .collect();
        let mut given = Vec::new();
        for (name, voice) in self.voices() {
            for message in &messages {
                let card = self.at_desk(|desk, now| desk.readable_file(&voice, *message, now));
                let card = card.and_then(Result::ok).filter(|card| self.shelf.has(&card.digest));
                given.push(checker::Given { to: name.clone(), message: *message, card });
            }
        }
        checker::Files { kept: self.shelf.sound(), lost: self.lost.clone(), given }
    }

    /// The devices by name; a stranger with a visitor's name and a token of his own has none of theirs.
    fn voices(&self) -> Vec<(String, FileVoice)> {
        let mut voices: Vec<_> = self.devices.iter().map(|device| device.speaks()).collect();
        if let Some((_, first)) = voices.first().cloned() {
            let mut who = first.who;
            if let deskbell_wire::Identity::Visitor { token, .. } = &mut who {
                *token = deskbell_wire::Secret::new([0x55; 32]);
            }
            voices.push(("a stranger".to_owned(), FileVoice { who, device: first.device }));
        }
        voices
    }
}
