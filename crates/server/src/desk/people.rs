//! All visitors in memory, in the order in which operators see them.
//!
//! What must always hold: everyone who is connected or has an open chat is here; of those who left, the latest.

use std::collections::{BTreeSet, HashMap, HashSet};

use deskbell_wire::{Timestamp, VisitorStatus};

use super::person::{Person, PersonKey};

/// Visitors without connection and chat that stay in memory: more than any list shows.
const GONE_MOST: usize = 2_000;

/// A place in the list: what matters most has the smallest.
type Place = (u8, i64, PersonKey);

/// The visitors.
#[derive(Default)]
pub(crate) struct People {
    by_key: HashMap<PersonKey, Person>,
    order: BTreeSet<Place>,
    places: HashMap<PersonKey, Place>,
    gone: usize,
    /// Changed since the watchers were last told.
    changed: HashSet<PersonKey>,
    /// Are there watchers? Without them nothing is noted.
    pub(crate) watched: bool,
}

impl People {
    pub(crate) fn get(&self, key: PersonKey) -> Option<&Person> {
        self.by_key.get(&key)
    }

    pub(crate) fn get_mut(&mut self, key: PersonKey) -> Option<&mut Person> {
        self.by_key.get_mut(&key)
    }

    pub(crate) fn contains(&self, key: PersonKey) -> bool {
        self.by_key.contains_key(&key)
    }

    pub(crate) fn insert(&mut self, key: PersonKey, person: Person) {
        self.by_key.insert(key, person);
        self.place(key);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&PersonKey, &Person)> {
        self.by_key.iter()
    }

    /// Works out status and place anew after anything about the visitor changed.
    pub(crate) fn touch(&mut self, key: PersonKey, now: Timestamp) {
        if self.watched {
            self.changed.insert(key);
        }
        let Some(person) = self.by_key.get_mut(&key) else { return };
        let status = person.status_now();
        if status != person.status {
            person.status = status;
            person.since = now;
            self.place(key);
        }
    }

    /// Puts the visitor where the list shows him; who left without ever writing stands nowhere.
    pub(crate) fn place(&mut self, key: PersonKey) {
        if let Some(old) = self.places.remove(&key) {
            self.order.remove(&old);
            self.gone -= usize::from(old.0 == rank(VisitorStatus::Gone));
        }
        let Some(person) = self.by_key.get(&key) else { return };
        if person.status == VisitorStatus::Gone && person.log.head == 0 {
            return;
        }
        let newest_first = person.status == VisitorStatus::Gone;
        let since = if newest_first { -person.since.0 } else { person.since.0 };
        let place = (rank(person.status), since, key);
        self.gone += usize::from(newest_first);
        self.order.insert(place);
        self.places.insert(key, place);
    }

    /// The list, from its beginning.
    pub(crate) fn window(&self) -> impl Iterator<Item = PersonKey> {
        self.order.iter().map(|(_, _, key)| *key)
    }

    /// Visitors on the site who never wrote: the database does not count them.
    pub(crate) fn silent(&self) -> usize {
        let from = (rank(VisitorStatus::OnSite), i64::MIN, LOWEST);
        let to = (rank(VisitorStatus::Gone), i64::MIN, LOWEST);
        let on_site = self.order.range(from..to);
        on_site.filter(|(_, _, key)| self.get(*key).is_some_and(|person| person.log.head == 0)).count()
    }

    /// Who changed since the last call.
    pub(crate) fn take_changed(&mut self) -> HashSet<PersonKey> {
        std::mem::take(&mut self.changed)
    }

    pub(crate) fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Lets go of those who left longest ago, and of those who left without a word.
    pub(crate) fn forget(&mut self) {
        while self.gone > GONE_MOST {
            let Some((_, _, key)) = self.order.last().copied() else { return };
            self.drop_person(key);
        }
    }

    /// Lets go of a visitor who left without ever writing and is no longer needed.
    pub(crate) fn drop_person(&mut self, key: PersonKey) {
        self.by_key.remove(&key);
        self.place(key);
    }
}

const LOWEST: PersonKey = PersonKey { site: i64::MIN, visitor: deskbell_wire::VisitorId(uuid::Uuid::nil()) };

fn rank(status: VisitorStatus) -> u8 {
    match status {
        VisitorStatus::Waiting => 0,
        VisitorStatus::InChat => 1,
        VisitorStatus::Invited => 2,
        VisitorStatus::FormShown => 3,
        VisitorStatus::OnSite => 4,
        VisitorStatus::Gone => 5,
    }
}
