//! What `cargo xtask run` needs to know about this machine before it builds for minutes, and what it starts.

pub(crate) mod data;
pub(crate) mod display;
pub(crate) mod keyring;
pub(crate) mod port;
pub(crate) mod windows;
