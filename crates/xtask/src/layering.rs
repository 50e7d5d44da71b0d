//! `cargo xtask layering`: which crate may look at which, and at nothing else.
//!
//! The table here is the house's plan. ESLint holds the same for ui/ (ui/layers.js), with a real parser of its language.

mod manifest;
mod rules;

use std::fs;
use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::places;
use crate::stop::{Result, Stop};

/// The command.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    check()
}

/// Every manifest, and the shell's one door to the desk.
pub(crate) fn check() -> Result<()> {
    let mut wrong = Vec::new();
    for path in manifests()? {
        wrong.extend(rules::breaches(&manifest::read(&text(&path)?)));
    }
    for path in shell()? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        wrong.extend(rules::opens_the_desk(&name, &text(&path)?));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Stop::because(wrong.join("\n"))) }
}

fn manifests() -> Result<Vec<PathBuf>> {
    let root = places::root();
    let crates = list(&root.join("crates"))?.into_iter().map(|folder| folder.join("Cargo.toml"));
    Ok(crates
        .filter(|path| path.is_file())
        .chain(["Cargo.toml", "tests/Cargo.toml"].map(|name| root.join(name)))
        .collect())
}

/// The shell's sources, its folders' too.
fn shell() -> Result<Vec<PathBuf>> {
    let mut folders = vec![places::root().join("src-tauri")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in list(&folder)? {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                sources.push(path);
            }
        }
    }
    Ok(sources)
}

fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let told = |error: std::io::Error| Stop::because(format!("{} cannot be read: {error}", folder.display()));
    fs::read_dir(folder).map_err(told)?.map(|entry| entry.map(|entry| entry.path()).map_err(told)).collect()
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path)
        .map_err(|error| Stop::because(format!("{} cannot be read: {error}", path.display())))
}
