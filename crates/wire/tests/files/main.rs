//! Files' names and types against a corpus of our own.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

mod names;
mod opened;
mod types;
mod words;
