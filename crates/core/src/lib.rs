//! The client's machines: session, outbox, timeline.
//!
//! Why a crate of its own: the rules of delivery (C1–C7) are decided here and nowhere else, without a socket, a
//! clock or a thread, so that a test can drive them through any schedule.
//! What must always hold: one call changes the state, then its outputs are drained; time is passed in.

pub mod clock;
pub mod desktop;
mod jitter;
pub mod link;
pub mod notice;
pub mod outbox;
pub mod replica;
pub mod session;
pub mod store;
pub mod transfers;
pub mod typing;

pub use clock::Now;
pub use link::{Closed, LinkPhase, StopReason};
pub use notice::{EntryStatus, Notice, Output, Place};
pub use session::{Config, FileToSend, Role, SendRefused, Session};
pub use transfers::{CarrierReport, DiskTrouble, Order, TransferStand, Trouble, Voice};
