//! The whole product in real windows. One binary: each further one would link WebDriver again.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

mod bad_input;
mod conformance;
mod conversation;
mod crashes;
mod desktop;
mod devices;
mod files;
mod first_start;
mod forms;
mod packs;
mod screens;
mod secrets;
mod workplace;
