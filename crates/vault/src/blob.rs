//! A whole file, read anywhere in it; no byte is given out before its record was found to be what was written.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use crate::back::give_way;
use crate::error::VaultError;
use crate::part::read_full;
use crate::past::{ALIGN, BLOCK, Buffer, Past, read_at};
use crate::seal::{Lengths, RECORD, RECORD_MOST, Seal};
use crate::shared::Shared;

/// A whole file. Holds one record (64 KiB) in memory, and up to 576 KiB while a long one is read on and on.
pub struct Blob {
    file: File,
    ahead: Ahead,
    seal: Seal,
    lengths: Lengths,
    len: u64,
    /// For [`Read`] and [`Seek`].
    position: u64,
    /// The record that was read last, and where in it the file's bytes are.
    record: Vec<u8>,
    held: Option<Held>,
    /// The record that was loaded last, whole or not.
    last: Option<u64>,
}

/// Does it read ahead?
enum Ahead {
    /// Nobody read on and on yet.
    Not,
    Window(Window),
    /// It cannot.
    Never,
}

/// A piece of the file as it lies on the disk.
struct Window {
    past: Past,
    buffer: Buffer,
    start: u64,
    len: usize,
}

struct Held {
    index: u64,
    place: std::ops::Range<usize>,
}

impl Blob {
    /// # Errors
    /// [`VaultError::Corrupt`]: it is not so long, or not of this key.
    pub(crate) fn open(shared: &Shared, mut file: File, len: u64) -> Result<Self, VaultError> {
        let lengths = shared.lengths;
        let mut head = vec![0; lengths.head];
        let read = read_full(&mut file, &mut head)?;
        if read < head.len() || file.metadata()?.len() != lengths.on_disk(len) {
            return Err(VaultError::Corrupt);
        }
        let seal = Seal::of(&shared.keys, &head)?;
        let record = vec![0; lengths.record()];
        Ok(Self { file, ahead: Ahead::Not, seal, lengths, len, position: 0, record, held: None, last: None })
    }

    /// Bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Is it without a byte?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Reads from there on, as much as fits and is there. 0: the end.
    ///
    /// # Errors
    /// [`VaultError::Corrupt`], or the disk's.
    pub fn read_at(&mut self, offset: u64, into: &mut [u8]) -> Result<usize, VaultError> {
        let mut read = 0;
        while let Some(rest) = into.get_mut(read..).filter(|rest| !rest.is_empty()) {
            let at = offset.saturating_add(read as u64);
            if at >= self.len {
                break;
            }
            let plain = self.record(at / RECORD as u64)?;
            let skipped = usize::try_from(at % RECORD as u64).unwrap_or(RECORD);
            let found = plain.get(skipped..).unwrap_or_default();
            let count = found.len().min(rest.len());
            let (Some(from), Some(to)) = (found.get(..count), rest.get_mut(..count)) else { break };
            if count == 0 {
                return Err(VaultError::Corrupt);
            }
            to.copy_from_slice(from);
            read += count;
        }
        Ok(read)
    }

    fn record(&mut self, index: u64) -> Result<&[u8], VaultError> {
        let place = match self.held.take() {
            Some(held) if held.index == index => held.place,
            _ => self.load(index)?,
        };
        self.held = Some(Held { index, place: place.clone() });
        self.record.get(place).ok_or(VaultError::Corrupt)
    }

    fn load(&mut self, index: u64) -> Result<std::ops::Range<usize>, VaultError> {
        let is_next = self.last.replace(index).is_some_and(|last| last + 1 == index);
        let read = match self.ahead(index, is_next)? {
            Some(read) => read,
            None => read_at(&mut self.file, self.lengths.place(index), &mut self.record)?,
        };
        give_way();
        let place = self.seal.open(index, self.record.get_mut(..read).unwrap_or_default())?;
        let expected = (self.len - index * RECORD as u64).min(RECORD as u64);
        if place.len() as u64 == expected { Ok(place) } else { Err(VaultError::Corrupt) }
    }
}

impl Blob {
    /// Takes a record from what was read ahead, or reads ahead for one after another. `None`: it is read by itself.
    fn ahead(&mut self, index: u64, is_next: bool) -> io::Result<Option<usize>> {
        let (place, end) = (self.lengths.place(index), self.lengths.on_disk(self.len));
        let left = end.saturating_sub(place);
        let bytes = usize::try_from(left).map_or(self.record.len(), |left| left.min(self.record.len()));
        if matches!(self.ahead, Ahead::Not) && is_next && left >= BLOCK as u64 {
            self.ahead = Window::of(&self.file).map_or(Ahead::Never, Ahead::Window);
        }
        let Ahead::Window(window) = &mut self.ahead else { return Ok(None) };
        let is_here = window.has(place, bytes);
        if !is_here && (!is_next || left < BLOCK as u64) {
            return Ok(None);
        }
        if !is_here && !window.load(place)? {
            self.ahead = Ahead::Never;
            return Ok(None);
        }
        Ok(window.copy(place, self.record.get_mut(..bytes).unwrap_or_default()).then_some(bytes))
    }
}

impl Window {
    fn of(file: &File) -> Option<Self> {
        let buffer = Buffer::of((BLOCK + RECORD_MOST).next_multiple_of(ALIGN));
        Past::of(file).map(|past| Self { past, buffer, start: 0, len: 0 })
    }

    fn has(&self, place: u64, bytes: usize) -> bool {
        place >= self.start && place + bytes as u64 <= self.start + self.len as u64
    }

    /// False: it is not there, for the file is shorter than it was.
    fn copy(&mut self, place: u64, into: &mut [u8]) -> bool {
        let from = place.checked_sub(self.start).and_then(|from| usize::try_from(from).ok());
        let until = from.and_then(|from| from.checked_add(into.len())).filter(|until| *until <= self.len);
        let (Some(from), Some(until)) = (from, until) else { return false };
        let Some(sealed) = self.buffer.bytes().get(from..until) else { return false };
        into.copy_from_slice(sealed);
        true
    }

    /// False: it cannot be read so.
    fn load(&mut self, place: u64) -> io::Result<bool> {
        (self.start, self.len) = (place - place % ALIGN as u64, 0);
        let read = self.past.read(self.start, self.buffer.bytes())?;
        self.len = read.unwrap_or_default();
        Ok(read.is_some())
    }
}

impl Read for Blob {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.read_at(self.position, into)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Blob {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({} bytes)", self.len)
    }
}
