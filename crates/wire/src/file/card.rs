//! A file as its message shows it.
//!
//! What must always hold: a card that was read from anywhere, a desk that lies included, has a tidy name and a type that
//! is one: whoever has a card need not ask where it came from (threats 36, 38).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::FileDigest;
use super::name::tidy_name;

/// Characters of a type.
const MEDIA_CHARS: usize = 127;

/// A file as its message shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Claimed")]
pub struct FileCard {
    /// Tidied: 1 to 200 characters, with its true extension at the end. For people; never a path.
    pub name: String,
    /// Bytes, 1 and up.
    pub size: u64,
    /// What bytes, name and declaration agree on, as `type/subtype`; `application/octet-stream` where nothing is known.
    pub media: String,
    /// Of the whole file.
    pub digest: FileDigest,
}

/// The same, as somebody wrote it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claimed {
    name: String,
    size: u64,
    media: String,
    digest: FileDigest,
}

impl FileCard {
    /// A card whose name and type can be shown anywhere, of a file that somebody calls so.
    pub fn tidied(name: &str, size: u64, media: &str, digest: FileDigest) -> Self {
        let is_one = is_media(media);
        let media = if is_one { media.to_ascii_lowercase() } else { "application/octet-stream".to_owned() };
        Self { name: tidy_name(name, &media), size, media, digest }
    }
}

impl From<Claimed> for FileCard {
    fn from(Claimed { name, size, media, digest }: Claimed) -> Self {
        Self::tidied(&name, size, &media, digest)
    }
}

/// `type/subtype`, without parameters.
fn is_media(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    text.len() <= MEDIA_CHARS && text.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub))
}

impl fmt::Debug for FileCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileCard({} bytes)", self.size)
    }
}
