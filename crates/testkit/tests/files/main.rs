//! Files between real sessions and a real desk, over a line that fails.
#![cfg(feature = "pair")]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod bad_input;
mod both_ways;
mod line;
mod people;
mod rules;
mod tls;
