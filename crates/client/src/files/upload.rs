//! A file to the desk, in pieces, from where it stands there.
//!
//! What must always hold: no piece is counted before the desk has said so; a place that the desk gave is reported before a
//! byte goes there, so that it can be gone on with after a crash. A piece goes without a checksum of its own: every line
//! is encrypted, or stays within this computer, and the desk checks the whole.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_core::transfers::{CarrierReport, Trouble, Voice};
use deskbell_vault::Blob;
use deskbell_wire::{FileCard, FileRefusal, GroupId, Secret, StreamId, Uid};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::{Method, Response, StatusCode};

use super::body::{Payload, Reading};
use super::http::Http;
use super::said::{by_status, number, refusal};
use super::{Line, aside, disk};

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

/// What became of a piece.
enum Taken {
    /// The desk has so much now.
    To(u64),
    /// It stands elsewhere.
    Elsewhere,
}

impl Upload {
    pub(super) async fn carry(&self, line: &Line, place: Option<Secret>) -> Result<(), Trouble> {
        let mut http = Http::open(&line.link).await?;
        let (place, offset) = self.place(line, &mut http, place).await?;
        self.send(line, &mut http, &place, offset).await
    }

    /// What it is read from.
    async fn blob(&self, line: &Line) -> Result<Blob, Trouble> {
        let (vault, FileCard { digest, size, .. }) = (line.vault.clone(), self.card.clone());
        aside(move || vault.blob(&digest, size)).await?.ok_or(Trouble::Lost)
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
        let answer = http.ask(request, Payload::empty()).await?;
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
        let answer = http.ask(request, Payload::empty()).await?;
        if !answer.status().is_success() {
            return Err(by_status(answer.status()));
        }
        let offset = number(answer.headers(), "upload-offset").filter(|offset| *offset <= self.card.size);
        offset.ok_or(Trouble::Line)
    }

    async fn send(
        &self,
        line: &Line,
        http: &mut Http,
        place: &Secret,
        mut offset: u64,
    ) -> Result<(), Trouble> {
        let (mut reading, mut again) = (Reading::start(self.blob(line).await?, offset), 0);
        while offset < self.card.size {
            line.say(CarrierReport::Sent { uid: self.uid, run: self.run, done: offset });
            let (begun, bytes) = (Instant::now(), line.pace.piece().min(self.card.size - offset));
            let taken = self.piece(http, place, &reading, (offset, bytes)).await.inspect_err(|why| {
                if *why == Trouble::Line {
                    line.pace.failed();
                }
            })?;
            let whole = offset + bytes;
            match taken {
                Taken::To(to) => {
                    line.pace.passed(bytes, begun.elapsed());
                    (offset, again) = (to, 0);
                }
                Taken::Elsewhere if again < AGAIN => {
                    again += 1;
                    offset = self.offset(http, place).await?;
                }
                Taken::Elsewhere => return Err(Trouble::Refused(FileRefusal::Offset)),
            }
            if offset != whole {
                reading = Reading::start(self.blob(line).await?, offset);
            }
        }
        Ok(())
    }

    /// So many bytes from there on, which is where the reading is.
    async fn piece(
        &self,
        http: &mut Http,
        place: &Secret,
        reading: &Reading,
        (offset, bytes): (u64, u64),
    ) -> Result<Taken, Trouble> {
        let request = http
            .request(Method::PATCH, &path(place), &self.voice)?
            .header(CONTENT_TYPE, "application/offset+octet-stream")
            .header("Upload-Offset", offset);
        let answer = http.ask(request, Payload::of(reading, bytes)).await;
        // The request broke off because there was nothing more to read.
        if let Some(error) = reading.failed() {
            return Err(disk(error));
        }
        self.taken(offset, answer?).await
    }

    async fn taken(&self, offset: u64, answer: Response<Incoming>) -> Result<Taken, Trouble> {
        if answer.status() == StatusCode::NO_CONTENT {
            let to = number(answer.headers(), "upload-offset");
            let to = to.filter(|to| *to > offset && *to <= self.card.size);
            return to.map(Taken::To).ok_or(Trouble::Line);
        }
        match refusal(answer).await {
            Trouble::Refused(FileRefusal::Offset) => Ok(Taken::Elsewhere),
            other => Err(other),
        }
    }
}

/// Tells the desk that nobody goes on with it.
pub(super) async fn leave(line: &Line, voice: &Voice, place: &Secret) -> Result<(), Trouble> {
    let mut http = Http::open(&line.link).await?;
    let request = http.request(Method::DELETE, &path(place), voice)?;
    http.ask(request, Payload::empty()).await.map(drop)
}

fn path(place: &Secret) -> String {
    format!("{PLACES}{}", place.to_hex())
}
