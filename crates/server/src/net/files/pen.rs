//! A request's body on its way into a part.
//!
//! What must always hold: at most [`WAITING`] bytes wait in memory; what was read is written also when the line breaks
//! off, for a slow line would never get anywhere otherwise; a piece whose checksum is wrong leaves nothing behind; the
//! disk's reserve is looked at before each write, for many pieces may be on their way at once (threats 43).

use axum::body::{Body, Bytes};
use deskbell_vault::{Part, PartMark, Vault, VaultError};
use deskbell_wire::FileRefusal;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, StreamExt as _};
use ring::digest::{Context, SHA256};
use tokio::time::{Duration, timeout};

use super::disk::Disk;
use super::refusal;
use super::writers::Hold;

/// Bytes that wait while others are being written.
const WAITING: usize = 512 * 1024;

/// The disk takes what was written each time there is so much more. The fsync of the first words after a silence may have
/// to wait for all of it (later ones find files slowed down, see [`crate::talk`]); steps of 16 MiB are no faster.
const BEHIND: u64 = 2 * 1024 * 1024;

/// A part in the hands of its only writer.
pub(super) struct Pen {
    // Put away before the hold is given back.
    pub(super) part: Part,
    pub(super) hold: Hold,
    check: Option<Check>,
    floor: Floor,
    /// The part's length before what was written last.
    written: u64,
}

/// What the disk keeps free.
pub(super) struct Floor {
    pub(super) vault: Vault,
    /// Bytes.
    pub(super) reserve: u64,
}

/// The checksum of a piece, as it comes.
struct Check {
    sum: Context,
    before: PartMark,
}

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// As announced.
    Whole,
    /// The line broke off, stood still, or somebody else goes on with the upload.
    Cut,
}

/// A write that is under way.
type Writing = BoxFuture<'static, Result<Pen, FileRefusal>>;

impl Pen {
    pub(super) fn new(part: Part, hold: Hold, floor: Floor) -> Self {
        let written = part.len();
        Self { part, hold, check: None, floor, written }
    }

    /// From here on a checksum runs along.
    pub(super) fn checked(mut self) -> Self {
        self.check = Some(Check { sum: Context::new(&SHA256), before: self.part.mark() });
        self
    }

    /// Is what came since [`Self::checked`] what it should be? Otherwise it is thrown away. Blocks on the disk.
    pub(super) fn agrees(&mut self, expected: &[u8; 32]) -> Result<bool, VaultError> {
        let Some(check) = self.check.take() else { return Ok(true) };
        let agrees = check.sum.finish().as_ref() == expected;
        if !agrees {
            self.part.rewind(check.before)?;
        }
        Ok(agrees)
    }

    /// Has the disk take what was written, now and then.
    fn write_behind(&self, disk: &Disk) {
        if self.part.len() / BEHIND > self.written / BEHIND {
            let behind = self.part.behind();
            disk.spare(move || {
                // A disk that refuses says so again when the file is finished.
                let _ = behind.sync();
            });
        }
    }

    fn write(mut self, pieces: Vec<Bytes>) -> Result<Self, VaultError> {
        self.written = self.part.len();
        if self.floor.is_reached()? {
            return Err(VaultError::Full);
        }
        for piece in pieces {
            if let Some(check) = &mut self.check {
                check.sum.update(&piece);
            }
            self.part.append(&piece)?;
        }
        Ok(self)
    }
}

impl Floor {
    fn is_reached(&self) -> Result<bool, VaultError> {
        Ok(self.vault.free()? < self.reserve)
    }
}

/// Writes a body to its end. While bytes are written others are read.
pub(super) async fn receive(
    disk: &Disk,
    pen: Pen,
    body: Body,
    stall: Duration,
) -> Result<(Pen, End), FileRefusal> {
    let wanted = pen.hold.wanted();
    tokio::pin!(wanted);
    let (mut body, mut end) = (body.into_data_stream(), None);
    let (mut pen, mut writing) = (Some(pen), None::<Writing>);
    let (mut waiting, mut bytes) = (Vec::new(), 0);
    loop {
        if !waiting.is_empty()
            && let Some(pen) = pen.take()
        {
            bytes = 0;
            writing = Some(write(disk.clone(), pen, std::mem::take(&mut waiting)));
        }
        if let (Some(end), None) = (end, &writing) {
            return pen.map(|pen| (pen, end)).ok_or(FileRefusal::Storage);
        }
        tokio::select! {
            written = written(&mut writing), if writing.is_some() => {
                let back = written?;
                back.write_behind(disk);
                pen = Some(back);
                writing = None;
            }
            read = timeout(stall, body.next()), if end.is_none() && bytes < WAITING => match read {
                Ok(Some(Ok(piece))) => {
                    bytes += piece.len();
                    waiting.push(piece);
                }
                Ok(None) => end = Some(End::Whole),
                Ok(Some(Err(_))) | Err(_) => end = Some(End::Cut),
            },
            () = &mut wanted, if end.is_none() => {
                // What is there already need not come again.
                while bytes < WAITING
                    && let Some(Some(Ok(piece))) = body.next().now_or_never()
                {
                    bytes += piece.len();
                    waiting.push(piece);
                }
                end = Some(End::Cut);
            }
        }
    }
}

fn write(disk: Disk, pen: Pen, pieces: Vec<Bytes>) -> Writing {
    let bytes = pieces.iter().map(Bytes::len).sum();
    Box::pin(async move {
        disk.turn(bytes).await;
        disk.run(move || pen.write(pieces)).await?.map_err(refusal)
    })
}

async fn written(writing: &mut Option<Writing>) -> Result<Pen, FileRefusal> {
    match writing {
        Some(writing) => writing.await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::super::writers::Writers;
    use super::*;

    #[test]
    fn threats_43_what_comes_stops_at_the_reserve_however_much_was_let_in() {
        let (vault, writers) = (Vault::passing().unwrap(), Arc::<Writers>::default());
        let part = Uuid::from_u128(7);
        let pen = |reserve| {
            let floor = Floor { vault: vault.clone(), reserve };
            let found = vault.resume(part).unwrap();
            let found = found.unwrap_or_else(|| vault.begin(part).unwrap());
            Pen::new(found, writers.take(part).unwrap(), floor)
        };
        let piece = || vec![Bytes::from_static(b"ten bytes.")];
        drop(pen(0).write(piece()).unwrap());
        assert!(matches!(pen(u64::MAX).write(piece()), Err(VaultError::Full)));
        assert_eq!(pen(0).part.len(), 10, "what came before is kept");
    }
}
