//! The package of Fedora, openSUSE and their kind, made by rpmbuild.

use std::path::{Path, PathBuf};

use super::release::Release;
use super::stage::{self, Package};
use super::{deb, fill};
use crate::stop::{Result, Stop};
use crate::{process, sources};

/// The tray's library is opened by name; the rest as in Debian's package.
const RECOMMENDED: &str =
    "Recommends: libayatana-appindicator-gtk3\nRecommends: xdg-utils\nRecommends: gnome-keyring";

/// Packs it; gives the file.
pub(crate) fn pack(package: &Package, release: &Release, to: &Path) -> Result<PathBuf> {
    let top = stage::fresh(&to.join("rpmbuild"))?;
    let spec = top.join(format!("{}.spec", package.name));
    stage::write(&spec, &spec_file(package, release)?)?;
    let mut build = process::command("rpmbuild");
    build.args(["-bb", "--quiet", "--define"]).arg(format!("_topdir {}", top.display()));
    for define in [
        "use_source_date_epoch_as_buildtime 1",
        "clamp_mtime_to_source_date_epoch 1",
        "_buildhost localhost",
        "_binary_payload w9.xzdio",
    ] {
        build.args(["--define", define]);
    }
    process::run(build.arg(&spec).env("SOURCE_DATE_EPOCH", &release.epoch))?;
    let built = sources::under(&top.join("RPMS"), &["rpm"])?;
    let [built] = built.as_slice() else { return Err(Stop::because("rpmbuild left no package.")) };
    let file = to.join(built.file_name().unwrap_or_default());
    std::fs::rename(built, &file)
        .map_err(|error| Stop::because(format!("{} cannot be written: {error}.", file.display())))?;
    Ok(file)
}

fn spec_file(package: &Package, release: &Release) -> Result<String> {
    let mut files = Vec::new();
    list(&package.root, &package.root, &mut files)?;
    fill::template(
        "linux/package.spec.in",
        &[
            ("package", &package.name),
            ("version", &release.version),
            ("summary", &package.summary.replace('%', "%%")),
            ("vendor", &package.vendor.replace('%', "%%")),
            ("recommends", if package.windows { RECOMMENDED } else { "" }),
            ("long", &deb::lines(&package.long.replace('%', "%%"), "")),
            ("root", &package.root.to_string_lossy()),
            ("files", &files.join("\n")),
        ],
    )
}

/// Every file; of the folders only ours, the others belong to the system.
fn list(root: &Path, folder: &Path, files: &mut Vec<String>) -> Result<()> {
    for path in sources::list(folder)? {
        let below = path.strip_prefix(root).unwrap_or(&path);
        if !path.is_dir() {
            files.push(format!("\"/{}\"", below.display()));
            continue;
        }
        let parent = below.parent().unwrap_or(Path::new(""));
        if is_ours(parent) {
            files.push(format!("%dir \"/{}\"", below.display()));
        }
        list(root, &path, files)?;
    }
    Ok(())
}

/// Does a folder below this one belong to the package?
fn is_ours(parent: &Path) -> bool {
    ["usr/lib", "usr/share/doc"].iter().any(|ours| parent.starts_with(ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_of_ours_belong_to_the_package() {
        assert!(is_ours(Path::new("usr/lib")) && is_ours(Path::new("usr/lib/Lamp House/pack")));
        assert!(is_ours(Path::new("usr/share/doc")));
        assert!(!is_ours(Path::new("usr/share")) && !is_ours(Path::new("usr/share/icons/hicolor")));
    }
}
