//! What a user interface may ask and is told.
//!
//! What must always hold: the pages know these types and commands and nothing below them; an error is a stable code
//! and a sentence in the person's language, never English to match on.

pub mod desktop;
mod detail;
pub mod doors;
pub mod dto;
pub mod export;
pub mod files;
mod lines;
pub mod operator;
pub mod outward;
pub mod packs;
pub mod problem;
pub mod profile;
mod questions;
mod start;
pub mod visitor;

pub use problem::problem;
