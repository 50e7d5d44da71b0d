//! Reading the project's own files, for the commands that look at them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::stop::{Result, Stop};

/// Made by tools or by others; nobody reads rules there.
const SKIPPED: &[&str] = &["node_modules", "dist", "target", "generated"];

/// Every file below with one of these endings, in a fixed order.
pub(crate) fn under(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in list(folder)? {
        if path.is_dir() {
            if !path.file_name().is_some_and(|name| SKIPPED.iter().any(|skipped| name == *skipped)) {
                found.extend(under(&path, endings)?);
            }
        } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
            found.push(path);
        }
    }
    Ok(found)
}

/// What lies in a folder, in a fixed order.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let told = |error: std::io::Error| unreadable(folder, &error);
    let entries = fs::read_dir(folder).map_err(told)?;
    let mut paths =
        entries.map(|entry| entry.map(|entry| entry.path()).map_err(told)).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// A file's text.
pub(crate) fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Stop {
    Stop::because(format!("{} cannot be read: {error}", path.display()))
}
