//! May this file be sent there now? Asked when it is announced, each time its bytes go on, when they are all there, and
//! when its message is committed.

use deskbell_wire::limits::FILE_UNUSED_MS;
use deskbell_wire::{FileCard, FileRefusal, GroupId, SendBody, Side, StreamId, Timestamp};

use super::voice::Speaker;
use super::{FileStage, unread};
use crate::desk::Desk;
use crate::desk::person::PersonKey;
use crate::desk::policy::Wish;
use crate::store::{FileOwner, FileRow};

impl Desk {
    /// Rights, and what holds for the chat. A file that belongs to a message may still be asked about by its author.
    pub(super) fn still_may(&mut self, speaker: &Speaker, file: &FileRow) -> Result<(), FileRefusal> {
        if file.stage == FileStage::Committed {
            return self.reached(speaker, &file.stream, Wish::Read).map(drop);
        }
        let key = self.reached(speaker, &file.stream, Wish::Send(&SendBody::message("")))?;
        self.gate(file.from.side, key, file.group, &file.card)
    }

    /// Ban, consent and the site's rules.
    pub(super) fn gate(
        &self,
        side: Side,
        key: PersonKey,
        group: Option<GroupId>,
        card: &FileCard,
    ) -> Result<(), FileRefusal> {
        let scene = self.scene(key).ok_or(FileRefusal::Forbidden)?;
        if side == Side::Visitor && scene.log.about.banned {
            return Err(FileRefusal::Banned);
        }
        if side == Side::Visitor && scene.lacks_consent() {
            return Err(FileRefusal::Consent);
        }
        let bounds = scene.site.form.files.of(scene.group_for(group));
        bounds.refuses(&card.name, card.size).map_or(Ok(()), Err)
    }

    /// Is there room for `more` bytes beside those that are announced already?
    pub(super) fn quota(&self, from: &FileOwner, site: i64, more: u64) -> Result<(), FileRefusal> {
        let quota = self.settings_of(site).quota;
        if from.side == Side::Visitor {
            let day = Timestamp(self.now.0 - FILE_UNUSED_MS);
            let sent = self.store.file_bytes_after(from, day).map_err(unread)?;
            if sent.saturating_add(more) > quota.visitor_day_bytes {
                return Err(FileRefusal::Quota);
            }
        }
        let kept = self.store.site_file_bytes(site).map_err(unread)?;
        if kept.saturating_add(more) > quota.site_bytes { Err(FileRefusal::Quota) } else { Ok(()) }
    }

    pub(super) fn site_row(&self, stream: &StreamId) -> Result<i64, FileRefusal> {
        self.key_of(stream).map(|key| key.site).ok_or(FileRefusal::Forbidden)
    }
}
