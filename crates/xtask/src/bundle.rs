//! `cargo xtask bundle`: the packages that people install.
//!
//! On Linux they are made by the systems' own tools from files that are laid out here; on Windows and macOS by Tauri's
//! bundler, which nobody has run with this project yet. A brand's file (docs/packaging.md) gives another name, icon,
//! colours and desk to the same program.

pub(crate) mod brand;
mod deb;
mod elsewhere;
pub(crate) mod fill;
mod json;
pub(crate) mod release;
mod rpm;
pub(crate) mod stage;

use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::packages::Need;
use crate::stop::{Result, Stop};
use crate::{interrupt, node, places, process, setup};
use brand::Brand;
use release::Release;
use stage::Package;

/// A .deb is never larger, in bytes.
const MOST: u64 = 12_000_000;

/// The command.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let brand = arguments.value("--brand")?;
    let updates = arguments.value("--updates")?;
    let (built, elsewhere) = (arguments.flag("--built"), arguments.flag("--appimage"));
    arguments.finish()?;
    interrupt::watch();
    let brand = brand.map_or_else(|| Ok(Brand::own()), |file| Brand::read(Path::new(&file)))?;
    let files = if elsewhere || !cfg!(target_os = "linux") {
        elsewhere::make(&brand, updates.as_deref().map(Path::new))?
    } else {
        make(&brand, built)?
    };
    for file in files {
        println!("{:>9.2} MB  {}", size(&file) as f64 / 1e6, file.display());
    }
    Ok(())
}

/// Builds unless that is done, and packs; gives the files, the app's .deb first. Where a .deb is too large it is an error.
pub(crate) fn make(brand: &Brand, built: bool) -> Result<Vec<PathBuf>> {
    setup::ensure(Need::Packages)?;
    let (release, to) = (Release::this()?, places::programs("bundle")?);
    let icons = stage::draw(brand, &to)?;
    if !built {
        build(brand, &icons)?;
    }
    let mut packages = vec![stage::app(brand, &release, &icons, &to)?];
    if brand.site.is_none() {
        packages.push(stage::server(&release, &to)?);
    }
    let mut files = Vec::new();
    for package in &packages {
        files.extend(pack(package, &release, &to)?);
    }
    Ok(files)
}

fn pack(package: &Package, release: &Release, to: &Path) -> Result<[PathBuf; 2]> {
    let deb = deb::pack(package, release, to)?;
    if size(&deb) > MOST {
        return Err(Stop::because(format!("{} is larger than {} MB.", deb.display(), MOST / 1_000_000)));
    }
    Ok([deb, rpm::pack(package, release, to)?])
}

/// Name, identifier and icon are compiled in: Tauri's build reads them from that variable, laid over its own file.
fn build(brand: &Brand, icons: &Path) -> Result<()> {
    node::build_if_changed()?;
    let mut build = process::cargo();
    build.args(["build", "--release", "--locked", "--package", "deskbell", "--bin", "deskbell"]);
    match brand.site {
        Some(_) => build.env("TAURI_CONFIG", brand.overlay(icons)),
        None => build.args(["--package", "deskbell-server", "--bin", "deskbell-server"]),
    };
    process::run(&mut build)
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |file| file.len())
}
