//! A folder with a store in it.

use std::fs;
use std::path::PathBuf;

use deskbell_store::{DbError, Key, Location, SqliteStore};
use deskbell_testkit::store_contract::Home;

/// A data folder. After a crash, a copy of it as a dead process leaves it: file and write-ahead log, no farewell.
pub(crate) struct Folder {
    root: tempfile::TempDir,
    lives: u32,
    key: Option<Key>,
}

impl Folder {
    pub(crate) fn new(key: Option<Key>) -> Self {
        Self { root: tempfile::tempdir().unwrap(), lives: 0, key }
    }

    pub(crate) fn encrypted() -> Self {
        Self::new(Some(Key::new([7; 32])))
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.root.path().join(self.lives.to_string())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.path().join("store.db")
    }

    pub(crate) fn try_open(&self) -> Result<SqliteStore, DbError> {
        SqliteStore::open(&Location::File(self.file()), self.key.as_ref())
    }
}

impl Home for Folder {
    type Store = SqliteStore;

    fn open(&mut self) -> SqliteStore {
        self.try_open().unwrap()
    }

    fn crash(&mut self, store: SqliteStore) {
        let dead = self.path();
        self.lives += 1;
        fs::create_dir(self.path()).unwrap();
        for entry in fs::read_dir(dead).unwrap().map(Result::unwrap) {
            fs::copy(entry.path(), self.path().join(entry.file_name())).unwrap();
        }
        // Only now: dropping it says the farewell that the copy must not have.
        drop(store);
    }
}
