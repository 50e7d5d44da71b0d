//! Cargo's own tools that tests need.

use crate::process;
use crate::stop::Result;

const TOOLS: &[&str] = &["nextest", "deny"];

/// Installs those that are missing into Cargo's own folder.
pub(crate) fn install() -> Result<()> {
    for tool in TOOLS.iter().filter(|tool| !there(tool)) {
        println!("Installing cargo-{tool} (cargo install --locked; takes a few minutes, once).");
        process::run(process::cargo().args(["install", "--locked", &format!("cargo-{tool}")]))?;
    }
    Ok(())
}

fn there(tool: &str) -> bool {
    process::output(process::cargo().args([tool, "--version"])).is_some()
}
