//! What is never opened: all that a system may run, install, mount or render with scripts, and all that is unknown.

use super::kind::{Kind, by_extension, by_media};
use super::name::extension;

/// What a person may do with a file besides saving it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Opening {
    /// The system's program for it may show it.
    Plain,
    /// It may after a warning: such files can hold what harms.
    Warn,
    /// It is only saved.
    Never,
}

const TABLES: [&str; 2] = ["csv", "tsv"];

const LIST: &str = include_str!("danger.txt");

/// Extensions of what a system may run, install, mount, or render with scripts of its own.
pub fn dangerous() -> impl Iterator<Item = &'static str> {
    LIST.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_ascii_whitespace)
}

/// Types that say the same as such an extension.
const DANGEROUS_MEDIA: &[&str] = &[
    "application/x-msdownload",
    "application/x-executable",
    "application/x-mach-binary",
    "application/java-vm",
    "application/x-ms-shortcut",
    "application/wasm",
    "application/vnd.ms-cab-compressed",
    "application/x-rpm",
    "application/x-archive",
    "text/x-shellscript",
    "text/html",
    "application/xhtml+xml",
    "image/svg+xml",
    "text/xml",
    "application/xml",
    "text/javascript",
    "application/javascript",
];

/// What may be done with a file of that name and type: what both allow.
pub fn opening(name: &str, media: &str) -> Opening {
    if is_dangerous(name, media) {
        return Opening::Never;
    }
    let known = extension(name).and_then(|extension| by_extension(&extension));
    match known.map(|known| known.kind) {
        // A table program calculates what stands in them.
        Some(Kind::Text) if known.is_some_and(|known| TABLES.contains(&known.extension)) => Opening::Warn,
        Some(Kind::Image | Kind::Pdf | Kind::Text | Kind::Audio | Kind::Video) => warned_by(media),
        Some(Kind::Document | Kind::Archive) => Opening::Warn,
        Some(Kind::Other) | None => Opening::Never,
    }
}

/// The name is harmless: is what the bytes were found to be?
fn warned_by(media: &str) -> Opening {
    match by_media(media).map(|known| known.kind) {
        Some(Kind::Document | Kind::Archive) => Opening::Warn,
        _ => Opening::Plain,
    }
}

/// Does its extension or its type stand on a list of the dangerous?
pub(super) fn is_dangerous(name: &str, media: &str) -> bool {
    DANGEROUS_MEDIA.contains(&media)
        || extension(name).is_some_and(|extension| is_dangerous_extension(&extension))
}

pub(super) fn is_dangerous_extension(extension: &str) -> bool {
    dangerous().any(|listed| listed == extension)
}
