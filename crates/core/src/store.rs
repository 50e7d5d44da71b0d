//! What the client keeps, as a contract. The machine decides, the store remembers.
//!
//! What must always hold: when a call has returned `Ok`, its effect survives power loss; when it has returned an
//! error or the process died inside it, either all of the effect is there or none.
//! `testkit::store_contract` is the one suite that every store passes.

use deskbell_wire::file::{FileCard, FileDigest, FileRefusal};
use deskbell_wire::{
    ChatId, Cursor, Epoch, Event, GroupId, MessageId, NackCode, Secret, SendBody, Seq, Side, StreamId,
    Timestamp, Uid,
};

/// An entry that the desk has not yet given back as an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Made once (C1).
    pub uid: Uid,
    /// Where it goes.
    pub stream: StreamId,
    /// What is wished.
    pub body: SendBody,
    /// When the person did it.
    pub created_at: Timestamp,
    /// May it go out?
    pub state: OutboxState,
}

/// What may happen to an outbox row next. In flight and acknowledged are known in memory alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboxState {
    /// Goes out in its turn.
    Queued,
    /// The desk refused it for good; the person decides.
    Failed(NackCode),
    /// It waited too long or came back after a restore; the person decides.
    Held,
}

/// The file of an outbox row, until the row leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Of the row.
    pub uid: Uid,
    /// What it is. Its bytes are in the device's vault.
    pub card: FileCard,
    /// Files that were sent together have the uid of their first one here: among themselves they keep their order.
    pub batch: Uid,
    /// For which group, where its message opens a chat.
    pub group: Option<GroupId>,
    /// Where the desk took the first part of it.
    pub place: Option<Secret>,
    /// How far it is.
    pub state: UploadState,
    /// Why the desk does not take it, where it said so last. For people: what is done about it says the row.
    pub refused: Option<FileRefusal>,
}

/// How far the file of an outbox row is. That it failed says the row: [`OutboxState::Failed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadState {
    /// The desk does not have all of it; it is carried while its row is queued.
    Going,
    /// The person has stopped it.
    Paused,
    /// The desk said that it has all of it: the row may go out.
    Whole,
}

impl Upload {
    /// Of a message that another life of the desk had and this one lacks (C5): by itself, and not begun.
    pub fn again(uid: Uid, card: FileCard) -> Self {
        let (group, place, refused) = (None, None, None);
        Self { uid, card, batch: uid, group, place, state: UploadState::Going, refused }
    }
}

/// What is held of a stream: the gapless range `base + 1 ..= cursor.seq` (I7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRow {
    /// Which stream.
    pub stream: StreamId,
    /// The seq just below the oldest event held.
    pub base: Seq,
    /// The newest event held; `None` where the stream is known but empty.
    pub cursor: Option<Cursor>,
    /// Receipts of the visitor's side.
    pub visitor: Receipts,
    /// Receipts of the operators' side.
    pub operator: Receipts,
}

/// How far a side has come. Monotone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipts {
    /// On a device.
    pub delivered: Seq,
    /// Seen by a person.
    pub read: Seq,
}

/// Why a store could not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No space is left. Reading still works.
    #[error("no space is left on the disk")]
    Full,
    /// The file is damaged.
    #[error("the history file is damaged")]
    Corrupt,
    /// The events do not continue what is held: a fault of the caller.
    #[error("the events do not continue the stream")]
    Gap,
    /// Anything else that the disk said. The outcome is unknown.
    #[error("the disk refused: {0}")]
    Io(String),
}

/// The client's memory.
pub trait Store {
    /// Appends an entry to the outbox. A uid that is there already changes nothing.
    ///
    /// # Errors
    /// When the disk refuses; then nothing is queued.
    fn queue(&mut self, row: &OutboxRow) -> Result<(), StoreError>;

    /// Appends an entry and the file that it carries, in one transaction (C1). A uid that is there already changes
    /// nothing.
    ///
    /// # Errors
    /// When the disk refuses; then neither is there.
    fn queue_file(&mut self, row: &OutboxRow, upload: &Upload) -> Result<(), StoreError>;

    /// The files of all entries, in the order of the outbox. Each leaves with its entry, whatever takes that out.
    ///
    /// # Errors
    /// When the disk refuses.
    fn uploads(&self) -> Result<Vec<Upload>, StoreError>;

    /// Says where an entry's file stands. An unknown uid changes nothing.
    ///
    /// # Errors
    /// When the disk refuses.
    fn set_upload(&mut self, uid: Uid, state: UploadState, place: Option<&Secret>) -> Result<(), StoreError>;

    /// Keeps why the desk does not take an entry's file, for after a restart. An unknown uid changes nothing.
    ///
    /// # Errors
    /// When the disk refuses.
    fn set_refused(&mut self, uid: Uid, refused: Option<FileRefusal>) -> Result<(), StoreError>;

    /// In one transaction: the file is [`UploadState::Whole`], and its entry goes to the end of the outbox as
    /// [`Store::requeue`] does it: what was queued since has gone out before it (I5). An unknown uid changes nothing.
    ///
    /// # Errors
    /// When the disk refuses.
    fn release(&mut self, uid: Uid, now: Timestamp) -> Result<(), StoreError>;

    /// All entries of all streams, in the order in which they were queued.
    ///
    /// # Errors
    /// When the disk refuses.
    fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError>;

    /// Says what may happen to an entry. An unknown uid changes nothing.
    ///
    /// # Errors
    /// When the disk refuses.
    fn set_outbox_state(&mut self, uid: Uid, state: OutboxState) -> Result<(), StoreError>;

    /// Moves an entry to the end of the outbox as [`OutboxState::Queued`], created `now`: the person sent a held one
    /// again.
    ///
    /// # Errors
    /// When the disk refuses.
    fn requeue(&mut self, uid: Uid, now: Timestamp) -> Result<(), StoreError>;

    /// Takes an entry out: the person discarded it, or its effect is already held by an event that is applied.
    ///
    /// # Errors
    /// When the disk refuses.
    fn discard(&mut self, uid: Uid) -> Result<(), StoreError>;

    /// Every stream that is known.
    ///
    /// # Errors
    /// When the disk refuses.
    fn streams(&self) -> Result<Vec<StreamRow>, StoreError>;

    /// C3: in one transaction, inserts events that continue the stream (or begin it: then `base` is the first
    /// event's seq less one), removes the outbox rows that they and `settled` name, and moves the cursor.
    ///
    /// # Errors
    /// [`StoreError::Gap`] when the events are not dense or do not continue the stream; nothing is changed then.
    fn apply(
        &mut self,
        stream: &StreamId,
        epoch: Epoch,
        events: &[Event],
        settled: &[Uid],
    ) -> Result<(), StoreError>;

    /// Inserts older events that end at `base`, lets `base` fall, and removes the outbox rows that they name (I2).
    ///
    /// # Errors
    /// [`StoreError::Gap`] when they do not end at `base`.
    fn prepend(&mut self, stream: &StreamId, events: &[Event]) -> Result<(), StoreError>;

    /// C5: in one transaction, replaces what is held of the stream by a snapshot of another life of the desk, lets
    /// every outbox row stand that the snapshot does not name, and returns own messages younger than `since` that
    /// the snapshot lacks to the end of the outbox as [`OutboxState::Held`] under their old uids, those with a file
    /// with an [`Upload`] of it that has no place and is [`UploadState::Going`]. Receipts start again at zero.
    ///
    /// # Errors
    /// When the disk refuses; then the old cache stands.
    fn reset(
        &mut self,
        stream: &StreamId,
        epoch: Epoch,
        snapshot: &[Event],
        since: Timestamp,
    ) -> Result<(), StoreError>;

    /// Raises a side's receipts; lower values change nothing.
    ///
    /// # Errors
    /// When the disk refuses.
    fn raise(&mut self, stream: &StreamId, side: Side, receipts: Receipts) -> Result<(), StoreError>;

    /// At most `limit` events below `before`, newest first.
    ///
    /// # Errors
    /// When the disk refuses.
    fn before(&self, stream: &StreamId, before: Seq, limit: u32) -> Result<Vec<Event>, StoreError>;

    /// The event of that message, where it is held and carries a file.
    ///
    /// # Errors
    /// When the disk refuses.
    fn file_event(&self, message: MessageId) -> Result<Option<Event>, StoreError>;

    /// At most `limit` events that carry a file, below `below`, of one chat or of all, newest first.
    ///
    /// # Errors
    /// When the disk refuses.
    fn files(
        &self,
        stream: &StreamId,
        chat: Option<ChatId>,
        below: Option<Seq>,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError>;

    /// The digest of every file that an event or an entry names, each once, in no order: what a sweep of the vault
    /// leaves. What must not go even for want of room is in [`Store::uploads`].
    ///
    /// # Errors
    /// When the disk refuses.
    fn wanted_digests(&self) -> Result<Vec<FileDigest>, StoreError>;

    /// The visitor's messages above `read` and the operators', counted: what one side has not read.
    ///
    /// # Errors
    /// When the disk refuses.
    fn unread(&self, stream: &StreamId, reader: Side) -> Result<u64, StoreError>;

    /// A small setting of the profile (address of the desk, window's size …).
    ///
    /// # Errors
    /// When the disk refuses.
    fn setting(&self, key: &str) -> Result<Option<String>, StoreError>;

    /// Keeps a small setting.
    ///
    /// # Errors
    /// When the disk refuses.
    fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError>;
}
