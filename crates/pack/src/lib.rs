//! Packs: a company's chat form as a folder of scripts, templates, styles and settings.
//!
//! What must always hold: nothing of a pack is run here; what lies outside its folder is never read; whatever is wrong
//! with it ends in a [`Flaw`] that names the file and, where there is one, the line.

mod archive;
mod files;
mod flaw;
mod folder;
mod html;
mod json;
mod literals;
mod mapping;
mod media_type;
mod pack;
mod page;
mod path;
mod settings;
mod template;
mod text;

pub use archive::ARCHIVE_BYTES;
pub use files::{PACK_BYTES, PACK_FILES};
pub use flaw::{Flaw, FlawKind, Place};
pub use folder::Fingerprint;
pub use pack::Pack;
pub use page::PageScript;
pub use path::is_device;
pub use template::{Compiled, compile};
pub use text::steers;
