//! I8, I13, I14, S2, S5: files of several people in any order of requests, moves, faults, kills and days, against a
//! model of what ought to be.

use std::sync::{Arc, Mutex};

use super::truth::*;
use super::uploads::*;
use crate::common::*;
use crate::office::*;
use deskbell_db::Location;
use deskbell_server::desk::{ConnId, DeskSetup, FileStage, FileVoice};
use deskbell_server::{DeskLimits, Fault, MIGRATIONS};
use deskbell_wire::*;

struct Play {
    room: Room,
    dice: Dice,
    faults: Arc<Mutex<Vec<Fault>>>,
    folder: tempfile::TempDir,
    conns: [ConnId; 5],
    tokens: [FileVoice; 5],
    site: SiteSettings,
    truth: Truths,
    verbs: u128,
}

fn setup(folder: &tempfile::TempDir, faults: &Arc<Mutex<Vec<Fault>>>) -> DeskSetup {
    let next = faults.clone();
    DeskSetup {
        file: Some(folder.path().join("desk.db")),
        limits: DeskLimits { open_files: OPEN, ..DeskLimits::unpaced() },
        faults: Some(Arc::new(move || next.lock().unwrap().pop().unwrap_or(Fault::None))),
        ..DeskSetup::default()
    }
}

impl Play {
    fn new(seed: u64) -> Self {
        let (folder, faults) = (tempfile::tempdir().unwrap(), Arc::default());
        let mut room = Room::with(setup(&folder, &faults));
        let owner = owner(&mut room, 50);
        with_groups(&mut room, owner.conn, &["A", "B"]);
        saved(&mut room, owner.conn, |site| {
            site.quota.visitor_day_bytes = DAY_BYTES;
            // Nothing ends by itself.
            site.times = Times { invite_s: 0, idle_s: 0, gone_s: 0 };
        });
        let site = settings(&room, owner.conn);
        let sales = clerk(&mut room, "sales", 61);
        let (ann, second, ben) = (room.visitor(1), room.visitor_on(1, 11), room.visitor(2));
        room.pass(2_000);
        Self {
            room,
            dice: Dice(seed),
            faults,
            folder,
            conns: [ann.conn, second.conn, ben.conn, owner.conn, sales.conn],
            tokens: [voice_of(1), voice(1, 11, 1), voice_of(2), owner.voice, sales.voice],
            site,
            truth: Truths::new(),
            verbs: 10_000,
        }
    }

    fn create(&mut self, key: Key, content: usize, to: usize) {
        let (who, n) = key;
        let expected = self.truth.may_create(key, content, to);
        let new = new_file(n, content, to);
        let got = self.room.create(&self.tokens[who.0].clone(), &new);
        let now = self.room.now;
        let begun = |stage, created, message| Truth {
            stage,
            content,
            stream: to,
            secret: None,
            created,
            used: now,
            message,
        };
        let after = match self.truth.files.get(&key) {
            Some(known) => begun(known.stage, known.created, known.message),
            None => begun(FileStage::UnderWay, now, None),
        };
        match got {
            Ok(place) => {
                assert_eq!(expected, Ok(()));
                assert_eq!(place.stage, after.stage);
                self.truth.files.insert(key, Truth { secret: Some(place.secret), ..after });
            }
            Err(FileRefusal::Storage) if expected.is_ok() => self.settle(key, Some(after)),
            Err(refusal) => assert_eq!(Err(refusal), expected),
        }
    }

    /// A secret that leads to the file in its author's hands.
    fn secret(&self, key: Key) -> (Secret, Option<Truth>) {
        let known = self.truth.files.get(&key).filter(|file| file.secret.is_some()).cloned();
        (known.as_ref().and_then(|file| file.secret.clone()).unwrap_or_else(|| token(240)), known)
    }

    fn at(&mut self, key: Key) {
        let (secret, known) = self.secret(key);
        let got = self.room.at(&self.tokens[key.0.0].clone(), &secret);
        let Some(mut known) = known else { return assert_eq!(got.unwrap_err(), FileRefusal::Expired) };
        match got {
            Ok(stand) => {
                assert_eq!((stand.stage, self.truth.gate(key.0, &known)), (known.stage, Ok(())));
                let age = self.room.now - known.used;
                if known.stage != FileStage::Committed && age >= 60_000 {
                    known.used = self.room.now;
                }
                self.truth.files.insert(key, known);
            }
            Err(refusal) => assert_eq!(Err(refusal), self.truth.gate(key.0, &known)),
        }
    }

    fn whole(&mut self, key: Key) {
        let (secret, known) = self.secret(key);
        let got = self.room.whole(&self.tokens[key.0.0].clone(), &secret);
        let Some(known) = known else { return assert_eq!(got, Err(FileRefusal::Expired)) };
        let mut expected = self.truth.gate(key.0, &known);
        let after = match known.stage {
            FileStage::UnderWay => {
                expected = expected.and_then(|()| self.truth.over(key.0, 0));
                Truth { stage: FileStage::Whole, used: self.room.now, ..known }
            }
            _ => known,
        };
        match got {
            Ok(()) => {
                assert_eq!(expected, Ok(()));
                self.truth.files.insert(key, after);
            }
            Err(FileRefusal::Storage) if expected.is_ok() => self.settle(key, Some(after)),
            Err(refusal) => assert_eq!(Err(refusal), expected),
        }
    }

    fn drop_file(&mut self, key: Key) {
        let (secret, known) = self.secret(key);
        let now = Timestamp(self.room.now);
        let got = self.room.desk.drop_file(&self.tokens[key.0.0].clone(), &secret, now);
        match (got, known) {
            (Ok(gone), Some(known)) if known.stage == FileStage::Committed => assert!(gone.parts.is_empty()),
            (Ok(gone), Some(known)) => {
                self.truth.files.remove(&key);
                let still = self.truth.files.values().any(|other| other.content == known.content);
                assert_eq!((gone.parts.len(), gone.digests.is_empty()), (1, still));
            }
            (Err(FileRefusal::Storage), Some(_)) => self.settle(key, None),
            (got, known) => assert!(got == Err(FileRefusal::Expired) && known.is_none(), "{got:?}"),
        }
    }

    fn carry(&mut self, key: Key, to: usize) {
        let (who, n) = key;
        let got = self.room.carry(self.conns[who.0], &stream_at(to), n);
        let expected = self.truth.may_carry(key, to);
        match got {
            Ok(message) => {
                assert_eq!(expected, Ok(()));
                let file = self.truth.files.get_mut(&key).unwrap();
                assert!(file.message.is_none_or(|before| before == message), "sent once");
                let before = file.message.replace(message);
                file.stage = FileStage::Committed;
                self.truth.said(to, before);
            }
            Err(NackCode::Storage) if expected.is_ok() => {
                // What became of it is unknown: the same entry again tells.
                self.room.pass(5_000);
                let message = self.room.carry(self.conns[who.0], &stream_at(to), n).unwrap();
                let file = self.truth.files.get_mut(&key).unwrap();
                let before = file.message.replace(message);
                file.stage = FileStage::Committed;
                self.truth.said(to, before);
            }
            // The batch failed in which it would have been refused.
            Err(NackCode::Storage) => {}
            Err(code) => assert_eq!(Err(code), expected),
        }
    }

    /// A request that failed by the disk: the database tells whether it was kept.
    fn settle(&mut self, key: Key, after: Option<Truth>) {
        self.room.pass(5_000);
        let now_there = self.kept(key);
        let before = self.truth.files.remove(&key);
        let of = |truth: &Option<Truth>| truth.as_ref().map(|file| (file.stage, file.used));
        assert!(
            now_there == of(&before) || now_there == of(&after),
            "{now_there:?} of {before:?}, {after:?}"
        );
        let kept = if now_there == of(&before) { before } else { after };
        if let Some(mut file) = kept {
            // The answer did not come, so whichever secret is good now, nobody knows it.
            file.secret = None;
            self.truth.files.insert(key, file);
        }
    }

    /// What the database holds of a file.
    fn kept(&self, (who, n): Key) -> Option<(FileStage, i64)> {
        let db =
            deskbell_db::open(&Location::File(self.folder.path().join("desk.db")), None, MIGRATIONS).unwrap();
        let mut query = db
            .prepare("SELECT f.state, f.used FROM files f WHERE f.file_id = ?1 AND f.device_id = ?2 AND f.side = ?3")
            .unwrap();
        let side = if who.is_visitor() { 1 } else { 2 };
        let device = self.tokens[who.0].device.0;
        let mut rows = query.query((uid(n).0.as_bytes(), device.as_bytes(), side)).unwrap();
        let row = rows.next().unwrap()?;
        let stage = match row.get(0).unwrap() {
            1 => FileStage::UnderWay,
            2 => FileStage::Whole,
            _ => FileStage::Committed,
        };
        Some((stage, row.get(1).unwrap()))
    }

    fn verb(&mut self, who: Asker, at: usize, body: SendBody) -> bool {
        self.verbs += 1;
        let conn = self.conns[who.0];
        self.room.inbox.remove(&conn);
        self.room.send(conn, entry(&stream_at(at), self.verbs, body));
        !self.room.acks(conn).is_empty()
    }

    fn day_passes(&mut self) {
        self.room.pass((self.dice.throw(13) as i64 + 1) * HOUR);
        let before = self.room.now - DAY - 60_000;
        let stale = |file: &Truth| file.stage != FileStage::Committed && file.used < before;
        let gone = self.truth.files.values().filter(|file| stale(file)).count();
        self.truth.files.retain(|_, file| !stale(file));
        let (parts, digests) = self.room.sweep();
        assert_eq!(parts, gone);
        let wanted = self.truth.digests();
        assert!(digests.iter().all(|digest| !wanted.contains(digest)));
    }

    /// The desk dies and comes back; everybody with it.
    fn killed(&mut self) {
        let now = self.room.now;
        self.faults.lock().unwrap().clear();
        self.room.together(vec![]);
        let setup = setup(&self.folder, &self.faults);
        // The old one lets go of the file first.
        self.room = Room::new();
        self.room = Room::starting_at(setup, now);
        let (ann, second, ben) = (self.room.visitor(1), self.room.visitor_on(1, 11), self.room.visitor(2));
        let token = |voice: &FileVoice| match &voice.who {
            Identity::Operator { token } => token.clone(),
            Identity::Visitor { .. } => unreachable!(),
        };
        let owner = self.room.operator_with(50, token(&self.tokens[3]), vec![]);
        let sales = self.room.operator_with(61, token(&self.tokens[4]), vec![]);
        self.conns = [ann.conn, second.conn, ben.conn, owner, sales];
    }

    fn step(&mut self) {
        self.truth.now = self.room.now;
        let who = Asker::ALL[self.dice.throw(5)];
        let key = (who, self.dice.throw(4) as u128 + 1);
        let known = self.truth.files.get(&key).map(|file| (file.content, file.stream));
        let (mut content, mut to) = (self.dice.throw(4), self.dice.throw(2));
        // Mostly what was meant before; now and then somebody tries something else.
        if let Some(known) = known.filter(|_| self.dice.throw(8) > 0) {
            (content, to) = known;
        } else if who.is_visitor() && self.dice.throw(8) > 0 {
            to = who.0 / 2;
        }
        if self.dice.throw(12) == 0 {
            let fault = [Fault::Lost, Fault::Kept][self.dice.throw(2)];
            self.faults.lock().unwrap().push(fault);
        }
        match self.dice.throw(20) {
            0..=4 => self.create(key, content, to),
            5 | 6 => self.at(key),
            7..=10 => self.whole(key),
            11..=13 => self.carry(key, to),
            14 => self.drop_file(key),
            15 => self.calm(Self::day_passes),
            16 => self.calm(Self::chat_changes),
            17 => self.calm(Self::office_changes),
            18 => self.calm(|play| {
                play.truth.enabled = play.dice.throw(3) > 0;
                play.site.form.files.enabled = play.truth.enabled;
                let wished = Ask::SaveSite(Box::new(play.site.clone()));
                assert_eq!(ask(&mut play.room, play.conns[3], wished), Told::Done {});
                play.site.version += 1;
            }),
            _ => self.calm(Self::killed),
        }
    }

    /// What is no matter of files is done without a fault.
    fn calm(&mut self, deed: impl FnOnce(&mut Self)) {
        self.faults.lock().unwrap().clear();
        self.room.pass(5_000);
        deed(self);
    }

    fn chat_changes(&mut self) {
        let (at, group) = (self.dice.throw(2), self.dice.throw(3) as u32);
        let visitor = Asker(at * 2);
        match self.dice.throw(3) {
            0 => {
                if self.verb(visitor, at, SendBody::Close {}) {
                    self.truth.chats[at].open = None;
                }
            }
            1 => {
                assert!(self.verb(visitor, at, for_group("x", group)));
                if self.truth.chats[at].open.is_none() {
                    self.truth.chats[at].open = Some(group);
                    self.truth.chats[at].ever.push(group);
                }
            }
            _ => {
                if self.verb(Asker(3), at, SendBody::Move { group: (group > 0).then_some(GroupId(group)) }) {
                    self.truth.chats[at].open = Some(group);
                    self.truth.chats[at].ever.push(group);
                }
            }
        }
    }

    fn office_changes(&mut self) {
        let (owner, groups) =
            (self.conns[3], (1..=2).filter(|_| self.dice.throw(2) == 0).collect::<Vec<u32>>());
        let entries = self.room.desk.list_operators().unwrap();
        let sales = entries.iter().find(|entry| entry.login == "sales").unwrap().card.id;
        place(&mut self.room, owner, sales, &groups);
        self.truth.places = groups;
    }

    /// Everybody reads exactly what is his, and the desk keeps exactly what is needed.
    fn check(&mut self) {
        self.faults.lock().unwrap().clear();
        self.room.pass(5_000);
        self.room.clear();
        let sent: Vec<_> = self
            .truth
            .files
            .values()
            .filter_map(|file| Some((file.message?, file.content, file.stream)))
            .collect();
        for (message, content, at) in sent {
            for who in Asker::ALL {
                let got = self.room.read(&self.tokens[who.0].clone(), message);
                assert_eq!(got.is_ok(), self.truth.reads(who, at), "{who:?}");
                assert!(got.map_or_else(|e| e == FileRefusal::Forbidden, |card| card.size == size(content)));
            }
        }
        let under_way = self.truth.files.values().filter(|file| file.stage == FileStage::UnderWay).count();
        wants(&self.room.desk, &self.truth.digests(), under_way);
    }

    /// In the logs every file that was sent stands once, and no other.
    fn end(mut self) {
        for at in 0..2 {
            let stream = stream_at(at);
            let log = self.room.log(self.conns[3], &stream);
            let mut told: Vec<_> = log
                .iter()
                .filter(|event| event.body.file().is_some())
                .map(|event| event.message_id)
                .collect();
            let here = self.truth.files.values().filter(|file| file.stream == at);
            let mut sent: Vec<_> = here.filter_map(|file| file.message).collect();
            told.sort();
            sent.sort();
            assert_eq!(told, sent);
        }
        let db =
            deskbell_db::open(&Location::File(self.folder.path().join("desk.db")), None, MIGRATIONS).unwrap();
        let kept: i64 = db.query_row("SELECT file_bytes FROM sites", [], |row| row.get(0)).unwrap();
        assert_eq!(kept as u64, self.truth.taken(), "what the site's files take");
    }
}

#[test]
fn i8_i13_i14_s2_s5_files_in_any_order_are_sent_once_and_read_by_whom_they_are_for() {
    for seed in 1..=12 {
        println!("seed {seed}");
        let mut play = Play::new(seed);
        for _ in 0..70 {
            play.step();
            play.check();
        }
        play.end();
    }
}
