//! A file to the desk, in pieces, from where it stands there.
//!
//! What must always hold: each piece goes with its checksum and is not counted before the desk has said so; a place that
//! the desk gave is reported before a byte goes there, so that it can be gone on with after a crash.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_core::transfers::{CarrierReport, DiskTrouble, Trouble, Voice};
use deskbell_vault::{Blob, VaultError};
use deskbell_wire::{FileCard, FileRefusal, GroupId, Secret, StreamId, Uid};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::{Method, Response, StatusCode};
use ring::digest;
use tokio::sync::mpsc;

use super::body::Payload;
use super::http::Http;
use super::said::{by_status, number, refusal};
use super::{Line, aside, disk};

/// What the desk says of a place or a piece again and again is not tried for ever in one run.
const AGAIN: u32 = 3;
/// Bytes that are read at once.
const BLOCK: usize = 256 * 1024;
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

/// A piece, as it is announced.
#[derive(Clone)]
struct Piece {
    offset: u64,
    bytes: u64,
    checksum: String,
}

/// The file, twice: the next piece's checksum is made while one is under way.
struct Blobs {
    read: Arc<Mutex<Blob>>,
    sent: Arc<Mutex<Blob>>,
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
        let opened = aside(move || Ok((vault.blob(&digest, size)?, vault.blob(&digest, size)?))).await?;
        let (Some(read), Some(sent)) = opened else { return Err(Trouble::Lost) };
        let blobs = Blobs { read: Arc::new(Mutex::new(read)), sent: Arc::new(Mutex::new(sent)) };
        let mut http = Http::open(&line.link).await?;
        let (place, offset) = self.place(line, &mut http, place).await?;
        self.send(line, &mut http, (&place, &blobs), offset).await
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

    /// The next piece's checksum is made while one is under way.
    async fn send(
        &self,
        line: &Line,
        http: &mut Http,
        (place, blobs): (&Secret, &Blobs),
        mut offset: u64,
    ) -> Result<(), Trouble> {
        let (mut ahead, mut again) = (None::<Piece>, 0);
        while offset < self.card.size {
            line.say(CarrierReport::Sent { uid: self.uid, run: self.run, done: offset });
            let piece = match ahead.take().filter(|piece| piece.offset == offset) {
                Some(piece) => piece,
                None => self.announced(line, blobs, offset).await?,
            };
            let (begun, next) = (Instant::now(), offset + piece.bytes);
            let passes = self.piece(http, place, (&piece, &blobs.sent));
            let (taken, read) = tokio::join!(passes, self.announced(line, blobs, next));
            let taken = taken.inspect_err(|why| {
                if *why == Trouble::Line {
                    line.pace.failed();
                }
            })?;
            match taken {
                Taken::To(to) => {
                    line.pace.passed(piece.bytes, begun.elapsed());
                    (offset, again) = (to, 0);
                    ahead = Some(read?);
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

    /// The piece from there on, with its checksum.
    async fn announced(&self, line: &Line, blobs: &Blobs, offset: u64) -> Result<Piece, Trouble> {
        let bytes = self.card.size.saturating_sub(offset).min(line.pace.piece());
        let blob = Arc::clone(&blobs.read);
        aside(move || {
            let mut digest = digest::Context::new(&digest::SHA256);
            blocks(&blob, (offset, bytes), |block| {
                digest.update(&block);
                true
            })?;
            let checksum = format!("sha256 {}", STANDARD.encode(digest.finish()));
            Ok(Piece { offset, bytes, checksum })
        })
        .await
    }

    async fn piece(
        &self,
        http: &mut Http,
        place: &Secret,
        (piece, blob): (&Piece, &Arc<Mutex<Blob>>),
    ) -> Result<Taken, Trouble> {
        let request = http
            .request(Method::PATCH, &path(place), &self.voice)?
            .header(CONTENT_TYPE, "application/offset+octet-stream")
            .header("Upload-Offset", piece.offset)
            .header("Upload-Checksum", piece.checksum.as_str());
        let (send, waiting) = mpsc::channel(1);
        let (blob, part) = (Arc::clone(blob), (piece.offset, piece.bytes));
        // It ends with the request, which takes no more then.
        let read = tokio::task::spawn_blocking(move || {
            blocks(&blob, part, |block| send.blocking_send(block).is_ok())
        });
        let answer = http.ask(request, Payload::of(waiting, piece.bytes)).await;
        if answer.is_err() && read.is_finished() {
            // The request broke off because there was nothing more to read.
            read.await.map_err(|_| Trouble::Disk(DiskTrouble::Other))?.map_err(disk)?;
        }
        self.taken(piece, answer?).await
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

/// Gives out so many bytes from there on, block by block, as long as they are taken.
fn blocks(
    blob: &Mutex<Blob>,
    (mut offset, mut left): (u64, u64),
    mut take: impl FnMut(Bytes) -> bool,
) -> Result<(), VaultError> {
    let mut blob = blob.lock().unwrap_or_else(PoisonError::into_inner);
    while left > 0 {
        let most = usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK));
        let mut block = vec![0; most];
        if blob.read_at(offset, &mut block)? != most {
            return Err(VaultError::Corrupt);
        }
        if !take(block.into()) {
            return Ok(());
        }
        (offset, left) = (offset + most as u64, left - most as u64);
    }
    Ok(())
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
