//! The program among the parts of a desktop: the real ones, on a bus of the test's own.

mod autostart;
mod closing;
mod diagnostics;
mod first_start;
mod handover;
mod installed;
mod keyring;
mod leaving;
mod links;
mod notifications;
mod settings;
mod soak;
mod system;
mod thousand;
mod tray;
