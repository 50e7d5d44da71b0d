//! Makes a permission of every command and checks the capabilities against them.

const CAPABILITIES: &str = "src-tauri/capabilities/*.json";

macro_rules! commands {
    ($($window:ident { $($name:ident)* })*) => {
        const COMMANDS: &[&str] = &[$($(stringify!($name)),*),*];
    };
}

include!("commands/list.rs");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Tauri watches only the places that it chose itself.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/commands/list.rs");
    println!("cargo:rerun-if-changed=ui/dist");
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes =
        tauri_build::Attributes::new().app_manifest(manifest).capabilities_path_pattern(CAPABILITIES);
    tauri_build::try_build(attributes).map_err(|problem| format!("{problem:#}").into())
}
