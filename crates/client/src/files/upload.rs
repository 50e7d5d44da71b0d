//! A file to the desk, in pieces, from where it stands there.
//!
//! What must always hold: each piece goes with its checksum and is not counted before the desk has said so; a place that
//! the desk gave is reported before a byte goes there, so that it can be gone on with after a crash.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_core::transfers::{CarrierReport, Trouble, Voice};
use deskbell_vault::{Blob, VaultError};
use deskbell_wire::{FileCard, FileRefusal, GroupId, Secret, StreamId, Uid};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::{Method, Response, StatusCode};
use ring::digest;

use super::body::Payload;
use super::http::Http;
use super::said::{by_status, number, refusal};
use super::{Line, aside};

/// What the desk says of a place or a piece again and again is not tried for ever in one run.
const AGAIN: u32 = 3;
const PLACES: &str = "/v1/files/up/";

/// A file on its way to the desk.
pub(super) struct Upload {
    pub(super) uid: Uid,
    pub(super) run: u64,
    pub(super) voice: Voice,
    pub(super) stream: StreamId,
    pub(super) card: FileCard,
    pub(super) group: Option<GroupId>,
}

/// A piece that was read.
struct Piece {
    offset: u64,
    bytes: Bytes,
    checksum: String,
}

/// What became of a piece.
enum Taken {
    /// The desk has so much now.
    To(u64),
    /// It stands elsewhere.
    Elsewhere,
    /// It was damaged on its way.
    Damaged,
}

impl Upload {
    pub(super) async fn carry(&self, line: &Line, place: Option<Secret>) -> Result<(), Trouble> {
        let (vault, FileCard { digest, size, .. }) = (line.vault.clone(), self.card.clone());
        let blob = aside(move || vault.blob(&digest, size)).await?.ok_or(Trouble::Lost)?;
        let blob = Arc::new(Mutex::new(blob));
        let mut http = Http::open(&line.link).await?;
        let (place, offset) = self.place(line, &mut http, place).await?;
        self.send(line, &mut http, (&place, &blob), offset).await
    }

    /// Where it goes on, and from which byte.
    async fn place(
        &self,
        line: &Line,
        http: &mut Http,
        place: Option<Secret>,
    ) -> Result<(Secret, u64), Trouble> {
        if let Some(place) = place {
            match self.offset(http, &place).await {
                // It was forgotten there: it begins anew.
                Err(Trouble::Refused(FileRefusal::Expired)) => {}
                offset => return offset.map(|offset| (place, offset)),
            }
        }
        let place = self.announce(http).await?;
        line.say(CarrierReport::Placed { uid: self.uid, run: self.run, place: place.clone() });
        // The desk gives the same upload again to whoever began it.
        let offset = self.offset(http, &place).await?;
        Ok((place, offset))
    }

    async fn announce(&self, http: &mut Http) -> Result<Secret, Trouble> {
        let metadata = self.metadata().ok_or(Trouble::Refused(FileRefusal::Invalid))?;
        let request = http
            .request(Method::POST, "/v1/files", &self.voice)?
            .header("Upload-Length", self.card.size)
            .header("Upload-Metadata", metadata);
        let payload = Payload::empty(&http.progress);
        let answer = http.ask(request, payload).await?;
        if answer.status() != StatusCode::CREATED {
            return Err(refusal(answer).await);
        }
        let place = answer.headers().get(LOCATION).and_then(|place| place.to_str().ok());
        let digits = place.and_then(|place| place.split_once(PLACES)).map(|(_, digits)| digits.to_owned());
        digits.and_then(|digits| Secret::try_from(digits).ok()).ok_or(Trouble::Line)
    }

    fn metadata(&self) -> Option<HeaderValue> {
        let stream = serde_json::to_string(&self.stream).ok()?;
        let mut parts = vec![
            ("id", self.uid.to_string()),
            ("stream", stream),
            ("name", self.card.name.clone()),
            ("type", self.card.media.clone()),
            ("digest", self.card.digest.to_string()),
        ];
        parts.extend(self.group.map(|group| ("group", group.0.to_string())));
        let coded = parts.iter().map(|(key, text)| format!("{key} {}", STANDARD.encode(text)));
        HeaderValue::try_from(coded.collect::<Vec<_>>().join(",")).ok()
    }

    async fn offset(&self, http: &mut Http, place: &Secret) -> Result<u64, Trouble> {
        let request = http.request(Method::HEAD, &path(place), &self.voice)?;
        let payload = Payload::empty(&http.progress);
        let answer = http.ask(request, payload).await?;
        if !answer.status().is_success() {
            return Err(by_status(answer.status()));
        }
        let offset = number(answer.headers(), "upload-offset").filter(|offset| *offset <= self.card.size);
        offset.ok_or(Trouble::Line)
    }

    /// The next piece is read while one is under way.
    async fn send(
        &self,
        line: &Line,
        http: &mut Http,
        (place, blob): (&Secret, &Arc<Mutex<Blob>>),
        mut offset: u64,
    ) -> Result<(), Trouble> {
        let (mut ahead, mut again) = (None, 0);
        while offset < self.card.size {
            line.say(CarrierReport::Sent { uid: self.uid, run: self.run, done: offset });
            let piece = match ahead.take() {
                Some(Piece { offset: at, bytes, checksum }) if at == offset => {
                    Piece { offset, bytes, checksum }
                }
                _ => self.read(line, blob, offset).await?,
            };
            let (bytes, begun) = (piece.bytes.len(), Instant::now());
            let next = offset + bytes as u64;
            let (taken, read) = tokio::join!(self.piece(http, place, &piece), self.read(line, blob, next));
            let taken = taken.inspect_err(|why| {
                if *why == Trouble::Line {
                    line.pace.failed();
                }
            })?;
            match taken {
                Taken::To(to) => {
                    line.pace.passed(bytes, begun.elapsed());
                    (offset, again) = (to, 0);
                    ahead = Some(read?).filter(|piece| !piece.bytes.is_empty());
                }
                Taken::Damaged if again < AGAIN => {
                    again += 1;
                    ahead = Some(piece);
                }
                Taken::Elsewhere if again < AGAIN => {
                    again += 1;
                    offset = self.offset(http, place).await?;
                }
                Taken::Damaged => return Err(Trouble::Refused(FileRefusal::Checksum)),
                Taken::Elsewhere => return Err(Trouble::Refused(FileRefusal::Offset)),
            }
        }
        Ok(())
    }

    async fn read(&self, line: &Line, blob: &Arc<Mutex<Blob>>, offset: u64) -> Result<Piece, Trouble> {
        let left = usize::try_from(self.card.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let (blob, length) = (Arc::clone(blob), left.min(line.pace.piece()));
        aside(move || {
            let mut bytes = vec![0; length];
            let mut blob = blob.lock().unwrap_or_else(PoisonError::into_inner);
            if blob.read_at(offset, &mut bytes)? != length {
                return Err(VaultError::Corrupt);
            }
            let checksum = STANDARD.encode(digest::digest(&digest::SHA256, &bytes));
            Ok(Piece { offset, bytes: bytes.into(), checksum: format!("sha256 {checksum}") })
        })
        .await
    }

    async fn piece(&self, http: &mut Http, place: &Secret, piece: &Piece) -> Result<Taken, Trouble> {
        let request = http
            .request(Method::PATCH, &path(place), &self.voice)?
            .header(CONTENT_TYPE, "application/offset+octet-stream")
            .header("Upload-Offset", piece.offset)
            .header("Upload-Checksum", piece.checksum.as_str());
        let payload = Payload::new(piece.bytes.clone(), &http.progress);
        let answer = http.ask(request, payload).await?;
        self.taken(piece, answer).await
    }

    async fn taken(&self, piece: &Piece, answer: Response<Incoming>) -> Result<Taken, Trouble> {
        if answer.status() == StatusCode::NO_CONTENT {
            let to = number(answer.headers(), "upload-offset");
            let to = to.filter(|to| *to > piece.offset && *to <= self.card.size);
            return to.map(Taken::To).ok_or(Trouble::Line);
        }
        match refusal(answer).await {
            Trouble::Refused(FileRefusal::Offset) => Ok(Taken::Elsewhere),
            Trouble::Refused(FileRefusal::Checksum) => Ok(Taken::Damaged),
            other => Err(other),
        }
    }
}

/// Tells the desk that nobody goes on with it.
pub(super) async fn leave(line: &Line, voice: &Voice, place: &Secret) -> Result<(), Trouble> {
    let mut http = Http::open(&line.link).await?;
    let request = http.request(Method::DELETE, &path(place), voice)?;
    let payload = Payload::empty(&http.progress);
    http.ask(request, payload).await.map(drop)
}

fn path(place: &Secret) -> String {
    format!("{PLACES}{}", place.to_hex())
}
