//! What ought to be: whose files there are, how far, and who may do what with them. Reckoned from the rules alone.

use std::collections::BTreeMap;

use super::uploads::*;
use crate::common::*;
use deskbell_server::desk::{FileStage, NewFile};
use deskbell_wire::*;

/// Bytes that a visitor may send in a day here: four files of the largest kind.
pub(super) const DAY_BYTES: u64 = 2_000;
/// Files of a person that may be open at once here.
pub(super) const OPEN: usize = 4;
pub(super) const DAY: i64 = 24 * HOUR;

/// A generator whose runs can be repeated.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// Whose request it is: Ann, her second device, Ben, the owner, Sales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asker(pub(super) usize);

impl Asker {
    pub(super) const ALL: [Self; 5] = [Self(0), Self(1), Self(2), Self(3), Self(4)];

    /// Devices of one person share what they may.
    pub(super) fn person(self) -> usize {
        [0, 0, 2, 3, 4][self.0]
    }

    pub(super) fn is_visitor(self) -> bool {
        self.0 < 3
    }
}

/// What ought to be known of a file.
#[derive(Clone, Debug)]
pub(super) struct Truth {
    pub(super) stage: FileStage,
    pub(super) content: usize,
    /// 0: Ann's, 1: Ben's.
    pub(super) stream: usize,
    pub(super) secret: Option<Secret>,
    pub(super) created: i64,
    pub(super) used: i64,
    pub(super) message: Option<MessageId>,
}

/// What ought to be known of a stream. Group 0: everybody.
#[derive(Clone, Debug, Default)]
pub(super) struct Chat {
    pub(super) ever: Vec<u32>,
    pub(super) open: Option<u32>,
}

/// Names a file: who sends it, and as his how manieth.
pub(super) type Key = (Asker, u128);

/// What ought to be known of everything.
pub(super) struct Truths {
    pub(super) now: i64,
    /// The groups of Sales; none: all.
    pub(super) places: Vec<u32>,
    pub(super) enabled: bool,
    pub(super) chats: [Chat; 2],
    pub(super) files: BTreeMap<Key, Truth>,
}

impl Truths {
    pub(super) fn new() -> Self {
        Self { now: START, places: vec![], enabled: true, chats: Default::default(), files: BTreeMap::new() }
    }

    pub(super) fn reads(&self, who: Asker, at: usize) -> bool {
        let theirs = |group: &u32| *group == 0 || self.places.contains(group);
        match who.0 {
            0 | 1 => at == 0,
            2 => at == 1,
            3 => true,
            _ => {
                let ever = &self.chats[at].ever;
                self.places.is_empty() || ever.is_empty() || ever.iter().any(theirs)
            }
        }
    }

    pub(super) fn sends(&self, who: Asker, at: usize) -> bool {
        let theirs = |group: u32| group == 0 || self.places.is_empty() || self.places.contains(&group);
        self.reads(who, at) && (who.0 != 4 || self.chats[at].open.is_none_or(theirs))
    }

    pub(super) fn day(&self, who: Asker) -> u64 {
        let now = self.now;
        let his = |(author, _): &Key| author.person() == who.person();
        let counted = self.files.iter().filter(|(key, file)| his(key) && file.created > now - DAY);
        counted.map(|(_, file)| size(file.content)).sum()
    }

    pub(super) fn open(&self, who: Asker) -> usize {
        let his = |(author, _): &Key| author.person() == who.person();
        self.files.iter().filter(|(key, file)| his(key) && file.stage != FileStage::Committed).count()
    }

    /// May the file go on, as far as rights and rules say?
    pub(super) fn gate(&self, who: Asker, file: &Truth) -> Result<(), FileRefusal> {
        match file.stage {
            FileStage::Committed if self.reads(who, file.stream) => Ok(()),
            FileStage::Committed => Err(FileRefusal::Forbidden),
            _ if !self.sends(who, file.stream) => Err(FileRefusal::Forbidden),
            _ if !self.enabled => Err(FileRefusal::Off),
            _ => Ok(()),
        }
    }

    pub(super) fn over(&self, who: Asker, more: u64) -> Result<(), FileRefusal> {
        if who.is_visitor() && self.day(who) + more > DAY_BYTES { Err(FileRefusal::Quota) } else { Ok(()) }
    }

    pub(super) fn digests(&self) -> Vec<FileDigest> {
        let mut all: Vec<_> = self.files.values().map(|file| new_file(0, file.content, 0).digest).collect();
        all.sort();
        all.dedup();
        all
    }

    /// A message that was not there before opens a chat where none is open.
    pub(super) fn said(&mut self, at: usize, before: Option<MessageId>) {
        if self.chats[at].open.is_none() && before.is_none() {
            self.chats[at].open = Some(0);
            self.chats[at].ever.push(0);
        }
    }

    pub(super) fn may_create(&self, key: Key, content: usize, to: usize) -> Result<(), FileRefusal> {
        let who = key.0;
        match self.files.get(&key) {
            _ if !self.sends(who, to) => Err(FileRefusal::Forbidden),
            Some(known) if known.stream != to || known.content != content => Err(FileRefusal::Invalid),
            Some(known) => self.gate(who, known),
            None if !self.enabled => Err(FileRefusal::Off),
            None if self.open(who) >= OPEN => Err(FileRefusal::Busy),
            None => self.over(who, size(content)),
        }
    }

    pub(super) fn may_carry(&self, key: Key, to: usize) -> Result<(), NackCode> {
        let (who, known) = (key.0, self.files.get(&key));
        let committed = known.filter(|file| file.stage == FileStage::Committed);
        match known {
            _ if !self.sends(who, to) => Err(NackCode::Forbidden),
            _ if committed.is_some_and(|file| file.stream != to) => Err(NackCode::UidConflict),
            _ if committed.is_some() => Ok(()),
            _ if !who.is_visitor() && self.chats[to].open.is_none() => Err(NackCode::Stale),
            Some(file) if file.stage == FileStage::Whole && file.stream == to => match self.over(who, 0) {
                _ if !self.enabled => Err(NackCode::FileType),
                Ok(()) => Ok(()),
                Err(_) => Err(NackCode::Quota),
            },
            _ => Err(NackCode::FileMissing),
        }
    }

    /// What the site's files take: each that is under way, and of those that are whole each content once.
    pub(super) fn taken(&self) -> u64 {
        let mut taken = 0;
        let mut contents = vec![];
        for file in self.files.values() {
            if file.stage == FileStage::UnderWay {
                taken += size(file.content);
            } else if !contents.contains(&file.content) {
                contents.push(file.content);
                taken += size(file.content);
            }
        }
        taken
    }
}

pub(super) fn stream_at(at: usize) -> StreamId {
    stream(visitor(at as u128 + 1))
}

pub(super) fn size(content: usize) -> u64 {
    (content as u64 + 2) * 100
}

/// The `n`th file of an author, of that content.
pub(super) fn new_file(n: u128, content: usize, to: usize) -> NewFile {
    let like = file(content as u128 + 500, &stream_at(to));
    NewFile { id: FileId(uid(n).0), size: size(content), ..like }
}
