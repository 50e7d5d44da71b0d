//! The operators' list of visitors: whole at first, then as changes, gathered for a moment.
//!
//! What must always hold: a watcher's rows are the first `limit` of the one order that all see.

use std::collections::HashSet;

use deskbell_wire::limits::LIST_ROWS;
use deskbell_wire::{ByeCode, DeskFrame, List, ListName, StreamId, Timestamp, VisitorRow, Watch};

use super::conn::{Stage, Watching};
use super::io::ConnId;
use super::person::PersonKey;
use super::policy::{Act, Role, Wish, allows};
use super::{Desk, Farewell};

/// Milliseconds for which changes are gathered.
const GATHER_MS: i64 = 100;
/// Rows of one frame: the longest row, escaped, takes less than 2 KiB.
const ROWS_PER_FRAME: usize = 30;

/// What the list needs besides the visitors.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) watchers: Vec<ConnId>,
    /// Visitors who ever wrote, as the database counts them.
    pub(super) written: u64,
    /// Visitors who left since the last clearing.
    pub(super) left: Vec<PersonKey>,
    told_at: Timestamp,
    /// A watcher waits for the whole list.
    fresh: bool,
}

impl Lists {
    /// Who may see what is different now: every watcher's rows are worked out anew.
    pub(super) fn look_again(&mut self) {
        self.fresh = !self.watchers.is_empty();
    }

    pub(super) fn wakes_at(&self, changed: bool) -> Option<Timestamp> {
        let due = !self.watchers.is_empty() && (changed || self.fresh);
        due.then_some(Timestamp(self.told_at.0 + GATHER_MS))
    }
}

impl Desk {
    pub(super) fn watch(&mut self, conn: ConnId, watch: &Watch) -> Result<(), Farewell> {
        if !self.role(conn).is_some_and(|role| allows(role, Act::Watch)) {
            return Err(ByeCode::Protocol.into());
        }
        let limit = watch.limit.clamp(1, LIST_ROWS) as usize;
        if watch.list == ListName::Requests {
            self.watch_requests(conn, limit);
            return Ok(());
        }
        if let Some(Stage::Operator(place)) = self.conns.get_mut(&conn).map(|conn| &mut conn.stage) {
            let version = place.watch.as_ref().map_or(0, |before| before.version);
            place.watch = Some(Watching { limit, version, total: 0, known: HashSet::new(), fresh: true });
        }
        if !self.lists.watchers.contains(&conn) {
            self.lists.watchers.push(conn);
        }
        self.people.watched = true;
        self.lists.fresh = true;
        Ok(())
    }

    /// Tells the watchers what changed, at most ten times a second; who has nothing yet is told at once.
    pub(super) fn tell_lists(&mut self) {
        let changed = self.people.has_changed();
        if self.lists.watchers.is_empty() || !(changed || self.lists.fresh) {
            return;
        }
        // A clock that was set back must not silence the list.
        let since = self.now.0 - self.lists.told_at.0;
        let due = !(0..GATHER_MS).contains(&since);
        if !due && !self.lists.fresh {
            return;
        }
        let rows = if due { self.people.take_changed() } else { HashSet::new() };
        if due {
            self.lists.told_at = self.now;
        }
        self.lists.fresh = false;
        let total = self.lists.written + self.people.silent() as u64;
        for conn in self.lists.watchers.clone() {
            self.tell_list(conn, &rows, total);
        }
    }

    fn tell_list(&mut self, conn: ConnId, changed: &HashSet<PersonKey>, total: u64) {
        let Some(Stage::Operator(place)) = self.conns.get_mut(&conn).map(|conn| &mut conn.stage) else {
            return;
        };
        let Some(watch) = place.watch.as_mut() else { return };
        let Some(operator) = self.operators.get(&place.operator) else { return };
        let sees = |key: &PersonKey| {
            let role = Role::Operator(&operator.rights);
            let person = self.people.get(*key);
            person.is_some_and(|person| allows(role, Act::In(person.subject(*key), Wish::Follow)))
        };
        let window: Vec<PersonKey> = self.people.window().filter(sees).take(watch.limit).collect();
        let new = |key: &&PersonKey| !watch.known.contains(*key) || changed.contains(*key);
        let rows: Vec<VisitorRow> = window
            .iter()
            .filter(new)
            .filter_map(|key| self.people.get(*key).map(|person| person.list_row()))
            .collect();
        let in_window: HashSet<PersonKey> = window.into_iter().collect();
        let gone: Vec<StreamId> =
            watch.known.difference(&in_window).filter_map(|key| stream_of(&self.sites, *key)).collect();
        let whole = std::mem::take(&mut watch.fresh);
        watch.known = in_window;
        let same = std::mem::replace(&mut watch.total, total) == total;
        if !whole && same && rows.is_empty() && gone.is_empty() {
            return;
        }
        let first = watch.version + 1;
        let frames = split(rows, gone, whole, first, total);
        watch.version += frames.len() as u64;
        for frame in frames {
            self.answer(conn, &DeskFrame::List(frame));
        }
    }
}

/// Cuts a list into frames that fit.
fn split(rows: Vec<VisitorRow>, gone: Vec<StreamId>, whole: bool, version: u64, total: u64) -> Vec<List> {
    const GONE_PER_FRAME: usize = 300;
    let (mut rows, mut gone) = (rows.into_iter(), gone.into_iter());
    let mut frames = Vec::new();
    loop {
        let list = List {
            list: ListName::Visitors,
            whole: whole && frames.is_empty(),
            version: version + frames.len() as u64,
            rows: rows.by_ref().take(ROWS_PER_FRAME).collect(),
            gone: if rows.len() == 0 { gone.by_ref().take(GONE_PER_FRAME).collect() } else { Vec::new() },
            total,
        };
        frames.push(list);
        if rows.len() == 0 && gone.len() == 0 {
            return frames;
        }
    }
}

fn stream_of(sites: &std::collections::HashMap<String, i64>, key: PersonKey) -> Option<StreamId> {
    let site = sites.iter().find(|(_, row)| **row == key.site)?.0;
    Some(StreamId::public(site.parse().ok()?, key.visitor))
}
