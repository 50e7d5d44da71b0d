//! Debian's package, made by Debian's own tools.

use std::path::{Path, PathBuf};

use super::fill;
use super::release::Release;
use super::stage::{self, Package};
use crate::process;
use crate::stop::{Result, Stop};

/// What the program opens by name at run time, where no linker sees it.
const OPENED: &str = "libayatana-appindicator3-1";
/// Not needed to start: a keyring, what opens links, what tells desktops of the scheme, a voice for alerts.
const RECOMMENDED: &str = "Recommends: gnome-keyring | kwalletmanager, xdg-utils, desktop-file-utils, libnotify-bin | notification-daemon";
/// Columns of a description.
const COLUMNS: usize = 76;

/// Packs it; gives the file.
pub(crate) fn pack(package: &Package, release: &Release, to: &Path) -> Result<PathBuf> {
    let architecture = said(process::command("dpkg").arg("--print-architecture"), "dpkg")?;
    let control = package.root.join("DEBIAN");
    stage::write(&control.join("control"), &control_file(package, release, &architecture, to)?)?;
    let mut sums = process::command("sh");
    sums.current_dir(&package.root)
        .args(["-c", "find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum > DEBIAN/md5sums"]);
    process::run(&mut sums)?;
    let file = to.join(format!("{}_{}_{architecture}.deb", package.name, release.version));
    let mut build = process::command("dpkg-deb");
    build.args(["--root-owner-group", "-Zxz", "-z9", "--build"]).arg(&package.root).arg(&file);
    process::run(build.env("SOURCE_DATE_EPOCH", &release.epoch).stdout(std::process::Stdio::null()))?;
    std::fs::remove_dir_all(&control)
        .map_err(|error| Stop::because(format!("{} cannot be removed: {error}.", control.display())))?;
    Ok(file)
}

fn control_file(package: &Package, release: &Release, architecture: &str, to: &Path) -> Result<String> {
    let size = said(process::command("du").args(["-sk", "--exclude=DEBIAN"]).arg(&package.root), "du")?;
    let libraries = libraries(package, to)?;
    let depends = if package.windows { format!("{libraries}, {OPENED}") } else { libraries };
    let text = fill::template(
        "linux/control.in",
        &[
            ("package", &package.name),
            ("version", &release.version),
            ("architecture", architecture),
            ("maintainer", &format!("{} <noreply@localhost>", package.vendor)),
            ("size", size.split_whitespace().next().unwrap_or("0")),
            ("depends", &depends),
            ("recommends", if package.windows { RECOMMENDED } else { "" }),
            ("section", package.section),
            ("summary", &package.summary),
            ("long", &lines(&package.long, " ")),
        ],
    )?;
    // A field that is not there leaves no empty line, which would end the paragraph.
    Ok(text.lines().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect())
}

/// The packages of the libraries that the program was linked with, with the versions that it needs.
fn libraries(package: &Package, to: &Path) -> Result<String> {
    // The tool wants to stand in a source package.
    let folder = stage::fresh(&to.join("shlibdeps"))?;
    stage::write(&folder.join("debian/control"), "Source: x\n\nPackage: x\nArchitecture: any\n")?;
    let mut ask = process::command("dpkg-shlibdeps");
    ask.current_dir(&folder).arg("-O").arg(package.root.join(&package.program));
    let answer = said(&mut ask, "dpkg-shlibdeps (package dpkg-dev)")?;
    answer
        .lines()
        .find_map(|line| line.strip_prefix("shlibs:Depends="))
        .map(str::to_owned)
        .ok_or_else(|| Stop::because("dpkg-shlibdeps named no library."))
}

fn said(command: &mut std::process::Command, who: &str) -> Result<String> {
    let said = process::output(command);
    said.map(|text| text.trim().to_owned()).ok_or_else(|| Stop::because(format!("{who} did not answer.")))
}

/// Text in lines that are not too long, each behind the indent.
pub(crate) fn lines(text: &str, indent: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let full = lines.last().is_some_and(|line| line.chars().count() + word.chars().count() > COLUMNS);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if line.is_empty() { indent } else { " " });
            line.push_str(word);
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_indented_and_wrapped() {
        let text = lines(&"word ".repeat(40), " ");
        assert!(text.lines().count() > 2);
        assert!(text.lines().all(|line| line.starts_with(" word") && line.len() <= COLUMNS + 2));
    }
}
