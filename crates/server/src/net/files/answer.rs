//! What the desk says about files: statuses, headers, and the refusal as JSON.
//!
//! What must always hold: no answer is kept by anybody in between, none is guessed to be a page, and none tells more
//! than its code.

use std::time::{Duration, UNIX_EPOCH};

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use deskbell_wire::{FileRefusal, Timestamp};

use super::headers::TUS;

pub(super) const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
/// Seconds after which the same may be asked again.
const LATER_S: u64 = 5;

/// A refusal, with what else the client has to know.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) code: FileRefusal,
    /// `None`: the code's own.
    pub(super) status: Option<StatusCode>,
    /// The connection ends with it.
    pub(super) closes: bool,
}

impl From<FileRefusal> for Refused {
    fn from(code: FileRefusal) -> Self {
        Self { code, status: None, closes: false }
    }
}

impl Refused {
    /// With another status than the code's own.
    pub(super) fn with(code: FileRefusal, status: StatusCode) -> Self {
        Self { code, status: Some(status), closes: false }
    }

    pub(super) fn into_answer(self) -> Response {
        let status = self.status.unwrap_or_else(|| status_of(self.code));
        let body = serde_json::json!({ "code": self.code }).to_string();
        let mut answer = with_body(status, Body::from(body));
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if matches!(self.code, FileRefusal::Busy | FileRefusal::NoSpace | FileRefusal::Storage) {
            answer.headers_mut().insert(RETRY_AFTER, LATER_S.into());
        }
        if self.closes {
            closes(&mut answer);
        }
        answer
    }
}

/// The connection ends after this answer.
pub(super) fn closes(answer: &mut Response) {
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
}

/// An answer without a body.
pub(super) fn bare(status: StatusCode) -> Response {
    with_body(status, Body::empty())
}

/// An answer with what every answer has.
pub(super) fn with_body(status: StatusCode, body: Body) -> Response {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(TUS_RESUMABLE, HeaderValue::from_static(TUS));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

/// When the upload is forgotten.
pub(super) fn expires(headers: &mut HeaderMap, at: Timestamp) {
    let since = Duration::from_millis(u64::try_from(at.0).unwrap_or(0));
    // Above the year 9999 there is no such date.
    let at = UNIX_EPOCH + since.min(Duration::from_secs(253_402_300_799));
    if let Ok(date) = HeaderValue::try_from(httpdate::fmt_http_date(at)) {
        headers.insert(UPLOAD_EXPIRES, date);
    }
}

fn status_of(code: FileRefusal) -> StatusCode {
    match code {
        FileRefusal::Invalid | FileRefusal::Empty => StatusCode::BAD_REQUEST,
        FileRefusal::Forbidden | FileRefusal::Off | FileRefusal::Consent | FileRefusal::Banned => {
            StatusCode::FORBIDDEN
        }
        FileRefusal::Offset => StatusCode::CONFLICT,
        FileRefusal::Expired => StatusCode::GONE,
        FileRefusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FileRefusal::TypeNotAllowed | FileRefusal::TypeLies => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        // Of tus; it has no name.
        FileRefusal::Checksum => StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST),
        FileRefusal::Busy => StatusCode::TOO_MANY_REQUESTS,
        FileRefusal::NoSpace | FileRefusal::Quota => StatusCode::INSUFFICIENT_STORAGE,
        FileRefusal::Storage => StatusCode::SERVICE_UNAVAILABLE,
    }
}
