//! What is known of the files of a session: which are on their way, how fast, and which are here.
//!
//! What must always hold: where a transfer stands says the session; what is kept here is how fast it goes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Instant;

use deskbell_core::store::{OutboxRow, OutboxState, Store, Upload};
use deskbell_core::transfers::TransferStand;
use deskbell_core::{EntryStatus, Session};
use deskbell_vault::Vault;
use deskbell_wire::{Event, FileCard, FileDigest, FileRules, GroupId, MessageId, NackCode, StreamId, Uid};
use uuid::Uuid;

use super::intake::lock;
use super::pace::Pace;
use super::{Bounds, Chore};
use super::{troubles, views};
use crate::dto::{
    FileView, Locale, Message, Preview, Problem, Sender, StatusChange, Transfer, TransferState,
};
use crate::lines;

/// The book of one session. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Book(Arc<Inner>);

struct Inner {
    vault: Vault,
    locale: Locale,
    /// By the uid of an own entry, or the id of a message.
    paces: Mutex<HashMap<Uuid, Pace>>,
    /// Own entries that were given an id while the program ran: pages may still know them by their uid.
    own: Mutex<HashMap<Uid, MessageId>>,
    /// What the site takes, for sentences.
    rules: Mutex<FileRules>,
    /// Downloads that failed; the session has forgotten them.
    failed: Mutex<HashMap<MessageId, TransferStand>>,
    chores: mpsc::Sender<Chore>,
}

/// What is brought here without being asked for: pictures of at most 5 MiB.
const BROUGHT: u64 = 5 * 1024 * 1024;

impl Book {
    /// `chores`: for whoever looks after the files.
    pub(crate) fn new(vault: Vault, locale: Locale, chores: mpsc::Sender<Chore>) -> Self {
        let (paces, own, rules, failed) = Default::default();
        Self(Arc::new(Inner { vault, locale, paces, own, rules, failed, chores }))
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// The site told its rules. Are they others than before?
    pub(crate) fn rules(&self, rules: &FileRules) -> bool {
        let mut known = lock(&self.0.rules);
        let differs = *known != *rules;
        known.clone_from(rules);
        differs
    }

    /// What is taken in a chat that is for that group, as far as known.
    pub(crate) fn bounds(&self, group: Option<GroupId>) -> Bounds {
        Bounds::of(Some(&lock(&self.0.rules)), group)
    }

    /// Bytes of one file.
    fn limit(&self, group: Option<GroupId>) -> u64 {
        lock(&self.0.rules).of(group).max_bytes
    }

    /// A transfer went on.
    pub(crate) fn went_on(&self, what: Uuid, stand: TransferStand) {
        let mut paces = lock(&self.0.paces);
        match stand {
            TransferStand::Going { done } => paces.entry(what).or_default().at(Instant::now(), done),
            // What was before says nothing of what comes.
            _ => drop(paces.remove(&what)),
        }
    }

    /// An entry left the outbox, or was given its place.
    pub(crate) fn settled(&self, event: &Event) {
        if let (Some(uid), Some(_)) = (event.uid, event.body.file()) {
            lock(&self.0.paces).remove(&uid.0);
            lock(&self.0.own).insert(uid, event.message_id);
            // Until now it was kept whatever room it takes.
            self.chore(Chore::Tidy);
        }
    }

    /// These bytes are not needed any more where they were; nor are they on the disk, unless something else needs them.
    pub(crate) fn let_go(&self, digests: Vec<FileDigest>) {
        if !digests.is_empty() {
            self.chore(Chore::LetGo(digests));
        }
    }

    /// An own entry was taken back.
    pub(crate) fn discarded(&self, uid: Uid) {
        lock(&self.0.paces).remove(&uid.0);
    }

    /// The message that an own entry became.
    pub(crate) fn message_of(&self, uid: Uid) -> Option<MessageId> {
        lock(&self.0.own).get(&uid).copied()
    }

    /// An event as a line, with its file.
    pub(crate) fn line<S: Store>(&self, session: &Session<S>, event: &Event) -> Message {
        Message { file: self.of_event(session, event), ..lines::from_event(event) }
    }

    /// A row of the outbox as a line, with its file.
    pub(crate) fn row<S: Store>(
        &self,
        session: &Session<S>,
        row: &OutboxRow,
        (acked, own): (bool, Sender),
    ) -> Option<Message> {
        let mut line = lines::from_row(row, acked, own)?;
        line.file = self.of_upload(session, row.uid);
        if let (OutboxState::Failed(code), Some((upload, _))) = (row.state, session.upload(row.uid)) {
            line.code = Some(self.refused(code, upload).code);
        }
        Some(line)
    }

    /// The file of a message.
    pub(crate) fn of_event<S: Store>(&self, session: &Session<S>, event: &Event) -> Option<FileView> {
        let (card, message) = (event.body.file()?, event.message_id);
        let here = self.0.vault.has(&card.digest);
        let failed = || lock(&self.0.failed).get(&message).copied();
        let stand = session.download(message).or_else(failed).filter(|_| !here);
        let transfer = stand.and_then(|stand| self.transfer(message.0, stand, (card, None)));
        Some(views::view(card, message.to_string(), transfer, here))
    }

    /// The file of an own entry that the desk does not have yet.
    pub(crate) fn of_upload<S: Store>(&self, session: &Session<S>, uid: Uid) -> Option<FileView> {
        let (upload, stand) = session.upload(uid)?;
        let (card, here) = (&upload.card, self.0.vault.has(&upload.card.digest));
        let transfer = self.transfer(uid.0, stand, (card, Some(upload)));
        Some(views::view(card, uid.to_string(), transfer, here))
    }

    /// An upload went on; its file as it is now.
    pub(crate) fn sent_on<S: Store>(
        &self,
        session: &Session<S>,
        uid: Uid,
        stand: TransferStand,
    ) -> Option<FileView> {
        self.went_on(uid.0, stand);
        self.of_upload(session, uid)
    }

    /// A download went on; its file as it is now.
    pub(crate) fn came_on<S: Store>(
        &self,
        session: &Session<S>,
        message: MessageId,
        stand: TransferStand,
    ) -> Option<FileView> {
        self.went_on(message.0, stand);
        match stand {
            TransferStand::Failed(_) => drop(lock(&self.0.failed).insert(message, stand)),
            _ => drop(lock(&self.0.failed).remove(&message)),
        }
        if stand == TransferStand::Whole {
            self.chore(Chore::Tidy);
        }
        let event = session.store().file_event(message).ok().flatten()?;
        self.of_event(session, &event)
    }

    /// Small pictures of lines that are shown now come here by themselves.
    pub(crate) fn shown(&self, stream: &StreamId, lines: &[Message]) {
        for line in lines {
            let file = line.file.as_ref().filter(|file| !file.here && file.transfer.is_none());
            let small = file.filter(|file| file.preview == Preview::Picture && file.size <= BROUGHT);
            let message = small.and(line.message_id.as_ref()).and_then(|id| id.parse().ok());
            if let Some(message) = message {
                self.chore(Chore::Bring(stream.clone(), message));
            }
        }
    }

    fn chore(&self, chore: Chore) {
        // The session ends: nobody looks after files any more.
        let _ = self.0.chores.send(chore);
    }

    /// As [`lines::status_change`]; of an entry with a file in the words of files.
    pub(crate) fn status_change<S: Store>(
        &self,
        session: &Session<S>,
        uid: Uid,
        status: EntryStatus,
    ) -> Option<StatusChange> {
        let mut change = lines::status_change(uid, status, self.0.locale);
        match (status, &mut change) {
            (EntryStatus::Discarded, _) => self.discarded(uid),
            (EntryStatus::Failed(code), Some(change)) => {
                if let Some((upload, _)) = session.upload(uid) {
                    let problem = self.refused(code, upload);
                    (change.code, change.sentence) = (Some(problem.code), Some(problem.message));
                }
            }
            _ => {}
        }
        change
    }

    /// Why an entry with a file failed.
    fn refused(&self, code: NackCode, upload: &Upload) -> Problem {
        troubles::of_refusal(code, upload.refused, self.limit(upload.group), self.0.locale)
    }

    /// How it goes; with what is known of an own one.
    fn transfer(
        &self,
        what: Uuid,
        stand: TransferStand,
        (card, upload): (&FileCard, Option<&Upload>),
    ) -> Option<Transfer> {
        let (state, done) = match stand {
            TransferStand::Waiting { done, .. } => (TransferState::Waiting, done),
            TransferStand::Going { done } => (TransferState::Running, done),
            TransferStand::Paused { done } => (TransferState::Paused, done),
            TransferStand::Refused { .. } | TransferStand::Failed(_) => (TransferState::Failed, 0),
            TransferStand::Whole | TransferStand::Stopped => return None,
        };
        let limit = self.limit(upload.and_then(|upload| upload.group));
        let problem = troubles::of_stand(stand, limit, self.0.locale);
        let total = card.size;
        let (now, paces) = (Instant::now(), lock(&self.0.paces));
        let pace = paces.get(&what);
        Some(Transfer {
            up: upload.is_some(),
            state,
            done: done.min(total),
            total,
            speed: pace.and_then(|pace| pace.speed(now)),
            left_s: pace.and_then(|pace| pace.left(now, total)),
            code: problem.as_ref().map(|problem| problem.code.clone()),
            sentence: problem.map(|problem| problem.message),
        })
    }
}
