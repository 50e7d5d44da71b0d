//! What the tests share. Nothing in here ships.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

#[cfg(feature = "bench")]
pub mod bench;
#[cfg(target_os = "linux")]
pub mod census;
pub mod checker;
pub mod crash_store;
pub mod dice;
pub mod events;
pub mod leak_search;
#[cfg(feature = "pair")]
pub mod pair;
#[cfg(feature = "pair")]
pub mod people;
pub mod plain_store;
#[cfg(all(feature = "postfix", target_os = "linux"))]
pub mod postfix;
#[cfg(feature = "pair")]
pub mod proxy;
pub mod store_contract;
#[cfg(feature = "torture")]
pub mod torture;
