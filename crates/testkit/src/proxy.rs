//! A line that fails on demand: a TCP proxy inside the test, between a real client and a real desk.
//!
//! What must always hold: it is bounded ([`CHUNK`] bytes a direction, [`LINES`] connections); what it does is decided
//! by the test, never by the clock; its threads end with it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// Bytes under way in one direction of one connection.
const CHUNK: usize = 16 * 1024;
/// Connections at once; further ones wait.
const LINES: usize = 64;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the client to the desk.
    Up,
    /// From the desk to the client.
    Down,
}

/// What happens to bytes. Applies to connections that are there, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// How late each chunk arrives.
    pub latency: Duration,
    /// Nothing passes this way, and its end is not told either.
    pub stalled: Vec<Way>,
    /// A connection is cut when so many bytes of it have passed this way. What passed, arrives.
    pub cut_at: Option<(Way, u64)>,
    /// New connections are closed at once.
    pub refuses: bool,
}

/// What connections follow.
#[derive(Clone, Debug, Default)]
struct Orders {
    rules: Rules,
    /// Raised: every connection that is there is reset.
    resets: u64,
    over: bool,
}

impl Orders {
    fn lets_pass(&self, way: Way) -> bool {
        !self.rules.stalled.contains(&way)
    }
}

/// The proxy. Gone when dropped, and its connections with it.
pub struct Proxy {
    address: SocketAddr,
    orders: watch::Sender<Orders>,
    accepted: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Rules {
    /// Half-open: neither end hears of the other any more.
    pub fn half_open() -> Self {
        Self { stalled: vec![Way::Up, Way::Down], ..Self::default() }
    }

    /// Cut when `bytes` have passed that way.
    pub fn cut(way: Way, bytes: u64) -> Self {
        Self { cut_at: Some((way, bytes)), ..Self::default() }
    }
}

impl Proxy {
    /// Stands in front of `target`.
    pub fn start(target: SocketAddr) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (orders, followed) = watch::channel(Orders::default());
        let accepted = Arc::new(AtomicU64::new(0));
        let door = Door { listener, target, accepted: Arc::clone(&accepted) };
        let thread = std::thread::spawn(move || runtime.block_on(door.accept(followed)));
        Self { address, orders, accepted, thread: Some(thread) }
    }

    /// Where clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connections so far.
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// What happens from now on.
    pub fn set(&self, rules: Rules) {
        self.orders.send_modify(|now| now.rules = rules);
    }

    /// Ends every connection that is there with a reset.
    pub fn reset(&self) {
        self.orders.send_modify(|now| now.resets += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.orders.send_modify(|now| now.over = true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Where connections come in.
struct Door {
    listener: TcpListener,
    target: SocketAddr,
    accepted: Arc<AtomicU64>,
}

impl Door {
    async fn accept(self, mut orders: watch::Receiver<Orders>) {
        let (lines, mut tasks) = (Arc::new(Semaphore::new(LINES)), JoinSet::new());
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                over = orders.wait_for(|orders| orders.over) => return drop(over),
            };
            while tasks.try_join_next().is_some() {}
            let Ok((client, _)) = accepted else { continue };
            let Ok(place) = Arc::clone(&lines).acquire_owned().await else { return };
            self.accepted.fetch_add(1, Ordering::Relaxed);
            if orders.borrow().rules.refuses {
                continue;
            }
            let (orders, target) = (orders.clone(), self.target);
            tasks.spawn(async move {
                if let Ok(desk) = TcpStream::connect(target).await {
                    join(client, desk, orders).await;
                }
                drop(place);
            });
        }
    }
}

/// One connection, until either end closes it or a rule does.
async fn join(mut client: TcpStream, mut desk: TcpStream, mut orders: watch::Receiver<Orders>) {
    let resets = orders.borrow().resets;
    let _ = (client.set_nodelay(true), desk.set_nodelay(true));
    let is_reset = {
        let ((from_client, to_client), (from_desk, to_desk)) = (client.split(), desk.split());
        let up = pass(Way::Up, from_client, to_desk, orders.clone());
        let down = pass(Way::Down, from_desk, to_client, orders.clone());
        tokio::select! {
            () = up => false,
            () = down => false,
            reset = orders.wait_for(|orders| orders.resets > resets) => reset.is_ok(),
        }
    };
    if is_reset {
        let _ = (client.set_zero_linger(), desk.set_zero_linger());
    }
}

async fn pass(
    way: Way,
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut orders: watch::Receiver<Orders>,
) {
    let (mut chunk, mut passed) = (vec![0; CHUNK], 0);
    loop {
        if orders.wait_for(|orders| orders.lets_pass(way)).await.is_err() {
            return;
        }
        let read = tokio::select! {
            read = from.read(&mut chunk) => read.unwrap_or(0),
            changed = orders.changed() => if changed.is_ok() { continue } else { return },
        };
        if read == 0 {
            return;
        }
        // What was read before a stall began waits, too.
        if orders.wait_for(|orders| orders.lets_pass(way)).await.is_err() {
            return;
        }
        let Rules { latency, cut_at, .. } = orders.borrow().rules.clone();
        tokio::time::sleep(latency).await;
        let left =
            cut_at.filter(|(cut, _)| *cut == way).map_or(u64::MAX, |(_, at)| at.saturating_sub(passed));
        let written = usize::try_from(left).unwrap_or(usize::MAX).min(read);
        if to.write_all(&chunk[..written]).await.is_err() || written < read {
            return;
        }
        passed += written as u64;
    }
}
