//! The bell's rules, seen from outside: what is told goes in, what a screen would have comes out.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod person;
mod quiet;
mod rules;
mod schedules;
mod together;
