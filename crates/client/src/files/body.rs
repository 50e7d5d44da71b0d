//! What a request carries: nothing, or a piece of a file.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// Bytes that are handed to the line at once.
const FRAME: usize = 64 * 1024;

/// Rises as long as bytes pass.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress(Arc<AtomicU64>);

impl Progress {
    pub(super) fn step(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn steps(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A piece, or nothing.
pub(super) struct Payload {
    bytes: Bytes,
    progress: Progress,
}

impl Payload {
    pub(super) fn new(bytes: Bytes, progress: &Progress) -> Self {
        Self { bytes, progress: progress.clone() }
    }

    pub(super) fn empty(progress: &Progress) -> Self {
        Self::new(Bytes::new(), progress)
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.bytes.is_empty() {
            return Poll::Ready(None);
        }
        self.progress.step();
        let next = self.bytes.len().min(FRAME);
        Poll::Ready(Some(Ok(Frame::data(self.bytes.split_to(next)))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}
