//! What can be shown of a stranger's file: a picture of it, and a picture without what it says of its maker.
//!
//! What must always hold: no stranger's byte is decoded in the program itself, but in a process that has little memory,
//! little time, no files and no network; what comes back from it is dots, of which the program makes a small picture in
//! a format of ours, or nothing.

pub mod child;
mod details;
mod encode;
mod feed;
mod overwrite;
mod talk;
mod why;
mod worker;

pub use encode::Picture;
pub use feed::Source;
pub use why::Why;
pub use worker::Worker;

/// The largest file that is read as a whole, in bytes. Of films, and of pictures in which everything has its place, a
/// few stretches are enough.
pub const MAX_BYTES: u64 = 128 * 1024 * 1024;
/// The longest side of a picture that comes back, in dots.
pub const MAX_SIDE: u32 = 2_048;
/// The longest side of a picture that is decoded, in dots.
const MAX_DECODED_SIDE: u32 = 12_000;
