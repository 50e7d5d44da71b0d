//! What a request carries: nothing, or a piece of a file, handed over block by block as the line takes it.
//!
//! Why one reading for all pieces: while the desk puts one away, the blocks of the next are read and opened already.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use deskbell_vault::{Blob, VaultError};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::mpsc;

/// Bytes that are read at once.
const BLOCK: usize = 256 * 1024;
/// Blocks that wait for the line.
const AHEAD: usize = 2;

/// A file from somewhere on to its end, read a little ahead on another thread. Pieces take from it, one after the other.
#[derive(Clone)]
pub(super) struct Reading(Arc<Mutex<Blocks>>);

struct Blocks {
    coming: mpsc::Receiver<Result<Bytes, VaultError>>,
    /// Of a block, what the last piece did not need.
    rest: Bytes,
    failed: Option<VaultError>,
}

/// A piece, or nothing.
pub(super) struct Payload {
    from: Option<Reading>,
    left: u64,
}

impl Reading {
    /// From that byte on. It ends with the last who takes from it.
    pub(super) fn start(mut blob: Blob, offset: u64) -> Self {
        let (send, coming) = mpsc::channel(AHEAD);
        tokio::task::spawn_blocking(move || {
            let mut place = offset;
            while place < blob.len() {
                let block = block(&mut blob, place);
                place = block.as_ref().map_or(u64::MAX, |block| place + block.len() as u64);
                if send.blocking_send(block).is_err() {
                    return;
                }
            }
        });
        Self(Arc::new(Mutex::new(Blocks { coming, rest: Bytes::new(), failed: None })))
    }

    /// Why there was nothing more to read, if that was why.
    pub(super) fn failed(&self) -> Option<VaultError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).failed.take()
    }

    /// At most so many bytes. An error: the file does not go on.
    fn poll_next(&self, most: u64, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let mut blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if blocks.rest.is_empty() {
            match ready!(blocks.coming.poll_recv(context)) {
                Some(Ok(block)) => blocks.rest = block,
                Some(Err(error)) => blocks.failed = Some(error),
                None => blocks.failed = Some(VaultError::Corrupt),
            }
        }
        let count = usize::try_from(most).map_or(blocks.rest.len(), |most| most.min(blocks.rest.len()));
        let block = blocks.rest.split_to(count);
        Poll::Ready(if block.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(block) })
    }
}

/// The bytes from there on.
fn block(blob: &mut Blob, place: u64) -> Result<Bytes, VaultError> {
    let left = blob.len().saturating_sub(place);
    let most = usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK));
    let mut block = vec![0; most];
    if blob.read_at(place, &mut block)? == most { Ok(block.into()) } else { Err(VaultError::Corrupt) }
}

impl Payload {
    /// The next so many bytes. Where they end before, the request breaks off.
    pub(super) fn of(from: &Reading, left: u64) -> Self {
        Self { from: Some(from.clone()), left }
    }

    pub(super) fn empty() -> Self {
        Self { from: None, left: 0 }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let left = self.left;
        let Some(from) = self.from.as_ref().filter(|_| left > 0) else { return Poll::Ready(None) };
        let block = ready!(from.poll_next(left, context));
        self.left -= block.as_ref().map_or(0, |block| block.len() as u64);
        Poll::Ready(Some(block.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
