//! Sockets: everything between the operating system and the desk's machine.

pub(crate) mod gate;
pub(crate) mod listener;
pub(crate) mod queue;
mod socket;
pub(crate) mod tls;
