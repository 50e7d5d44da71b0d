//! The operators' list of requests: whole at first, then as changes, gathered for a moment.
//!
//! What must always hold: a watcher's rows are the first `limit` that are open and the last that were worked off, of
//! those that he may see: the stream is his to read, and the request is for everybody or for a group of his.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use deskbell_db::DbError;
use deskbell_wire::limits::FRAME_BYTES;
use deskbell_wire::{DeskFrame, Event, EventBody, GroupId, MessageId, RequestRow, Requests, Timestamp};

use super::Desk;
use super::conn::Stage;
use super::io::ConnId;
use super::log::Log;
use super::person::PersonKey;
use super::policy::Rights;
use crate::store::RequestKey;

/// Milliseconds for which changes are gathered.
const GATHER_MS: i64 = 100;
/// Requests that were worked off in a list.
const DONE_ROWS: u32 = 100;
/// Open requests that are looked through for those who may not see all of them.
const LOOKED_THROUGH: u32 = 10_000;
/// Bytes of a `requests` frame beside its rows.
const AROUND_BYTES: usize = 256;
/// Bytes of an id in a frame.
const ID_BYTES: usize = 40;
/// Ids of rows that left in one frame.
const GONE_PER_FRAME: usize = 1_000;

/// A list of requests that is kept up to date.
#[derive(Debug, Default)]
pub(crate) struct Pile {
    limit: usize,
    known: HashSet<MessageId>,
    open: u64,
    /// Nothing was sent yet.
    fresh: bool,
}

/// What the lists of requests need.
#[derive(Default)]
pub(super) struct Watched {
    pub(super) watchers: Vec<ConnId>,
    /// Rows that look different now.
    changed: HashSet<MessageId>,
    /// Rows came or went, or somebody's rights changed.
    moved: bool,
    told_at: Timestamp,
    /// A watcher waits for the whole list.
    fresh: bool,
}

impl Watched {
    pub(super) fn look_again(&mut self) {
        self.moved = !self.watchers.is_empty();
    }

    pub(super) fn wakes_at(&self) -> Option<Timestamp> {
        (self.moved || self.fresh).then_some(Timestamp(self.told_at.0 + GATHER_MS))
    }
}

impl Desk {
    pub(super) fn watch_requests(&mut self, conn: ConnId, limit: usize) {
        if let Some(Stage::Operator(place)) = self.conns.get_mut(&conn).map(|conn| &mut conn.stage) {
            place.requests = Some(Pile { limit, fresh: true, ..Pile::default() });
        }
        if !self.requests.watchers.contains(&conn) {
            self.requests.watchers.push(conn);
        }
        self.requests.fresh = true;
    }

    /// Takes note of what an event, once committed, changes in the lists.
    pub(super) fn note_request(&mut self, key: PersonKey, event: &Event) {
        if self.requests.watchers.is_empty() {
            return;
        }
        let stream = self.people.get(key).map_or(0, |person| person.log.row);
        match &event.body {
            EventBody::Requested(_) => {}
            EventBody::Settled { request, .. } => drop(self.requests.changed.insert(*request)),
            // They show what the visitor is called.
            EventBody::CardSaved { .. } => match self.store.requests_of(stream) {
                Ok(ids) => self.requests.changed.extend(ids),
                Err(error) => {
                    tracing::warn!(%error, "requests keep a visitor's former name until they are told anew")
                }
            },
            // Who may read the stream changes with these.
            EventBody::Opened { .. } | EventBody::Moved { .. } => {}
            _ => return,
        }
        self.requests.moved = true;
    }

    /// Tells the watchers what changed, at most ten times a second; who has nothing yet is told at once.
    pub(super) fn tell_requests(&mut self) {
        if !self.requests.moved && !self.requests.fresh {
            return;
        }
        // A clock that was set back must not silence the list.
        let due = !(0..GATHER_MS).contains(&(self.now.0 - self.requests.told_at.0));
        if !due && !self.requests.fresh {
            return;
        }
        let everybody = due && self.requests.moved;
        let changed = if everybody { std::mem::take(&mut self.requests.changed) } else { HashSet::new() };
        if everybody {
            (self.requests.moved, self.requests.told_at) = (false, self.now);
        }
        self.requests.fresh = false;
        for conn in self.requests.watchers.clone() {
            if let Err(error) = self.tell_pile(conn, &changed, everybody) {
                tracing::warn!(%error, "requests cannot be read; the list is told again later");
                self.requests.changed.extend(&changed);
                (self.requests.moved, self.requests.told_at) = (true, self.now);
            }
        }
    }

    fn tell_pile(
        &mut self,
        conn: ConnId,
        changed: &HashSet<MessageId>,
        everybody: bool,
    ) -> Result<(), DbError> {
        let Some((limit, whole)) = self.pile(conn).map(|pile| (pile.limit, pile.fresh)) else {
            return Ok(());
        };
        if !everybody && !whole {
            return Ok(());
        }
        let Some(rights) = self.rights_of(conn).cloned() else { return Ok(()) };
        let (ids, open) = self.requests_for(&rights, limit)?;
        let Some(known) = self.pile(conn).map(|pile| std::mem::take(&mut pile.known)) else { return Ok(()) };
        let mut rows = Vec::new();
        for id in ids.iter().filter(|id| !known.contains(id) || changed.contains(id)) {
            rows.extend(self.store.request_row(*id)?);
        }
        let shown: HashSet<MessageId> = ids.into_iter().collect();
        let gone: Vec<MessageId> = known.difference(&shown).copied().collect();
        let Some(pile) = self.pile(conn) else { return Ok(()) };
        let same = std::mem::replace(&mut pile.open, open) == open;
        (pile.known, pile.fresh) = (shown, false);
        if whole || !same || !rows.is_empty() || !gone.is_empty() {
            for frame in split(rows, &gone, whole, open) {
                self.answer(conn, &DeskFrame::Requests(frame));
            }
        }
        Ok(())
    }

    fn pile(&mut self, conn: ConnId) -> Option<&mut Pile> {
        match self.conns.get_mut(&conn).map(|conn| &mut conn.stage) {
            Some(Stage::Operator(place)) => place.requests.as_mut(),
            _ => None,
        }
    }

    /// The requests that somebody with these rights sees, in order, and how many of them are open in all.
    fn requests_for(&self, rights: &Rights, limit: usize) -> Result<(Vec<MessageId>, u64), DbError> {
        let rows = u32::try_from(limit).unwrap_or(u32::MAX);
        let (open, done) = if rights.places.is_empty() {
            (self.store.open_requests(rows)?, self.store.done_requests(DONE_ROWS)?)
        } else {
            let open = self.store.open_requests(LOOKED_THROUGH)?;
            let done = self.store.done_requests(LOOKED_THROUGH)?;
            (self.theirs(rights, open)?, self.theirs(rights, done)?)
        };
        let count = match rights.places.is_empty() {
            true => self.store.count_open_requests()?,
            false => open.len() as u64,
        };
        let open = open.iter().take(limit);
        let ids = open.chain(done.iter().take(DONE_ROWS as usize)).map(|key| key.id);
        Ok((ids.collect(), count))
    }

    fn theirs(&self, rights: &Rights, mut all: Vec<RequestKey>) -> Result<Vec<RequestKey>, DbError> {
        let mut readable: HashMap<i64, bool> = HashMap::new();
        for key in &all {
            if let Entry::Vacant(place) = readable.entry(key.stream) {
                place.insert(self.may_read_stored(rights, key)?);
            }
        }
        all.retain(|key| readable.get(&key.stream) == Some(&true) && is_theirs(rights, key));
        Ok(all)
    }

    /// The same as the policy says of a stream in memory, for one that may be on disk only.
    fn may_read_stored(&self, rights: &Rights, key: &RequestKey) -> Result<bool, DbError> {
        let readers = self.store.readers(key.stream)?;
        let asked = self.store.asked_groups(key.stream)?;
        Ok(rights.read(key.site, &Log { readers, asked, ..Log::default() }))
    }
}

/// Is it for everybody, or for a group of his?
pub(super) fn is_theirs(rights: &Rights, key: &RequestKey) -> bool {
    rights.have(key.site, (key.grp != 0).then_some(GroupId(key.grp)))
}

/// Cuts a list into frames that fit. A row alone always does.
fn split(rows: Vec<RequestRow>, gone: &[MessageId], whole: bool, open: u64) -> Vec<Requests> {
    let empty = |whole| Requests { whole, rows: Vec::new(), gone: Vec::new(), open };
    let mut frames = vec![empty(whole)];
    let mut room = FRAME_BYTES - AROUND_BYTES;
    for row in rows {
        let size = serde_json::to_vec(&row).map_or(usize::MAX, |json| json.len() + 1);
        if size > room {
            frames.push(empty(false));
            room = FRAME_BYTES - AROUND_BYTES;
        }
        room = room.saturating_sub(size);
        if let Some(frame) = frames.last_mut() {
            frame.rows.push(row);
        }
    }
    let (beside, rest) = gone.split_at(gone.len().min(room / ID_BYTES));
    if let Some(frame) = frames.last_mut() {
        frame.gone = beside.to_vec();
    }
    let more = rest.chunks(GONE_PER_FRAME).map(|some| Requests { gone: some.to_vec(), ..empty(false) });
    frames.extend(more);
    frames
}
