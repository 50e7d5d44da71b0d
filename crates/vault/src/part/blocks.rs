//! A part's sealed bytes on their way to the disk, in whole blocks.
//!
//! What must always hold: but for what [`Blocks::flush`] writes early, a byte goes to the disk once; a disk that cannot
//! be written past the cache is written through it.

use std::fs::File;
use std::io;

use super::lane::{Lane, Load};
use crate::past::{ALIGN, BLOCK, Buffer, read_at, write_at};
use crate::seal::RECORD_MOST;

/// The end of a file.
pub(super) struct Blocks {
    file: File,
    lane: Way,
    buffer: Buffer,
    /// For what comes while a block is written.
    spare: Option<Buffer>,
    /// Where in the file the buffer belongs; on an [`ALIGN`] boundary.
    start: u64,
    /// Bytes in the buffer.
    held: usize,
    /// The system has them all, and so many loose ones behind them.
    flushed: Option<usize>,
}

/// How blocks go.
enum Way {
    /// Not known yet: most files are smaller than a block.
    Unknown,
    Past(Lane),
    ThroughCache,
}

impl Blocks {
    /// At the beginning of a file.
    pub(super) fn of(file: File) -> Self {
        let (lane, buffer) = (Way::Unknown, buffer());
        Self { file, lane, buffer, spare: None, start: 0, held: 0, flushed: None }
    }

    /// Goes on at that place of the file. So many bytes behind it are there already, as [`Self::flush`] left them.
    pub(super) fn go_to(&mut self, end: u64, loose: usize) -> io::Result<()> {
        self.settle()?;
        let into_block = end % ALIGN as u64;
        (self.start, self.flushed) = (end - into_block, Some(loose));
        self.held = usize::try_from(into_block).unwrap_or_default();
        let held = self.buffer.bytes().get_mut(..self.held).unwrap_or_default();
        let read = read_at(&mut self.file, self.start, held)?;
        if read == self.held { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// Goes back to that place: what is behind it is cut off.
    pub(super) fn back_to(&mut self, end: u64) -> io::Result<()> {
        self.flush(0)?;
        self.file.set_len(end)?;
        self.go_to(end, 0)
    }

    /// Where the next byte goes.
    pub(super) fn end(&self) -> u64 {
        self.start + self.held as u64
    }

    /// The file, with every block that was full; what is held beside that needs [`Self::flush`].
    pub(super) fn file(&mut self) -> io::Result<&mut File> {
        self.settle()?;
        Ok(&mut self.file)
    }

    /// Does nothing that was written wait in the system's cache, but for what was flushed?
    pub(super) fn is_past_cache(&self) -> bool {
        matches!(self.lane, Way::Past(_))
    }

    /// Room for the next bytes, up to a record's.
    pub(super) fn room(&mut self, bytes: usize) -> &mut [u8] {
        self.buffer.bytes().get_mut(self.held..self.held + bytes).unwrap_or_default()
    }

    /// So many bytes were put into [`Self::room`], and stay.
    pub(super) fn add(&mut self, bytes: usize) -> io::Result<()> {
        self.held += bytes;
        self.flushed = None;
        if self.held < BLOCK { Ok(()) } else { self.pass_on() }
    }

    /// Gives the system what is held, with so many bytes in [`Self::room`] that may still change.
    pub(super) fn flush(&mut self, loose: usize) -> io::Result<()> {
        self.settle()?;
        if self.flushed == Some(loose) {
            return Ok(());
        }
        let bytes = self.buffer.bytes().get(..self.held + loose).unwrap_or_default();
        write_at(&mut self.file, self.start, bytes)?;
        self.flushed = Some(loose);
        Ok(())
    }

    /// Whole blocks go to the disk.
    fn pass_on(&mut self) -> io::Result<()> {
        self.settle()?;
        if matches!(self.lane, Way::Unknown) {
            self.lane = Lane::start(&self.file).map_or(Way::ThroughCache, Way::Past);
        }
        let bytes = self.held - self.held % ALIGN;
        if let Way::Past(lane) = &mut self.lane {
            let mut next = self.spare.take().unwrap_or_else(buffer);
            let rest = self.buffer.bytes().get(bytes..self.held).unwrap_or_default();
            next.bytes().get_mut(..rest.len()).unwrap_or_default().copy_from_slice(rest);
            let buffer = std::mem::replace(&mut self.buffer, next);
            lane.write(Load { buffer, start: self.start, bytes })?;
        } else {
            let blocks = self.buffer.bytes().get(..bytes).unwrap_or_default();
            write_at(&mut self.file, self.start, blocks)?;
            self.buffer.bytes().copy_within(bytes..self.held, 0);
        }
        self.start += bytes as u64;
        self.held -= bytes;
        Ok(())
    }

    /// Waits for the block that is under way.
    fn settle(&mut self) -> io::Result<()> {
        let Way::Past(lane) = &mut self.lane else { return Ok(()) };
        let Some((mut load, is_written)) = lane.settled()? else { return Ok(()) };
        if !is_written {
            self.lane = Way::ThroughCache;
            write_at(&mut self.file, load.start, load.buffer.bytes().get(..load.bytes).unwrap_or_default())?;
        }
        self.spare = Some(load.buffer);
        Ok(())
    }
}

fn buffer() -> Buffer {
    Buffer::of(BLOCK + RECORD_MOST)
}
