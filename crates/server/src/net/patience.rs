//! How long a connection may go on before it is a WebSocket (threats 19).
//!
//! What must always hold: whoever has not said who he is has one span for everything; who sends or fetches a file has a
//! bound for the whole of it, and never stands still for longer than a stall.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Duration, Instant, sleep_until};

/// The slowest transfer that is borne: bytes per second.
const SLOWEST: u64 = 1_024;

/// A connection's patience, shared by its watcher, its line and its requests. Times are milliseconds since it began.
pub(crate) struct Patience {
    began: Instant,
    ends: AtomicU64,
    /// 0: may stand still as long as it likes.
    stall: AtomicU64,
    moved: AtomicU64,
    /// Rung when the terms change.
    changed: Notify,
}

impl Patience {
    /// So much for everything that a stranger asks.
    pub(crate) fn of(span: Duration) -> Arc<Self> {
        let ends = AtomicU64::new(millis(span));
        let (began, stall, moved) = (Instant::now(), AtomicU64::new(0), AtomicU64::new(0));
        Arc::new(Self { began, ends, stall, moved, changed: Notify::new() })
    }

    /// From now on for so many bytes: never still for longer than `stall`, and not for ever.
    pub(crate) fn extend(&self, bytes: u64, stall: Duration) {
        let now = self.now();
        let span = millis(stall).saturating_add(bytes.saturating_mul(1_000) / SLOWEST);
        self.moved.store(now, Ordering::Relaxed);
        self.stall.store(millis(stall), Ordering::Relaxed);
        self.ends.store(now.saturating_add(span), Ordering::Relaxed);
        self.changed.notify_one();
    }

    /// Waits until it has run out.
    pub(crate) async fn over(&self) {
        loop {
            let at = self.runs_out();
            if at <= self.now() {
                return;
            }
            tokio::select! {
                () = sleep_until(self.began + Duration::from_millis(at)) => {}
                () = self.changed.notified() => {}
            }
        }
    }

    fn runs_out(&self) -> u64 {
        let ends = self.ends.load(Ordering::Relaxed);
        match self.stall.load(Ordering::Relaxed) {
            0 => ends,
            stall => ends.min(self.moved.load(Ordering::Relaxed).saturating_add(stall)),
        }
    }

    fn moves(&self) {
        self.moved.store(self.now(), Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        millis(self.began.elapsed())
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// A line that says when bytes move on it.
pub(crate) struct Watched<S> {
    line: S,
    patience: Arc<Patience>,
}

impl<S> Watched<S> {
    pub(crate) fn new(line: S, patience: Arc<Patience>) -> Self {
        Self { line, patience }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.line).poll_read(cx, into);
        if into.filled().len() > before {
            self.patience.moves();
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.line).poll_write(cx, bytes);
        self.noted(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.line).poll_write_vectored(cx, bytes);
        self.noted(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.line.is_write_vectored()
    }
}

impl<S> Watched<S> {
    fn noted(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.patience.moves();
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn threats_19_a_stranger_has_one_span_and_a_known_person_a_stall() {
        let begun = Instant::now();
        let stranger = Patience::of(Duration::from_secs(30));
        stranger.moves();
        stranger.over().await;
        assert_eq!(begun.elapsed().as_secs(), 30);
        let known = Patience::of(Duration::from_secs(30));
        known.extend(1 << 20, Duration::from_secs(30));
        for _ in 0..10 {
            tokio::time::advance(Duration::from_secs(20)).await;
            known.moves();
        }
        let still = Instant::now();
        known.over().await;
        assert_eq!(still.elapsed().as_secs(), 30, "still for so long");
    }

    #[tokio::test(start_paused = true)]
    async fn threats_19_a_byte_now_and_then_does_not_last_for_ever() {
        let begun = Instant::now();
        let known = Patience::of(Duration::from_secs(30));
        known.extend(64 * 1024, Duration::from_secs(30));
        let dripping = async {
            loop {
                tokio::time::sleep(Duration::from_secs(29)).await;
                known.moves();
            }
        };
        tokio::select! { () = known.over() => {} () = dripping => {} }
        assert_eq!(begun.elapsed().as_secs(), 30 + 64);
    }
}
