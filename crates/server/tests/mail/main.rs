//! Letters: what is in them, and what becomes of them at a real mail server.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
// Reason: a test fails by panicking. Linux: Debian's Postfix is the mail server.

mod common;
mod hostile;
mod letters;
mod post;
mod silence;
