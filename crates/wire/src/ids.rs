//! Identities. Each is a type of its own, so that one can never stand where another belongs.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The place of an event in its stream: 1, 2, 3 … without holes. 0 means "before the first".
pub type Seq = u64;

macro_rules! uuid_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_id!(
    /// A visitor of a site; made on the visitor's device at first start (UUIDv4).
    VisitorId
);
uuid_id!(
    /// One installation of the app under one profile (UUIDv4).
    DeviceId
);
uuid_id!(
    /// Names one entry of one device for life, over every retry (UUIDv4). With the device it is the dedup key.
    Uid
);
uuid_id!(
    /// Names an upload of one device for life (UUIDv4): the uid of the entry that carries the file.
    FileId
);
uuid_id!(
    /// Made by the desk when an event is committed (UUIDv7).
    MessageId
);
uuid_id!(
    /// The span between an `opened` and a `closed` event of a stream (UUIDv7).
    ChatId
);
uuid_id!(
    /// An operator of the desk (UUIDv4).
    OperatorId
);
uuid_id!(
    /// One life of a desk's database; every restore or import makes a new one (128 random bits).
    Epoch
);

/// A group of operators of a site ("Sales", "Support"); made by the desk, never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GroupId(pub u32);

/// Milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// The key of a site: 1 to 64 of `a–z`, `0–9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SiteKey(String);

/// Why a text is no [`SiteKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a site key has 1 to 64 of a-z, 0-9 and -")]
pub struct BadSiteKey;

impl SiteKey {
    /// The site that a desk has from its first start.
    pub fn main() -> Self {
        Self("main".to_owned())
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SiteKey {
    type Error = BadSiteKey;
    fn try_from(text: String) -> Result<Self, BadSiteKey> {
        let fits = (1..=64).contains(&text.len());
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits && plain { Ok(Self(text)) } else { Err(BadSiteKey) }
    }
}

impl std::str::FromStr for SiteKey {
    type Err = BadSiteKey;
    fn from_str(text: &str) -> Result<Self, BadSiteKey> {
        Self::try_from(text.to_owned())
    }
}

impl From<SiteKey> for String {
    fn from(key: SiteKey) -> Self {
        key.0
    }
}

impl fmt::Display for SiteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who may read a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The visitor and the operators.
    Public,
    /// The operators' notes: a visitor sees neither them nor a gap.
    Internal,
}

/// One log of a desk.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamId {
    /// The site that the visitor belongs to.
    pub site: SiteKey,
    /// Whose conversation it is.
    pub visitor: VisitorId,
    /// Who may read it.
    pub audience: Audience,
}

impl StreamId {
    /// The stream that a visitor and the operators share.
    pub fn public(site: SiteKey, visitor: VisitorId) -> Self {
        Self { site, visitor, audience: Audience::Public }
    }
}

/// 256 secret bits: a visitor's or an operator's token. Written as 64 hexadecimal digits; never shown by `Debug`.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Secret([u8; 32]);

/// A text that is no [`Secret`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret is 64 hexadecimal digits")]
pub struct BadSecret;

impl Secret {
    /// Takes 32 bytes from the operating system's generator; the caller reads them.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for hashing and for keys.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 digits, for the keyring and the wire.
    pub fn to_hex(&self) -> String {
        self.0.iter().map(|b| format!("{b:02x}")).collect()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl TryFrom<String> for Secret {
    type Error = BadSecret;
    fn try_from(mut text: String) -> Result<Self, BadSecret> {
        let parsed = parse_hex(&text);
        text.zeroize();
        parsed.map(Self).ok_or(BadSecret)
    }
}

impl From<Secret> for String {
    fn from(secret: Secret) -> Self {
        secret.to_hex()
    }
}

pub(crate) fn parse_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_hides_itself_and_survives_its_digits() {
        let secret = Secret::new([0xab; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(Secret::try_from(secret.to_hex()), Ok(secret));
        assert!(Secret::try_from("+1".repeat(32)).is_err());
    }

    #[test]
    fn a_site_key_is_plain_and_short() {
        assert!("main-2".parse::<SiteKey>().is_ok());
        for bad in ["", "Main", "a b", "a/b", &"a".repeat(65)] {
            assert!(bad.parse::<SiteKey>().is_err(), "{bad}");
        }
    }
}
