//! Going on with a part after a pause or a crash: what is whole on the disk is taken over, the rest is cut off.

use std::fs;
use std::io::{Seek as _, SeekFrom};
use std::sync::Arc;

use ring::digest::{Context, SHA256};
use uuid::Uuid;

use super::{Part, read_full};
use crate::error::VaultError;
use crate::folder;
use crate::seal::{RECORD, Seal};
use crate::shared::{Running, Shared};

impl Part {
    /// Goes on with what is on the disk; `None` where nothing is.
    pub(crate) fn resume(shared: &Arc<Shared>, id: Uuid) -> Result<Option<Self>, VaultError> {
        let known = shared.take_part(id)?;
        let resumed = Self::resumed(shared, id, known);
        if !matches!(resumed, Ok(Some(_))) {
            shared.give_part(id, None);
        }
        resumed
    }

    fn resumed(shared: &Arc<Shared>, id: Uuid, known: Option<Running>) -> Result<Option<Self>, VaultError> {
        let Some(mut file) = folder::found(folder::writing().open(shared.part_path(id)))? else {
            return Ok(None);
        };
        let on_disk = file.metadata()?.len();
        let mut head = vec![0; shared.lengths.head];
        let seal = match read_full(&mut file, &mut head)? {
            read if read == head.len() => Seal::of(&shared.keys, &head),
            _ => Err(VaultError::Corrupt),
        };
        let Ok(seal) = seal else { return Self::begun(shared, id).map(Some) };
        let mut part = Self::new(shared, id, file, seal);
        let known = known.filter(|known| shared.lengths.on_disk(known.held) == on_disk);
        let whole = part.take_over(known)?;
        if whole != on_disk {
            part.file()?.set_len(whole)?;
        }
        Ok(Some(part))
    }

    /// Reads what is on the disk up to the first record that is not whole; with a digest known, the last record alone.
    /// Returns how far it came, in bytes on the disk.
    fn take_over(&mut self, known: Option<Running>) -> Result<u64, VaultError> {
        let records = known.as_ref().map_or(0, |known| known.held / RECORD as u64);
        self.running = Running { digest: Context::new(&SHA256), held: records * RECORD as u64 };
        self.tail.clear();
        self.take_records(known.is_none())?;
        match known {
            Some(known) if known.held != self.running.held => return self.take_over(None),
            Some(known) => self.running = known,
            None => {}
        }
        Ok(self.shared.lengths.on_disk(self.running.held))
    }

    fn take_records(&mut self, digests: bool) -> Result<(), VaultError> {
        let lengths = self.shared.lengths;
        let place = lengths.place(self.running.held / RECORD as u64);
        self.file()?.seek(SeekFrom::Start(place))?;
        let mut record = vec![0; lengths.record()];
        loop {
            let read = read_full(self.file()?, &mut record)?;
            let sealed = record.get_mut(..read).unwrap_or_default();
            if read == 0 || !self.take_record(sealed, digests) || read < lengths.record() {
                return Ok(());
            }
        }
    }

    /// False: it is damaged, and what is before it is all there is.
    fn take_record(&mut self, sealed: &mut [u8], digests: bool) -> bool {
        let Ok(place) = self.seal.open(self.running.held / RECORD as u64, sealed) else { return false };
        let plain = sealed.get(place).unwrap_or_default();
        if digests {
            self.running.digest.update(plain);
        }
        self.running.held += plain.len() as u64;
        if plain.len() < RECORD {
            self.tail.extend_from_slice(plain);
            self.tail_on_disk = plain.len();
        }
        true
    }
}

/// How long a part is, by its length on the disk alone; `None` where it is not.
pub(crate) fn part_len(shared: &Shared, id: Uuid) -> Result<Option<u64>, VaultError> {
    let found = folder::found(fs::metadata(shared.part_path(id)))?;
    Ok(found.map(|found| shared.lengths.held(found.len())))
}
