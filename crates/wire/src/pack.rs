//! A site's pack: the folder with its forms, as one archive that a desk gives to its visitors' apps.
//!
//! What must always hold: a pack is known by its bytes alone. Whoever fetches one puts the parts together and believes
//! nothing of it before the digest fits.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::ids::parse_hex;
use crate::limits::PACK_PART_BYTES;

/// SHA-256 of a pack's archive. As text 64 hexadecimal digits, in lower case: there is one way to write it, so that it
/// can name a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PackDigest(pub [u8; 32]);

/// A text that is no [`PackDigest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a pack's digest is 64 hexadecimal digits in lower case")]
pub struct BadDigest;

/// Which pack is a site's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PackRef {
    /// SHA-256 of the archive: 64 hexadecimal digits in lower case.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub digest: PackDigest,
    /// Bytes of the archive, at most 18,826,240.
    pub bytes: u32,
}

/// A part of an archive, as it stands in `told`: base64.
pub fn encode_part(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of a part; `None`: that is none, or one that is larger than [`PACK_PART_BYTES`].
pub fn decode_part(part: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(part).ok()?;
    (bytes.len() <= PACK_PART_BYTES).then_some(bytes)
}

impl fmt::Display for PackDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PackDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PackDigest({self})")
    }
}

impl FromStr for PackDigest {
    type Err = BadDigest;
    fn from_str(text: &str) -> Result<Self, BadDigest> {
        let is_lower = !text.bytes().any(|b| b.is_ascii_uppercase());
        is_lower.then(|| parse_hex(text)).flatten().map(Self).ok_or(BadDigest)
    }
}

impl TryFrom<String> for PackDigest {
    type Error = BadDigest;
    fn try_from(text: String) -> Result<Self, BadDigest> {
        text.parse()
    }
}

impl From<PackDigest> for String {
    fn from(digest: PackDigest) -> Self {
        digest.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_43_a_digest_has_one_way_to_be_written() {
        let text = "0f".repeat(32);
        assert_eq!(text.parse::<PackDigest>().map(|digest| digest.to_string()), Ok(text.clone()));
        let short = "0f".repeat(31);
        let (upper, signs, path) = (text.to_uppercase(), "+1".repeat(32), format!("{short}.."));
        for bad in ["", &short, &upper, &signs, &path, &format!("{text}\n"), &format!("{text}00")] {
            assert_eq!(bad.parse::<PackDigest>(), Err(BadDigest), "{bad}");
        }
    }

    #[test]
    fn threats_43_a_part_is_read_whole_or_not_at_all() {
        let bytes: Vec<u8> = (0..=255).cycle().take(PACK_PART_BYTES).collect();
        assert_eq!(decode_part(&encode_part(&bytes)), Some(bytes));
        assert_eq!(decode_part(""), Some(vec![]));
        let larger = encode_part(&[0; PACK_PART_BYTES + 1]);
        for bad in ["A", "AAA", "A A=", "AA==AA==", &larger] {
            assert_eq!(decode_part(bad), None);
        }
    }
}
