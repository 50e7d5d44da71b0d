//! Which files a site takes in a conversation, as far as this device knows.
//!
//! What must always hold: what is known to be refused is refused before a byte of it is read or sent; the desk decides
//! again, and its word counts.

use deskbell_wire::{FileBounds, FileRules, GroupId};

use super::refused::Refused;

/// The rules of one chat.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    enabled: bool,
    max_bytes: u64,
    types: Vec<String>,
}

impl Bounds {
    /// The site's, or those of the group that the chat is for. Before the desk's first word: those of a new site.
    pub(crate) fn of(rules: Option<&FileRules>, group: Option<GroupId>) -> Self {
        let fresh = FileRules::default();
        let FileBounds { enabled, max_bytes, types } = rules.unwrap_or(&fresh).of(group);
        Self { enabled, max_bytes, types: types.to_vec() }
    }

    /// The first thing against a file of that tidied name and size.
    ///
    /// # Errors
    /// It.
    pub(crate) fn check(&self, name: &str, size: u64) -> Result<(), Refused> {
        let Self { enabled, max_bytes, types } = self;
        let bounds = FileBounds { enabled: *enabled, max_bytes: *max_bytes, types };
        let refused = bounds.refuses(name, size);
        refused.map_or(Ok(()), |refusal| Err(Refused::by_rules(refusal, *max_bytes)))
    }
}
