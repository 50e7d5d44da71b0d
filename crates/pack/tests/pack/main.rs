//! Packs as companies have them, and as nobody should: folders that the tests write, archives that they break.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod archives;
mod fingerprints;
mod folders;
mod hostile_paths;
mod mappings;
mod pages;
mod random;
mod settings;
mod templates;
mod world;
