//! What lies in the desk's folder when nothing is under way any more: the files that its rows name, and nothing else.
//!
//! Bytes that a crash left behind stay for an hour before the desk sweeps them out; here an hour is made to have passed.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use deskbell_db::Key;
use deskbell_server::DeskLimits;
use deskbell_server::desk::{Desk, DeskSetup};
use deskbell_vault::Vault;
use deskbell_wire::{FileDigest, Secret, Timestamp};
use uuid::Uuid;

use crate::torture::Trouble;

/// Older than what the desk leaves alone.
const OLD: Duration = Duration::from_secs(2 * 3_600);

/// What the desk's rows name.
pub(super) struct Wanted {
    pub(super) parts: HashSet<Uuid>,
    pub(super) digests: HashSet<FileDigest>,
}

/// What lies there and nobody wants, and what is wanted and does not lie there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Leftovers {
    pub(super) parts: usize,
    pub(super) files: usize,
    pub(super) missing: usize,
}

/// Reads the rows of a desk that does not run.
pub(super) fn wanted(data: &Path, key: &Path, now: Timestamp) -> Result<Wanted, Trouble> {
    let setup = DeskSetup {
        file: Some(data.join("desk.db")),
        key: Some(Key::new(*secret(key)?.bytes())),
        limits: DeskLimits::unpaced(),
        dedup: true,
        faults: None,
    };
    let desk = Desk::open(setup, now)?;
    let refused = |code| Trouble::from(format!("the desk does not say what it wants: {code:?}"));
    let parts = desk.wanted_parts().map_err(refused)?;
    let (mut digests, mut last) = (HashSet::new(), None);
    loop {
        let more = desk.wanted_digests(last).map_err(refused)?;
        last = more.last().copied();
        if last.is_none() {
            return Ok(Wanted { parts, digests });
        }
        digests.extend(more);
    }
}

/// Makes everything there two hours older.
pub(super) fn age(data: &Path) -> Result<(), Trouble> {
    let then = SystemTime::now().checked_sub(OLD).ok_or("a clock that has just begun")?;
    for file in files_in(&data.join("files"))? {
        fs::File::options().write(true).open(file)?.set_modified(then)?;
    }
    Ok(())
}

/// Compares the folder with the rows.
pub(super) fn look(data: &Path, key: &Path, wanted: &Wanted) -> Result<Leftovers, Trouble> {
    let vault = Vault::open(&data.join("files"), Some(secret(key)?.bytes()))?;
    let names: Vec<_> = wanted.digests.iter().map(|digest| vault.name(digest)).collect();
    let parts = vault.parts()?.iter().filter(|(part, _)| !wanted.parts.contains(part)).count();
    let files = vault.used()?.iter().filter(|found| !names.contains(&found.name)).count();
    let missing = wanted.digests.iter().filter(|digest| !vault.has(digest)).count();
    Ok(Leftovers { parts, files, missing })
}

fn secret(key: &Path) -> Result<Secret, Trouble> {
    Secret::try_from(fs::read_to_string(key)?.trim().to_owned()).map_err(|_| "a bad key".into())
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { all.extend(files_in(&path)?) } else { all.push(path) }
    }
    Ok(all)
}
