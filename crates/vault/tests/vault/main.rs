//! The vault on a real disk: what it gives back, what it finds damaged, what survives, what it costs.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

mod bytes;
mod crash;
mod damage;
mod memory;
mod order;
mod parts;
mod passing;
mod random;
mod small_disk;
mod speed;
mod sweep;
