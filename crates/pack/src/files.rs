//! The files of a pack, in memory.
//!
//! What must always hold: as many and as large as the limits say; no two that another file system would take for one.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::flaw::{Flaw, FlawKind};
use crate::path;
use crate::text::shortened;

/// The most bytes of a pack's files together: 16 MiB.
pub const PACK_BYTES: u64 = 16 * 1024 * 1024;
/// The most files of a pack.
pub const PACK_FILES: usize = 2_000;

/// The files by their paths.
#[derive(Default)]
pub(crate) struct Files {
    files: BTreeMap<String, Vec<u8>>,
    /// The paths without the difference of case, and as they are.
    folded: HashMap<String, String>,
    /// The folders without the difference of case.
    folders: HashSet<String>,
    bytes: u64,
}

impl Files {
    /// Whether a file of that path and size may come to these; before it is read.
    pub(crate) fn check(&self, path: &str, bytes: u64) -> Result<(), Flaw> {
        if let Some(objection) = path::objection(path) {
            return Err(unreadable(path, objection));
        }
        if self.files.len() >= PACK_FILES {
            return Err(Flaw { file: String::new(), place: None, kind: FlawKind::TooMany(PACK_FILES) });
        }
        if bytes > PACK_BYTES {
            return Err(Flaw { file: path.to_owned(), place: None, kind: FlawKind::TooLarge(PACK_BYTES) });
        }
        if bytes.saturating_add(self.bytes) > PACK_BYTES {
            return Err(Flaw { file: String::new(), place: None, kind: FlawKind::TooLarge(PACK_BYTES) });
        }
        self.check_twins(path)
    }

    fn check_twins(&self, path: &str) -> Result<(), Flaw> {
        let folded = path::folded(path);
        if let Some(twin) = self.folded.get(&folded) {
            return Err(unreadable(path, &format!("other systems take it and {twin} for the same file")));
        }
        let in_a_file = ancestors(&folded).any(|folder| self.folded.contains_key(folder));
        if in_a_file || self.folders.contains(&folded) {
            return Err(unreadable(path, "it is a file and a folder"));
        }
        Ok(())
    }

    /// One more file.
    pub(crate) fn insert(&mut self, path: String, bytes: Vec<u8>) -> Result<(), Flaw> {
        self.check(&path, bytes.len() as u64)?;
        let folded = path::folded(&path);
        self.folders.extend(ancestors(&folded).map(str::to_owned));
        self.folded.insert(folded, path.clone());
        self.bytes += bytes.len() as u64;
        self.files.insert(path, bytes);
        Ok(())
    }

    pub(crate) fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(&*path::composed(path)).map(Vec::as_slice)
    }

    /// In the order of their paths' bytes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// A file as text, without the mark that some editors put in front of UTF-8.
    pub(crate) fn text(&self, path: &str) -> Option<Result<&str, Flaw>> {
        self.get(path).map(|bytes| match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
            Err(_) => Err(Flaw { file: path.to_owned(), place: None, kind: FlawKind::NotText }),
        })
    }
}

fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

/// A flaw of a file that cannot be taken as it is. Its name may be anything, and is shown as one line.
pub(crate) fn unreadable(path: &str, why: &str) -> Flaw {
    Flaw { file: shortened(path), place: None, kind: FlawKind::Unreadable(why.to_owned()) }
}
