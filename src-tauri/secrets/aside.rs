//! Beginning anew where what is on the disk cannot be opened.
//!
//! What must always hold: nothing is deleted. What is set aside lies whole in a folder of its own, and comes back by
//! being moved back.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use deskbell_api::profile::{FILES, HISTORY};

use super::sealed_file;
use crate::profile::Profile;

/// What the folders' names begin with.
pub(super) const FOLDER: &str = "set-aside-";

/// Moves the histories, their files and the desk away; the sealed keys with them, unless they are open and stay in use.
pub(super) fn set_aside(profile: &Profile, with_keys: bool) -> io::Result<()> {
    let moved: Vec<PathBuf> = fs::read_dir(&profile.folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .filter(|path| path.as_ref().map_or(true, |path| is_kept(path)))
        .collect::<io::Result<_>>()?;
    let keys = profile.folder.join(sealed_file::FILE);
    let keys = (with_keys && keys.exists()).then_some(keys);
    if moved.is_empty() && keys.is_none() {
        return Ok(());
    }
    let folder = new_folder(profile)?;
    // The keys last: were the rest not moved, they would still open it.
    for path in moved.into_iter().chain(keys) {
        if let Some(name) = path.file_name() {
            fs::rename(&path, folder.join(name))?;
        }
    }
    Ok(())
}

fn is_kept(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(HISTORY) || name.starts_with(FILES) || name == "desk"
}

/// One that is not there yet, named after the day.
fn new_folder(profile: &Profile) -> io::Result<PathBuf> {
    let day = jiff::Zoned::now().date().to_string();
    let mut number = 1_u32;
    loop {
        let name = if number == 1 { format!("{FOLDER}{day}") } else { format!("{FOLDER}{day}-{number}") };
        let folder = profile.folder.join(name);
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOVED: [&str; 4] = ["client-1.db", "client-1.db-wal", "desk/desk.db", "files-1/blobs/whole"];

    #[test]
    fn what_is_set_aside_is_whole_and_nothing_else_moves() {
        let data = tempfile::tempdir().unwrap();
        let profile = Profile::open("anna", Some(data.path())).unwrap();
        let file = |name: &str| profile.folder.join(name);
        let fill = || {
            fs::create_dir(file("desk")).unwrap();
            fs::create_dir_all(file("files-1/blobs")).unwrap();
            for name in MOVED.into_iter().chain([sealed_file::FILE, "profile.json"]) {
                fs::write(file(name), name).unwrap();
            }
        };
        fill();
        set_aside(&profile, true).unwrap();
        assert!(!profile.has_history() && !file(sealed_file::FILE).exists() && file("profile.json").exists());
        fill();
        set_aside(&profile, false).unwrap();
        assert!(file(sealed_file::FILE).exists(), "keys that are open stay");
        set_aside(&profile, false).unwrap();
        let mut folders: Vec<_> = fs::read_dir(&profile.folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir())
            .collect();
        folders.sort();
        assert_eq!(folders.len(), 2, "nothing to set aside makes no folder: {folders:?}");
        for (folder, keys) in folders.iter().zip([true, false]) {
            for name in MOVED {
                assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), name);
            }
            assert_eq!(folder.join(sealed_file::FILE).exists(), keys);
        }
    }
}
