//! What the desk said, as far as it concerns files.
//!
//! What must always hold: an answer that is not this protocol's is no answer: the line is at fault, and it is tried again.

use deskbell_core::transfers::Trouble;
use deskbell_wire::FileRefusal;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::HeaderMap;
use hyper::{Response, StatusCode};

/// Bytes of a refusal that are read.
const REFUSAL: usize = 1_024;

#[derive(serde::Deserialize)]
struct Refusal {
    code: FileRefusal,
}

/// The desk did not do it: why.
pub(super) async fn refusal(answer: Response<Incoming>) -> Trouble {
    let status = answer.status();
    let body = Limited::new(answer.into_body(), REFUSAL).collect().await;
    let said = body.ok().and_then(|body| serde_json::from_slice::<Refusal>(&body.to_bytes()).ok());
    match said {
        Some(Refusal { code }) => Trouble::Refused(code),
        None => by_status(status),
    }
}

/// `HEAD` is answered without a body.
pub(super) fn by_status(status: StatusCode) -> Trouble {
    Trouble::Refused(match status.as_u16() {
        401 | 403 => FileRefusal::Forbidden,
        // An address that nobody knows is one that was forgotten.
        404 | 410 => FileRefusal::Expired,
        408 | 409 => FileRefusal::Offset,
        413 => FileRefusal::TooLarge,
        415 => FileRefusal::TypeNotAllowed,
        429 => FileRefusal::Busy,
        460 => FileRefusal::Checksum,
        503 => FileRefusal::Storage,
        507 => FileRefusal::NoSpace,
        _ => return Trouble::Line,
    })
}

/// A header that is a number.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}
