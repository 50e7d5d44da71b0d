//! The program, started once more: at another desk, or beside this one.
//!
//! What must always hold: the new process knows nothing but its command line, and outlives this one.

use std::io;
use std::process::{Command, Stdio};

use deskbell_api::dto::Locale;
use deskbell_wire::JoinLink;

use crate::arguments::Request;

/// Starts it under a profile; without a desk it goes where the profile remembers.
///
/// # Errors
/// Where the system starts no process.
pub(crate) fn start(request: &Request, profile: &str, desk: Option<&JoinLink>) -> io::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
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
    command.stdin(Stdio::null()).spawn().map(drop)
}

const fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "en",
        Locale::Ru => "ru",
    }
}
