//! One connection to the desk for files, and who speaks on it.
//!
//! What must always hold: it is dialled as the session's own is, with the same key; a line on which nothing passes for
//! [`STILL`] seconds is dead; a token stands in no log.

use std::time::Duration;

use deskbell_core::transfers::{Trouble, Voice};
use deskbell_wire::{Identity, JoinLink};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, HOST, HeaderValue};
use hyper::http::request::Builder;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::task::AbortHandle;

use super::body::Payload;
use super::counted::{Counted, Progress};
use crate::dial;

/// Seconds without a byte.
const STILL: u64 = 30;
/// For the connection itself.
const DIAL: Duration = Duration::from_secs(20);

/// A connection. Closed when dropped.
pub(super) struct Http {
    host: String,
    send: SendRequest<Payload>,
    task: AbortHandle,
    pub(super) progress: Progress,
}

impl Drop for Http {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Http {
    pub(super) async fn open(link: &JoinLink) -> Result<Self, Trouble> {
        let line = tokio::time::timeout(DIAL, dial::line(link)).await;
        let line = line.map_err(|_| Trouble::Line)?.map_err(|_| Trouble::Line)?;
        let progress = Progress::default();
        let line = Counted { line, progress: progress.clone() };
        let (send, connection) = handshake(TokioIo::new(line)).await.map_err(|_| Trouble::Line)?;
        let task = tokio::spawn(async move { drop(connection.await) }).abort_handle();
        Ok(Self { host: link.authority(), send, task, progress })
    }

    /// A request as that person, to be filled in.
    pub(super) fn request(&self, method: Method, path: &str, voice: &Voice) -> Result<Builder, Trouble> {
        let (token, visitor) = match &voice.who {
            Identity::Visitor { site, visitor_id, token } => (token, Some(format!("{site}/{visitor_id}"))),
            Identity::Operator { token } => (token, None),
        };
        let mut token =
            HeaderValue::try_from(format!("Bearer {}", token.to_hex())).map_err(|_| Trouble::Line)?;
        token.set_sensitive(true);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.host.as_str())
            .header(AUTHORIZATION, token)
            .header("Tus-Resumable", "1.0.0")
            .header("Deskbell-Device", voice.device.to_string());
        if let Some(visitor) = visitor {
            request = request.header("Deskbell-Visitor", visitor);
        }
        Ok(request)
    }

    /// Asks, and waits for the head of the answer.
    pub(super) async fn ask(
        &mut self,
        request: Builder,
        payload: Payload,
    ) -> Result<Response<Incoming>, Trouble> {
        let request = request.body(payload).map_err(|_| Trouble::Line)?;
        let progress = self.progress.clone();
        let asked = async {
            self.send.ready().await?;
            self.send.send_request(request).await
        };
        patient(&progress, asked).await?.map_err(|_| Trouble::Line)
    }
}

/// Waits for it as long as bytes pass.
pub(super) async fn patient<T>(progress: &Progress, work: impl Future<Output = T>) -> Result<T, Trouble> {
    let mut work = std::pin::pin!(work);
    let (mut before, mut still) = (progress.steps(), 0);
    while still < STILL {
        match tokio::time::timeout(Duration::from_secs(1), &mut work).await {
            Ok(done) => return Ok(done),
            Err(_) if progress.steps() == before => still += 1,
            Err(_) => (before, still) = (progress.steps(), 0),
        }
    }
    Err(Trouble::Line)
}
