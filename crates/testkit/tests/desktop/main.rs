//! What real sessions tell the desktop, against a real desk, over a line that fails.
#![cfg(feature = "pair")]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod many;
mod operators;
mod people;
mod visitors;
