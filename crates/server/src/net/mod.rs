//! Sockets: everything between the operating system and the desk's machine.

pub(crate) mod files;
pub(crate) mod gate;
pub(crate) mod listener;
mod patience;
pub(crate) mod queue;
mod socket;
pub(crate) mod tls;
