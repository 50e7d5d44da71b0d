//! A file that is still coming: whatever was appended and synced is there after a crash, and its digest runs along.
//!
//! The last record may be short. It is written again when more comes; a crash in the midst of that costs this record
//! and no other.

mod behind;
mod resume;
mod rewind;

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::Arc;
use std::time::SystemTime;

use deskbell_wire::FileDigest;
use ring::digest::{Context, SHA256};
use uuid::Uuid;

use crate::error::VaultError;
use crate::folder;
use crate::seal::{RECORD, Seal};
use crate::shared::{Running, Shared};

pub(crate) use resume::part_len;

pub use behind::Behind;
pub use rewind::PartMark;

/// A file that is still coming. Holds up to 128 KiB in memory; puts away what it holds when it is dropped, without
/// making it durable.
pub struct Part {
    shared: Arc<Shared>,
    id: Uuid,
    /// `None` once it is finished.
    file: Option<File>,
    seal: Seal,
    running: Running,
    /// The last, short record.
    tail: Vec<u8>,
    /// Of the tail, what the disk has.
    tail_on_disk: usize,
    /// A record as it lies on the disk.
    scratch: Vec<u8>,
    /// Is its name in the folder durable?
    is_listed: bool,
    /// After a failed write the disk may have anything.
    is_sound: bool,
}

impl Part {
    /// Begins anew; what was there is gone.
    pub(crate) fn begin(shared: &Arc<Shared>, id: Uuid) -> Result<Self, VaultError> {
        shared.take_part(id)?;
        Self::begun(shared, id).inspect_err(|_| shared.give_part(id, None))
    }

    fn begun(shared: &Arc<Shared>, id: Uuid) -> Result<Self, VaultError> {
        let mut file = folder::writing().create(true).truncate(true).open(shared.part_path(id))?;
        let (seal, head) = Seal::fresh(&shared.keys)?;
        file.write_all(&head)?;
        Ok(Self::new(shared, id, file, seal))
    }

    fn new(shared: &Arc<Shared>, id: Uuid, file: File, seal: Seal) -> Self {
        Self {
            shared: Arc::clone(shared),
            id,
            file: Some(file),
            seal,
            running: Running { digest: Context::new(&SHA256), held: 0 },
            tail: Vec::new(),
            tail_on_disk: 0,
            scratch: Vec::new(),
            is_listed: false,
            is_sound: true,
        }
    }

    /// Bytes of it so far, with those that only memory has.
    pub fn len(&self) -> u64 {
        self.running.held
    }

    /// Is nothing of it here yet?
    pub fn is_empty(&self) -> bool {
        self.running.held == 0
    }

    /// Adds bytes. They are on the disk after [`Self::sync`] or [`Self::finish`].
    ///
    /// # Errors
    /// The disk's. The part is of no use then but to be dropped and resumed.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), VaultError> {
        self.guard(|part| {
            part.running.digest.update(bytes);
            let mut rest = bytes;
            while !rest.is_empty() {
                rest = part.take_some(rest)?;
            }
            Ok(())
        })
    }

    /// A whole record goes to the disk as it comes, a piece of one waits for the rest.
    fn take_some<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], VaultError> {
        let room = RECORD - self.tail.len();
        let (taken, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
        if taken.len() == RECORD {
            self.write(taken)?;
        } else {
            self.tail.extend_from_slice(taken);
        }
        self.running.held += taken.len() as u64;
        if self.tail.len() == RECORD {
            let tail = std::mem::take(&mut self.tail);
            self.write_at(self.running.held - RECORD as u64, &tail)?;
            self.tail = tail;
            self.tail.clear();
            self.tail_on_disk = 0;
        }
        Ok(rest)
    }

    fn write(&mut self, record: &[u8]) -> Result<(), VaultError> {
        self.write_at(self.running.held, record)
    }

    fn write_at(&mut self, held_before: u64, record: &[u8]) -> Result<(), VaultError> {
        let index = held_before / RECORD as u64;
        self.seal.seal(index, record, &mut self.scratch)?;
        let place = self.shared.lengths.place(index);
        let file = self.file.as_mut().ok_or_else(finished)?;
        file.seek(SeekFrom::Start(place))?;
        file.write_all(&self.scratch)?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), VaultError> {
        if self.tail.len() == self.tail_on_disk {
            return Ok(());
        }
        let tail = std::mem::take(&mut self.tail);
        let written = self.write_at(self.running.held - tail.len() as u64, &tail);
        self.tail = tail;
        written?;
        self.tail_on_disk = self.tail.len();
        Ok(())
    }

    /// Makes all that was appended durable, with its name. Costs an fsync.
    ///
    /// # Errors
    /// The disk's. The part is of no use then but to be dropped and resumed.
    pub fn sync(&mut self) -> Result<(), VaultError> {
        self.guard(|part| {
            part.flush()?;
            part.file()?.sync_data()?;
            if !part.is_listed {
                folder::sync(&part.shared.parts_folder())?;
                part.is_listed = true;
            }
            Ok(())
        })
    }

    /// The file is whole: makes it durable under the name of its digest. One of the same digest that is there already is
    /// replaced, for it may be damaged.
    ///
    /// # Errors
    /// [`VaultError::Digest`]: size or digest are other than announced, and the part is gone. Else the disk's, and the
    /// part can be resumed.
    pub fn finish(mut self, expected: Option<&FileDigest>, size: u64) -> Result<FileDigest, VaultError> {
        let digest = digest_of(&self.running);
        if self.running.held != size || expected.is_some_and(|expected| *expected != digest) {
            self.file = None;
            folder::remove(&self.shared.part_path(self.id))?;
            return Err(VaultError::Digest);
        }
        self.guard(|part| {
            part.flush()?;
            let file = part.file()?;
            // For those who sweep by age it is new, even if it lay here long.
            file.set_modified(SystemTime::now())?;
            file.sync_all()?;
            Ok(())
        })?;
        self.file = None;
        let name = self.shared.keys.name(&digest);
        folder::settle(&self.shared.part_path(self.id), &self.shared.blob_path(&name))?;
        Ok(digest)
    }

    /// After a failure nothing is known of the disk: no more is written.
    fn guard<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, VaultError>) -> Result<T, VaultError> {
        if !self.is_sound {
            return Err(VaultError::Io("an earlier write has failed".to_owned()));
        }
        let done = act(self);
        self.is_sound = done.is_ok();
        done
    }

    fn file(&mut self) -> Result<&mut File, VaultError> {
        self.file.as_mut().ok_or_else(finished)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let is_kept = self.file.is_some() && self.is_sound && self.flush().is_ok();
        self.file = None;
        let running = is_kept.then(|| self.running.clone());
        self.shared.give_part(self.id, running);
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Part({} bytes)", self.running.held)
    }
}

/// Fills as much as there is.
pub(crate) fn read_full(file: &mut File, into: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while let Some(rest) = into.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

fn digest_of(running: &Running) -> FileDigest {
    let digest = running.digest.clone().finish();
    FileDigest(<[u8; 32]>::try_from(digest.as_ref()).unwrap_or_default())
}

fn finished() -> VaultError {
    VaultError::Io("the part is finished".to_owned())
}
