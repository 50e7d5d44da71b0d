//! Files on their way, one schedule each: entries that wait for them, the line, the desk, the disk and the person in
//! between. Random schedules against the real desk are testkit's.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod downloads;
mod faults;
mod kit;
mod order;
mod person;
mod uploads;
