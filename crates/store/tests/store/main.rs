//! The store on a real disk: the contract, random calls, faults, leaks, speed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

mod contract;
mod failing_disk;
mod faults;
mod folder;
mod full_disk;
mod leak;
mod random;
mod speed;
mod upgrade;
