//! A file that is still coming: whatever was appended and synced is there after a crash, and its digest runs along.
//!
//! The last record may be short. It is written again when more comes; a crash in the midst of that costs this record
//! and no other.

mod behind;
mod blocks;
mod lane;
mod resume;
mod rewind;

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use deskbell_wire::FileDigest;
use ring::digest::{Context, SHA256};
use uuid::Uuid;

use crate::back::give_way;
use crate::error::VaultError;
use crate::folder;
use crate::seal::{RECORD, Seal};
use crate::shared::{Running, Shared};
use blocks::Blocks;

pub(crate) use resume::part_len;

pub use behind::Behind;
pub use rewind::PartMark;

/// A file that is still coming. Holds up to 1.2 MiB in memory; puts away what it holds when it is dropped, without
/// making it durable.
pub struct Part {
    shared: Arc<Shared>,
    id: Uuid,
    /// `None` once it is finished.
    blocks: Option<Blocks>,
    /// Where it lies.
    path: PathBuf,
    seal: Seal,
    running: Running,
    /// The last, short record.
    tail: Vec<u8>,
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
        let mut blocks = Blocks::of(file);
        blocks.go_to(head.len() as u64, 0)?;
        Ok(Self::new(shared, id, blocks, seal))
    }

    fn new(shared: &Arc<Shared>, id: Uuid, blocks: Blocks, seal: Seal) -> Self {
        Self {
            shared: Arc::clone(shared),
            id,
            blocks: Some(blocks),
            path: shared.part_path(id),
            seal,
            running: Running { digest: Context::new(&SHA256), held: 0 },
            tail: Vec::new(),
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
            let mut rest = bytes;
            while !rest.is_empty() {
                rest = part.take_some(rest)?;
                give_way();
            }
            Ok(())
        })
    }

    /// A whole record goes to the disk as it comes, a piece of one waits for the rest.
    fn take_some<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], VaultError> {
        let room = RECORD - self.tail.len();
        let (taken, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
        self.running.digest.update(taken);
        if taken.len() == RECORD {
            self.write(taken)?;
        } else {
            self.tail.extend_from_slice(taken);
        }
        self.running.held += taken.len() as u64;
        if self.tail.len() == RECORD {
            let mut tail = std::mem::take(&mut self.tail);
            self.write(&tail)?;
            tail.clear();
            self.tail = tail;
        }
        Ok(rest)
    }

    /// A whole record.
    fn write(&mut self, record: &[u8]) -> Result<(), VaultError> {
        let bytes = self.put(record)?;
        let blocks = self.blocks.as_mut().ok_or_else(finished)?;
        Ok(blocks.add(bytes)?)
    }

    /// Seals a record to where the next one lies, and says how long it is there.
    fn put(&mut self, record: &[u8]) -> Result<usize, VaultError> {
        let (lengths, blocks) = (self.shared.lengths, self.blocks.as_mut().ok_or_else(finished)?);
        let bytes = lengths.sealed(record.len());
        self.seal.seal(lengths.index(blocks.end()), record, blocks.room(bytes))?;
        Ok(bytes)
    }

    fn flush(&mut self) -> Result<(), VaultError> {
        let tail = std::mem::take(&mut self.tail);
        let sealed = if tail.is_empty() { Ok(0) } else { self.put(&tail) };
        self.tail = tail;
        let sealed = sealed?;
        Ok(self.blocks.as_mut().ok_or_else(finished)?.flush(sealed)?)
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
            self.blocks = None;
            folder::remove(&self.path)?;
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
        self.blocks = None;
        let name = self.shared.keys.name(&digest);
        folder::settle(&self.path, &self.shared.blob_path(&name))?;
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
        Ok(self.blocks.as_mut().ok_or_else(finished)?.file()?)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let is_kept = self.blocks.is_some() && self.is_sound && self.flush().is_ok();
        self.blocks = None;
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
