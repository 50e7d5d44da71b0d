//! The desk: what visitors and operators connect to. A library that the app embeds, and `deskbell-server` around it.
//!
//! [`desk::Desk`] is the machine: it decides everything, on one thread, without sockets. [`start`] gives it sockets,
//! TLS and threads, and returns a [`RunningDesk`].
//!
//! What must always hold: the rules S1–S11 of docs/protocol; each names itself where it is kept.

mod account;
mod actor;
mod background;
mod backup;
mod clock;
pub mod desk;
mod entropy;
mod error;
mod folder;
pub mod mail;
mod net;
mod options;
pub mod packs;
mod password;
mod running;
mod store;
mod talk;
mod upkeep;

pub use backup::Backup;
pub use clock::Clock;
pub use desk::{Attendant, OperatorEntry, Pace};
pub use error::DeskError;
pub use options::{DeskLimits, DeskOptions, Tls};
pub use running::{RunningDesk, add_admin, add_operator, backup, list_operators, start};
#[doc(hidden)]
pub use store::{Fault, FaultHook, MIGRATIONS};
