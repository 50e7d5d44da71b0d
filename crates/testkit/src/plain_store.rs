//! The contract of the store in the plainest words: vectors and maps, no disk, no failure.
//!
//! Why it is here: the crash-model store keeps one as what is on its disk, and random sequences compare any other
//! store with it.

use std::collections::{BTreeMap, HashMap, HashSet};

use deskbell_core::store::{
    OutboxRow, OutboxState, Receipts, Store, StoreError, StreamRow, Upload, UploadState,
};
use deskbell_wire::{
    Author, ChatId, Cursor, Epoch, Event, EventBody, FileDigest, FileId, FileRefusal, MessageId, Secret,
    SendBody, Seq, Side, StreamId, Timestamp, Uid,
};

/// Everything in memory. A clone is a copy of the disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainStore {
    outbox: Vec<OutboxRow>,
    uploads: HashMap<Uid, Upload>,
    streams: Vec<Held>,
    settings: HashMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    row: StreamRow,
    events: BTreeMap<Seq, Event>,
}

impl Held {
    fn new(stream: StreamId) -> Self {
        let (visitor, operator) = (Receipts::default(), Receipts::default());
        Self { row: StreamRow { stream, base: 0, cursor: None, visitor, operator }, events: BTreeMap::new() }
    }

    fn holds_any_uid_of(&self, events: &[Event]) -> bool {
        let own: HashSet<Uid> = self.events.values().filter_map(|event| event.uid).collect();
        let mut named: Vec<Uid> = events.iter().filter_map(|event| event.uid).collect();
        let count = named.len();
        named.sort();
        named.dedup();
        named.len() < count || named.iter().any(|uid| own.contains(uid))
    }

    fn insert(&mut self, events: &[Event]) {
        self.events.extend(events.iter().map(|event| (event.seq, event.clone())));
    }
}

/// First and last seq of a dense run of the stream's events; `None` where there are no events.
fn range(stream: &StreamId, events: &[Event]) -> Result<Option<(Seq, Seq)>, StoreError> {
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Ok(None);
    };
    let follows = |pair: &[Event]| pair[0].seq.checked_add(1) == Some(pair[1].seq);
    let dense = first.seq > 0 && events.windows(2).all(follows);
    if dense && events.iter().all(|event| event.stream == *stream) {
        Ok(Some((first.seq, last.seq)))
    } else {
        Err(StoreError::Gap)
    }
}

impl PlainStore {
    /// The outbox by names, and whether the file that goes with one has arrived.
    pub fn order(&self) -> Vec<(Uid, bool)> {
        let arrived = |uid| self.uploads.get(uid).is_some_and(|upload| upload.state == UploadState::Whole);
        self.outbox.iter().map(|row| (row.uid, arrived(&row.uid))).collect()
    }

    fn find(&self, stream: &StreamId) -> Option<&Held> {
        self.streams.iter().find(|held| held.row.stream == *stream)
    }

    fn know(&mut self, stream: &StreamId) -> &mut Held {
        let at = self.streams.iter().position(|held| held.row.stream == *stream).unwrap_or_else(|| {
            self.streams.push(Held::new(stream.clone()));
            self.streams.len() - 1
        });
        &mut self.streams[at]
    }

    fn remove_named(&mut self, events: &[Event], settled: &[Uid]) {
        let named: HashSet<Uid> =
            events.iter().filter_map(|e| e.uid).chain(settled.iter().copied()).collect();
        self.outbox.retain(|row| !named.contains(&row.uid));
        self.uploads.retain(|uid, _| !named.contains(uid));
    }

    fn append(&mut self, row: OutboxRow, upload: Option<Upload>) {
        if self.outbox.iter().all(|there| there.uid != row.uid) {
            self.uploads.extend(upload.map(|upload| (row.uid, upload)));
            self.outbox.push(row);
        }
    }

    fn all_files(&self) -> impl Iterator<Item = &Event> {
        let events = self.streams.iter().flat_map(|held| held.events.values());
        events.filter(|event| event.body.file().is_some())
    }
}

fn cursor(epoch: Epoch, event: &Event) -> Cursor {
    Cursor { epoch, seq: event.seq, message_id: event.message_id }
}

/// The own messages of `held` that `snapshot` lacks, as the outbox takes them back (C5).
fn lost(held: &Held, snapshot: &[Event], since: Timestamp) -> Vec<(OutboxRow, Option<Upload>)> {
    let there: HashSet<Uid> = snapshot.iter().filter_map(|event| event.uid).collect();
    let back = |event: &Event| {
        let uid = event.uid.filter(|uid| !there.contains(uid) && event.ts > since)?;
        let EventBody::Message { text, file } = &event.body else { return None };
        let upload = file.clone().map(|card| Upload::again(uid, card));
        let file = file.as_ref().map(|_| FileId(uid.0));
        let body = SendBody::Message { text: text.clone(), group: None, file };
        let (stream, created_at) = (event.stream.clone(), event.ts);
        Some((OutboxRow { uid, stream, body, created_at, state: OutboxState::Held }, upload))
    };
    held.events.values().filter_map(back).collect()
}

impl Store for PlainStore {
    fn queue(&mut self, row: &OutboxRow) -> Result<(), StoreError> {
        self.know(&row.stream);
        self.append(row.clone(), None);
        Ok(())
    }

    fn queue_file(&mut self, row: &OutboxRow, upload: &Upload) -> Result<(), StoreError> {
        self.know(&row.stream);
        self.append(row.clone(), Some(upload.clone()));
        Ok(())
    }

    fn uploads(&self) -> Result<Vec<Upload>, StoreError> {
        Ok(self.outbox.iter().filter_map(|row| self.uploads.get(&row.uid)).cloned().collect())
    }

    fn set_upload(&mut self, uid: Uid, state: UploadState, place: Option<&Secret>) -> Result<(), StoreError> {
        if let Some(upload) = self.uploads.get_mut(&uid) {
            (upload.state, upload.place) = (state, place.cloned());
        }
        Ok(())
    }

    fn set_refused(&mut self, uid: Uid, refused: Option<FileRefusal>) -> Result<(), StoreError> {
        self.uploads.get_mut(&uid).into_iter().for_each(|upload| upload.refused = refused);
        Ok(())
    }

    fn release(&mut self, uid: Uid, now: Timestamp) -> Result<(), StoreError> {
        match self.uploads.get_mut(&uid) {
            Some(upload) => {
                upload.state = UploadState::Whole;
                self.requeue(uid, now)
            }
            None => Ok(()),
        }
    }

    fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        Ok(self.outbox.clone())
    }

    fn set_outbox_state(&mut self, uid: Uid, state: OutboxState) -> Result<(), StoreError> {
        self.outbox.iter_mut().filter(|row| row.uid == uid).for_each(|row| row.state = state);
        Ok(())
    }

    fn requeue(&mut self, uid: Uid, now: Timestamp) -> Result<(), StoreError> {
        if let Some(at) = self.outbox.iter().position(|row| row.uid == uid) {
            let row = self.outbox.remove(at);
            self.outbox.push(OutboxRow { state: OutboxState::Queued, created_at: now, ..row });
        }
        Ok(())
    }

    fn discard(&mut self, uid: Uid) -> Result<(), StoreError> {
        self.remove_named(&[], &[uid]);
        Ok(())
    }

    fn streams(&self) -> Result<Vec<StreamRow>, StoreError> {
        Ok(self.streams.iter().map(|held| held.row.clone()).collect())
    }

    fn apply(
        &mut self,
        stream: &StreamId,
        epoch: Epoch,
        events: &[Event],
        settled: &[Uid],
    ) -> Result<(), StoreError> {
        if let (Some((first, _)), Some(newest)) = (range(stream, events)?, events.last()) {
            let known = self.find(stream).cloned().unwrap_or_else(|| Held::new(stream.clone()));
            let continues = |at: Cursor| at.epoch == epoch && at.seq + 1 == first;
            if !known.row.cursor.is_none_or(continues) || known.holds_any_uid_of(events) {
                return Err(StoreError::Gap);
            }
            let held = self.know(stream);
            if held.row.cursor.is_none() {
                held.row.base = first - 1;
            }
            held.insert(events);
            held.row.cursor = Some(cursor(epoch, newest));
        }
        self.remove_named(events, settled);
        Ok(())
    }

    fn prepend(&mut self, stream: &StreamId, events: &[Event]) -> Result<(), StoreError> {
        let Some((first, last)) = range(stream, events)? else {
            return Ok(());
        };
        let fits = |held: &Held| held.row.base == last && !held.holds_any_uid_of(events);
        if !self.find(stream).is_some_and(fits) {
            return Err(StoreError::Gap);
        }
        let held = self.know(stream);
        held.insert(events);
        held.row.base = first - 1;
        self.remove_named(events, &[]);
        Ok(())
    }

    fn reset(
        &mut self,
        stream: &StreamId,
        epoch: Epoch,
        snapshot: &[Event],
        since: Timestamp,
    ) -> Result<(), StoreError> {
        let base = range(stream, snapshot)?.map_or(0, |(first, _)| first - 1);
        let mut fresh = Held::new(stream.clone());
        if fresh.holds_any_uid_of(snapshot) {
            return Err(StoreError::Gap);
        }
        fresh.insert(snapshot);
        fresh.row.base = base;
        fresh.row.cursor = snapshot.last().map(|newest| cursor(epoch, newest));
        let old = std::mem::replace(self.know(stream), fresh);
        self.remove_named(snapshot, &[]);
        lost(&old, snapshot, since).into_iter().for_each(|(row, upload)| self.append(row, upload));
        Ok(())
    }

    fn raise(&mut self, stream: &StreamId, side: Side, receipts: Receipts) -> Result<(), StoreError> {
        let row = &mut self.know(stream).row;
        let held = match side {
            Side::Visitor => &mut row.visitor,
            Side::Operator => &mut row.operator,
        };
        held.delivered = held.delivered.max(receipts.delivered);
        held.read = held.read.max(receipts.read);
        Ok(())
    }

    fn before(&self, stream: &StreamId, before: Seq, limit: u32) -> Result<Vec<Event>, StoreError> {
        let below = self.find(stream).into_iter().flat_map(|held| held.events.range(..before).rev());
        Ok(below.take(limit as usize).map(|(_, event)| event.clone()).collect())
    }

    fn file_event(&self, message: MessageId) -> Result<Option<Event>, StoreError> {
        Ok(self.all_files().find(|event| event.message_id == message).cloned())
    }

    fn files(
        &self,
        stream: &StreamId,
        chat: Option<ChatId>,
        below: Option<Seq>,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let all = self.before(stream, below.unwrap_or(Seq::MAX), u32::MAX)?.into_iter();
        let fits = |event: &Event| event.body.file().is_some() && (chat.is_none() || event.chat_id == chat);
        Ok(all.filter(fits).take(limit as usize).collect())
    }

    fn wanted_digests(&self) -> Result<Vec<FileDigest>, StoreError> {
        let held = self.all_files().filter_map(|event| event.body.file());
        let digests: HashSet<_> =
            held.chain(self.uploads.values().map(|upload| &upload.card)).map(|card| card.digest).collect();
        Ok(digests.into_iter().collect())
    }

    fn unread(&self, stream: &StreamId, reader: Side) -> Result<u64, StoreError> {
        let Some(held) = self.find(stream) else { return Ok(0) };
        let read = match reader {
            Side::Visitor => held.row.visitor.read,
            Side::Operator => held.row.operator.read,
        };
        let counts = |event: &&Event| {
            let others = match reader {
                Side::Visitor => matches!(event.author, Author::Operator(_)),
                Side::Operator => event.author == Author::Visitor,
            };
            others && event.seq > read && matches!(event.body, EventBody::Message { .. })
        };
        Ok(held.events.values().filter(counts).count() as u64)
    }

    fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(self.settings.get(key).cloned())
    }

    fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.settings.insert(key.to_owned(), value.to_owned());
        Ok(())
    }
}
