//! SQLite for both ends: the client's store and the desk.
//!
//! Why a crate of its own: durability, encryption and the shape of the file are decided once, here, and nobody
//! else says `PRAGMA`.
//! What must always hold: a commit that returned `Ok` survives power loss; a file that was opened with a key holds
//! no plaintext, nor do its write-ahead log and temporary files; a file of a newer program is never written to; no
//! error carries what a person wrote.
//!
//! ```
//! use deskbell_db::{Key, Location, Migration, open};
//!
//! const MIGRATIONS: &[Migration] = &[
//!     Migration("CREATE TABLE chat (id INTEGER PRIMARY KEY, title TEXT NOT NULL) STRICT"),
//!     Migration("ALTER TABLE chat ADD COLUMN closed INTEGER NOT NULL DEFAULT 0"),
//! ];
//! let folder = tempfile::tempdir()?;
//! let db = open(&Location::File(folder.path().join("desk.db")), Some(&Key::new([7; 32])), MIGRATIONS)?;
//! db.execute("INSERT INTO chat (title) VALUES (?1)", ["first"]).map_err(deskbell_db::DbError::from)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`open`]: for several connections to one file; each opens by itself. [`open_alone`]: no other connection may
//!   have the file, here or in another process ([`DbError::InUse`]).
//! - What `open` sets: WAL, `synchronous=FULL`, `foreign_keys`, `auto_vacuum=INCREMENTAL` from creation,
//!   `temp_store=MEMORY`, a busy timeout, no trusted schema. What it leaves to the caller: `wal_autocheckpoint`
//!   (SQLite's default of 1,000 pages stands) and when to call [`checkpoint`].
//! - [`check`] reads the whole file, [`backup`] copies it under the same key while others go on reading.
//! - Every `rusqlite::Error` becomes a [`DbError`] by `?` or `from`.

mod error;
mod file;
mod key;
mod migrate;
mod open;
mod upkeep;

pub use error::DbError;
pub use key::Key;
pub use migrate::Migration;
pub use open::{Location, open, open_alone};
pub use upkeep::{Checkpoint, backup, check, checkpoint};
