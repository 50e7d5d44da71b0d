//! The consultant API in the real visitor's window against the real desk: a test for each method and event of the
//! contract, named after it. `cargo xtask conformance` writes docs/conformance.md from them.
//!
//! What must always hold: a method's effect is looked for on the other side, and an event is caused there; a row calls
//! the one method, or listens to the one event, that it is named after, and `hand` for everything else. Therefore
//! whatever is switched off turns its own row red and no other.

mod events;
mod habits;
mod methods;
mod speed;
mod stage;
mod strangers;
