//! The client's memory on disk: [`SqliteStore`] keeps the contract of [`deskbell_core::store::Store`] in one
//! encrypted SQLite file.
//!
//! What must always hold: one call is one transaction, durable when it returns (C1, C3); the file is open here and
//! nowhere else, so two copies of the program never drain the same outbox; what a person wrote is in the file and
//! in no error.

mod files;
mod log;
mod outbox;
mod refusal;
mod reset;
mod row;
mod schema;
mod sqlite;
mod stream;
mod upload;

pub use deskbell_db::{DbError, Key, Location};
pub use sqlite::SqliteStore;
