//! The piece that comes: where it belongs, how long it is, and what it should hash to.
//!
//! What must always hold: a piece says its length, for a body without one has no bound.

use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_wire::FileRefusal;

use super::{number, one};

const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");

/// A piece of a file.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::net::files) struct Piece {
    pub(in crate::net::files) offset: u64,
    /// Bytes of its body.
    pub(in crate::net::files) length: u64,
    /// SHA-256 of the body.
    pub(in crate::net::files) checksum: Option<[u8; 32]>,
}

/// The piece that `PATCH` brings. Its length must be told: a body without one has no bound.
pub(in crate::net::files) fn piece(headers: &HeaderMap) -> Result<Piece, FileRefusal> {
    let is_bytes = one(headers, &CONTENT_TYPE)? == Some("application/offset+octet-stream");
    if !is_bytes || headers.contains_key(TRANSFER_ENCODING) {
        return Err(FileRefusal::Invalid);
    }
    let offset = number(one(headers, &UPLOAD_OFFSET)?).ok_or(FileRefusal::Invalid)?;
    let length = number(one(headers, &CONTENT_LENGTH)?).ok_or(FileRefusal::Invalid)?;
    let checksum = one(headers, &UPLOAD_CHECKSUM)?.map(sha256).transpose()?;
    Ok(Piece { offset, length, checksum })
}

fn sha256(value: &str) -> Result<[u8; 32], FileRefusal> {
    let encoded = value.strip_prefix("sha256 ").ok_or(FileRefusal::Invalid)?;
    let bytes = STANDARD.decode(encoded).map_err(|_| FileRefusal::Invalid)?;
    bytes.try_into().map_err(|_| FileRefusal::Invalid)
}

#[cfg(test)]
mod tests {
    use super::super::tests::of;
    use super::*;

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
}
