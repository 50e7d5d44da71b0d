//! Where the system remembers that a file came from elsewhere, a file that is saved says so: then the system itself asks
//! before it runs anything in it. Linux has no such mark that anything heeds; there the file merely cannot be run.

use std::path::Path;

/// Marks it. A disk that keeps no marks is no reason not to save.
#[cfg(windows)]
pub(crate) fn came_from_elsewhere(place: &Path) {
    let mut stream = place.as_os_str().to_owned();
    stream.push(":Zone.Identifier");
    if let Err(error) = std::fs::write(stream, "[ZoneTransfer]\r\nZoneId=3\r\n") {
        tracing::info!(%error, "a saved file bears no mark");
    }
}

/// As above.
#[cfg(target_os = "macos")]
pub(crate) fn came_from_elsewhere(place: &Path) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let mark = format!("0081;{:x};Deskbell;", now.map_or(0, |now| now.as_secs()));
    let mut marking = std::process::Command::new("/usr/bin/xattr");
    let marked = marking.args(["-w", "com.apple.quarantine", &mark]).arg(place).status();
    if !marked.is_ok_and(|status| status.success()) {
        tracing::info!("a saved file bears no mark");
    }
}

/// As above.
#[cfg(not(any(windows, target_os = "macos")))]
pub(crate) fn came_from_elsewhere(_: &Path) {}
