//! A whole file, read anywhere in it; no byte is given out before its record was found to be what was written.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use crate::error::VaultError;
use crate::part::read_full;
use crate::seal::{Lengths, RECORD, Seal};
use crate::shared::Shared;

/// A whole file. Holds one record (64 KiB) in memory.
pub struct Blob {
    file: File,
    seal: Seal,
    lengths: Lengths,
    len: u64,
    /// For [`Read`] and [`Seek`].
    position: u64,
    /// The record that was read last, and where in it the file's bytes are.
    record: Vec<u8>,
    held: Option<Held>,
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
        Ok(Self { file, seal, lengths, len, position: 0, record: vec![0; lengths.record()], held: None })
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
        self.file.seek(SeekFrom::Start(self.lengths.place(index)))?;
        let read = read_full(&mut self.file, &mut self.record)?;
        let place = self.seal.open(index, self.record.get_mut(..read).unwrap_or_default())?;
        let expected = (self.len - index * RECORD as u64).min(RECORD as u64);
        if place.len() as u64 == expected { Ok(place) } else { Err(VaultError::Corrupt) }
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
