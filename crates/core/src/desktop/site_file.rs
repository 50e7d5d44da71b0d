//! `site.json`: what a company ships beside the program, so that nobody has to be asked where the desk is.
//!
//! What must always hold: a file that is not wholly understood is not used at all, and what is wrong with it is said
//! with the place; nothing in it is a path out of its own folder.

use deskbell_wire::{BadLink, JoinLink};
use serde_json::{Map, Value};

use super::link::{BadDeepLink, read_desk};

/// A file is never longer, in bytes.
pub const SITE_FILE_BYTES: usize = 64 * 1024;
/// A name is never longer, in Unicode scalar values.
const NAME_CHARS: usize = 60;

/// What the file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteFile {
    /// The edition: its links' scheme, and what its files are called. 2 to 32 of `a–z`, `0–9` and `-`.
    pub id: Option<String>,
    /// What the program is called for people.
    pub name: Option<String>,
    /// Where the desk is.
    pub desk: Option<JoinLink>,
    /// The folder of the chat form, beside the file.
    pub pack: Option<String>,
    /// The colour of buttons and of own messages, `#rrggbb`: by day, and by night.
    pub accent: Option<Accent>,
}

/// A company's colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    /// On light ground.
    pub light: String,
    /// On dark ground.
    pub dark: String,
}

/// Why a file is no [`SiteFile`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSiteFile {
    /// Longer than [`SITE_FILE_BYTES`].
    #[error("the file is longer than {SITE_FILE_BYTES} bytes")]
    TooLong,
    /// Not JSON from here on.
    #[error("not JSON at line {line}, column {column}")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Made for a newer program.
    #[error("made for a newer version of the program")]
    Newer,
    /// This part is missing, of another type, or out of bounds.
    #[error("{0:?} is not as it should be")]
    Part(String),
    /// Nobody knows this part: probably a slip of the pen.
    #[error("{0:?} is not known")]
    Unknown(String),
    /// The desk's link is none.
    #[error("\"desk\": {0}")]
    Desk(BadLink),
}

impl SiteFile {
    /// Reads the file's text.
    ///
    /// # Errors
    /// What is wrong with it, the first thing first.
    pub fn read(text: &[u8]) -> Result<Self, BadSiteFile> {
        if text.len() > SITE_FILE_BYTES {
            return Err(BadSiteFile::TooLong);
        }
        // Editors on Windows write a mark before the first character.
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let value: Value = serde_json::from_slice(text)
            .map_err(|error| BadSiteFile::Json { line: error.line(), column: error.column() })?;
        let Value::Object(mut parts) = value else { return Err(BadSiteFile::Json { line: 1, column: 1 }) };
        check_version(parts.remove("version"))?;
        let id = taken(&mut parts, "id", is_id)?;
        let site = Self {
            name: taken(&mut parts, "name", is_name)?,
            desk: desk(&mut parts, id.as_deref())?,
            pack: taken(&mut parts, "pack", is_folder)?,
            accent: accent(&mut parts)?,
            id,
        };
        match parts.keys().next() {
            Some(unknown) => Err(BadSiteFile::Unknown(shortened(unknown))),
            None => Ok(site),
        }
    }
}

fn check_version(version: Option<Value>) -> Result<(), BadSiteFile> {
    match version.as_ref().and_then(Value::as_u64) {
        Some(1) => Ok(()),
        Some(version) if version > 1 => Err(BadSiteFile::Newer),
        _ => Err(BadSiteFile::Part("version".to_owned())),
    }
}

/// A part that is a text and fits, or is not there.
fn taken(
    parts: &mut Map<String, Value>,
    name: &str,
    fits: fn(&str) -> bool,
) -> Result<Option<String>, BadSiteFile> {
    match parts.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) if fits(&text) => Ok(Some(text)),
        Some(_) => Err(BadSiteFile::Part(name.to_owned())),
    }
}

fn desk(parts: &mut Map<String, Value>, id: Option<&str>) -> Result<Option<JoinLink>, BadSiteFile> {
    let Some(text) = taken(parts, "desk", |_| true)? else { return Ok(None) };
    let link = read_desk(&text, id).map_err(|bad| match bad {
        BadDeepLink::Desk(bad) => BadSiteFile::Desk(bad),
        _ => BadSiteFile::Desk(BadLink::Shape),
    })?;
    Ok(Some(link))
}

fn accent(parts: &mut Map<String, Value>) -> Result<Option<Accent>, BadSiteFile> {
    let mut colors = match parts.remove("colors") {
        None => return Ok(None),
        Some(Value::Object(colors)) => colors,
        Some(_) => return Err(BadSiteFile::Part("colors".to_owned())),
    };
    let light = taken(&mut colors, "accent", is_color)?;
    let dark = taken(&mut colors, "accent_dark", is_color)?;
    if let Some(unknown) = colors.keys().next() {
        return Err(BadSiteFile::Unknown(shortened(unknown)));
    }
    match (light, dark) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(BadSiteFile::Part("accent".to_owned())),
        (Some(light), dark) => Ok(Some(Accent { dark: dark.unwrap_or_else(|| light.clone()), light })),
    }
}

fn is_id(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (2..=32).contains(&text.len()) && plain && text.starts_with(|first: char| first.is_ascii_lowercase())
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= NAME_CHARS && !text.chars().any(is_unseen)
}

/// Controls, and what turns the direction of writing: a title with them reads as something else.
fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One folder's name: it lies beside the file and nowhere else.
fn is_folder(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    (1..=64).contains(&text.chars().count()) && text.chars().all(plain) && !text.starts_with('.')
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// What a file says goes into a sentence: a name's length of it, and nothing unseen.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| !is_unseen(*c)).take(NAME_CHARS).collect()
}
