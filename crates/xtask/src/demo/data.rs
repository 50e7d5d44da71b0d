//! The demo's two profiles and where their conversations are kept.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::stop::{Result, Stop};

/// The operator's profile.
pub(crate) const OPERATOR: &str = "demo-operator";
/// The visitor's profile.
pub(crate) const VISITOR: &str = "demo-visitor";

/// Beside the profiles: an app never looks here.
const ADDRESS: &str = "demo-address";

/// The app's folder: `$XDG_DATA_HOME/deskbell`, by default under `~/.local/share`.
pub(crate) fn folder() -> Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")));
    data.map(|data| data.join("deskbell"))
        .ok_or_else(|| Stop::because("Neither XDG_DATA_HOME nor HOME is set."))
}

/// Two programs cannot have one profile, and nothing is removed under a running one.
pub(crate) fn must_be_free(folder: &Path) -> Result<()> {
    match [OPERATOR, VISITOR].into_iter().find(|name| is_open(&folder.join(name))) {
        None => Ok(()),
        Some(name) => Err(Stop::because(format!(
            "The demo is running already: its profile {name} is open. End it first, with Ctrl-C in its terminal."
        ))),
    }
}

/// The app holds a lock on this file as long as it has the profile open.
fn is_open(profile: &Path) -> bool {
    let lock = fs::File::open(profile.join("lock"));
    lock.is_ok_and(|file| matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)))
}

/// Forgets both profiles, and nothing else, after saying so.
pub(crate) fn forget(folder: &Path) -> Result<()> {
    fs::remove_file(folder.join(ADDRESS)).ok();
    for profile in [OPERATOR, VISITOR].map(|name| folder.join(name)) {
        if profile.exists() {
            println!("Removing {} (the demo's earlier conversations).", profile.display());
            fs::remove_dir_all(&profile).map_err(|error| {
                Stop::because(format!("{} cannot be removed: {error}", profile.display()))
            })?;
        }
    }
    Ok(())
}

/// Is there a conversation of an earlier day? Without a keyring nothing was written.
pub(crate) fn remembers(folder: &Path) -> bool {
    let histories = fs::read_dir(folder.join(VISITOR)).into_iter().flatten().flatten();
    let mut names = histories.map(|entry| entry.file_name());
    folder.join(OPERATOR).join("desk/desk.db").exists()
        || names.any(|name| name.to_string_lossy().starts_with("client-"))
}

/// Where the demo's desk listened when its conversation began.
pub(crate) fn first_desk(folder: &Path) -> Option<SocketAddr> {
    fs::read_to_string(folder.join(ADDRESS)).ok()?.trim().parse().ok()
}

/// Keeps that address until the demo is forgotten. Not kept, the next start may begin a new conversation, no more.
pub(crate) fn settle(folder: &Path, desk: SocketAddr) {
    if first_desk(folder).is_none() {
        fs::create_dir_all(folder).and_then(|()| fs::write(folder.join(ADDRESS), format!("{desk}\n"))).ok();
    }
}

/// What was written with a key cannot be read without the keyring that has it.
pub(crate) fn must_be_readable(folder: &Path, keyring: bool) -> Result<()> {
    if keyring || !remembers(folder) {
        return Ok(());
    }
    Err(Stop::because(format!(
        "The demo's earlier conversation in {} is encrypted, and this session has no keyring with its key.\n\
         Start the demo in the session in which you started it before, or forget that conversation:\n  \
         cargo xtask run --fresh",
        folder.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_demo_is_left_alone() {
        let folder = std::env::temp_dir().join(format!("deskbell-running-{}", std::process::id()));
        fs::create_dir_all(folder.join(VISITOR)).unwrap();
        assert_eq!(must_be_free(&folder), Ok(()));
        let held = fs::File::create(folder.join(VISITOR).join("lock")).unwrap();
        assert_eq!(must_be_free(&folder), Ok(()), "a lock that nobody holds");
        held.lock().unwrap();
        assert!(must_be_free(&folder).unwrap_err().words.contains(VISITOR));
        drop(held);
        assert_eq!(must_be_free(&folder), Ok(()));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn only_the_demo_is_forgotten() {
        let folder = std::env::temp_dir().join(format!("deskbell-forget-{}", std::process::id()));
        for name in [OPERATOR, VISITOR, "visitor", "demo"] {
            fs::create_dir_all(folder.join(name).join("desk")).unwrap();
            assert!(!remembers(&folder), "a desk that has written nothing");
        }
        fs::write(folder.join(VISITOR).join("client-00.db"), "").unwrap();
        let desk = "127.0.0.1:7718".parse().unwrap();
        settle(&folder, desk);
        settle(&folder, "127.0.0.1:7719".parse().unwrap());
        assert_eq!(first_desk(&folder), Some(desk), "a port that was only lent changes nothing");
        assert!(must_be_readable(&folder, false).is_err());
        assert!(must_be_readable(&folder, true).is_ok());
        assert!(remembers(&folder));
        forget(&folder).unwrap();
        assert!(!remembers(&folder));
        assert_eq!(first_desk(&folder), None);
        assert!(must_be_readable(&folder, false).is_ok());
        let mut left: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["demo", "visitor"]);
        forget(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
    }
}
