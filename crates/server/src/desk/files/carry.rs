//! The file that an entry carries: found, and looked at once more, inside the transaction that commits the entry.

use deskbell_wire::{DeviceId, Entry, FileRefusal, GroupId, NackCode, SendBody, Side};

use super::FileStage;
use crate::desk::Desk;
use crate::desk::entry::Refusal;
use crate::desk::person::PersonKey;
use crate::store::{FileOwner, FileRow};

impl Desk {
    /// The file of an entry that its author may send; `None`: the entry carries none.
    pub(in crate::desk) fn carried(
        &self,
        author: Option<(Side, i64, DeviceId)>,
        key: PersonKey,
        entry: &Entry,
    ) -> Result<Option<FileRow>, Refusal> {
        let Some(id) = entry.body.file() else { return Ok(None) };
        let (side, owner, device) =
            author.filter(|(_, owner, _)| *owner != 0).ok_or(NackCode::FileMissing)?;
        let from = FileOwner { side, owner, device };
        let visitor = self.people.get(key).map_or(0, |person| person.row);
        let file = self.store.file_of(&from, id)?;
        // Of the same message again only where a test has switched dedup off: else its uid was known.
        let whole = file.filter(|file| file.visitor == visitor && file.stage != FileStage::UnderWay);
        let file = whole.ok_or(NackCode::FileMissing)?;
        self.gate(side, key, group_of(&entry.body), &file.card).map_err(nack)?;
        self.quota(&from, key.site, 0).map_err(nack)?;
        Ok(Some(file))
    }
}

fn group_of(body: &SendBody) -> Option<GroupId> {
    match body {
        SendBody::Message { group, .. } => *group,
        _ => None,
    }
}

/// The same refusal, as an entry hears it.
fn nack(refusal: FileRefusal) -> NackCode {
    match refusal {
        FileRefusal::TooLarge => NackCode::TooLarge,
        FileRefusal::Quota => NackCode::Quota,
        FileRefusal::Off | FileRefusal::TypeNotAllowed | FileRefusal::TypeLies => NackCode::FileType,
        FileRefusal::Banned => NackCode::Banned,
        FileRefusal::Consent => NackCode::Consent,
        FileRefusal::Empty | FileRefusal::Invalid => NackCode::Invalid,
        FileRefusal::Storage | FileRefusal::NoSpace | FileRefusal::Busy => NackCode::Storage,
        FileRefusal::Expired | FileRefusal::Offset | FileRefusal::Checksum => NackCode::FileMissing,
        FileRefusal::Forbidden => NackCode::Forbidden,
    }
}
