//! `cargo xtask gen`: the TypeScript types of crates/api in ui/generated, and whether they are up to date.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::arguments::Arguments;
use crate::stop::{Result, Stop};
use crate::{places, process};

/// The generator in crates/api: writes every type into the folder that it is given.
pub(crate) const GENERATOR: &str = "gen-types";

/// The command.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let check = arguments.flag("--check");
    arguments.finish()?;
    let mut generator = process::cargo();
    generator.args(["run", "--quiet", "--package", "deskbell-api", "--bin", GENERATOR, "--"]);
    if check { up_to_date(generator) } else { process::run(generator.arg(folder())) }
}

/// Generates aside and compares.
pub(crate) fn up_to_date(mut generator: Command) -> Result<()> {
    let fresh = places::programs("generated-types")?;
    fs::remove_dir_all(&fresh).ok();
    fs::create_dir_all(&fresh)
        .map_err(|error| Stop::because(format!("{} cannot be made: {error}", fresh.display())))?;
    process::run(generator.arg(&fresh))?;
    let differing = differences(&read(&fresh)?, &read(&folder())?);
    fs::remove_dir_all(&fresh).ok();
    if differing.is_empty() {
        return Ok(());
    }
    let names = differing.join(", ");
    Err(Stop::because(format!(
        "ui/generated is not what crates/api says: {names}. Run `cargo xtask gen` and commit it."
    )))
}

fn folder() -> PathBuf {
    places::ui().join("generated")
}

type Files = BTreeMap<String, Vec<u8>>;

fn read(folder: &Path) -> Result<Files> {
    let told = |error: std::io::Error| Stop::because(format!("{} cannot be read: {error}", folder.display()));
    let mut files = Files::new();
    for entry in fs::read_dir(folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        if entry.path().is_file() {
            files.insert(
                entry.file_name().to_string_lossy().into_owned(),
                fs::read(entry.path()).map_err(told)?,
            );
        }
    }
    Ok(files)
}

/// Names of files that differ, are missing, or nobody generates any more.
fn differences(fresh: &Files, kept: &Files) -> Vec<String> {
    let mut names: Vec<String> = fresh.keys().chain(kept.keys()).cloned().collect();
    names.sort();
    names.dedup();
    names.retain(|name| fresh.get(name) != kept.get(name));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pairs: &[(&str, &str)]) -> Files {
        pairs.iter().map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn changed_missing_and_forgotten_files_are_named() {
        let fresh = files(&[("Same.ts", "1"), ("New.ts", "1"), ("Changed.ts", "2")]);
        let kept = files(&[("Same.ts", "1"), ("Old.ts", "1"), ("Changed.ts", "1")]);
        assert_eq!(differences(&fresh, &kept), ["Changed.ts", "New.ts", "Old.ts"]);
        assert!(differences(&fresh, &fresh).is_empty());
    }
}
