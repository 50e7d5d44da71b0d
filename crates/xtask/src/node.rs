//! Node and the page's packages.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::stop::{Result, Stop};
use crate::{places, process};

const WANTED: &str =
    "Deskbell's pages are built with Node 20.19 or newer (22.12 or newer in the 22 line) and npm";

/// Node is new enough, npm is there.
pub(crate) fn check() -> Result<()> {
    let said = process::output(process::command("node").arg("--version"));
    let Some(said) = said else {
        return Err(Stop::because(format!(
            "{WANTED}; there is no `node`. See https://nodejs.org/en/download."
        )));
    };
    if !new_enough(&said) {
        return Err(Stop::because(format!("{WANTED}; this is {}.", said.trim())));
    }
    match process::output(process::command("npm").arg("--version")) {
        Some(_) => Ok(()),
        None => Err(Stop::because(format!("{WANTED}; there is no `npm`."))),
    }
}

/// `v20.19.0` → is it enough? As Vite 8 counts it.
fn new_enough(said: &str) -> bool {
    let mut numbers = said.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else { return false };
    match major {
        ..20 | 21 => false,
        20 => minor >= 19,
        22 => minor >= 12,
        _ => true,
    }
}

/// Installs the page's packages where they are missing or older than their lock.
pub(crate) fn install() -> Result<()> {
    if fresh(&places::ui()) {
        return Ok(());
    }
    println!("Installing the page's packages (npm ci in ui/).");
    process::run(&mut process::npm(&["ci", "--no-audit", "--no-fund"]))
}

fn fresh(ui: &Path) -> bool {
    let installed = changed(&ui.join("node_modules/.package-lock.json"));
    match (installed, changed(&ui.join("package-lock.json"))) {
        (Some(installed), Some(lock)) => installed >= lock,
        _ => false,
    }
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|about| about.modified()).ok()
}

/// Builds the pages into ui/dist.
pub(crate) fn build() -> Result<()> {
    process::run(&mut process::npm(&["run", "build"]))
}

/// Builds the pages where a source is newer than what was built: a new ui/dist makes Cargo build the shell again.
pub(crate) fn build_if_changed() -> Result<()> {
    let ui = places::ui();
    let built = changed(&ui.join("dist/visitor/index.html"));
    if built.is_some_and(|built| newest(&ui) <= Some(built)) { Ok(()) } else { build() }
}

/// When the newest source changed; what is made from them does not count.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let sources =
        entries.filter(|entry| !matches!(entry.file_name().to_str(), Some("node_modules" | "dist")));
    sources
        .filter_map(
            |entry| if entry.path().is_dir() { newest(&entry.path()) } else { changed(&entry.path()) },
        )
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sources_count_as_changed() {
        let folder = std::env::temp_dir().join(format!("deskbell-newest-{}", std::process::id()));
        fs::create_dir_all(folder.join("model")).unwrap();
        fs::create_dir_all(folder.join("dist")).unwrap();
        fs::write(folder.join("model/a.ts"), "").unwrap();
        fs::write(folder.join("dist/b.js"), "").unwrap();
        let source = changed(&folder.join("model/a.ts"));
        assert_eq!(newest(&folder), source);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn versions_of_node() {
        for good in ["v20.19.0\n", "v20.20.2", "v22.12.0", "v24.0.1", "v23.0.0"] {
            assert!(new_enough(good), "{good}");
        }
        for bad in ["v18.20.4", "v20.18.3", "v21.7.0", "v22.11.0", "", "what"] {
            assert!(!new_enough(bad), "{bad}");
        }
    }
}
