//! Packs: a company's chat form as a folder of scripts, templates, styles and settings.
//!
//! What must always hold: nothing of a pack is run here; what lies outside its folder is never read; whatever is wrong
//! with it ends in a [`Flaw`] that names the file and, where there is one, the line.

mod flaw;

pub use flaw::{Flaw, FlawKind, Place};
