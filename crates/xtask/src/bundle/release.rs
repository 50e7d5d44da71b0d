//! Which version is packed, and of when: the same commit gives the same packages.

use crate::stop::{Result, Stop};
use crate::{places, process, sources};

/// A version and its day.
pub(crate) struct Release {
    /// As Cargo.toml says.
    pub(crate) version: String,
    /// The last commit's day, such as 2026-01-31; today outside of a checkout.
    pub(crate) date: String,
    /// The same moment in seconds since 1970: no file in a package is younger.
    pub(crate) epoch: String,
}

impl Release {
    /// Of this checkout.
    pub(crate) fn this() -> Result<Self> {
        let manifest = sources::text(&places::root().join("Cargo.toml"))?;
        let version = version(&manifest).ok_or_else(|| Stop::because("Cargo.toml says no version."))?;
        let git = |format: &str| process::output(process::command("git").args(["log", "-1", format]));
        let today = |format: &str| process::output(process::command("date").args(["-u", format]));
        let said = |text: Option<String>| text.map(|text| text.trim().to_owned()).unwrap_or_default();
        Ok(Self {
            version,
            date: said(git("--format=%cs").or_else(|| today("+%Y-%m-%d"))),
            epoch: said(git("--format=%ct").or_else(|| today("+%s"))),
        })
    }
}

/// The workspace's, which every crate takes over.
fn version(manifest: &str) -> Option<String> {
    let section = manifest.split("[workspace.package]").nth(1)?;
    let line = section.lines().find_map(|line| line.strip_prefix("version = \""))?;
    Some(line.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_workspaces() {
        let manifest =
            "[package]\nversion = \"9\"\n[workspace.package]\nversion = \"0.2.0\"\nedition = \"2024\"\n";
        assert_eq!(version(manifest).as_deref(), Some("0.2.0"));
        assert!(Release::this().is_ok_and(|release| !release.version.is_empty()));
    }
}
