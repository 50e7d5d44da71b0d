//! One client's WebSocket: decodes, forwards, writes. It decides nothing.
//!
//! What must always hold: what waits is written with one flush; a client that does not read, or says nothing, is
//! closed; every connection ends with `Input::Closed`, whatever ended it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::SinkExt as _;
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, sleep_until, timeout};

use super::gate::{Place, Stranger};
use super::queue::{End, Outlet, Person};
use crate::actor::Work;
use crate::desk::{Bucket, ConnId, Input, Pace};
use crate::options::DeskLimits;

/// Bytes written with one flush.
const FLUSH_BYTES: usize = 32 * 1024;
/// How long the last words may take.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A client's socket and all that belongs to it.
pub(crate) struct Line {
    pub(crate) conn: ConnId,
    pub(crate) address: IpAddr,
    pub(crate) outlet: Arc<Outlet>,
    pub(crate) desk: mpsc::Sender<Work>,
    pub(crate) limits: Arc<DeskLimits>,
    pub(crate) stranger: Option<Stranger>,
    /// Counted while it lives.
    pub(crate) _place: Place,
}

/// Why the loop goes on or ends.
enum Step {
    On,
    Over,
}

/// Serves the connection until it ends.
pub(crate) async fn serve(mut socket: WebSocket, mut line: Line) {
    let opened = Work::Opened { conn: line.conn, address: line.address, outlet: line.outlet.clone() };
    if line.desk.send(opened).await.is_err() {
        return;
    }
    talk(&mut socket, &mut line).await;
    let _ = line.desk.send(Work::Input(Input::Closed { conn: line.conn })).await;
    let _ = timeout(LAST_WORDS, socket.close()).await;
}

async fn talk(socket: &mut WebSocket, line: &mut Line) {
    let mut deadline = Instant::now() + Duration::from_millis(line.limits.hello_ms);
    let mut bucket = Bucket::default();
    let mut read_at = None;
    let alarm = sleep_until(deadline);
    tokio::pin!(alarm);
    loop {
        let may_read = read_at.is_none() && line.outlet.may_read();
        let step = tokio::select! {
            () = line.outlet.woken() => write(socket, line).await,
            heard = socket.recv(), if may_read => {
                let spoke = matches!(heard, Some(Ok(Message::Text(_))));
                let (step, wait) = read(heard, line, &mut bucket).await;
                // A stranger may say one frame, then a hello: the desk sends everyone else away.
                let patience = match line.stranger {
                    None => Some(line.limits.idle_ms),
                    Some(_) => spoke.then_some(line.limits.hello_ms),
                };
                deadline = patience.map_or(deadline, |ms| Instant::now() + Duration::from_millis(ms));
                read_at = wait.map(|wait| Instant::now() + wait);
                step
            }
            () = &mut alarm => {
                let now = Instant::now();
                if read_at.is_some_and(|at| at <= now) {
                    read_at = None;
                    Step::On
                } else if deadline <= now {
                    Step::Over
                } else {
                    Step::On
                }
            }
        };
        if let Step::Over = step {
            return;
        }
        if line.stranger.is_some() && line.outlet.person().is_some() {
            line.stranger = None;
            deadline = Instant::now() + Duration::from_millis(line.limits.idle_ms);
        }
        let next = read_at.unwrap_or(deadline).min(deadline);
        if alarm.is_elapsed() || next < alarm.deadline() {
            alarm.as_mut().reset(next);
        }
    }
}

/// Hands a frame to the desk, and says how long to wait before the next one is read.
async fn read(
    heard: Option<Result<Message, axum::Error>>,
    line: &Line,
    bucket: &mut Bucket,
) -> (Step, Option<Duration>) {
    let input = match heard {
        Some(Ok(Message::Text(text))) => match deskbell_wire::decode_client(&text) {
            Ok(frame) => Input::Frame { conn: line.conn, frame },
            Err(_) => Input::Malformed { conn: line.conn },
        },
        Some(Ok(Message::Binary(_))) => Input::Malformed { conn: line.conn },
        // Answered by the WebSocket itself.
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => return (Step::On, pace(line, bucket)),
        Some(Ok(Message::Close(_)) | Err(_)) | None => return (Step::Over, None),
    };
    line.outlet.read();
    // Refused only when the desk has stopped; its last words are in the queue then, and end the connection.
    let _ = line.desk.send(Work::Input(input)).await;
    (Step::On, pace(line, bucket))
}

/// Threats 22 and 23: whoever says more than he may is listened to more slowly.
fn pace(line: &Line, bucket: &mut Bucket) -> Option<Duration> {
    let pace: Pace = match line.outlet.person() {
        Some(Person::Operator) => line.limits.operator_frames,
        Some(Person::Visitor) | None => line.limits.visitor_frames,
    };
    bucket.spend(pace, crate::clock::now()).map(Duration::from_millis)
}

/// Writes what waits, with one flush for all of it.
async fn write(socket: &mut WebSocket, line: &Line) -> Step {
    loop {
        let taken = line.outlet.take(FLUSH_BYTES);
        let write = async {
            for text in taken.frames {
                socket.feed(Message::Text(text)).await?;
            }
            socket.flush().await
        };
        let written = if taken.end.is_some() {
            timeout(LAST_WORDS, write).await.is_ok_and(|written| written.is_ok())
        } else {
            unless_slow(line, write).await
        };
        if !written {
            return Step::Over;
        }
        match taken.end {
            Some(End::Drained) if taken.more => {}
            Some(_) => {
                let frame = CloseFrame { code: close_code::NORMAL, reason: "".into() };
                let _ = timeout(LAST_WORDS, socket.send(Message::Close(Some(frame)))).await;
                return Step::Over;
            }
            None if taken.more => {}
            None => return Step::On,
        }
    }
}

/// S7: waits for the client to read, but not while the queue has been full for too long.
async fn unless_slow(line: &Line, write: impl Future<Output = Result<(), axum::Error>>) -> bool {
    let look = Duration::from_millis(line.limits.slow_ms.clamp(1, 1_000));
    // A line that takes nothing at all is dead, also when hardly anything waits for it.
    let dead = Instant::now() + Duration::from_millis(line.limits.idle_ms);
    tokio::pin!(write);
    loop {
        match timeout(look, &mut write).await {
            Ok(written) => return written.is_ok(),
            Err(_) if line.outlet.slow_at().unwrap_or(dead).min(dead) <= Instant::now() => return false,
            Err(_) => {}
        }
    }
}
