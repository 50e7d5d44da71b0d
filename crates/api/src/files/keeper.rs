//! The thread that looks after the files that are kept on this device, and has small pictures brought here.
//!
//! What must always hold: what waits to be sent or is being chosen is never removed; what was taken back and nothing else
//! needs is removed at once; of the rest at most [`KEPT`] bytes are kept, those that were used last; what no message of
//! the history names any more is gone at the next start.

use std::collections::HashSet;
use std::sync::mpsc::{self, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use deskbell_core::store::{Store, StoreError};
use deskbell_core::{Now, Session};
use deskbell_store::SqliteStore;
use deskbell_vault::{BlobUse, Vault, VaultError};
use deskbell_wire::{FileDigest, MessageId, StreamId};

use super::Intake;
use super::intake::lock;

/// Bytes of files that are kept: 500 MiB.
const KEPT: u64 = 500 * 1024 * 1024;
/// What was used within this time stays, whatever room it takes. The vault notes a use every five minutes.
const FRESH: Duration = Duration::from_secs(600);
/// What could not be let go of is tried again after so long.
const AGAIN: Duration = Duration::from_millis(500);
/// A download that was cut off is gone on with for so long.
const PARTS: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Work for the session's thread.
pub(crate) type Work = Box<dyn FnOnce(&mut Session<SqliteStore>, Now) + Send>;

/// The way to the session, as long as there is one.
pub(crate) type Behind = Box<dyn Fn(Work) + Send>;

/// What is to be done.
pub(crate) enum Chore {
    /// There may be too much.
    Tidy,
    /// These bytes may not be needed any more.
    LetGo(Vec<FileDigest>),
    /// A message's file is to come here.
    Bring(StreamId, MessageId),
    /// Nothing more.
    End,
}

/// The thread.
#[derive(Clone)]
pub(crate) struct Keeper {
    chores: mpsc::Sender<Chore>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// What it works with.
struct Rounds {
    vault: Vault,
    intake: Intake,
    behind: Behind,
    kept: u64,
    /// What is to be let go of.
    spare: HashSet<FileDigest>,
}

impl Keeper {
    /// Starts it; first it sweeps out what was left.
    pub(crate) fn start(
        (chores, queue): (mpsc::Sender<Chore>, mpsc::Receiver<Chore>),
        (vault, intake): (Vault, Intake),
        behind: Behind,
    ) -> Self {
        let since = SystemTime::now();
        let mut rounds = Rounds { vault, intake, behind, kept: KEPT, spare: HashSet::new() };
        let run = move || {
            deskbell_vault::stand_back();
            rounds.sweep(since);
            while let Some(chore) = rounds.next(&queue) {
                rounds.perform(chore);
            }
        };
        let thread = std::thread::Builder::new().name("deskbell-keeper".to_owned()).spawn(run);
        let thread = thread.inspect_err(|error| tracing::warn!(%error, "nobody looks after files")).ok();
        Self { chores, thread: Arc::new(Mutex::new(thread)) }
    }

    /// Ends it and waits for it.
    pub(crate) fn stop(&self) {
        // It has ended already where nobody listens.
        let _ = self.chores.send(Chore::End);
        if let Some(thread) = lock(&self.thread).take() {
            let _ = thread.join();
        }
    }
}

impl Rounds {
    /// What is to be done next; `None`: nothing more.
    fn next(&self, queue: &mpsc::Receiver<Chore>) -> Option<Chore> {
        let chore = match self.spare.is_empty() {
            true => queue.recv().ok()?,
            false => match queue.recv_timeout(AGAIN) {
                Err(RecvTimeoutError::Timeout) => Chore::LetGo(Vec::new()),
                chore => chore.ok()?,
            },
        };
        (!matches!(chore, Chore::End)).then_some(chore)
    }

    fn perform(&mut self, chore: Chore) {
        match chore {
            Chore::Tidy => self.tidy(),
            Chore::LetGo(digests) => self.let_go(digests),
            Chore::Bring(stream, message) => self.bring(stream, message),
            Chore::End => {}
        }
    }

    fn let_go(&mut self, digests: Vec<FileDigest>) {
        self.spare.extend(digests);
        let named = || self.ask(|session, _| session.store().wanted_digests())?.ok();
        if self.intake.let_go(&self.spare, || Some(named()?.into_iter().collect())) {
            self.spare.clear();
        }
    }

    /// Asks the session; `None`: it has ended.
    fn ask<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Session<SqliteStore>, Now) -> R + Send + 'static,
    ) -> Option<R> {
        let (answer, wait) = sync_channel(1);
        (self.behind)(Box::new(move |session, now| {
            let _ = answer.send(job(session, now));
        }));
        wait.recv().ok()
    }

    /// What is left of another life of this program: of files that were chosen and not sent, of downloads that nobody
    /// went on with, of messages that are gone.
    fn sweep(&self, since: SystemTime) {
        if let Err(error) = self.sweep_parts(since) {
            tracing::warn!(%error, "parts of files were not swept out");
        }
        let chosen = self.intake.digests();
        // Where the history cannot be read, nothing is known to be unwanted.
        let Some(Ok(named)) = self.ask(|session, _| session.store().wanted_digests()) else { return };
        let wanted = named.into_iter().chain(chosen).collect();
        match self.vault.retain(&wanted, since) {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "files that nothing names were swept out"),
            Err(error) => tracing::warn!(%error, "files were not swept out"),
        }
        self.tidy();
    }

    fn sweep_parts(&self, since: SystemTime) -> Result<(), VaultError> {
        for (part, written) in self.vault.parts()? {
            // The ids of messages are of another version than those of chosen files.
            let is_chosen = part.get_version_num() == 4;
            let is_old = since.duration_since(written).is_ok_and(|age| age > PARTS || is_chosen);
            if is_old && !self.vault.is_open(part) {
                self.vault.drop_part(part)?;
            }
        }
        Ok(())
    }

    /// Removes what was used longest ago, until the rest fits.
    fn tidy(&self) {
        // In this order: what is sent meanwhile is found in the one or in the other.
        let chosen = self.intake.digests();
        let Some(Ok(waiting)) = self.ask(|session, _| waiting(session)) else { return };
        if let Err(error) = self.make_room(waiting.into_iter().chain(chosen)) {
            tracing::warn!(%error, "there are more files than should be kept");
        }
    }

    fn make_room(&self, wanted: impl Iterator<Item = FileDigest>) -> Result<(), VaultError> {
        let (wanted, mut used) =
            (wanted.map(|digest| self.vault.name(&digest)).collect(), self.vault.used()?);
        for found in too_many(&mut used, self.kept, &wanted, SystemTime::now()) {
            self.vault.remove_use(found)?;
        }
        Ok(())
    }

    fn bring(&self, stream: StreamId, message: MessageId) {
        if let Some(Err(error)) = self.ask(move |session, now| session.fetch_file(&stream, message, now)) {
            tracing::warn!(%error, "a picture is not brought here");
        }
    }
}

/// What has yet to be sent. What messages name can be fetched again.
pub(super) fn waiting(session: &Session<SqliteStore>) -> Result<Vec<FileDigest>, StoreError> {
    Ok(session.store().uploads()?.iter().map(|upload| upload.card.digest).collect())
}

/// Those that make room.
fn too_many<'a>(
    used: &'a mut [BlobUse],
    kept: u64,
    wanted: &HashSet<deskbell_vault::BlobName>,
    now: SystemTime,
) -> Vec<&'a BlobUse> {
    let mut over = used.iter().map(|found| found.bytes).sum::<u64>().saturating_sub(kept);
    used.sort_by_key(|found| found.used);
    let is_old = |found: &&BlobUse| now.duration_since(found.used).is_ok_and(|age| age > FRESH);
    let may_go = used.iter().filter(is_old).filter(|found| !wanted.contains(&found.name));
    may_go
        .take_while(|found| {
            let goes = over > 0;
            over = over.saturating_sub(found.bytes);
            goes
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Barrier;

    use deskbell_core::session::FileToSend;
    use deskbell_core::{Config, Role};
    use deskbell_store::Location;
    use deskbell_wire::{
        Author, DeviceId, Epoch, Event, EventBody, FileCard, Secret, SiteKey, Timestamp, Uid, VisitorId,
    };
    use uuid::Uuid;

    use super::*;
    use crate::dto::{Locale, NewPiece};
    use crate::files::Bounds;
    use crate::files::pictures::{Bytes, Pictures};

    #[test]
    fn the_oldest_go_first_and_what_waits_or_was_just_used_stays() {
        let vault = Vault::passing().unwrap();
        let now = SystemTime::now();
        let digest = |n: u8| FileDigest([n; 32]);
        let found = |n: u8, bytes, minutes: u64| BlobUse {
            name: vault.name(&digest(n)),
            bytes,
            used: now - Duration::from_secs(minutes * 60),
        };
        let used =
            [found(1, 100, 50), found(2, 100, 90), found(3, 100, 70), found(4, 100, 1), found(5, 100, 99)];
        let gone = |kept, wanted: &[u8]| {
            let (mut used, wanted) =
                (used.to_vec(), wanted.iter().map(|n| vault.name(&digest(*n))).collect());
            let gone = too_many(&mut used, kept, &wanted, now);
            gone.iter().map(|gone| gone.name.clone()).collect::<Vec<_>>()
        };
        let names = |ns: &[u8]| ns.iter().map(|n| vault.name(&digest(*n))).collect::<Vec<_>>();
        assert_eq!(gone(500, &[]), []);
        assert_eq!(gone(499, &[]), names(&[5]));
        assert_eq!(gone(250, &[]), names(&[5, 2, 3]));
        assert_eq!(gone(250, &[5, 2]), names(&[3, 1]));
        assert_eq!(gone(0, &[]), names(&[5, 2, 3, 1]), "what is looked at now is not taken away");
    }

    /// A history with a file that came, one that waits to be sent, and one that is chosen, long ago.
    fn rounds(root: &std::path::Path) -> (Rounds, [FileDigest; 3]) {
        let vault = Vault::open(root, Some(&[7; 32])).unwrap();
        let cards = [b"came", b"goes", b"may "].map(|bytes| kept(&vault, bytes));
        let digests = cards.clone().map(|card| card.digest);
        let intake = Intake::new(vault.clone(), Locale::En, Box::new(|_, _| {}));
        let [came, goes, _] = cards;
        let mut session = session(came);
        let uid = Uid(Uuid::from_u128(5));
        let file = FileToSend { uid, card: goes, text: String::new(), group: None, batch: uid };
        session.send_file(&stream(), file, NOW).unwrap();
        let piece = NewPiece { name: "may.txt".into(), size: 4, media: String::new() };
        let id = intake.begin(stream().visitor, &piece, &Bounds::of(None, None)).unwrap();
        intake.piece(id, b"may ").and_then(|()| intake.end(id)).unwrap();
        let old = SystemTime::now() - 2 * FRESH;
        for folder in std::fs::read_dir(root.join("blobs")).unwrap() {
            for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
                let file = std::fs::File::options().write(true).open(file.unwrap().path()).unwrap();
                file.set_modified(old).unwrap();
            }
        }
        let session = Mutex::new(session);
        let behind: Behind = Box::new(move |work| work(&mut lock(&session), NOW));
        (Rounds { vault, intake, behind, kept: 0, spare: HashSet::new() }, digests)
    }

    const NOW: Now = Now { mono: 0, wall: Timestamp(1_000) };

    fn stream() -> StreamId {
        StreamId::public(SiteKey::main(), VisitorId(Uuid::from_u128(1)))
    }

    fn kept(vault: &Vault, bytes: &[u8]) -> FileCard {
        let mut part = vault.begin(Uuid::new_v4()).unwrap();
        part.append(bytes).unwrap();
        let (name, media, size) = ("a.txt".into(), "text/plain".into(), bytes.len() as u64);
        FileCard { name, media, size, digest: part.finish(None, size).unwrap() }
    }

    fn session(came: FileCard) -> Session<SqliteStore> {
        let mut store = SqliteStore::open(&Location::Memory, None).unwrap();
        let event = Event {
            stream: stream(),
            seq: 1,
            message_id: MessageId(Uuid::from_u128(3)),
            chat_id: None,
            author: Author::Visitor,
            ts: NOW.wall,
            body: EventBody::Message { text: String::new(), file: Some(came) },
            uid: None,
        };
        store.apply(&stream(), Epoch(Uuid::from_u128(4)), &[event], &[]).unwrap();
        let role = Role::Visitor { stream: stream(), token: Secret::new([1; 32]) };
        let config = Config { device_id: DeviceId(Uuid::from_u128(9)), role, seed: 1 };
        Session::open(config, store).unwrap()
    }

    #[test]
    fn a_file_of_a_message_makes_room_and_what_is_yet_to_be_sent_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let (rounds, [came, goes, chosen]) = rounds(folder.path());
        rounds.tidy();
        assert!(!rounds.vault.has(&came), "it can be fetched again");
        assert!(rounds.vault.has(&goes) && rounds.vault.has(&chosen));
    }

    #[test]
    fn what_was_taken_back_is_removed_and_what_anything_needs_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (mut rounds, needed) = rounds(folder.path());
        let back = kept(&rounds.vault, b"back").digest;
        rounds.let_go(needed.iter().copied().chain([back]).collect());
        assert!(needed.iter().all(|digest| rounds.vault.has(digest)), "a message, an entry, a chosen one");
        assert!(!rounds.vault.has(&back) && rounds.spare.is_empty());
    }

    /// Looks into a picture for as long as the test wants.
    struct Slow {
        begun: Barrier,
        ends: Barrier,
    }

    impl Pictures for Slow {
        fn has_details(&self, _: &mut dyn Bytes, _: &str) -> io::Result<bool> {
            self.begun.wait();
            self.ends.wait();
            Ok(false)
        }

        fn without_details(&self, _: &mut dyn Bytes, _: &str, _: &mut dyn io::Write) -> io::Result<()> {
            Ok(())
        }
    }

    /// The same bytes may have been chosen again, and be on their way into the list.
    #[test]
    fn while_a_file_becomes_whole_nothing_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let (mut rounds, _) = rounds(folder.path());
        let bytes = b"\x89PNG\r\n\x1a\n back";
        let back = kept(&rounds.vault, bytes).digest;
        let (name, size) = ("again.png".into(), bytes.len() as u64);
        let piece = NewPiece { name, size, media: String::new() };
        let id = rounds.intake.begin(stream().visitor, &piece, &Bounds::of(None, None)).unwrap();
        rounds.intake.piece(id, bytes).unwrap();
        let (intake, slow) =
            (rounds.intake.clone(), Arc::new(Slow { begun: Barrier::new(2), ends: Barrier::new(2) }));
        intake.look_with(Arc::clone(&slow) as Arc<dyn Pictures>);
        let ends = std::thread::spawn(move || intake.end(id));
        slow.begun.wait();
        rounds.let_go(vec![back]);
        assert!(rounds.vault.has(&back) && rounds.spare.contains(&back), "it waits");
        slow.ends.wait();
        ends.join().unwrap().unwrap();
        let (chores, queue) = mpsc::channel();
        let chore = rounds.next(&queue).unwrap();
        rounds.perform(chore);
        assert!(rounds.vault.has(&back) && rounds.spare.is_empty(), "it is chosen again");
        drop(rounds.intake.unstage(id));
        rounds.let_go(vec![back]);
        assert!(!rounds.vault.has(&back));
        chores.send(Chore::End).unwrap();
        assert!(rounds.next(&queue).is_none());
    }

    #[test]
    fn a_download_that_was_cut_off_waits_for_a_week_and_half_a_chosen_file_for_nothing() {
        let vault = Vault::passing().unwrap();
        let intake = Intake::new(vault.clone(), Locale::En, Box::new(|_, _| {}));
        let (vault_of, behind): (_, Behind) = (vault.clone(), Box::new(|_| {}));
        let rounds = Rounds { vault: vault_of, intake, behind, kept: KEPT, spare: HashSet::new() };
        let part = |id: Uuid| {
            let mut part = vault.begin(id).unwrap();
            part.append(b"half of it").unwrap();
            part
        };
        let [chosen, coming, open] = [Uuid::new_v4(), Uuid::now_v7(), Uuid::now_v7()];
        drop((part(chosen), part(coming)));
        let held = part(open);
        let left = || vault.parts().unwrap().into_iter().map(|(id, _)| id).collect::<HashSet<_>>();
        let now = SystemTime::now();
        rounds.sweep_parts(now + FRESH).unwrap();
        assert_eq!(left(), [coming, open].into());
        rounds.sweep_parts(now + PARTS + FRESH).unwrap();
        assert_eq!(left(), [open].into(), "somebody writes it");
        drop(held);
    }

    #[test]
    fn what_the_history_names_outlives_a_start() {
        let folder = tempfile::tempdir().unwrap();
        let (rounds, named) = rounds(folder.path());
        let nobodys = kept(&rounds.vault, b"nobody's").digest;
        let rounds = Rounds { kept: KEPT, ..rounds };
        rounds.sweep(SystemTime::now() + FRESH);
        assert!(named.iter().all(|digest| rounds.vault.has(digest)) && !rounds.vault.has(&nobodys));
    }
}
