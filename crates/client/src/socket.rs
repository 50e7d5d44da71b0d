//! One connection: a task that dials, then reads and writes until either end has enough.
//!
//! What must always hold: dropping the [`Socket`] ends the task and closes the connection; frames go out in the order
//! in which they were written, several of them with one flush.

use deskbell_core::Closed;
use deskbell_wire::limits::FRAME_BYTES;
use deskbell_wire::{ClientFrame, JoinLink, decode_desk, encode};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::dial;
use crate::driver::Frame;

/// Frames written at once.
const BATCH: usize = 64;
/// Frames that may wait to be written; a line that takes none for so long is dead.
const WAITING: usize = 4_096;
/// Frames read ahead of the session.
const READ_AHEAD: usize = 64;

/// What a connection reports.
pub(crate) enum SocketEvent {
    Opened,
    Frame(Frame),
    Closed(Closed),
}

/// A connection, from dialling to its end.
pub(crate) struct Socket {
    events: mpsc::Receiver<SocketEvent>,
    frames: mpsc::Sender<String>,
    task: AbortHandle,
}

impl Socket {
    pub(crate) fn dial(link: JoinLink) -> Self {
        let (report, events) = mpsc::channel(READ_AHEAD);
        let (frames, outgoing) = mpsc::channel(WAITING);
        let task = tokio::spawn(async move {
            let how = converse(&link, &report, outgoing).await;
            let _ = report.send(SocketEvent::Closed(how)).await;
        });
        Self { events, frames, task: task.abort_handle() }
    }

    /// The next report. After `Closed` there is none.
    pub(crate) async fn next(&mut self) -> SocketEvent {
        self.events.recv().await.unwrap_or(SocketEvent::Closed(Closed::Lost))
    }

    /// Queues a frame; `false` when the line does not take any more.
    pub(crate) fn write(&self, frame: &ClientFrame) -> bool {
        match encode(frame) {
            Ok(text) => self.frames.try_send(text).is_ok(),
            Err(error) => {
                tracing::error!(%error, "a frame was not written");
                true
            }
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(
    link: &JoinLink,
    report: &mpsc::Sender<SocketEvent>,
    out: mpsc::Receiver<String>,
) -> Closed {
    let result = dial::dial(link, config()).await;
    match result {
        Ok(stream) => {
            if report.send(SocketEvent::Opened).await.is_err() {
                return Closed::Lost;
            }
            exchange(stream, report, out).await
        }
        Err(how) => how,
    }
}

/// Reading goes on while a write waits: two ends that both wait for the other to read would wait for ever.
async fn exchange<T>(
    socket: WebSocketStream<T>,
    report: &mpsc::Sender<SocketEvent>,
    out: mpsc::Receiver<String>,
) -> Closed
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let (sink, stream) = socket.split();
    tokio::select! {
        () = write_all(sink, out) => Closed::Lost,
        how = read_all(stream, report) => how,
    }
}

async fn write_all<T>(mut sink: SplitSink<WebSocketStream<T>, Message>, mut out: mpsc::Receiver<String>)
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut batch = Vec::with_capacity(BATCH);
    while out.recv_many(&mut batch, BATCH).await > 0 {
        for text in batch.drain(..) {
            if sink.feed(Message::text(text)).await.is_err() {
                return;
            }
        }
        if sink.flush().await.is_err() {
            return;
        }
    }
}

async fn read_all<T>(
    mut stream: SplitStream<WebSocketStream<T>>,
    report: &mpsc::Sender<SocketEvent>,
) -> Closed
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        match read(stream.next().await) {
            Read::Frame(frame) => {
                if report.send(SocketEvent::Frame(frame)).await.is_err() {
                    return Closed::Lost;
                }
            }
            Read::Nothing => {}
            Read::End(how) => return how,
        }
    }
}

enum Read {
    Frame(Frame),
    Nothing,
    End(Closed),
}

type Received = Option<Result<Message, tokio_tungstenite::tungstenite::Error>>;

fn read(message: Received) -> Read {
    match message {
        Some(Ok(Message::Text(text))) => match decode_desk(&text) {
            Ok(frame) => Read::Frame(Box::new(frame)),
            Err(error) => {
                tracing::warn!(%error, "the desk sent something that is no frame");
                Read::End(Closed::NotADesk)
            }
        },
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Read::Nothing,
        Some(Ok(Message::Binary(_))) => Read::End(Closed::NotADesk),
        Some(Ok(Message::Close(_)) | Err(_)) | None => Read::End(Closed::Lost),
    }
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(16 * 1024)
        .max_message_size(Some(FRAME_BYTES))
        .max_frame_size(Some(FRAME_BYTES))
        .max_write_buffer_size(4 * FRAME_BYTES)
}
