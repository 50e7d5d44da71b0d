//! An upload, request by request: begun, asked about, continued, ended.
//!
//! What must always hold: the desk says at every step whether it may go on; "204" for the last piece means that the file
//! is whole, durable and what it claims to be; what is not leaves nothing that anybody could read (threats 36, 40).

use axum::body::Body;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use deskbell_wire::{FileRefusal, Secret};
use tokio::time::Duration;
use uuid::Uuid;

use super::answer::{Refused, UPLOAD_OFFSET, bare, expires};
use super::headers::{self, Claim, Piece};
use super::pen::{End, Floor, Pen, receive};
use super::writers::Hold;
use super::{Call, refusal};
use crate::desk::{FilePlace, FileStage, FileStand, NewFile};

/// The largest piece.
pub(super) const PIECE_BYTES: u64 = 8 * 1024 * 1024;
/// How long a file may take to become durable, or to be read again, while its line is still.
const SETTLES: Duration = Duration::from_secs(300);
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");

impl Call<'_> {
    /// `POST /v1/files`
    pub(super) async fn begin(self, headers: &HeaderMap) -> Result<Response, Refused> {
        let claim = self.claim(headers)?;
        let new = headers::announced(headers)?;
        self.pace(&claim).await;
        let size = new.size;
        let new = NewFile {
            id: new.id,
            stream: new.stream,
            group: new.group,
            name: new.name,
            size,
            media: new.media,
            digest: new.digest,
        };
        let (voice, origin) = (claim.voice(), self.visit.address);
        let place = self.files.ask(move |desk, now| desk.create_file(&voice, &new, origin, now)).await;
        let place = self.known(&claim, place, 0).await?;
        if let Err(full) = self.room_for(size).await {
            self.take_back(&claim, &place).await;
            return Err(full.into());
        }
        let mut answer = bare(StatusCode::CREATED);
        let address = format!("/v1/files/up/{}", place.secret.to_hex());
        if let Ok(mut address) = HeaderValue::try_from(address) {
            address.set_sensitive(true);
            answer.headers_mut().insert(LOCATION, address);
        }
        expires(answer.headers_mut(), place.expires);
        Ok(answer)
    }

    /// Nobody hears of a place that has no room: it is given up, unless there are bytes in it from before.
    async fn take_back(&self, claim: &Claim, place: &FilePlace) {
        let Some(hold) = self.files.writers.take(place.part) else { return };
        let (vault, part) = (self.files.vault.clone(), place.part);
        let held = self.files.disk.run(move || vault.part_len(part)).await;
        if place.stage == FileStage::UnderWay && matches!(held, Ok(Ok(None | Some(0)))) {
            // Otherwise it goes when it is a day old.
            let _ = self.files.discard(claim, &place.secret).await;
        }
        drop(hold);
    }

    /// `HEAD /v1/files/up/…`: where it stands. Whoever asks goes on with it: a line that hangs lets go of it, and what
    /// is complete but was never settled is settled now.
    pub(super) async fn stand(self, headers: &HeaderMap, secret: Secret) -> Result<Response, Refused> {
        let claim = self.claim(headers)?;
        self.pace(&claim).await;
        let stand = self.file_at(&claim, &secret, 0).await?;
        self.visit.patience.extend(0, SETTLES);
        let offset = match stand.stage {
            FileStage::UnderWay => self.taken_over(claim, secret, &stand).await?,
            FileStage::Whole | FileStage::Committed => stand.card.size,
        };
        let mut answer = told(StatusCode::OK, offset);
        answer.headers_mut().insert(UPLOAD_LENGTH, stand.card.size.into());
        expires(answer.headers_mut(), stand.expires);
        Ok(answer)
    }

    /// How far an upload came that somebody else may be writing still.
    async fn taken_over(&self, claim: Claim, secret: Secret, stand: &FileStand) -> Result<u64, Refused> {
        let hold = self.files.writers.take_over(stand.part).await.ok_or(FileRefusal::Busy)?;
        // It may have become whole while we waited.
        let stand = self.file_at(&claim, &secret, 0).await?;
        if stand.stage != FileStage::UnderWay {
            return Ok(stand.card.size);
        }
        let (pen, _) = self.files.open(hold, stand.part).await?;
        let (offset, size) = (pen.part.len(), stand.card.size);
        if offset == size {
            self.files.complete(claim, secret, stand, pen).await?;
        } else {
            self.files.put_away(pen).await;
        }
        Ok(offset)
    }

    /// `PATCH /v1/files/up/…`
    pub(super) async fn go_on(
        self,
        headers: &HeaderMap,
        secret: Secret,
        body: &mut Body,
    ) -> Result<Response, Refused> {
        let claim = self.claim(headers)?;
        let piece = bounded(headers)?;
        self.pace(&claim).await;
        let stand = self.file_at(&claim, &secret, piece.length).await?;
        let (size, expires_at) = (stand.card.size, stand.expires);
        if stand.stage != FileStage::UnderWay {
            // The answer to the last piece was lost.
            return Ok(told(StatusCode::NO_CONTENT, size));
        }
        if piece.offset.checked_add(piece.length).is_none_or(|end| end > size) {
            return Err(FileRefusal::Invalid.into());
        }
        let hold = self.files.writers.take(stand.part).ok_or(FileRefusal::Busy)?;
        if piece.offset == 0 {
            // It may have been ended, or have become whole, before it was ours: nothing begins under its name again.
            let now = self.file_at(&claim, &secret, piece.length).await?;
            if now.stage != FileStage::UnderWay {
                return Ok(told(StatusCode::NO_CONTENT, size));
            }
        }
        let pen = self.pen_at(hold, &stand, &piece).await?;
        let pen = self.write((&claim, &secret), pen, &piece, std::mem::take(body)).await?;
        self.visit.patience.extend(0, SETTLES);
        let offset = pen.part.len();
        if offset == size {
            self.files.complete(claim, secret, stand, pen).await?;
        } else {
            self.files.put_away(pen).await;
        }
        let mut answer = told(StatusCode::NO_CONTENT, offset);
        expires(answer.headers_mut(), expires_at);
        Ok(answer)
    }

    /// The part where the piece begins, on a disk that has room for it.
    async fn pen_at(&self, hold: Hold, stand: &FileStand, piece: &Piece) -> Result<Pen, FileRefusal> {
        let (pen, free) = self.files.open(hold, stand.part).await?;
        let refused = match () {
            () if pen.part.len() != piece.offset => FileRefusal::Offset,
            () if free < self.needed(piece.length) => FileRefusal::NoSpace,
            () => return Ok(pen),
        };
        self.files.put_away(pen).await;
        Err(refused)
    }

    /// `DELETE /v1/files/up/…`
    pub(super) async fn end(self, headers: &HeaderMap, secret: Secret) -> Result<Response, Refused> {
        let claim = self.claim(headers)?;
        self.pace(&claim).await;
        let stand = self.file_at(&claim, &secret, 0).await?;
        let hold = self.files.writers.take_over(stand.part).await.ok_or(FileRefusal::Busy)?;
        self.files.discard(&claim, &secret).await?;
        drop(hold);
        Ok(bare(StatusCode::NO_CONTENT))
    }

    async fn file_at(&self, claim: &Claim, secret: &Secret, bytes: u64) -> Result<FileStand, Refused> {
        let (voice, secret) = (claim.voice(), secret.clone());
        let stand = self.files.ask(move |desk, now| desk.file_at(&voice, &secret, now)).await;
        Ok(self.known(claim, stand, bytes).await?)
    }

    /// Threats 43: is there room for so much beside the reserve?
    async fn room_for(&self, bytes: u64) -> Result<(), FileRefusal> {
        let vault = self.files.vault.clone();
        let free = self.files.disk.run(move || vault.free()).await?.map_err(refusal)?;
        if free < self.needed(bytes) { Err(FileRefusal::NoSpace) } else { Ok(()) }
    }

    fn needed(&self, bytes: u64) -> u64 {
        self.files.limits.file_reserve_bytes.saturating_add(bytes)
    }

    /// Writes a piece to its end, or as far as it comes or may come.
    async fn write(
        &self,
        upload: (&Claim, &Secret),
        pen: Pen,
        piece: &Piece,
        body: Body,
    ) -> Result<Pen, Refused> {
        let pen = if piece.checksum.is_some() { pen.checked() } else { pen };
        let halt = pen.hold.halt();
        let received = receive(&self.files.disk, pen, body, self.files.stall());
        let (received, lost) = self.files.while_allowed(upload, halt, received).await;
        let (mut pen, end) = received?;
        let checksum = piece.checksum.filter(|_| end == End::Whole);
        let checked = self.files.disk.run(move || {
            let agrees = checksum.map_or(Ok(true), |checksum| pen.agrees(&checksum));
            agrees.map(|agrees| (pen, agrees))
        });
        let (pen, agrees) = checked.await?.map_err(refusal)?;
        let refused = match (lost, end) {
            (None, End::Whole) if agrees => return Ok(pen),
            (None, End::Whole) => FileRefusal::Checksum.into(),
            (Some(code), end) => Refused { code, status: None, closes: end == End::Cut },
            (None, End::Cut) => {
                let status = Some(StatusCode::REQUEST_TIMEOUT);
                Refused { code: FileRefusal::Offset, status, closes: true }
            }
        };
        self.files.put_away(pen).await;
        Err(refused)
    }
}

/// A piece of a length that is told and allowed.
fn bounded(headers: &HeaderMap) -> Result<Piece, Refused> {
    let piece = headers::piece(headers).map_err(|code| match headers::body_length(headers) {
        None => Refused::with(code, StatusCode::LENGTH_REQUIRED),
        Some(_) => code.into(),
    })?;
    if piece.length > PIECE_BYTES { Err(FileRefusal::TooLarge.into()) } else { Ok(piece) }
}

fn told(status: StatusCode, offset: u64) -> Response {
    let mut answer = bare(status);
    answer.headers_mut().insert(UPLOAD_OFFSET, offset.into());
    answer
}

impl super::Files {
    /// The part for its only writer, as far as it came, and how much the disk has free.
    pub(super) async fn open(&self, hold: Hold, part: Uuid) -> Result<(Pen, u64), FileRefusal> {
        let (vault, reserve) = (self.vault.clone(), self.limits.file_reserve_bytes);
        let opened = self.disk.run(move || {
            let part = match vault.resume(part)? {
                Some(part) => part,
                None => vault.begin(part)?,
            };
            let free = vault.free()?;
            Ok((Pen::new(part, hold, Floor { vault, reserve }), free))
        });
        opened.await?.map_err(refusal)
    }

    /// Where the disk may be waited for.
    pub(super) async fn put_away(&self, pen: Pen) {
        // The desk ends: then it was put away here.
        let _ = self.disk.run(move || drop(pen)).await;
    }
}
