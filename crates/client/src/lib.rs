//! The tokio driver of the core: sockets, timers, the one owner of tasks.
//!
//! Why a thread of its own: the session is changed by one thread and nobody waits for a page. What must always hold:
//! jobs and frames are handled one after the other, each is followed by all of its outputs, and nothing that the
//! driver started outlives it.

mod dial;
mod driver;
mod files;
mod find;
mod handle;
mod pin;
mod socket;

pub use find::find;
pub use handle::{Audience, Client, Stopped, WeakClient};
