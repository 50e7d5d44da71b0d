//! The accept loop: deadlines for every step before a WebSocket, and caps on sockets (threats 19).
//!
//! Why not `axum::serve`: it has no deadline for a request's header. What must always hold: every task of a
//! connection belongs to this loop and ends with it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::Extension;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use deskbell_wire::limits::FRAME_BYTES;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::gate::{Gate, Place, Stranger};
use super::queue::{Bounds, Outlet};
use super::socket::{Line, serve};
use crate::actor::Work;
use crate::desk::ConnId;
use crate::options::DeskLimits;

/// Bytes that a WebSocket's read buffer takes; the library's default costs 128 KiB a connection.
const READ_BYTES: usize = 4 * 1024;
/// Bytes after which a WebSocket writes without waiting for a flush.
const WRITE_BYTES: usize = 16 * 1024;
/// Bytes that a WebSocket may hold back: a flush's worth and the largest frame.
const WRITE_MOST: usize = 256 * 1024;
/// Bytes of a request's header.
const HEADER_BYTES: usize = 16 * 1024;
/// Whole milliseconds before the WebSocket begins, whatever is asked.
const HTTP_MS: u64 = 30_000;
/// How long connections may take to say goodbye when the desk stops.
const GOODBYE: Duration = Duration::from_secs(3);

/// What the accept loop works with.
pub(crate) struct Listener {
    pub(crate) tcp: TcpListener,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) desk: mpsc::Sender<Work>,
    pub(crate) limits: Arc<DeskLimits>,
}

/// What a connection's request finds: the gate, and where its WebSocket goes.
#[derive(Clone)]
struct Doorway {
    gate: Arc<Gate>,
    socket: Arc<Mutex<Option<oneshot::Sender<WebSocket>>>>,
}

impl Listener {
    /// Accepts until told to stop, then waits for the connections to end.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let Self { tcp, tls, gate, desk, limits } = self;
        let routes = Router::new().route("/v1/ws", get(enter)).route("/v1/health", get(health));
        let routes = TowerToHyperService::new(routes);
        let (ids, mut tasks) = (AtomicU64::new(1), JoinSet::new());
        loop {
            tokio::select! {
                _ = stop.changed() => break,
                Some(_) = tasks.join_next() => {}
                accepted = tcp.accept() => match accepted {
                    Ok((stream, from)) => {
                        let Some(admitted) = gate.admit(from.ip()) else { continue };
                        let conn = ConnId(ids.fetch_add(1, Ordering::Relaxed));
                        let line = line(conn, from, admitted, &desk, &limits);
                        tasks.spawn(connection(stream, tls.clone(), routes.clone(), gate.clone(), line));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        sleep(Duration::from_millis(100)).await;
                    }
                }
            }
        }
        drop(tcp);
        drop(desk);
        let _ = timeout(GOODBYE, async { while tasks.join_next().await.is_some() {} }).await;
        tasks.shutdown().await;
    }
}

fn line(
    conn: ConnId,
    from: SocketAddr,
    (place, stranger): (Place, Stranger),
    desk: &mpsc::Sender<Work>,
    limits: &Arc<DeskLimits>,
) -> Line {
    let bounds = Bounds {
        events: limits.queue_events,
        bytes: limits.queue_bytes,
        slow: Duration::from_millis(limits.slow_ms),
    };
    Line {
        conn,
        address: from.ip(),
        outlet: Arc::new(Outlet::new(bounds)),
        desk: desk.clone(),
        limits: limits.clone(),
        stranger: Some(stranger),
        _place: place,
    }
}

async fn connection(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    routes: TowerToHyperService<Router>,
    gate: Arc<Gate>,
    line: Line,
) {
    // A frame goes out when it is flushed, not when the next one comes.
    let _ = stream.set_nodelay(true);
    // Boxed: what a handshake needs must not stay with a connection for life.
    let socket = match tls {
        None => Box::pin(http(stream, routes, gate, &line.limits)).await,
        Some(tls) => {
            let handshake = timeout(Duration::from_millis(line.limits.handshake_ms), tls.accept(stream));
            match Box::pin(handshake).await {
                Ok(Ok(stream)) => Box::pin(http(stream, routes, gate, &line.limits)).await,
                Ok(Err(_)) | Err(_) => return,
            }
        }
    };
    if let Some(socket) = socket {
        serve(socket, line).await;
    }
}

/// Serves requests until one of them became a WebSocket, or the connection is over.
async fn http<S>(
    stream: S,
    routes: TowerToHyperService<Router>,
    gate: Arc<Gate>,
    limits: &DeskLimits,
) -> Option<WebSocket>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, socket) = oneshot::channel();
    let doorway = Doorway { gate, socket: Arc::new(Mutex::new(Some(sender))) };
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(doorway.clone());
        let answer = routes.call(request);
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(limits.header_ms))
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    timeout(Duration::from_millis(HTTP_MS), served).await.ok()?.ok()?;
    socket.await.ok()
}

async fn enter(
    Extension(doorway): Extension<Doorway>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !doorway.gate.admits(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let sender = doorway.socket.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(sender) = sender else { return StatusCode::CONFLICT.into_response() };
    upgrade
        .read_buffer_size(READ_BYTES)
        .write_buffer_size(WRITE_BYTES)
        .max_write_buffer_size(WRITE_MOST)
        .max_message_size(FRAME_BYTES)
        .max_frame_size(FRAME_BYTES)
        .on_upgrade(async move |socket| {
            // Refused when the connection is over already.
            let _ = sender.send(socket);
        })
}

async fn health(Extension(doorway): Extension<Doorway>, headers: HeaderMap) -> Response {
    if doorway.gate.admits(&headers) { "ok\n".into_response() } else { StatusCode::FORBIDDEN.into_response() }
}
