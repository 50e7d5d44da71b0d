//! What all holders of one vault share: its place, its keys, and what is known of the parts.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ring::digest::Context;
use uuid::Uuid;

use crate::error::VaultError;
use crate::keys::{BlobName, Keys};
use crate::seal::Lengths;

/// Digests of parts that were put away in good order, so that who goes on with one need not read it again.
const REMEMBERED: usize = 256;

/// A digest that has taken so many bytes.
#[derive(Clone)]
pub(crate) struct Running {
    pub(crate) digest: Context,
    pub(crate) held: u64,
}

pub(crate) struct Shared {
    pub(crate) root: PathBuf,
    pub(crate) keys: Keys,
    pub(crate) lengths: Lengths,
    /// The folder goes with the last holder.
    pub(crate) is_passing: bool,
    parts: Mutex<Parts>,
}

#[derive(Default)]
struct Parts {
    open: HashSet<Uuid>,
    put_away: HashMap<Uuid, Running>,
}

impl Shared {
    pub(crate) fn new(root: PathBuf, keys: Keys, is_passing: bool) -> Self {
        let lengths = Lengths::of(&keys);
        Self { root, keys, lengths, is_passing, parts: Mutex::default() }
    }

    pub(crate) fn parts_folder(&self) -> PathBuf {
        self.root.join("parts")
    }

    pub(crate) fn part_path(&self, part: Uuid) -> PathBuf {
        self.parts_folder().join(part.hyphenated().to_string())
    }

    pub(crate) fn blobs_folder(&self) -> PathBuf {
        self.root.join("blobs")
    }

    pub(crate) fn blob_path(&self, name: &BlobName) -> PathBuf {
        let (folder, rest) = name.0.split_at_checked(2).unwrap_or(("", &name.0));
        self.blobs_folder().join(folder).join(rest)
    }

    /// One writer per part.
    pub(crate) fn take_part(&self, part: Uuid) -> Result<Option<Running>, VaultError> {
        let mut parts = self.lock();
        if !parts.open.insert(part) {
            return Err(VaultError::Io("the part is being written already".to_owned()));
        }
        Ok(parts.put_away.remove(&part))
    }

    /// The writer is gone; `running` where what lies on the disk is just what its digest has taken.
    pub(crate) fn give_part(&self, part: Uuid, running: Option<Running>) {
        let mut parts = self.lock();
        parts.open.remove(&part);
        if parts.put_away.len() >= REMEMBERED {
            parts.put_away.clear();
        }
        parts.put_away.extend(running.map(|running| (part, running)));
    }

    pub(crate) fn is_open(&self, part: Uuid) -> bool {
        self.lock().open.contains(&part)
    }

    fn lock(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if self.is_passing {
            // What stays is sealed with a key that nobody has any more.
            let _ = std::fs::remove_dir_all(&self.root);
        }
    }
}
