//! The worker and the program's side of it, against pictures of every kind.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

mod bombs;
mod confined;
mod details;
mod lies;
mod long;
mod made;
mod shown;
