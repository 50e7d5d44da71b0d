//! The empty app: copied out of the workspace, built with the workspace's lock.

use std::fs;
use std::path::{Path, PathBuf};

use crate::stop::{Result, Stop};
use crate::{places, process};

const NAME: &str = "deskbell-empty";
const FILES: &[&str] = &["Cargo.toml", "build.rs", "src/main.rs", "page/index.html", "tauri.conf.json"];

/// The program, once built.
pub(super) fn program() -> Result<PathBuf> {
    places::program("release", NAME)
}

/// Builds it into the workspace's target folder, where most of its dependencies are already.
pub(super) fn build() -> Result<()> {
    let (root, folder) = (places::root(), places::programs("empty-app")?);
    for file in FILES {
        copy(&root.join("crates/xtask/empty-app").join(file), &folder.join(file))?;
    }
    copy(&root.join("icons/icon.png"), &folder.join("icons/icon.png"))?;
    copy(&root.join("Cargo.lock"), &folder.join("Cargo.lock"))?;
    let mut build = process::cargo();
    build.args(["build", "--release", "--target-dir"]).arg(places::programs("")?);
    process::run(build.current_dir(folder))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().unwrap_or(to);
    let copied = fs::create_dir_all(folder).and_then(|()| fs::copy(from, to));
    copied.map(drop).map_err(|error| Stop::because(format!("{} cannot be copied: {error}", from.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From a line on to the next empty one.
    fn part(text: &str, from: &str) -> String {
        text.lines().skip_while(|line| !line.starts_with(from)).take_while(|line| !line.is_empty()).collect()
    }

    #[test]
    fn it_is_built_as_the_app_is() {
        let root = fs::read_to_string(places::root().join("Cargo.toml")).unwrap();
        let empty = fs::read_to_string(places::root().join("crates/xtask/empty-app/Cargo.toml")).unwrap();
        for (manifest, name) in [(&root, "root"), (&empty, "empty")] {
            assert!(part(manifest, "[profile.release]").contains("lto"), "{name}");
        }
        assert_eq!(part(&root, "[profile.release]"), part(&empty, "[profile.release]"));
        let tauri = |text: &str| text.lines().find(|line| line.starts_with("tauri = ")).map(str::to_owned);
        assert_eq!(tauri(&root), tauri(&empty));
    }
}
