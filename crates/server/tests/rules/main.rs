//! The rules of the desk, each named by the test that checks it: on the machine in virtual time, and over sockets.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
// Reason: a test fails by panicking.

mod abuse;
mod backups;
mod common;
mod delivery;
mod disk;
mod file_transfer;
mod files;
mod groups;
mod links;
mod mails;
mod office;
mod pack_files;
mod packs;
mod passwords;
mod people;
mod program;
mod raw_http;
mod requests;
mod rights;
mod site;
mod sockets;
mod states;
mod time;
mod upgrade;
