//! The tests in real windows as a program, for commands that start one of them in surroundings of their own.

use std::path::PathBuf;
use std::process::Stdio;

use crate::process;
use crate::stop::{Result, Stop};

/// Compiles them; gives the program.
pub(crate) fn build() -> Result<PathBuf> {
    let mut build = process::cargo();
    build.args([
        "test",
        "--workspace",
        "--locked",
        "--test",
        "windows",
        "--no-run",
        "--message-format",
        "json",
    ]);
    let built =
        build.stderr(Stdio::inherit()).output().map_err(|error| Stop::because(format!("Cargo: {error}.")))?;
    process::check(&build, built.status)?;
    program(&String::from_utf8_lossy(&built.stdout))
        .ok_or_else(|| Stop::because("Cargo does not say where the tests in real windows lie."))
}

/// In what Cargo says, one line about each thing that it made.
fn program(said: &str) -> Option<PathBuf> {
    let line = said
        .lines()
        .find(|line| line.contains("\"name\":\"windows\"") && line.contains("\"kind\":[\"test\"]"));
    let (_, rest) = line?.split_once("\"executable\":\"")?;
    rest.split('"').next().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_stands_in_the_line_of_its_target() {
        let said = "{\"reason\":\"compiler-artifact\",\"target\":{\"kind\":[\"test\"],\"name\":\"other\"},\"executable\":\"/o\"}\n\
                    {\"reason\":\"compiler-artifact\",\"target\":{\"kind\":[\"test\"],\"name\":\"windows\"},\"executable\":\"/w-1\",\"fresh\":true}";
        assert_eq!(program(said), Some(PathBuf::from("/w-1")));
        assert_eq!(program("{\"name\":\"windows\"}"), None);
    }
}
