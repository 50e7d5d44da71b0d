//! A device's carrier of files, and the desk's folder of bytes, without a socket or a disk.
//!
//! What must always hold: a file's bytes are told by its digest; bytes that were spoilt on their way are others; what a
//! carrier has said may be heard after it was told to stop.

use std::collections::{HashMap, HashSet, VecDeque};

use deskbell_core::{CarrierReport, Order, Voice};
use deskbell_server::desk::{Discard, FileVoice, NewFile};
use deskbell_wire::{FileCard, FileDigest, FileId, GroupId, MessageId, Secret, StreamId, Uid};
use uuid::Uuid;

/// An upload under way.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) uid: Uid,
    pub(super) run: u64,
    pub(super) voice: FileVoice,
    pub(super) place: Option<Secret>,
    stream: StreamId,
    card: FileCard,
    group: Option<GroupId>,
}

/// A download under way.
#[derive(Clone, Debug)]
pub(super) struct Fetch {
    pub(super) message: MessageId,
    pub(super) run: u64,
    pub(super) voice: FileVoice,
    pub(super) card: FileCard,
    pub(super) done: u64,
}

/// What it works on.
#[derive(Clone, Debug)]
pub(super) enum Job {
    Up(Upload),
    Down(Fetch),
}

/// The carrier of one device, and the device's vault.
#[derive(Debug, Default)]
pub(super) struct Courier {
    pub(super) jobs: Vec<Job>,
    /// Said, and not heard yet.
    pub(super) said: VecDeque<CarrierReport>,
    /// The vault: it survives what the carrier does not.
    pub(super) here: HashSet<FileDigest>,
    /// Files of messages that came.
    pub(super) fetched: HashSet<MessageId>,
}

impl Upload {
    pub(super) fn digest(&self) -> FileDigest {
        self.card.digest
    }

    /// As the desk hears of it.
    pub(super) fn announced(&self) -> NewFile {
        NewFile {
            id: FileId(self.uid.0),
            stream: self.stream.clone(),
            group: self.group,
            name: self.card.name.clone(),
            size: self.card.size,
            media: self.card.media.clone(),
            digest: self.card.digest,
        }
    }
}

impl Courier {
    /// Takes an order; what it cannot do alone is given back: a place to be left.
    pub(super) fn take(&mut self, order: Order) -> Option<(FileVoice, Secret)> {
        match order {
            Order::Upload { uid, run, voice, stream, card, group, place } => {
                self.stop(uid);
                let voice = speaker(voice);
                self.jobs.push(Job::Up(Upload { uid, run, voice, place, stream, card, group }));
            }
            Order::Fetch { message, run, voice, card } => {
                self.stop_fetch(message);
                self.jobs.push(Job::Down(Fetch { message, run, voice: speaker(voice), card, done: 0 }));
            }
            Order::Stop { uid } => self.stop(uid),
            Order::StopFetch { message } => self.stop_fetch(message),
            Order::HangUp => self.jobs.clear(),
            Order::Leave { voice, place } => return Some((speaker(voice), place)),
        }
        None
    }

    fn stop(&mut self, uid: Uid) {
        self.jobs.retain(|job| !matches!(job, Job::Up(up) if up.uid == uid));
    }

    fn stop_fetch(&mut self, message: MessageId) {
        self.jobs.retain(|job| !matches!(job, Job::Down(down) if down.message == message));
    }

    /// The power fails: the vault is what is left.
    pub(super) fn die(&mut self) {
        self.jobs.clear();
        self.said.clear();
    }
}

fn speaker(voice: Voice) -> FileVoice {
    FileVoice { who: voice.who, device: voice.device }
}

/// Bytes of an upload.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    pub(super) len: u64,
    /// They are not those that were announced.
    pub(super) spoilt: bool,
}

/// The desk's folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    pub(super) parts: HashMap<Uuid, Part>,
    /// What lies under a digest; is it what the digest says?
    pub(super) blobs: HashMap<FileDigest, bool>,
}

impl Shelf {
    /// What nobody refers to goes.
    pub(super) fn discard(&mut self, gone: &Discard) {
        self.parts.retain(|part, _| !gone.parts.contains(part));
        self.blobs.retain(|digest, _| !gone.digests.contains(digest));
    }

    pub(super) fn has(&self, digest: &FileDigest) -> bool {
        self.blobs.contains_key(digest)
    }

    /// Whole files that are what they were announced as.
    pub(super) fn sound(&self) -> HashSet<FileDigest> {
        self.blobs.iter().filter(|(_, sound)| **sound).map(|(digest, _)| *digest).collect()
    }
}
