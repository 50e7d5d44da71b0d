//! Where things are. Everything is found from the running program, never from the folder that one stands in.

use std::path::PathBuf;

use crate::stop::{Result, Stop};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    // Cargo gives the place of today; the one compiled in is for a program started by hand.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    PathBuf::from(here).join("../..").components().fold(PathBuf::new(), |path, part| match part {
        std::path::Component::ParentDir => path.parent().map(PathBuf::from).unwrap_or_default(),
        part => path.join(part),
    })
}

/// The pages.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// Where Cargo puts the programs of this profile (`debug`, `release`): beside this very program's folder.
pub(crate) fn programs(profile: &str) -> Result<PathBuf> {
    let this = std::env::current_exe().map_err(|error| Stop::because(format!("Where am I? {error}")))?;
    let target = this.parent().and_then(|folder| folder.parent());
    target
        .map(|target| target.join(profile))
        .ok_or_else(|| Stop::because("This program lies in no target folder."))
}

/// A program that was built in this profile.
pub(crate) fn program(profile: &str, name: &str) -> Result<PathBuf> {
    Ok(programs(profile)?.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("crates/xtask/Cargo.toml").is_file());
        assert!(root().join("Cargo.lock").is_file());
    }
}
