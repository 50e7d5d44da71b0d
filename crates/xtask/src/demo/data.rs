//! The demo's two profiles and where their conversations are kept.

use std::fs;
use std::path::{Path, PathBuf};

use crate::stop::{Result, Stop};

/// The operator's profile.
pub(crate) const OPERATOR: &str = "demo-operator";
/// The visitor's profile.
pub(crate) const VISITOR: &str = "demo-visitor";

/// The app's folder: `$XDG_DATA_HOME/deskbell`, by default under `~/.local/share`.
pub(crate) fn folder() -> Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")));
    data.map(|data| data.join("deskbell"))
        .ok_or_else(|| Stop::because("Neither XDG_DATA_HOME nor HOME is set."))
}

/// Forgets both profiles, and nothing else, after saying so.
pub(crate) fn forget(folder: &Path) -> Result<()> {
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

/// Has the demo run before?
pub(crate) fn remembers(folder: &Path) -> bool {
    folder.join(VISITOR).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_demo_is_forgotten() {
        let folder = std::env::temp_dir().join(format!("deskbell-forget-{}", std::process::id()));
        for name in [OPERATOR, VISITOR, "visitor", "demo"] {
            fs::create_dir_all(folder.join(name).join("deep")).unwrap();
        }
        assert!(remembers(&folder));
        forget(&folder).unwrap();
        assert!(!remembers(&folder));
        let mut left: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["demo", "visitor"]);
        forget(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
    }
}
