//! The program, started once more: at another desk, or beside this one.
//!
//! What must always hold: the new process knows nothing but its command line, and outlives this one.

use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use deskbell_api::dto::Locale;
use deskbell_wire::JoinLink;

use crate::arguments::Request;

/// Starts it under a profile; without a desk it goes where the profile remembers.
///
/// # Errors
/// Where the system starts no process.
pub(crate) fn start(request: &Request, profile: &str, desk: Option<&JoinLink>) -> io::Result<()> {
    let mut command = Command::new(program()?);
    command.args([request.face.word(), "--profile", profile]);
    command.args(["--lang", language(request.locale)]);
    if let Some(data) = &request.data {
        command.arg("--data").arg(data);
    }
    if let Some(file) = request.site.named() {
        command.arg("--site").arg(file);
    }
    if let Some(link) = desk {
        command.args(["--desk", &link.to_string()]);
    }
    let mut child = command.stdin(Stdio::null()).spawn()?;
    // What has ended is forgotten by the system only once somebody has asked.
    thread::Builder::new().name("beside".to_owned()).spawn(move || child.wait())?;
    Ok(())
}

/// The program, as the system finds it again: an AppImage runs from elsewhere than it lies, and not for long.
///
/// # Errors
/// Where the system does not say.
pub(crate) fn program() -> io::Result<PathBuf> {
    match std::env::var_os("APPIMAGE") {
        Some(image) if cfg!(target_os = "linux") => Ok(PathBuf::from(image)),
        _ => std::env::current_exe(),
    }
}

const fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "en",
        Locale::Ru => "ru",
    }
}
