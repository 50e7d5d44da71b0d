//! What a user interface may ask and is told.
//!
//! What must always hold: the pages know these types and commands and nothing below them.

pub mod dto;
