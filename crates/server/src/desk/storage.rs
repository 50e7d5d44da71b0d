//! What the desk keeps when, and what it does when the disk refuses (S5).
//!
//! What must always hold: after a commit that failed, nothing is acknowledged and nothing more is written until the
//! handle was closed, the file opened again and the log made durable as it is.

use std::collections::{HashMap, HashSet};

use deskbell_db::DbError;
use deskbell_wire::{DeskFrame, DeviceId, OperatorStatus, Seq, Side, Timestamp};

use super::Desk;
use super::conn::Stage;
use super::log::{Log, Receipts};
use super::person::{Person, PersonKey};
use crate::store::Store;

/// Milliseconds for which a mark, a visitor's name or a status may be in memory only.
pub(super) const DIRTY_MS: i64 = 1_000;
/// Milliseconds after which a client may try again.
pub(super) const RETRY_MS: u64 = 2_000;
/// Milliseconds between tries to recover.
const HEAL_MS: i64 = 1_000;
/// Visitors who left that are in memory from the start.
const RECALLED: u32 = 500;

/// What is written with the next commit, at the latest a second after it came up.
#[derive(Default)]
pub(super) struct Dirty {
    pub(super) since: Option<Timestamp>,
    pub(super) visitors: HashSet<PersonKey>,
    pub(super) seen: HashSet<PersonKey>,
    pub(super) marks: HashSet<(PersonKey, Side)>,
    /// Linked devices that came or went, and when.
    pub(super) devices: HashMap<(PersonKey, DeviceId), Timestamp>,
    pub(super) statuses: Vec<(i64, OperatorStatus)>,
    /// Uploads that were asked for, and when.
    pub(super) files: HashMap<i64, Timestamp>,
}

/// Can the desk write?
#[derive(Default)]
pub(super) struct Health {
    trouble: Option<Trouble>,
}

struct Trouble {
    retry_at: Timestamp,
    /// Visitors whose log in memory may differ from the one on disk, with the last head that was acknowledged.
    suspects: Vec<(PersonKey, Seq)>,
}

impl Dirty {
    pub(super) fn note(&mut self, now: Timestamp) {
        self.since.get_or_insert(now);
    }
}

impl Health {
    pub(super) fn can_write(&self) -> bool {
        self.trouble.is_none()
    }

    /// Is everything in memory what the database holds?
    pub(super) fn is_sure(&self) -> bool {
        self.trouble.as_ref().is_none_or(|trouble| trouble.suspects.is_empty())
    }

    pub(super) fn retry_at(&self) -> Option<Timestamp> {
        self.trouble.as_ref().map(|trouble| trouble.retry_at)
    }
}

impl Desk {
    /// Reads, at the start, whom operators want to see.
    pub(super) fn recall(&mut self) -> Result<(), DbError> {
        self.lists.written = self.store.count_streams()?;
        for (site, stream) in self.store.lately(RECALLED)? {
            self.load(PersonKey { site, visitor: stream.visitor }, &stream)?;
        }
        Ok(())
    }

    /// Brings a visitor into memory. `false`: nobody knows him.
    pub(super) fn load(&mut self, key: PersonKey, stream: &deskbell_wire::StreamId) -> Result<bool, DbError> {
        if self.people.contains(key) {
            return Ok(true);
        }
        let Some(record) = self.store.visitor(key.site, key.visitor)? else { return Ok(false) };
        let public = deskbell_wire::StreamId::public(stream.site.clone(), stream.visitor);
        let person = Person::load(&self.store, public, &record, |row| card(&self.store, row))?;
        self.people.insert(key, person);
        self.set_alarm(key);
        Ok(true)
    }

    /// Writes what is dirty in a transaction of its own.
    pub(super) fn flush(&mut self) {
        if self.dirty.since.is_none() || !self.health.can_write() {
            return;
        }
        let written = self.store.begin().and_then(|()| self.write_dirty()).and_then(|()| self.store.commit());
        match written {
            Ok(()) => self.dirty = Dirty::default(),
            Err(error) => self.fail(&error, Vec::new()),
        }
    }

    /// Inside a transaction. The caller empties [`Self::dirty`] after the commit.
    pub(super) fn write_dirty(&mut self) -> Result<(), DbError> {
        for key in &self.dirty.visitors {
            if let Some(person) = self.people.get_mut(*key).filter(|person| person.row == 0) {
                person.row = self.store.add_visitor(key.site, key.visitor, &person.token, self.now)?;
            }
        }
        for key in &self.dirty.seen {
            if let Some(person) = self.people.get(*key).filter(|person| person.row != 0) {
                self.store.set_seen(person.row, &person.visit)?;
            }
        }
        for (key, side) in &self.dirty.marks {
            if let Some(log) =
                self.people.get_mut(*key).map(|person| &mut person.log).filter(|log| log.row != 0)
            {
                let receipts = *log.receipts(*side);
                self.store.set_marks(log.row, *side, receipts.delivered, receipts.read)?;
            }
        }
        for ((key, device), seen) in &self.dirty.devices {
            if let Some(person) = self.people.get(*key) {
                self.store.set_link_seen(person.row, *device, *seen)?;
            }
        }
        for (operator, status) in &self.dirty.statuses {
            self.store.set_status(*operator, *status)?;
        }
        for (file, used) in &self.dirty.files {
            self.store.set_file_used(*file, *used)?;
        }
        Ok(())
    }

    /// S5: a transaction failed; what became of it is unknown.
    pub(super) fn fail(&mut self, error: &DbError, suspects: Vec<(PersonKey, Seq)>) {
        tracing::error!(%error, "a commit failed; its outcome is unknown until the database was opened again");
        let suspects = match self.health.trouble.take() {
            Some(before) => [before.suspects, suspects].concat(),
            None => suspects,
        };
        self.health.trouble = Some(Trouble { retry_at: self.now, suspects });
        self.heal();
    }

    /// A transaction of its own, outside the batches: when it fails, the database is opened again, too.
    pub(super) fn alone<T>(
        &mut self,
        write: impl FnOnce(&Store) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        if !self.health.can_write() {
            return Err(DbError::Io("the disk takes nothing at the moment".to_owned()));
        }
        let written = self.store.begin().and_then(|()| write(&self.store));
        let written = written.and_then(|done| self.store.commit().map(|()| done));
        if written.is_err() {
            self.store.rollback();
        }
        if let Err(error @ (DbError::Io(_) | DbError::Full)) = &written {
            self.fail(error, Vec::new());
        }
        written
    }

    /// Opens the database again, when it is time.
    pub(super) fn heal(&mut self) {
        let Some(trouble) = self.health.trouble.as_mut().filter(|trouble| trouble.retry_at <= self.now)
        else {
            return;
        };
        let suspects = std::mem::take(&mut trouble.suspects);
        let healed = self.store.recover();
        // Without space the file still opens: then what it holds can be read, though not added to.
        let reread =
            self.store.readable() && self.reread(&suspects).and_then(|()| self.reread_sites()).is_ok();
        match healed {
            Ok(()) if reread => {
                tracing::warn!("the database is open again");
                self.health.trouble = None;
                self.requests.look_again();
            }
            _ => {
                let suspects = if reread { Vec::new() } else { suspects };
                self.health.trouble = Some(Trouble { retry_at: Timestamp(self.now.0 + HEAL_MS), suspects });
            }
        }
    }

    /// Reads the logs of `suspects` again and tells their readers of what turned out to be there.
    fn reread(&mut self, suspects: &[(PersonKey, Seq)]) -> Result<(), DbError> {
        for conn in self.conns.values_mut() {
            match &mut conn.stage {
                Stage::Visitor(seat) => (seat.device_row, seat.last) = (0, None),
                Stage::Operator(place) => (place.device_row, place.last) = (0, None),
                Stage::New | Stage::Checking { .. } | Stage::SignedIn => {}
            }
        }
        // A visitor's row may have gone with any transaction, also with one that was not about entries.
        let fresh: Vec<PersonKey> = self.dirty.visitors.iter().copied().collect();
        for key in fresh.into_iter().chain(suspects.iter().map(|(key, _)| *key)) {
            self.reread_person(key)?;
        }
        for (key, acked) in suspects {
            let Some(person) = self.people.get(*key) else { continue };
            let head = person.log.head;
            if head > *acked {
                let lag = DeskFrame::Lag { stream: (*person.stream).clone(), head };
                self.tell_readers(*key, &lag);
            }
            // What was kept after all changed the present, too; nothing else will tell of it.
            self.people.touch(*key, self.now);
            self.tell_state(*key);
        }
        self.lists.written = self.store.count_streams()?;
        Ok(())
    }

    pub(super) fn reread_person(&mut self, key: PersonKey) -> Result<(), DbError> {
        let record = self.store.visitor(key.site, key.visitor)?;
        let Some(person) = self.people.get_mut(key) else { return Ok(()) };
        person.acted = record.as_ref().map(|record| record.acted.clone()).unwrap_or_default();
        let (visitor, operator) = (person.log.visitor, person.log.operator);
        (person.row, person.log) = match record {
            Some(record) => (record.row, Log::load(&self.store, &record, |row| card(&self.store, row))?),
            None => (0, Log::default()),
        };
        // Marks that were not written yet are still true, as far as there is something to mark.
        person.log.visitor = later(person.log.visitor, visitor, person.log.head);
        person.log.operator = later(person.log.operator, operator, person.log.head);
        if person.row == 0 {
            self.dirty.visitors.insert(key);
        }
        self.people.place(key);
        self.set_alarm(key);
        Ok(())
    }

    /// Lets go of who is no longer needed in memory.
    pub(super) fn let_go(&mut self) {
        if self.dirty.since.is_none() && self.health.can_write() {
            for key in std::mem::take(&mut self.lists.left) {
                let needed = |person: &Person| !person.conns.is_empty() || person.log.head > 0;
                if !self.people.get(key).is_none_or(needed) {
                    self.people.drop_person(key);
                }
            }
            self.people.forget();
        }
    }
}

fn later(kept: Receipts, known: Receipts, head: Seq) -> Receipts {
    Receipts {
        delivered: kept.delivered.max(known.delivered.min(head)),
        read: kept.read.max(known.read.min(head)),
    }
}

/// An operator's card, as events show it.
pub(super) fn card(store: &Store, row: i64) -> Option<deskbell_wire::OperatorCard> {
    store.operator(row).ok().flatten().map(|account| account.card)
}
