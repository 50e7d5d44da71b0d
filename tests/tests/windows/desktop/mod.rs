//! The program among the parts of a desktop: the real ones, on a bus of the test's own.

mod autostart;
mod first_start;
mod handover;
mod installed;
mod links;
mod soak;
