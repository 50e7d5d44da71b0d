//! Templates: `@name@` stands for a value.
//!
//! What must always hold: a template with a name that has no value is a mistake, never a file with a hole.

use crate::stop::{Result, Stop};
use crate::{places, sources};

/// A template of packaging/ with its values filled in.
pub(crate) fn template(file: &str, values: &[(&str, &str)]) -> Result<String> {
    let text = sources::text(&places::root().join("packaging").join(file))?;
    fill(&text, values).map_err(|name| Stop::because(format!("packaging/{file}: nobody knows `@{name}@`.")))
}

/// A text of our own with its values filled in.
pub(crate) fn text(text: &str, values: &[(&str, &str)]) -> Result<String> {
    fill(text, values).map_err(|name| Stop::because(format!("Nobody knows `@{name}@`.")))
}

fn fill(text: &str, values: &[(&str, &str)]) -> std::result::Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, name, after)) = next(rest) {
        let value = values.iter().find(|(known, _)| *known == name).ok_or_else(|| name.to_owned())?;
        out.push_str(before);
        out.push_str(value.1);
        rest = after;
    }
    Ok(out + rest)
}

/// The text before the first `@name@`, the name, and the text behind it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    for (at, _) in text.match_indices('@') {
        let (before, behind) = (text.get(..at)?, text.get(at + 1..)?);
        if let Some((name, after)) = behind.split_once('@')
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        {
            return Some((before, name, after));
        }
    }
    None
}

/// As XML writes a text.
pub(crate) fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// As troff writes a text inside a line.
pub(crate) fn troff(text: &str) -> String {
    text.replace('\\', "\\e").replace('"', "\\(dq").replace('-', "\\-")
}

/// As a .desktop file writes a text: a backslash begins an escape there.
pub(crate) fn entry(text: &str) -> String {
    text.replace('\\', "\\\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_value_is_no_file() {
        let values = [("id", "lamp"), ("date", "today")];
        assert_eq!(fill("@id@ a@b.example @date@", &values), Ok("lamp a@b.example today".to_owned()));
        assert_eq!(fill("@id@ @nobody@", &values), Err("nobody".to_owned()));
        assert_eq!(fill("@@ @ @", &values), Ok("@@ @ @".to_owned()));
    }

    #[test]
    fn values_are_written_as_their_file_wants_them() {
        assert_eq!(xml("a<b & \"c\""), "a&lt;b &amp; &quot;c&quot;");
        assert_eq!(troff("a-b\\"), "a\\-b\\e");
        assert_eq!(entry("a\\b"), "a\\\\b");
    }
}
