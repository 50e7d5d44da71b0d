//! Files in a session: those that were chosen, those on their way, and those that are here.
//!
//! Why one place for both faces: a visitor and an operator send and receive alike; what differs is in whose
//! conversation. What must always hold: a page sees neither a path nor a byte of a file, but its own; what is sent is
//! on this disk before its bubble is shown.

mod book;
mod details;
mod face;
mod intake;
mod keeper;
mod leaving;
mod named;
mod operator;
mod pace;
mod pictures;
mod reading;
mod refused;
mod rules;
mod staged;
#[cfg(test)]
mod tests;
mod troubles;
mod verbs;
mod views;
mod visitor;
mod words;

pub(crate) use book::Book;
use face::face;
pub(crate) use intake::{Intake, Tell};
pub(crate) use keeper::Behind;
use keeper::{Chore, Keeper};
pub use pictures::{Bytes, Pictures};
pub(crate) use rules::Bounds;
pub(crate) use verbs::Files;
pub(crate) use views::words as said;
