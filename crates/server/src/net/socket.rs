//! One client's WebSocket: decodes, forwards, writes. It decides nothing.
//!
//! What must always hold: what waits is written with one flush; a client that does not read, or says nothing, is
//! closed; every connection ends with `Input::Closed`, whatever ended it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::{FutureExt as _, SinkExt as _};
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, sleep_until, timeout};

use super::gate::{Place, Stranger};
use super::queue::{End, Outlet, Person};
use crate::actor::Work;
use crate::desk::{Bucket, ConnId, Input, Pace};
use crate::options::DeskLimits;

/// Bytes written with one flush.
const FLUSH_BYTES: usize = 32 * 1024;
/// Frames handed over together: neighbours in time stay neighbours in the database.
const TOGETHER: usize = 16;
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

/// What a socket gives.
type Heard = Option<Result<Message, axum::Error>>;

/// Why the loop goes on or ends.
enum Step {
    On,
    Over,
}

/// What a client said.
struct Said {
    step: Step,
    /// At least one frame.
    something: bool,
    /// Before more is read.
    wait: Option<Duration>,
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
            () = line.outlet.woken() => {
                // Before the welcome goes out: whoever reads it may rely on no longer being counted.
                if line.stranger.is_some() && line.outlet.person().is_some() {
                    line.stranger = None;
                    deadline = Instant::now() + Duration::from_millis(line.limits.idle_ms);
                }
                write(socket, line).await
            }
            heard = socket.recv(), if may_read => {
                let said = read(heard, socket, line, &mut bucket).await;
                // A stranger may say one frame, then a hello: the desk sends everyone else away.
                let patience = match line.stranger {
                    None => Some(line.limits.idle_ms),
                    Some(_) => said.something.then_some(line.limits.hello_ms),
                };
                deadline = patience.map_or(deadline, |ms| Instant::now() + Duration::from_millis(ms));
                read_at = said.wait.map(|wait| Instant::now() + wait);
                said.step
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
        let next = read_at.unwrap_or(deadline).min(deadline);
        if alarm.is_elapsed() || next < alarm.deadline() {
            alarm.as_mut().reset(next);
        }
    }
}

/// Hands the desk what has come, together, and says how long to wait before more is read.
async fn read(mut heard: Heard, socket: &mut WebSocket, line: &Line, bucket: &mut Bucket) -> Said {
    let (mut inputs, mut step, mut wait) = (Vec::new(), Step::On, None);
    loop {
        match heard {
            Some(Ok(Message::Text(text))) => inputs.push(decoded(line.conn, &text)),
            Some(Ok(Message::Binary(_))) => inputs.push(Input::Malformed { conn: line.conn }),
            // Answered by the WebSocket itself.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_)) | Err(_)) | None => {
                step = Step::Over;
                break;
            }
        }
        wait = pace(line, bucket);
        if wait.is_some() || inputs.len() >= TOGETHER {
            break;
        }
        match socket.recv().now_or_never() {
            Some(next) => heard = next,
            None => break,
        }
    }
    let something = !inputs.is_empty();
    if something {
        line.outlet.read(inputs.len());
        // Refused only when the desk has stopped; its last words are in the queue then, and end the connection.
        let _ = line.desk.send(Work::Heard(inputs)).await;
    }
    Said { step, something, wait }
}

fn decoded(conn: ConnId, text: &str) -> Input {
    match deskbell_wire::decode_client(text) {
        Ok(frame) => Input::Frame { conn, frame },
        Err(_) => Input::Malformed { conn },
    }
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
