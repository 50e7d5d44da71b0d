//! Windows, macOS and the AppImage: by Tauri's bundler. Written beside the rest, and run by nobody yet.

use std::path::PathBuf;

use super::brand::Brand;
use super::stage;
use crate::stop::Result;
use crate::{node, places, process, sources};

/// What is looked for below Tauri's folder of bundles.
const ENDINGS: &[&str] = &["exe", "msi", "dmg", "AppImage", "sig", "gz"];

/// Builds and packs whatever this system can; gives the files.
pub(crate) fn make(brand: &Brand) -> Result<Vec<PathBuf>> {
    node::install()?;
    let to = places::programs("bundle")?;
    let icons = stage::draw(brand, &to)?;
    let mut build = process::command(places::ui().join("node_modules/.bin/tauri"));
    build.arg("build");
    if let Some(site) = brand.site_json() {
        let file = to.join("site.json");
        stage::write(&file, &site)?;
        build.args(["--config", &brand.overlay(&icons), "--config", &resources(brand, &file)]);
    }
    process::run(&mut build)?;
    sources::under(&places::programs("release")?.join("bundle"), ENDINGS)
}

/// The file about the site and its form, into the folder of the program's own files.
fn resources(brand: &Brand, file: &std::path::Path) -> String {
    let quoted = |path: &std::path::Path| super::json::quoted(&path.to_string_lossy());
    let mut all = vec![format!("{}:\"site.json\"", quoted(file))];
    if let Some(pack) = brand.site.as_ref().and_then(|site| site.pack.as_ref()) {
        all.push(format!("{}:\"pack\"", quoted(pack)));
    }
    format!("{{\"bundle\":{{\"resources\":{{{}}}}}}}", all.join(","))
}
