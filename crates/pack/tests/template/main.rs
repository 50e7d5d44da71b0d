//! Templates: sentences of the contract, errors, and lodash's `template` as the oracle.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod errors;
mod generator;
mod oracle;
mod random;
mod sentences;
mod sizes;
mod world;
