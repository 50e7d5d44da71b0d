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
        let (key, encoded) = pair.split_once(' ')?;
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
