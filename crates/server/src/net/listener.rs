//! The accept loop: deadlines for every step before a WebSocket and around files, and caps on sockets (threats 19).
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
use axum::routing::{any, get};
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

use super::files::{Files, Visit, files};
use super::gate::{Gate, Place, Stranger};
use super::patience::{Patience, Watched};
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
/// The most that a request's header takes on its way; files' are held to less.
const HTTP_BYTES: usize = 64 * 1024;
/// Bytes that HTTP reads at once. It begins with 8 KiB and takes more as more comes: files come faster so.
const BODY_BYTES: usize = 256 * 1024;
/// Before the WebSocket begins or the desk knows who asks, whatever is asked.
const HTTP: Duration = Duration::from_secs(30);
/// How long connections may take to say goodbye when the desk stops.
const GOODBYE: Duration = Duration::from_secs(3);

/// What the accept loop works with.
pub(crate) struct Listener {
    pub(crate) tcp: TcpListener,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) files: Arc<Files>,
    pub(crate) desk: mpsc::Sender<Work>,
    pub(crate) limits: Arc<DeskLimits>,
}

/// What a connection's request finds: the gate, and where its WebSocket goes.
#[derive(Clone)]
struct Doorway {
    gate: Arc<Gate>,
    socket: Arc<Mutex<Option<oneshot::Sender<WebSocket>>>>,
    /// `None` once the connection has served somebody's files.
    stranger: Arc<Mutex<Option<Stranger>>>,
}

/// What a connection's HTTP is served with.
struct Porch {
    routes: TowerToHyperService<Router>,
    gate: Arc<Gate>,
    files: Arc<Files>,
    stop: watch::Receiver<bool>,
}

impl Listener {
    /// Accepts until told to stop, then waits for the connections to end.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let Self { tcp, tls, gate, files: shared, desk, limits } = self;
        let routes = Router::new()
            .route("/v1/ws", get(enter))
            .route("/v1/health", get(health))
            .route("/v1/files", any(files))
            .route("/v1/files/{*place}", any(files));
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
                        let porch = Porch {
                            routes: routes.clone(),
                            gate: gate.clone(),
                            files: shared.clone(),
                            stop: stop.clone(),
                        };
                        tasks.spawn(connection(stream, tls.clone(), porch, line));
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
        let _ = timeout(GOODBYE, shared.end()).await;
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

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, porch: Porch, mut line: Line) {
    // A frame goes out when it is flushed, not when the next one comes.
    let _ = stream.set_nodelay(true);
    // Boxed: what a handshake needs must not stay with a connection for life.
    let socket = match tls {
        None => Box::pin(http(stream, porch, &mut line)).await,
        Some(tls) => {
            let handshake = timeout(Duration::from_millis(line.limits.handshake_ms), tls.accept(stream));
            match Box::pin(handshake).await {
                Ok(Ok(stream)) => Box::pin(http(stream, porch, &mut line)).await,
                Ok(Err(_)) | Err(_) => return,
            }
        }
    };
    if let Some(socket) = socket {
        serve(socket, line).await;
    }
}

/// Serves requests until one of them became a WebSocket, or the connection is over.
async fn http<S>(stream: S, porch: Porch, line: &mut Line) -> Option<WebSocket>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Porch { routes, gate, files, mut stop } = porch;
    let patience = Patience::of(HTTP);
    let visit = Visit::new(files, gate.clone(), line.address, patience.clone(), line.stranger.take());
    let stranger = visit.stranger.clone();
    let (sender, socket) = oneshot::channel();
    let doorway = Doorway { gate, socket: Arc::new(Mutex::new(Some(sender))), stranger: stranger.clone() };
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(doorway.clone());
        request.extensions_mut().insert(visit.clone());
        let answer = routes.call(request);
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(line.limits.header_ms))
        .max_header_size(HTTP_BYTES)
        .max_buf_size(BODY_BYTES)
        .serve_connection(TokioIo::new(Watched::new(stream, patience.clone())), service)
        .with_upgrades();
    tokio::select! {
        served = served => served.ok()?,
        () = patience.over() => return None,
        // A file that is on its way goes on when the desk is back.
        _ = stop.wait_for(|stopped| *stopped) => return None,
    }
    let socket = socket.await.ok()?;
    line.stranger = stranger.lock().unwrap_or_else(PoisonError::into_inner).take();
    Some(socket)
}

async fn enter(
    Extension(doorway): Extension<Doorway>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !doorway.gate.admits(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    // A WebSocket begins as a stranger, with a stranger's deadlines.
    if doorway.stranger.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
        return StatusCode::CONFLICT.into_response();
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
