//! The file that is to come: `Upload-Length` and `Upload-Metadata`.
//!
//! What must always hold: an announcement is in full, says each thing once, and has no body.

use axum::http::{HeaderMap, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_wire::{FileDigest, FileId, FileRefusal, GroupId, StreamId};

use super::{body_length, number, one, uuid};

/// Characters of a name as it is claimed; it is shortened later.
const NAME_CHARS: usize = 4_000;
/// Characters of a claimed type.
const MEDIA_CHARS: usize = 200;
/// Pairs of `Upload-Metadata`.
const PAIRS: usize = 6;

const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");

/// A file that is to come.
#[derive(Debug)]
pub(in crate::net::files) struct Announced {
    pub(in crate::net::files) id: FileId,
    pub(in crate::net::files) stream: StreamId,
    pub(in crate::net::files) group: Option<GroupId>,
    pub(in crate::net::files) name: String,
    pub(in crate::net::files) media: String,
    pub(in crate::net::files) size: u64,
    pub(in crate::net::files) digest: FileDigest,
}

/// The file that `POST` announces; its body must be empty.
pub(in crate::net::files) fn announced(headers: &HeaderMap) -> Result<Announced, FileRefusal> {
    if !has_no_body(headers) {
        return Err(FileRefusal::Invalid);
    }
    let size = number(one(headers, &UPLOAD_LENGTH)?).ok_or(FileRefusal::Invalid)?;
    let metadata = one(headers, &UPLOAD_METADATA)?.ok_or(FileRefusal::Invalid)?;
    Metadata::of(metadata)?.announced(size)
}

fn has_no_body(headers: &HeaderMap) -> bool {
    body_length(headers) == Some(0)
}

/// `Upload-Metadata`, decoded: `key base64, key base64`, each key once.
#[derive(Default)]
struct Metadata {
    id: Option<String>,
    stream: Option<String>,
    group: Option<String>,
    name: Option<String>,
    media: Option<String>,
    digest: Option<String>,
}

impl Metadata {
    fn of(value: &str) -> Result<Self, FileRefusal> {
        let mut metadata = Self::default();
        if value.split(',').count() > PAIRS {
            return Err(FileRefusal::Invalid);
        }
        for pair in value.split(',') {
            metadata.take(pair.trim()).ok_or(FileRefusal::Invalid)?;
        }
        Ok(metadata)
    }

    fn take(&mut self, pair: &str) -> Option<()> {
        // What is empty may be left out.
        let (key, encoded) = pair.split_once(' ').unwrap_or((pair, ""));
        let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
        let place = match key {
            "id" => &mut self.id,
            "stream" => &mut self.stream,
            "group" => &mut self.group,
            "name" => &mut self.name,
            "type" => &mut self.media,
            "digest" => &mut self.digest,
            _ => return None,
        };
        place.replace(text).is_none().then_some(())
    }

    fn announced(self, size: u64) -> Result<Announced, FileRefusal> {
        let refused = self.read(size).ok_or(FileRefusal::Invalid);
        refused.and_then(|announced| if size == 0 { Err(FileRefusal::Empty) } else { Ok(announced) })
    }

    fn read(self, size: u64) -> Option<Announced> {
        let Self { id, stream, group, name, media, digest } = self;
        let group = match group {
            Some(digits) => Some(GroupId(number(Some(&digits))?.try_into().ok()?)),
            None => None,
        };
        let media = media.unwrap_or_default();
        let name = name.unwrap_or_default();
        let fits = name.chars().count() <= NAME_CHARS && media.chars().count() <= MEDIA_CHARS;
        fits.then_some(())?;
        Some(Announced {
            id: FileId(uuid(&id?)?),
            stream: serde_json::from_str(&stream?).ok()?,
            group,
            name,
            media,
            size,
            digest: digest?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{ID, STREAM, TOKEN, of};
    use super::*;

    fn metadata(pairs: &[(&str, &str)]) -> String {
        let pairs = pairs.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value)));
        pairs.collect::<Vec<_>>().join(",")
    }

    #[test]
    fn a_file_is_announced_in_full() {
        let good = [
            ("id", ID),
            ("stream", STREAM),
            ("group", "3"),
            ("name", "отчёт.pdf"),
            ("type", "application/pdf"),
            ("digest", TOKEN),
        ];
        let announce = |pairs: &[(&str, &str)], size: &str| {
            let metadata = metadata(pairs);
            announced(&of(&[("upload-length", size), ("upload-metadata", &metadata)]))
        };
        let file = announce(&good, "10").unwrap();
        assert_eq!((file.size, file.group, &*file.name), (10, Some(GroupId(3)), "отчёт.pdf"));
        assert_eq!(announce(&good, "0").err(), Some(FileRefusal::Empty));
        for size in ["", "-1", "+1", "1 ", "0x1", "1e3", "99999999999999999999"] {
            assert_eq!(announce(&good, size).err(), Some(FileRefusal::Invalid), "{size}");
        }
        let long = "n".repeat(4_001);
        for (key, bad) in [
            ("id", ""),
            ("id", "x"),
            ("stream", "{}"),
            ("stream", r#"{"site":"main","visitor":"x","audience":"public"}"#),
            ("stream", &"[".repeat(3_000)),
            ("group", "-1"),
            ("group", "4294967296"),
            ("digest", &TOKEN.to_uppercase()),
            ("digest", "ab"),
            ("name", &*long),
            ("type", &*long),
        ] {
            let pairs = good.map(|(known, value)| if known == key { (known, bad) } else { (known, value) });
            assert_eq!(announce(&pairs, "10").err(), Some(FileRefusal::Invalid), "{key}: {bad:.40}");
        }
        for left in ["id", "stream", "digest"] {
            let pairs: Vec<_> = good.into_iter().filter(|(key, _)| *key != left).collect();
            assert_eq!(announce(&pairs, "10").err(), Some(FileRefusal::Invalid), "without {left}");
        }
        let raw = |metadata: &str| announced(&of(&[("upload-length", "1"), ("upload-metadata", metadata)]));
        let good = metadata(&good);
        for bad in [
            format!("{good},{}", metadata(&[("more", "x")])),
            format!("{},{}", good, metadata(&[("name", "again")])),
            good.replace(',', " "),
            good.replace("id ", "id  "),
            good.replace("id ", "id %"),
            String::new(),
            ",".repeat(4_000),
        ] {
            assert_eq!(raw(&bad).err(), Some(FileRefusal::Invalid), "{bad:.80}");
        }
        for (name, value) in [("content-length", "5"), ("transfer-encoding", "chunked")] {
            let with = of(&[("upload-length", "1"), ("upload-metadata", &good), (name, value)]);
            assert_eq!(announced(&with).err(), Some(FileRefusal::Invalid), "a body: {name}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_encoded_is_what_is_read(name in ".{0,300}", media in ".{0,60}", size in 1..u64::MAX >> 1) {
            let pairs =
                [("id", ID), ("stream", STREAM), ("name", &*name), ("type", &*media), ("digest", TOKEN)];
            let (metadata, size_text) = (metadata(&pairs), size.to_string());
            let file = announced(&of(&[("upload-length", &size_text), ("upload-metadata", &metadata)])).unwrap();
            prop_assert_eq!((file.name, file.media, file.size), (name, media, size));
        }
    }
}
