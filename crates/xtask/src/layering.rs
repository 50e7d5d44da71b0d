//! `cargo xtask layering`: which crate may look at which, and at nothing else.
//!
//! The table in `plan` is the house's plan. ESLint holds the same for ui/ (ui/layers.js), with a real parser of its
//! language.

mod manifest;
mod plan;

use std::path::PathBuf;

use crate::arguments::Arguments;
use crate::stop::{Result, Stop};
use crate::{places, sources};

/// The command.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    check()
}

/// Every manifest, and the shell's one door to the desk.
pub(crate) fn check() -> Result<()> {
    let mut wrong = Vec::new();
    for path in manifests()? {
        wrong.extend(plan::breaches(&manifest::read(&sources::text(&path)?)));
    }
    for path in sources::under(&places::root().join("src-tauri"), &["rs"])? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        wrong.extend(plan::opens_the_desk(&name, &sources::text(&path)?));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Stop::because(wrong.join("\n"))) }
}

fn manifests() -> Result<Vec<PathBuf>> {
    let root = places::root();
    let crates = sources::list(&root.join("crates"))?.into_iter().map(|folder| folder.join("Cargo.toml"));
    let rest = ["Cargo.toml", "tests/Cargo.toml"].map(|name| root.join(name));
    Ok(crates.filter(|path| path.is_file()).chain(rest).collect())
}
