//! Other programs: started in the root, waited for, and ended with us.

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::stop::{Result, Stop};
use crate::{interrupt, places};

/// How often waiting looks up.
pub(crate) const GLANCE: Duration = Duration::from_millis(50);
/// After Ctrl-C: how long a child may take by itself, and again after it was asked.
const PATIENCE: Duration = Duration::from_secs(5);

/// A program, to be started in the root without a keyboard.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(places::root()).stdin(Stdio::null());
    // `cargo run` told us about our own package; a build script that watches these would build all again.
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_NAME", "CARGO_CRATE_NAME"]
            .iter()
            .any(|ours| starts(&name, ours))
        {
            command.env_remove(name);
        }
    }
    command
}

fn starts(name: &std::ffi::OsStr, with: &str) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(with))
}

/// The Cargo that started us.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// npm, in ui/.
pub(crate) fn npm(words: &[&str]) -> Command {
    let mut command = command("npm");
    command.current_dir(places::ui()).args(words);
    command
}

/// How a command looks on a terminal.
pub(crate) fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let all = std::iter::once(program).chain(command.get_args());
    all.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Runs it; an exit code other than 0 is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = wait(&mut start(command)?)?;
    check(command, status)
}

/// Starts it.
pub(crate) fn start(command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|error| Stop::because(format!("`{}` does not start: {error}", words(command))))
}

/// An exit code other than 0 is an error; after Ctrl-C it is the interruption.
pub(crate) fn check(command: &Command, status: ExitStatus) -> Result<()> {
    match status {
        _ if interrupt::asked() => Err(Stop::interrupted()),
        status if status.success() => Ok(()),
        status => Err(Stop::because(format!("`{}` ended with {status}.", words(command)))),
    }
}

/// Waits for a child; after Ctrl-C not for ever.
pub(crate) fn wait(child: &mut Child) -> Result<ExitStatus> {
    while !interrupt::asked() {
        if let Some(status) = look(child)? {
            return Ok(status);
        }
        sleep(GLANCE);
    }
    end(child)
}

/// Has it ended?
pub(crate) fn look(child: &mut Child) -> Result<Option<ExitStatus>> {
    child.try_wait().map_err(|error| Stop::because(format!("A program cannot be waited for: {error}")))
}

/// Ends a child that heard Ctrl-C: waits, asks, and in the end kills.
pub(crate) fn end(child: &mut Child) -> Result<ExitStatus> {
    if let Some(status) = wait_until(child, Instant::now() + PATIENCE)? {
        return Ok(status);
    }
    ask(child);
    if let Some(status) = wait_until(child, Instant::now() + PATIENCE)? {
        return Ok(status);
    }
    child.kill().ok();
    child.wait().map_err(|error| Stop::because(format!("A program cannot be ended: {error}")))
}

/// Asks a child to end (SIGTERM), as a shell does.
pub(crate) fn ask(child: &Child) {
    command("sh").args(["-c", &format!("kill -TERM {}", child.id())]).stderr(Stdio::null()).status().ok();
}

fn wait_until(child: &mut Child, deadline: Instant) -> Result<Option<ExitStatus>> {
    while Instant::now() < deadline {
        if let Some(status) = look(child)? {
            return Ok(Some(status));
        }
        sleep(GLANCE);
    }
    Ok(None)
}

/// What a program prints, where it is there and works.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
