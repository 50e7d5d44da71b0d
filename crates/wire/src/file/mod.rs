//! Files: what both ends mean by one, who may send which, and the words in which a desk refuses one.
//!
//! Files travel beside the frames, by HTTP with the header names of tus 1.0. What must always hold: a file is known by
//! its digest; its name and its type are what the rules here made of what was claimed, so that both ends mean the same.

mod card;
mod danger;
mod kind;
mod name;
mod sniff;

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, parse_hex};
use crate::limits::{FILE_TYPES, GROUPS};

pub use card::FileCard;
pub use danger::{Opening, dangerous, opening};
pub use kind::{Kind, extensions, kind_of};
pub use name::{extension, size_words, tidy_name};
pub use sniff::{SNIFFED, agree, sniff};

/// SHA-256 of a file's bytes. As text 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileDigest(pub [u8; 32]);

/// A text that is no [`FileDigest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file's digest is 64 hexadecimal digits in lower case")]
pub struct BadFileDigest;

/// Which files a site takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FileRules {
    /// May files be sent at all?
    pub enabled: bool,
    /// Bytes of one file.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub max_bytes: u64,
    /// Extensions in lower case without the dot, at most 100; empty: all.
    pub types: Vec<String>,
    /// Groups with rules of their own, at most 50.
    pub groups: Vec<GroupFiles>,
}

/// The rules for a group's chats, in place of the site's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct GroupFiles {
    /// Which.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub group: GroupId,
    /// May files be sent at all?
    pub enabled: bool,
    /// Bytes of one file.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub max_bytes: u64,
    /// As [`FileRules::types`].
    pub types: Vec<String>,
}

/// How much room a site's files may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FileQuota {
    /// Bytes that one visitor may send within 24 hours.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub visitor_day_bytes: u64,
    /// Bytes of all files of the site together.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub site_bytes: u64,
}

/// Why a file is not taken or not given: `{"code": …}` in the body of the desk's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileRefusal {
    /// No right to it, or there is no such file.
    Forbidden,
    /// Something about the request makes no sense.
    Invalid,
    /// No byte in it.
    Empty,
    /// Over the limit for one file.
    TooLarge,
    /// Over what a visitor may send in a day, or what the site keeps.
    Quota,
    /// The site takes no files of this type.
    TypeNotAllowed,
    /// Its bytes are not what its name or its declaration says.
    TypeLies,
    /// The site takes no files.
    Off,
    /// The site's terms come first.
    Consent,
    /// The visitor is kept out.
    Banned,
    /// No space on the desk. Try later.
    NoSpace,
    /// Too much at once. Try later.
    Busy,
    /// The upload is gone: begin anew.
    Expired,
    /// The upload stands elsewhere: ask where.
    Offset,
    /// What came is not what was announced: that part again, or, of the whole file, anew.
    Checksum,
    /// The desk's disk or database refuses. Try later.
    Storage,
}

impl FileRefusal {
    /// Will the same request be taken later?
    pub fn retryable(self) -> bool {
        matches!(
            self,
            Self::NoSpace | Self::Busy | Self::Expired | Self::Offset | Self::Checksum | Self::Storage
        )
    }
}

/// The rules that hold for one chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileBounds<'a> {
    /// May files be sent at all?
    pub enabled: bool,
    /// Bytes of one file.
    pub max_bytes: u64,
    /// Extensions; empty: all.
    pub types: &'a [String],
}

impl FileRules {
    /// What holds in a chat that is for that group; `None`: for everybody.
    pub fn of(&self, group: Option<GroupId>) -> FileBounds<'_> {
        let own = self.groups.iter().find(|own| Some(own.group) == group);
        match own {
            Some(own) => FileBounds {
                enabled: self.enabled && own.enabled,
                max_bytes: own.max_bytes,
                types: &own.types,
            },
            None => FileBounds { enabled: self.enabled, max_bytes: self.max_bytes, types: &self.types },
        }
    }
}

impl FileRules {
    /// Is everything in bounds?
    pub(crate) fn fits(&self) -> bool {
        let groups: HashSet<GroupId> = self.groups.iter().map(|own| own.group).collect();
        self.max_bytes > 0
            && types_fit(&self.types)
            && groups.len() == self.groups.len()
            && groups.len() <= GROUPS
            && self.groups.iter().all(|own| own.max_bytes > 0 && types_fit(&own.types))
    }
}

fn types_fit(types: &[String]) -> bool {
    let fits = |extension: &String| {
        (1..=20).contains(&extension.len())
            && extension.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    types.len() <= FILE_TYPES && types.iter().all(fits)
}

impl FileBounds<'_> {
    /// The first reason against a file of that tidied name and size, by what is known before a byte is sent.
    pub fn refuses(&self, name: &str, size: u64) -> Option<FileRefusal> {
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
        let listed = extension.is_some_and(|extension| self.types.contains(&extension));
        match size {
            _ if !self.enabled => Some(FileRefusal::Off),
            0 => Some(FileRefusal::Empty),
            size if size > self.max_bytes => Some(FileRefusal::TooLarge),
            _ if !self.types.is_empty() && !listed => Some(FileRefusal::TypeNotAllowed),
            _ => None,
        }
    }
}

impl Default for FileRules {
    fn default() -> Self {
        Self { enabled: true, max_bytes: crate::limits::FILE_BYTES, types: Vec::new(), groups: Vec::new() }
    }
}

impl Default for FileQuota {
    fn default() -> Self {
        Self { visitor_day_bytes: crate::limits::FILE_DAY_BYTES, site_bytes: crate::limits::FILE_SITE_BYTES }
    }
}

impl fmt::Display for FileDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for FileDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileDigest(…)")
    }
}

impl FromStr for FileDigest {
    type Err = BadFileDigest;
    fn from_str(text: &str) -> Result<Self, BadFileDigest> {
        let is_lower = !text.bytes().any(|b| b.is_ascii_uppercase());
        parse_hex(text).filter(|_| is_lower).map(Self).ok_or(BadFileDigest)
    }
}

impl TryFrom<String> for FileDigest {
    type Error = BadFileDigest;
    fn try_from(text: String) -> Result<Self, BadFileDigest> {
        text.parse()
    }
}

impl From<FileDigest> for String {
    fn from(digest: FileDigest) -> Self {
        digest.to_string()
    }
}
