//! I14: a file whose message is in a log is complete, the one that was sent, and given to exactly the readers of its
//! message.
//!
//! What must always hold: what a file must be follows from its uid alone, so that nobody's word is needed for it.

use std::collections::HashSet;

use deskbell_wire::{Event, FileCard, FileDigest, MessageId, Uid};

use super::{Check, Device, Invariant, Told, uid_in};

/// So many different files there are: several messages carry the same bytes.
pub const CONTENTS: u64 = 7;

/// The desk's files when faults are over.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Whole files that are what their digest says.
    pub kept: HashSet<FileDigest>,
    /// Files that may be missing: their bytes went when a copy of the desk was put back.
    pub lost: HashSet<FileDigest>,
    /// What everybody got who asked for a message's file.
    pub given: Vec<Given>,
}

/// Somebody asked for a file.
#[derive(Clone, Debug)]
pub struct Given {
    /// The name of a device, or of nobody's.
    pub to: String,
    /// For which.
    pub message: MessageId,
    /// What it is, where it was given.
    pub card: Option<FileCard>,
}

/// The file that goes with a uid; it names it.
pub fn card_of(uid: Uid) -> FileCard {
    let n = (uid.0.as_u128() % u128::from(CONTENTS)) as u64;
    FileCard {
        name: format!("{uid} notes.txt"),
        size: 1 + n * n * 40,
        media: "text/plain".to_owned(),
        digest: digest_of(n),
    }
}

/// Of the n-th content.
pub fn digest_of(n: u64) -> FileDigest {
    let mut digest = [0; 32];
    digest[..8].copy_from_slice(&(n + 1).to_be_bytes());
    FileDigest(digest)
}

impl Check<'_> {
    pub(super) fn files(&mut self) {
        let history = self.history;
        for log in &history.logs {
            for event in log.events.iter().filter(|event| event.body.file().is_some()) {
                self.file(event);
            }
        }
        for given in &history.files.given {
            self.given(given);
        }
    }

    /// Complete, and the one that was sent.
    fn file(&mut self, event: &Event) {
        let files = &self.history.files;
        let (Some(card), Some(uid)) = (event.body.file(), uid_in(event)) else { return };
        let sent = card_of(uid);
        if (card.size, card.digest, &card.name) != (sent.size, sent.digest, &sent.name) {
            self.broken(Invariant::I14, format!("{uid} carries another file"));
        }
        if !files.kept.contains(&card.digest) && !files.lost.contains(&card.digest) {
            self.broken(Invariant::I14, format!("{uid} is in the log, and its file is not at the desk"));
        }
    }

    /// I5 for files that were sent together: one goes out when those before it have, or when they cannot.
    pub(super) fn together(&mut self, device: &Device) {
        for told in &device.journal {
            let Told::Together(uids) = told else { continue };
            for (at, uid) in uids.iter().enumerate() {
                let before = uids.get(..at).unwrap_or_default();
                if let Some(first) = before.iter().find(|first| passed(&device.journal, **first, *uid)) {
                    let says = format!("{uid} of {} went before {first}, sent with it", device.name);
                    self.broken(Invariant::I5, says);
                }
            }
        }
    }

    /// To whoever may read the message, and to nobody else.
    fn given(&mut self, given: &Given) {
        let logs = &self.history.logs;
        let place = logs.iter().find_map(|log| {
            let event = log.events.iter().find(|event| event.message_id == given.message)?;
            Some((log, event))
        });
        let Some((log, event)) = place else { return };
        let reader = self.history.devices.iter().find(|device| device.name == given.to);
        let may = reader.is_some_and(|device| device.follows.contains(&log.stream));
        let there = event.body.file().is_some_and(|card| self.history.files.kept.contains(&card.digest));
        let right = if may && there {
            event.body.file() == given.card.as_ref()
        } else {
            !may && given.card.is_none()
        };
        let excused = may && !there && given.card.is_none();
        if !right && !excused {
            let got = if given.card.is_some() { "was given" } else { "was refused" };
            let says = format!("{} {got} the file at {} of {}", given.to, event.seq, log.stream.visitor);
            self.broken(Invariant::I14, says);
        }
    }
}

/// Did the second one go out while the first one, which the device had taken, could have gone?
fn passed(journal: &[Told], first: Uid, second: Uid) -> bool {
    let Some(went) = journal.iter().position(|told| *told == Told::Arrived(second)) else { return false };
    let queued = journal.iter().any(|told| told.message() == Some(first));
    let excuses = [Told::Arrived(first), Told::Hindered(first), Told::Discarded(first)];
    queued && !journal.iter().take(went).any(|told| excuses.contains(told))
}
