//! The whole product in real windows, from outside: real processes, a real session bus, a real keyring, a real
//! WebKit driven by WebDriver.
//!
//! What must always hold: a test waits for a condition, with a limit, and never for a time; whatever it started ends
//! with it, also when it panics.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

pub mod app;
pub mod bus;
pub mod corpus;
pub mod crowd;
pub mod desk;
pub mod drag;
mod hand;
pub mod installed;
pub mod keyring;
pub mod keys;
pub mod login;
pub mod notifications;
mod offer;
pub mod operator;
pub mod page;
pub mod process;
pub mod screen;
pub mod tray_host;
pub mod visitor;
pub mod world;
pub mod xdg;

pub use app::App;
pub use desk::Desk;
pub use drag::Drag;
pub use offer::Clipboard;
pub use page::{Line, Page};
pub use world::World;
