//! What the headers of a request about files say. Pure: text in, values out.
//!
//! What must always hold: nothing is guessed. A header that comes twice, is too long or is not of its form refuses the
//! request; whoever does not say who he is, or says it wrongly, hears the same (threats 1, 40).

use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_wire::{
    DeviceId, FileDigest, FileId, FileRefusal, GroupId, Identity, Secret, SiteKey, StreamId, VisitorId,
};
use uuid::Uuid;

/// The only version of the protocol.
pub(super) const TUS: &str = "1.0.0";
/// The most bytes of all headers of one request together.
const ALL_BYTES: usize = 16 * 1024;
/// Characters of a name as it is claimed; it is shortened later.
const NAME_CHARS: usize = 4_000;
/// Characters of a claimed type.
const MEDIA_CHARS: usize = 200;
/// Pairs of `Upload-Metadata`.
const PAIRS: usize = 6;

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const DEVICE: HeaderName = HeaderName::from_static("deskbell-device");
const VISITOR: HeaderName = HeaderName::from_static("deskbell-visitor");

/// Who asks, as he says; the desk says whether it is so.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) who: Identity,
    pub(super) device: DeviceId,
}

/// A file that is to come.
#[derive(Debug)]
pub(super) struct Announced {
    pub(super) id: FileId,
    pub(super) stream: StreamId,
    pub(super) group: Option<GroupId>,
    pub(super) name: String,
    pub(super) media: String,
    pub(super) size: u64,
    pub(super) digest: FileDigest,
}

/// A piece of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) offset: u64,
    /// Bytes of its body.
    pub(super) length: u64,
    /// SHA-256 of the body.
    pub(super) checksum: Option<[u8; 32]>,
}

/// Do the headers take no more room than headers may?
pub(super) fn fit(headers: &HeaderMap) -> bool {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    bytes <= ALL_BYTES
}

/// Is it our version of the protocol, said once?
pub(super) fn is_tus(headers: &HeaderMap) -> bool {
    matches!(one(headers, &TUS_RESUMABLE), Ok(Some(TUS)))
}

/// Who asks. Without the visitor's header: an operator.
pub(super) fn claim(headers: &HeaderMap) -> Result<Claim, FileRefusal> {
    let token = one(headers, &AUTHORIZATION)?.and_then(bearer).ok_or(FileRefusal::Forbidden)?;
    let device = one(headers, &DEVICE)?.and_then(uuid).ok_or(FileRefusal::Forbidden)?;
    let who = match one(headers, &VISITOR)? {
        None => Identity::Operator { token },
        Some(value) => {
            let (site, visitor) = visitor(value).ok_or(FileRefusal::Forbidden)?;
            Identity::Visitor { site, visitor_id: visitor, token }
        }
    };
    Ok(Claim { who, device: DeviceId(device) })
}

/// The file that `POST` announces; its body must be empty.
pub(super) fn announced(headers: &HeaderMap) -> Result<Announced, FileRefusal> {
    if !has_no_body(headers) {
        return Err(FileRefusal::Invalid);
    }
    let size = number(one(headers, &UPLOAD_LENGTH)?).ok_or(FileRefusal::Invalid)?;
    let metadata = one(headers, &UPLOAD_METADATA)?.ok_or(FileRefusal::Invalid)?;
    Metadata::of(metadata)?.announced(size)
}

/// The piece that `PATCH` brings. Its length must be told: a body without one has no bound.
pub(super) fn piece(headers: &HeaderMap) -> Result<Piece, FileRefusal> {
    let is_bytes = one(headers, &CONTENT_TYPE)? == Some("application/offset+octet-stream");
    if !is_bytes || headers.contains_key(TRANSFER_ENCODING) {
        return Err(FileRefusal::Invalid);
    }
    let offset = number(one(headers, &UPLOAD_OFFSET)?).ok_or(FileRefusal::Invalid)?;
    let length = number(one(headers, &CONTENT_LENGTH)?).ok_or(FileRefusal::Invalid)?;
    let checksum = one(headers, &UPLOAD_CHECKSUM)?.map(sha256).transpose()?;
    Ok(Piece { offset, length, checksum })
}

/// Bytes of the body that a refused request still has on the line; `None`: nobody knows.
pub(super) fn body_length(headers: &HeaderMap) -> Option<u64> {
    if headers.contains_key(TRANSFER_ENCODING) {
        return None;
    }
    match one(headers, &CONTENT_LENGTH) {
        Ok(None) => Some(0),
        Ok(length) => number(length),
        Err(_) => None,
    }
}

fn has_no_body(headers: &HeaderMap) -> bool {
    body_length(headers) == Some(0)
}

/// The one value of a header; two are none.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, FileRefusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| FileRefusal::Invalid),
        (Some(_), Some(_)) => Err(FileRefusal::Invalid),
    }
}

fn bearer(value: &str) -> Option<Secret> {
    let (scheme, token) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    secret(token)
}

/// 64 hexadecimal digits in lower case, as the desk writes them.
pub(super) fn secret(text: &str) -> Option<Secret> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    Secret::try_from(text.to_owned()).ok()
}

/// The one way in which we write UUIDs; braces, URNs and bare digits are other ways to write the same.
pub(super) fn uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

fn visitor(value: &str) -> Option<(SiteKey, VisitorId)> {
    let (site, visitor) = value.split_once('/')?;
    Some((site.parse().ok()?, VisitorId(uuid(visitor)?)))
}

/// Digits alone: no sign, no space.
fn number(text: Option<&str>) -> Option<u64> {
    let text = text.filter(|text| (1..=19).contains(&text.len()))?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn sha256(value: &str) -> Result<[u8; 32], FileRefusal> {
    let encoded = value.strip_prefix("sha256 ").ok_or(FileRefusal::Invalid)?;
    let bytes = STANDARD.decode(encoded).map_err(|_| FileRefusal::Invalid)?;
    bytes.try_into().map_err(|_| FileRefusal::Invalid)
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
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    const TOKEN: &str = "00000000000000000000000000000000000000000000000000000000000000ab";
    const ID: &str = "0f5c4ab6-8f0e-4f1b-9c11-6a3f0f6d2a01";
    const STREAM: &str =
        r#"{"site":"main","visitor":"6f1c1f9e-7a44-4c57-9c0e-9d1c3f6c5b11","audience":"public"}"#;

    fn of(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value);
        }
        headers
    }

    fn metadata(pairs: &[(&str, &str)]) -> String {
        let pairs = pairs.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value)));
        pairs.collect::<Vec<_>>().join(",")
    }

    #[test]
    fn who_asks_is_said_in_one_way() {
        let (bearer, visitor) = (format!("Bearer {TOKEN}"), format!("main/{ID}"));
        let full = [("authorization", &*bearer), ("deskbell-device", ID), ("deskbell-visitor", &*visitor)];
        assert!(matches!(claim(&of(&full)).unwrap().who, Identity::Visitor { .. }));
        assert!(matches!(claim(&of(&full[..2])).unwrap().who, Identity::Operator { .. }));
        for (name, bad) in [
            ("authorization", ""),
            ("authorization", TOKEN),
            ("authorization", "Bearer "),
            ("authorization", "Basic YTpi"),
            ("authorization", &bearer.to_uppercase()),
            ("authorization", &format!("{bearer}0")),
            ("authorization", &format!("Bearer  {TOKEN}")),
            ("deskbell-device", "0f5c4ab68f0e4f1b9c116a3f0f6d2a01"),
            ("deskbell-device", "{0f5c4ab6-8f0e-4f1b-9c11-6a3f0f6d2a01}"),
            ("deskbell-visitor", ID),
            ("deskbell-visitor", "Main/0f5c4ab6-8f0e-4f1b-9c11-6a3f0f6d2a01"),
            ("deskbell-visitor", "main/main/0f5c4ab6-8f0e-4f1b-9c11-6a3f0f6d2a01"),
        ] {
            let pairs = full.map(|(known, value)| if known == name { (known, bad) } else { (known, value) });
            assert_eq!(claim(&of(&pairs)).err(), Some(FileRefusal::Forbidden), "{name}: {bad}");
        }
        for n in 0..full.len() {
            let mut twice = full.to_vec();
            twice.push(full[n]);
            assert!(claim(&of(&twice)).is_err(), "{} twice", full[n].0);
        }
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

    #[test]
    fn a_piece_says_where_it_belongs_and_how_long_it_is() {
        let kind = ("content-type", "application/offset+octet-stream");
        let sum = format!("sha256 {}", STANDARD.encode([7; 32]));
        let full = [kind, ("upload-offset", "5"), ("content-length", "9"), ("upload-checksum", &*sum)];
        assert_eq!(piece(&of(&full)), Ok(Piece { offset: 5, length: 9, checksum: Some([7; 32]) }));
        for (name, bad) in [
            ("content-type", "application/octet-stream"),
            ("upload-offset", "-5"),
            ("upload-offset", ""),
            ("content-length", "9, 9"),
            ("upload-checksum", "sha1 AAAA"),
            ("upload-checksum", "sha256 AAAA"),
            ("upload-checksum", "sha256"),
        ] {
            let pairs = full.map(|(known, value)| if known == name { (known, bad) } else { (known, value) });
            assert_eq!(piece(&of(&pairs)), Err(FileRefusal::Invalid), "{name}: {bad}");
        }
        let mut chunked = full.to_vec();
        chunked.push(("transfer-encoding", "chunked"));
        assert_eq!(piece(&of(&chunked)), Err(FileRefusal::Invalid));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn threats_24_no_header_makes_the_desk_fall(
            values in proptest::collection::vec("[\\x20-\\x7e\\u{80}-\\u{ff}]{0,200}", 9),
        ) {
            let names = [
                "authorization", "deskbell-device", "deskbell-visitor", "upload-length", "upload-metadata",
                "upload-offset", "upload-checksum", "content-length", "content-type",
            ];
            let mut headers = HeaderMap::new();
            for (name, value) in names.iter().zip(&values) {
                if let Ok(value) = HeaderValue::from_str(value) {
                    headers.insert(*name, value);
                }
            }
            prop_assert!(claim(&headers).is_err());
            let _ = (announced(&headers), piece(&headers), body_length(&headers), fit(&headers));
        }

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
