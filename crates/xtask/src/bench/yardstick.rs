//! The empty Tauri app that ours is measured against.
//!
//! What must always hold: it has our profiles and the versions of our Cargo.lock, because it is put together from
//! them anew each time; and it is no member of the workspace, so nothing of ours depends on it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::stop::{Result, Stop};
use crate::{places, process};

const NAME: &str = "empty-app";
const FILES: &[&str] = &["build.rs", "main.rs", "tauri.conf.json", "ui/index.html"];

/// Builds it; gives the program.
pub(crate) fn build(profile: &str) -> Result<PathBuf> {
    let folder = places::programs(NAME)?;
    put_together(&folder)
        .map_err(|error| Stop::because(format!("The empty app cannot be put together: {error}.")))?;
    let mut build = process::cargo();
    build.args(["build", "--manifest-path"]).arg(folder.join("Cargo.toml"));
    build.arg("--target-dir").arg(folder.join("target"));
    process::run(build.args((profile == "release").then_some("--release")))?;
    Ok(folder.join("target").join(profile).join(format!("{NAME}{}", std::env::consts::EXE_SUFFIX)))
}

fn put_together(folder: &Path) -> io::Result<()> {
    let (root, from) = (places::root(), places::root().join("crates/testkit").join(NAME));
    for file in FILES {
        copy(&from.join(file), &folder.join(file))?;
    }
    copy(&root.join("icons/icon.png"), &folder.join("icons/icon.png"))?;
    copy(&root.join("Cargo.lock"), &folder.join("Cargo.lock"))?;
    let manifest = fs::read_to_string(from.join("Cargo.toml"))?;
    let profiles = profiles(&fs::read_to_string(root.join("Cargo.toml"))?);
    write(&folder.join("Cargo.toml"), format!("{manifest}\n{profiles}").as_bytes())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    write(to, &fs::read(from)?)
}

/// Leaves a file that is the same already, so that Cargo has nothing to do.
fn write(to: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(to).is_ok_and(|before| before == bytes) {
        return Ok(());
    }
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::write(to, bytes)
}

/// The sections `[profile.…]` of a manifest.
fn profiles(manifest: &str) -> String {
    let mut inside = false;
    let of_a_profile = |line: &&str| {
        if line.starts_with('[') {
            inside = line.starts_with("[profile.");
        }
        inside
    };
    manifest.lines().filter(of_a_profile).fold(String::new(), |text, line| text + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_profiles_are_taken_from_a_manifest() {
        let manifest =
            "[package]\nname = \"x\"\n[profile.release]\nlto = true\n\n[lints]\nx = 1\n[profile.dev]\nd = 0";
        assert_eq!(profiles(manifest), "[profile.release]\nlto = true\n\n[profile.dev]\nd = 0\n");
    }

    #[test]
    fn the_release_profile_is_ours() {
        let manifest = fs::read_to_string(places::root().join("Cargo.toml")).unwrap();
        assert!(profiles(&manifest).contains("[profile.release]\n"));
    }
}
