//! A file of a message, for whoever may read that message.
//!
//! What must always hold: bytes of people leave as an attachment of no type, sandboxed, kept by nobody in between
//! (threats 37); every record is found to be what was written before a byte of it leaves; who may no longer read the
//! message gets no more of its file (S10, I13).

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use deskbell_vault::{Blob, VaultError};
use deskbell_wire::{FileCard, FileRefusal, MessageId};
use futures_util::stream;
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant};

use super::answer::{Refused, with_body};
use super::range::{Wanted, wanted};
use super::{Call, Files, refusal};
use crate::desk::FileVoice;

/// Bytes that are read at once; two such blocks are in memory.
const BLOCK: usize = 256 * 1024;
/// Characters of an extension.
const EXTENSION: usize = 20;

impl Call<'_> {
    /// `GET` or `HEAD /v1/files/…`
    pub(super) async fn give(
        self,
        headers: &HeaderMap,
        message: MessageId,
        with_bytes: bool,
    ) -> Result<Response, Refused> {
        let claim = self.claim(headers)?;
        self.pace(&claim).await;
        let voice = claim.voice();
        let card = self.files.readable(&voice, message).await;
        let card = self.known(&claim, card, 0).await?;
        let tag = format!("\"{}\"", card.digest);
        let wanted = wanted(headers, card.size, &tag);
        let (status, from, bytes) = match wanted {
            Wanted::Whole => (StatusCode::OK, 0, card.size),
            Wanted::Part { from, bytes } => (StatusCode::PARTIAL_CONTENT, from, bytes),
            Wanted::Outside => return Ok(outside(&card)),
        };
        let blob = self.files.blob(&card).await?;
        let body = if with_bytes {
            self.visit.patience.extend(bytes, self.files.stall());
            Body::from_stream(self.files.read(blob, from, bytes, (voice, message)))
        } else {
            Body::empty()
        };
        let mut answer = with_body(status, body);
        guarded(answer.headers_mut(), &card.name);
        put(&mut answer, ETAG, &tag);
        answer.headers_mut().insert(CONTENT_LENGTH, bytes.into());
        if status == StatusCode::PARTIAL_CONTENT {
            let range = format!("bytes {from}-{}/{}", from + bytes - 1, card.size);
            put(&mut answer, CONTENT_RANGE, &range);
        }
        Ok(answer)
    }
}

impl Files {
    /// A message's bytes. Where they are missing, as after a copy that was cut short, they are nobody's.
    async fn blob(&self, card: &FileCard) -> Result<Blob, FileRefusal> {
        let (vault, digest, size) = (self.vault.clone(), card.digest, card.size);
        match self.disk.run(move || vault.blob(&digest, size)).await? {
            Ok(Some(blob)) => Ok(blob),
            Ok(None) | Err(VaultError::Corrupt) => {
                tracing::warn!("the bytes of a file are missing or damaged");
                Err(FileRefusal::Forbidden)
            }
            Err(error) => Err(refusal(error)),
        }
    }

    async fn readable(&self, voice: &FileVoice, message: MessageId) -> Result<FileCard, FileRefusal> {
        let voice = voice.clone();
        self.ask(move |desk, now| desk.readable_file(&voice, message, now)).await
    }

    /// So many bytes from there on, read a block ahead of the line. Ends with the line, and with the right (S10).
    fn read(
        self: &Arc<Self>,
        blob: Blob,
        from: u64,
        bytes: u64,
        (voice, message): (FileVoice, MessageId),
    ) -> impl stream::Stream<Item = Result<Bytes, VaultError>> + Send + 'static {
        let (send, blocks) = mpsc::channel(1);
        let files = Arc::clone(self);
        tokio::spawn(async move {
            let (mut blob, mut at, mut left) = (blob, from, bytes);
            let (every, mut asked) = (Duration::from_millis(files.limits.file_ask_ms), Instant::now());
            while left > 0 {
                if asked.elapsed() >= every {
                    if files.readable(&voice, message).await.is_err() {
                        // The line breaks off; who still may goes on from there.
                        let _ = send.send(Err(VaultError::Denied)).await;
                        return;
                    }
                    asked = Instant::now();
                }
                let most = usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK));
                let Ok((back, read)) = files.disk.run(move || block(blob, at, most)).await else { return };
                let read_bytes = read.as_ref().map_or(0, |block| block.len() as u64);
                blob = back;
                at += read_bytes;
                left = left.saturating_sub(read_bytes);
                if send.send(read).await.is_err() || read_bytes == 0 {
                    return;
                }
            }
        });
        stream::unfold(blocks, async |mut blocks| blocks.recv().await.map(|block| (block, blocks)))
    }
}

/// Reads a block, where the disk may be waited for.
fn block(mut blob: Blob, at: u64, most: usize) -> (Blob, Result<Bytes, VaultError>) {
    let mut bytes = vec![0; most];
    let read = match blob.read_at(at, &mut bytes) {
        // Shorter than it should be: the line breaks off, so that nobody takes it for whole.
        Ok(read) if read < most => Err(VaultError::Corrupt),
        Ok(_) => Ok(Bytes::from(bytes)),
        Err(error) => Err(error),
    };
    (blob, read)
}

fn outside(card: &FileCard) -> Response {
    let mut answer = with_body(StatusCode::RANGE_NOT_SATISFIABLE, Body::empty());
    guarded(answer.headers_mut(), &card.name);
    put(&mut answer, CONTENT_RANGE, &format!("bytes */{}", card.size));
    answer
}

/// What keeps a file from ever being a page.
fn guarded(headers: &mut HeaderMap, name: &str) {
    let fixed = [
        (CONTENT_TYPE, "application/octet-stream"),
        (CACHE_CONTROL, "private, no-store"),
        (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (REFERRER_POLICY, "no-referrer"),
        (ACCEPT_RANGES, "bytes"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (header, value) in fixed {
        headers.insert(header, HeaderValue::from_static(value));
    }
    let disposition = HeaderValue::try_from(disposition(name));
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(CONTENT_DISPOSITION, disposition);
}

fn put(answer: &mut Response, header: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        answer.headers_mut().insert(header, value);
    }
}

/// A plain name with the true extension for those who read no other, and the whole one in UTF-8.
fn disposition(name: &str) -> String {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension).filter(|extension| {
        (1..=EXTENSION).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    let plain = extension.map_or("file".to_owned(), |extension| format!("file.{extension}"));
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn threats_38_a_name_is_told_plainly_and_whole() {
        assert_eq!(disposition("a b.pdf"), "attachment; filename=\"file.pdf\"; filename*=UTF-8''a%20b.pdf");
        assert_eq!(disposition("ё"), "attachment; filename=\"file\"; filename*=UTF-8''%D1%91");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn threats_37_no_name_leaves_its_header(name in any::<String>()) {
            let said = disposition(&name);
            prop_assert!(HeaderValue::try_from(&said).is_ok());
            let rest = said.strip_prefix("attachment; filename=\"").unwrap();
            let (plain, encoded) = rest.split_once("\"; filename*=UTF-8''").unwrap();
            prop_assert!(plain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.'));
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
        }
    }
}
