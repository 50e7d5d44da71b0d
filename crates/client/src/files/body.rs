//! What a request carries: nothing, or a piece of a file, handed over block by block as the line takes it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::mpsc;

/// A piece, or nothing.
pub(super) struct Payload {
    blocks: Option<mpsc::Receiver<Bytes>>,
    left: u64,
}

impl Payload {
    /// So many bytes, in blocks. Where they end before, the request breaks off.
    pub(super) fn of(blocks: mpsc::Receiver<Bytes>, left: u64) -> Self {
        Self { blocks: Some(blocks), left }
    }

    pub(super) fn empty() -> Self {
        Self { blocks: None, left: 0 }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let is_over = self.is_end_stream();
        let Some(blocks) = self.blocks.as_mut().filter(|_| !is_over) else { return Poll::Ready(None) };
        blocks.poll_recv(context).map(|block| {
            let block = block.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof));
            Some(block.map(|block| {
                self.left = self.left.saturating_sub(block.len() as u64);
                Frame::data(block)
            }))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
