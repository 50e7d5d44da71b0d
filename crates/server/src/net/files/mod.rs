//! Files over HTTP: uploads with the header names of tus 1.0, downloads by the message that carries the file.
//!
//! What must always hold: bytes never pass the desk's thread, and the disk is never waited for on a thread that serves
//! sockets; every request says who asks, and the desk decides each time; secrets stand in no log.

mod again;
mod answer;
mod complete;
mod disk;
mod download;
mod headers;
mod pen;
mod range;
mod seats;
mod sweep;
mod upload;
mod writers;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, HttpBody as _};
use axum::extract::{Extension, Request};
use axum::http::header::EXPECT;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use deskbell_vault::{Vault, VaultError};
use deskbell_wire::{FileRefusal, MessageId, Secret, Timestamp};
use futures_util::StreamExt as _;
use tokio::sync::{RwLock, mpsc, oneshot};
use tokio::time::{Duration, sleep, timeout};

use super::gate::{Gate, Stranger};
use super::patience::Patience;
use crate::actor::Work;
use crate::desk::{Desk, FileVoice};
use crate::error::DeskError;
use crate::options::DeskLimits;
use crate::talk::Talk;
use answer::{Refused, bare, closes};
use disk::Disk;
use headers::Claim;
use seats::{Seat, Seats};
use upload::PIECE_BYTES;
use writers::Writers;

const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");

/// Everything that requests about files share.
pub(crate) struct Files {
    vault: Vault,
    desk: mpsc::Sender<Work>,
    limits: Arc<DeskLimits>,
    disk: Disk,
    writers: Arc<Writers>,
    seats: Arc<Seats>,
    /// Held by files that become whole; alone by whoever removes bytes.
    shelf: RwLock<()>,
}

/// What requests of one connection find.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) files: Arc<Files>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) address: IpAddr,
    pub(crate) patience: Arc<Patience>,
    /// Given up when the desk knows who it is.
    pub(crate) stranger: Arc<Mutex<Option<Stranger>>>,
    seat: Arc<Mutex<Option<Arc<Seat>>>>,
}

/// What a request is about.
enum Target {
    Uploads,
    Upload(Secret),
    Message(MessageId),
}

/// A request while it is worked on.
#[derive(Clone, Copy)]
struct Call<'a> {
    files: &'a Arc<Files>,
    visit: &'a Visit,
}

impl Files {
    /// # Errors
    /// [`DeskError::System`] when there are no threads to be had.
    pub(crate) fn start(
        vault: Vault,
        desk: mpsc::Sender<Work>,
        limits: Arc<DeskLimits>,
    ) -> Result<Arc<Self>, DeskError> {
        let seats = Seats::new(limits.file_connections, limits.file_requests);
        let (disk, writers) = (Disk::start()?, Arc::default());
        Ok(Arc::new(Self { vault, desk, limits, disk, writers, seats, shelf: RwLock::new(()) }))
    }

    /// To be told of words: files stand back for them.
    pub(crate) fn talk(&self) -> Arc<Talk> {
        self.disk.talk()
    }

    /// Asks the desk's machine.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Desk, Timestamp) -> Result<T, FileRefusal> + Send + 'static,
    ) -> Result<T, FileRefusal> {
        let (answer, answered) = oneshot::channel();
        let call = Box::new(move |desk: &mut Desk, now| {
            // Nobody waits any more: then the answer is of no use.
            let _ = answer.send(question(desk, now));
        });
        self.desk.send(Work::Call(call)).await.map_err(|_| FileRefusal::Storage)?;
        answered.await.map_err(|_| FileRefusal::Storage)?
    }

    /// Waits until files that were becoming whole are, and the disk is at rest. Nothing begins after that.
    pub(crate) async fn end(&self) {
        let _alone = self.shelf.write().await;
        self.disk.end().await;
    }

    fn stall(&self) -> Duration {
        Duration::from_millis(self.limits.file_stall_ms)
    }
}

impl Visit {
    pub(crate) fn new(
        files: Arc<Files>,
        gate: Arc<Gate>,
        address: IpAddr,
        patience: Arc<Patience>,
        stranger: Option<Stranger>,
    ) -> Self {
        let stranger = Arc::new(Mutex::new(stranger));
        Self { files, gate, address, patience, stranger, seat: Arc::default() }
    }

    /// Is it the line of whoever these headers claim?
    fn is_known(&self, headers: &HeaderMap) -> bool {
        headers::claim(headers).is_ok_and(|claim| self.seat_of(&claim).is_some())
    }

    fn seat(&self) -> Option<Arc<Seat>> {
        self.seat.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The connection's seat, if it is his who claims this.
    fn seat_of(&self, claim: &Claim) -> Option<Arc<Seat>> {
        self.seat().filter(|seat| seat.is_of(claim))
    }

    /// The desk knows who it is: the connection counts as his from now on. `true`: since now.
    fn take_seat(&self, claim: &Claim) -> Result<bool, FileRefusal> {
        let mut seat = self.seat.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !seat.as_ref().is_some_and(|seat| seat.is_of(claim));
        if is_new {
            *seat = None;
            *seat = Some(Arc::new(self.files.seats.take(claim)?));
        }
        drop(seat);
        self.stranger.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(is_new)
    }
}

/// Every request below `/v1/files`.
pub(crate) async fn files(Extension(visit): Extension<Visit>, request: Request) -> Response {
    let (head, mut body) = request.into_parts();
    let files = Arc::clone(&visit.files);
    let call = Call { files: &files, visit: &visit };
    let answered = match () {
        () if !visit.gate.admits(&head.headers) => Err(FileRefusal::Forbidden.into()),
        () if !headers::fit(&head.headers) => {
            Err(Refused::with(FileRefusal::Invalid, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE))
        }
        () => call.answer(&head.method, head.uri.path(), &head.headers, &mut body).await,
    };
    let mut answer = answered.unwrap_or_else(Refused::into_answer);
    // A stranger who was refused asks no second time on the same line, whoever asked on it before.
    let is_over = !answer.status().is_success() && !visit.is_known(&head.headers);
    if is_over || !call.rest_is_read(&head.headers, body).await {
        closes(&mut answer);
    }
    answer
}

impl Call<'_> {
    async fn answer(
        self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        body: &mut Body,
    ) -> Result<Response, Refused> {
        let target = target(path).ok_or(FileRefusal::Forbidden)?;
        let is_upload = !matches!(target, Target::Message(_)) && *method != Method::OPTIONS;
        if is_upload && !headers::is_tus(headers) {
            return Ok(other_version());
        }
        match (method.as_str(), target) {
            ("OPTIONS", Target::Uploads) => Ok(abilities()),
            ("POST", Target::Uploads) => self.begin(headers).await,
            ("HEAD", Target::Upload(secret)) => self.stand(headers, secret).await,
            ("PATCH", Target::Upload(secret)) => self.go_on(headers, secret, body).await,
            ("DELETE", Target::Upload(secret)) => self.end(headers, secret).await,
            ("GET", Target::Message(id)) => self.give(headers, id, true).await,
            ("HEAD", Target::Message(id)) => self.give(headers, id, false).await,
            _ => Err(Refused::with(FileRefusal::Invalid, StatusCode::METHOD_NOT_ALLOWED)),
        }
    }

    fn claim(self, headers: &HeaderMap) -> Result<Claim, FileRefusal> {
        headers::claim(headers)
    }

    /// Threats 22: who asks faster than he may waits.
    async fn pace(self, claim: &Claim) {
        let seat = self.visit.seat_of(claim);
        if let Some(wait) = seat.and_then(|seat| seat.pace()) {
            self.visit.patience.extend(0, wait + self.files.stall());
            sleep(wait).await;
        }
    }

    /// Whoever the desk has answered is known, unless it said that he may not, or could not look; his first request on
    /// a line counts like the others. So many bytes are to come.
    async fn known<T>(
        self,
        claim: &Claim,
        told: Result<T, FileRefusal>,
        bytes: u64,
    ) -> Result<T, FileRefusal> {
        let is_unknown = matches!(told, Err(FileRefusal::Forbidden | FileRefusal::Storage));
        if !is_unknown {
            if self.visit.take_seat(claim)? {
                self.pace(claim).await;
            }
            // The request itself cuts a body that stands still; the line is cut a little later.
            self.visit.patience.extend(bytes, self.files.stall() + Duration::from_secs(5));
        }
        told
    }

    /// A known person's body is read to its end, so that the answer is not lost in a line that is torn down; who sends
    /// more, or is a stranger, is not listened to.
    async fn rest_is_read(self, headers: &HeaderMap, body: Body) -> bool {
        if body.is_end_stream() {
            return true;
        }
        let is_short = headers::body_length(headers).is_some_and(|length| length <= PIECE_BYTES);
        // Who expects to be told to go on has not begun to send.
        if !is_short || headers.contains_key(EXPECT) || self.visit.seat().is_none() {
            return false;
        }
        let mut body = body.into_data_stream();
        loop {
            match timeout(self.files.stall(), body.next()).await {
                Ok(Some(Ok(_))) => {}
                Ok(None) => return true,
                Ok(Some(Err(_))) | Err(_) => return false,
            }
        }
    }
}

impl Claim {
    fn voice(&self) -> FileVoice {
        FileVoice { who: self.who.clone(), device: self.device }
    }
}

fn target(path: &str) -> Option<Target> {
    let rest = path.strip_prefix("/v1/files")?;
    if rest.is_empty() {
        return Some(Target::Uploads);
    }
    let rest = rest.strip_prefix('/')?;
    match rest.strip_prefix("up/") {
        Some(digits) => headers::secret(digits).map(Target::Upload),
        None => headers::uuid(rest).map(|id| Target::Message(MessageId(id))),
    }
}

/// To whoever speaks another version.
fn other_version() -> Response {
    let mut answer = Refused::with(FileRefusal::Invalid, StatusCode::PRECONDITION_FAILED).into_answer();
    answer.headers_mut().insert(TUS_VERSION, HeaderValue::from_static(headers::TUS));
    answer
}

/// `OPTIONS /v1/files`
fn abilities() -> Response {
    let mut answer = bare(StatusCode::NO_CONTENT);
    for (name, value) in [
        (TUS_VERSION, headers::TUS),
        (HeaderName::from_static("tus-extension"), "creation,checksum,expiration,termination"),
        (HeaderName::from_static("tus-checksum-algorithm"), "sha256"),
    ] {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// What the disk says, as the client hears it.
fn refusal(error: VaultError) -> FileRefusal {
    match error {
        VaultError::Digest => FileRefusal::Checksum,
        VaultError::Full => FileRefusal::NoSpace,
        VaultError::Denied | VaultError::Corrupt | VaultError::Io(_) => {
            tracing::warn!(%error, "the disk does not take or give a file");
            FileRefusal::Storage
        }
    }
}
