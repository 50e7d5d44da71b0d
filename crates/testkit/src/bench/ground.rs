//! The ground that all stand on: a database opened as the desk opens its own, the rows that a message takes in it,
//! and checkpoints where and as often as the desk makes them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use deskbell_db::{Key, Location};
use deskbell_wire::{MessageId, Seq, Timestamp, Uid};
use rusqlite::{Connection, params};

/// The desk's own: see its upkeep.
const CHECKPOINT_ENTRIES: u64 = 4_000;
const LOG_PAGES: u64 = 16_000;
const LOOK: Duration = Duration::from_millis(100);

/// A folder for a database.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    folder: PathBuf,
    encrypted: bool,
}

/// A message on its way in.
pub(super) struct Row<'a> {
    pub(super) stream: i64,
    pub(super) seq: Seq,
    pub(super) message_id: MessageId,
    pub(super) uid: Uid,
    pub(super) ts: Timestamp,
    pub(super) text: &'a str,
}

/// Keeps the write-ahead log short, beside the commits.
pub(super) struct Upkeep {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    committed: AtomicU64,
    logged: AtomicU64,
}

impl Ground {
    /// In that folder.
    pub(super) fn at(folder: &Path, encrypted: bool) -> Self {
        Self { folder: folder.to_owned(), encrypted }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A raw key, as the app takes one from the keyring.
    pub(super) fn key(&self) -> Option<[u8; 32]> {
        self.encrypted.then_some([7; 32])
    }

    /// The desk's schema and pragmas.
    pub(super) fn open(&self) -> Connection {
        let place = Location::File(self.folder.join("ceiling.db"));
        let key = self.key().map(Key::new);
        let db =
            deskbell_db::open(&place, key.as_ref(), deskbell_server::MIGRATIONS).expect("the database opens");
        db.pragma_update(None, "wal_autocheckpoint", 0).expect("a pragma");
        db
    }

    /// Checkpoints on a connection of their own.
    pub(super) fn keep_up(&self) -> Upkeep {
        let (shared, db) = (Arc::new(Shared::default()), self.open());
        let seen = Arc::downgrade(&shared);
        thread::spawn(move || {
            let mut moved = 0;
            while let Some(shared) = seen.upgrade() {
                let committed = shared.committed.load(Ordering::Relaxed);
                if committed - moved >= CHECKPOINT_ENTRIES {
                    moved = committed;
                    let reached = deskbell_db::checkpoint(&db).expect("a checkpoint");
                    shared.logged.store(reached.logged, Ordering::Relaxed);
                }
                drop(shared);
                thread::sleep(LOOK);
            }
        });
        Upkeep { shared }
    }
}

impl Upkeep {
    /// Called after a commit. A log that never comes to rest is emptied here, between two commits.
    pub(super) fn note(&self, db: &Connection, entries: usize) {
        self.shared.committed.fetch_add(entries as u64, Ordering::Relaxed);
        if self.shared.logged.swap(0, Ordering::Relaxed) > LOG_PAGES {
            deskbell_db::checkpoint(db).expect("a checkpoint");
        }
    }
}

impl Row<'_> {
    /// The message itself.
    pub(super) fn insert(&self, db: &Connection) {
        let insert = "INSERT INTO messages
            (stream, seq, message_id, chat, ts, side, operator, device, uid, kind, body)
            VALUES (?1, ?2, ?3, ?1, ?4, 1, 0, ?1, ?5, 1, ?6)";
        let (id, uid) = (self.message_id.0.as_bytes(), self.uid.0.as_bytes());
        let mut insert = db.prepare_cached(insert).expect("a statement");
        insert
            .execute(params![self.stream, self.seq.cast_signed(), id, self.ts.0, uid, self.text])
            .expect("a row");
    }

    /// What S2 keeps of it.
    pub(super) fn insert_uid(&self, db: &Connection) {
        let insert = "INSERT INTO uids (device, uid, stream, seq, hash) VALUES (?1, ?2, ?1, ?3, ?4)";
        let hash = self.message_id.0.as_bytes();
        let mut insert = db.prepare_cached(insert).expect("a statement");
        insert
            .execute(params![self.stream, self.uid.0.as_bytes(), self.seq.cast_signed(), hash])
            .expect("a row");
    }
}
