//! Paths inside a pack.
//!
//! What must always hold: a pack's own paths are relative, have `/` between their parts, and mean the same file on
//! every system, however it composes letters; a path that somebody wrote down is resolved as a browser resolves it and
//! never leads outside.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::text::steers;

/// An archive has room for a name of so many bytes,
const NAME_BYTES: usize = 100;
/// and for the folders before it of so many.
const FOLDERS_BYTES: usize = 155;

/// Where a path leads that is named in a file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// To this place inside the pack, whether something is there or not.
    Inside(String),
    /// Out of the pack's folder.
    Outside,
    /// To the root of a website or of a disk.
    Absolute,
    /// To another place on the web.
    Web,
}

/// Where `named` leads from a file in `folder` (empty for the pack's own).
pub(crate) fn resolve(folder: &str, named: &str) -> Target {
    let named = named.trim_matches([' ', '\t', '\r', '\n', '\x0c']);
    let bare = decoded(named.split(['?', '#']).next().unwrap_or_default());
    if has_drive(&bare) {
        return Target::Absolute;
    }
    if has_scheme(named) || named.starts_with("//") || named.starts_with(r"\\") {
        return Target::Web;
    }
    if bare.starts_with(['/', '\\']) {
        return Target::Absolute;
    }
    climbed(folder, &composed(&bare)).map_or(Target::Outside, Target::Inside)
}

/// With composed letters (NFC), as all names in a pack are: some systems write й as и and a breve, and look the same.
pub(crate) fn composed(path: &str) -> Cow<'_, str> {
    const { ComposingNormalizerBorrowed::new_nfc() }.normalize(path)
}

/// What two paths have in common that a system may take for one, for which case makes no difference.
pub(crate) fn folded(path: &str) -> String {
    // By way of capitals: several small letters may share one.
    path.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

fn climbed(folder: &str, bare: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    // Windows' web views take a backslash for a slash; it must not climb out where nobody looks.
    for part in bare.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn has_scheme(named: &str) -> bool {
    named.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

fn has_drive(named: &str) -> bool {
    let mut chars = named.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':')
}

/// Percent signs decoded; as it is where that is no UTF-8.
fn decoded(named: &str) -> String {
    let mut bytes = Vec::with_capacity(named.len());
    let mut rest = named.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.filter(|_| first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if hex.is_some_and(|hex| !hex.starts_with('+')) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| named.to_owned())
}

/// The folder of a file; empty for one in the pack's own.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Whether a file or folder of this name is no part of a pack: hidden ones and `node_modules`.
pub(crate) fn is_left_out(name: &str) -> bool {
    name.starts_with('.') || name == "node_modules"
}

/// Why this cannot be the path of a file in a pack, if so.
pub(crate) fn objection(path: &str) -> Option<&'static str> {
    path.split('/').find_map(part_objection).or_else(|| (!fits(path)).then_some("its path is too long"))
}

/// Whether an archive has room for it.
fn fits(path: &str) -> bool {
    path.len() <= NAME_BYTES
        || path.match_indices('/').any(|(at, _)| at <= FOLDERS_BYTES && path.len() - at - 1 <= NAME_BYTES)
}

fn part_objection(part: &str) -> Option<&'static str> {
    if part.is_empty() || is_left_out(part) {
        return Some("its path is not a plain one");
    }
    if composed(part) != part {
        return Some("its letters are not composed");
    }
    if part.chars().any(|c| steers(c) || "\\:*?\"<>|".contains(c)) {
        return Some("its name has a character that means something else on other systems");
    }
    if part.ends_with(['.', ' ']) {
        return Some("its name ends with a dot or a space");
    }
    is_device(part).then_some("Windows keeps its name for a device")
}

/// Whether Windows keeps a file's name for a device (`con`, `com1.tar`), whatever it ends with.
pub fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    match stem.as_str() {
        "con" | "prn" | "aux" | "nul" | "conin$" | "conout$" => true,
        stem => {
            let number = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
            number.is_some_and(|number| {
                number.chars().count() == 1 && number.contains(|c| "123456789¹²³".contains(c))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_resolve_as_in_a_browser() {
        let inside = |path: &str| Target::Inside(path.to_owned());
        for (folder, named, target) in [
            ("", "form.js", inside("form.js")),
            ("desk", "./tpls/a.html", inside("desk/tpls/a.html")),
            ("desk", "../common/a.css", inside("common/a.css")),
            ("desk", "a.js?v=3", inside("desk/a.js")),
            ("", "my%20form.js", inside("my form.js")),
            ("", "100%.js", inside("100%.js")),
            ("", "%+1.js", inside("%+1.js")),
            ("desk", "../../a.js", Target::Outside),
            ("desk", r"..\..\a.js", Target::Outside),
            ("desk", "%2e%2e/%2e%2e/a.js", Target::Outside),
            ("", "/a.js", Target::Absolute),
            ("", r"C:\a.js", Target::Absolute),
            ("", "//cdn.example/a.js", Target::Web),
            ("", "https://cdn.example/a.js", Target::Web),
            ("", "data:text/css,a", Target::Web),
        ] {
            assert_eq!(resolve(folder, named), target, "{folder:?} {named:?}");
        }
    }

    #[test]
    fn threats_38_a_name_that_means_something_else_elsewhere_is_no_path() {
        for path in [
            "nul",
            "Aux.js",
            "a/com1.txt",
            "lpt².html",
            "a\\b",
            "a:b",
            "a./b",
            "a ",
            "a\nb",
            "a//b",
            "/a",
            "",
        ] {
            assert!(objection(path).is_some(), "{path:?}");
        }
        for path in ["a.js", "console.js", "common/com10.js", "шаблоны/чат (копия).html", "nullable.css"]
        {
            assert_eq!(objection(path), None, "{path:?}");
        }
    }
}
