//! Windows, macOS and the AppImage: by Tauri's bundler, with what it does not know laid over its configuration.
//!
//! Written beside the rest and run by nobody yet: the workflow .github/workflows/bundles.yml starts it.

use std::path::{Path, PathBuf};

use super::brand::Brand;
use super::release::Release;
use super::stage::Values;
use super::{fill, json, stage};
use crate::stop::Result;
use crate::{node, places, process, sources};

/// What is looked for below Tauri's folder of bundles.
const ENDINGS: &[&str] = &["exe", "dmg", "AppImage", "sig", "gz"];
/// Which bundles; the other systems' are in tauri.conf.json.
const HERE: &str = if cfg!(windows) {
    "nsis"
} else if cfg!(target_os = "macos") {
    "app,dmg"
} else {
    "appimage"
};

/// Builds and packs what this system can; gives the files. `updates` is laid over the configuration, too: where the
/// program looks for updates, and whose signature it believes.
pub(super) fn make(brand: &Brand, updates: Option<&Path>) -> Result<Vec<PathBuf>> {
    node::install()?;
    let to = places::programs("bundle")?;
    let icons = stage::draw(brand, &to)?;
    let mut build = process::command(places::ui().join("node_modules/.bin/tauri"));
    build.args(["build", "--ci", "--bundles", HERE, "--config", &brand.overlay(&icons)]);
    build.args(["--config", &parts(brand, &to)?]);
    if let Some(updates) = updates {
        build.arg("--config").arg(updates).args(["--features", "updates"]);
    }
    process::run(&mut build)?;
    sources::under(&places::programs("release")?.join("bundle"), ENDINGS)
}

/// The URL scheme, as each system wants to be told of it, and what the program finds beside itself.
fn parts(brand: &Brand, to: &Path) -> Result<String> {
    let values = Values::of(brand, &Release::this()?)?;
    let write = |name: &str, text: &str| {
        let file = to.join(format!("{}-{name}", brand.id));
        stage::write(&file, text).map(|()| json::quoted(&file.to_string_lossy()))
    };
    let hooks = write("hooks.nsh", &values.hooks()?)?;
    let list = write("Info.plist", &values.property_list()?)?;
    // Tauri's bundler takes the launcher of the AppImage from what it would put into a .deb.
    let launcher = write("launcher.desktop", &values.desktop_file()?)?;
    let (mut files, mut resources) = (Vec::new(), Vec::new());
    if let Some(site) = brand.site_json() {
        let file = write("site.json", &site)?;
        files.push(format!("{}:{file}", json::quoted(&format!("/usr/lib/{}/site.json", brand.id))));
        resources.push(format!("{file}:\"site.json\""));
    }
    if let Some(pack) = brand.pack() {
        let folder = json::quoted(&pack.to_string_lossy());
        files.push(format!("{}:{folder}", json::quoted(&format!("/usr/lib/{}/pack", brand.id))));
        resources.push(format!("{folder}:\"pack\""));
    }
    // An AppImage's own folder stands for /usr; the others keep resources where the program looks for them.
    let resources = if cfg!(target_os = "linux") { String::new() } else { resources.join(",") };
    fill::text(
        PARTS,
        &[
            ("id", &json::quoted(&brand.id)),
            ("hooks", &hooks),
            ("list", &list),
            ("launcher", &launcher),
            ("files", &files.join(",")),
            ("resources", &resources),
        ],
    )
}

const PARTS: &str = r#"{"mainBinaryName":@id@,"bundle":{"resources":{@resources@},
"windows":{"nsis":{"installerHooks":@hooks@}},"macOS":{"infoPlist":@list@},
"linux":{"deb":{"desktopTemplate":@launcher@},"appimage":{"files":{@files@}}}}}"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_laid_over_the_configuration_is_json() {
        let to = std::env::temp_dir().join(format!("deskbell-parts-{}", std::process::id()));
        for brand in
            [Brand::own(), Brand::read(&places::root().join("packaging/example/brand.json")).unwrap()]
        {
            let parts = parts(&brand, &to).unwrap();
            assert!(json::read(&parts).is_ok(), "{parts}");
            assert_eq!(parts.contains("site.json"), brand.site_json().is_some());
        }
        std::fs::remove_dir_all(to).unwrap();
    }
}
