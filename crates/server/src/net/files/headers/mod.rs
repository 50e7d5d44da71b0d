//! What the headers of a request about files say. Pure: text in, values out.
//!
//! What must always hold: nothing is guessed. A header that comes twice, is too long or is not of its form refuses the
//! request.

mod announced;
mod claim;
mod piece;

use axum::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName};
use deskbell_wire::{FileRefusal, Secret};
use uuid::Uuid;

pub(super) use announced::announced;
pub(super) use claim::{Claim, claim};
pub(super) use piece::{Piece, piece};

/// The only version of the protocol.
pub(super) const TUS: &str = "1.0.0";
/// The most bytes of all headers of one request together.
const ALL_BYTES: usize = 16 * 1024;

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");

/// Do the headers take no more room than headers may?
pub(super) fn fit(headers: &HeaderMap) -> bool {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    bytes <= ALL_BYTES
}

/// Is it our version of the protocol, said once?
pub(super) fn is_tus(headers: &HeaderMap) -> bool {
    matches!(one(headers, &TUS_RESUMABLE), Ok(Some(TUS)))
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

/// The one value of a header; two are none.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, FileRefusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| FileRefusal::Invalid),
        (Some(_), Some(_)) => Err(FileRefusal::Invalid),
    }
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

/// Digits alone: no sign, no space.
fn number(text: Option<&str>) -> Option<u64> {
    let text = text.filter(|text| (1..=19).contains(&text.len()))?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    pub(super) const TOKEN: &str = "00000000000000000000000000000000000000000000000000000000000000ab";
    pub(super) const ID: &str = "0f5c4ab6-8f0e-4f1b-9c11-6a3f0f6d2a01";
    pub(super) const STREAM: &str =
        r#"{"site":"main","visitor":"6f1c1f9e-7a44-4c57-9c0e-9d1c3f6c5b11","audience":"public"}"#;

    pub(super) fn of(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value);
        }
        headers
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
    }
}
