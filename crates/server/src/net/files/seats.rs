//! Connections of known people, and how fast they ask.
//!
//! What must always hold: a seat is taken only for a voice that the desk has accepted; a person has so many at once,
//! and whoever asks faster than the pace is served more slowly (threats 19, 22).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deskbell_wire::{FileRefusal, Identity, SiteKey, VisitorId};
use sha2::{Digest as _, Sha256};

use super::headers::Claim;
use crate::clock::now;
use crate::desk::{Bucket, Pace};

/// People without a seat are forgotten when there are so many.
const SWEEP_AT: usize = 4_096;

/// A person, as far as seats go: a visitor on all devices, an operator's session.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Who {
    Visitor(SiteKey, VisitorId),
    Session([u8; 32]),
}

/// Everybody who has a seat, or had one a moment ago.
pub(super) struct Seats {
    most: usize,
    pace: Pace,
    people: Mutex<HashMap<Who, Person>>,
}

#[derive(Default)]
struct Person {
    seats: usize,
    requests: Bucket,
}

/// A connection of a known person, until it is dropped.
pub(super) struct Seat {
    seats: Arc<Seats>,
    who: Who,
}

impl Seats {
    pub(super) fn new(most: usize, pace: Pace) -> Arc<Self> {
        Arc::new(Self { most, pace, people: Mutex::default() })
    }

    /// A seat for somebody whom the desk knows.
    pub(super) fn take(self: &Arc<Self>, claim: &Claim) -> Result<Seat, FileRefusal> {
        let who = Who::of(claim);
        let mut people = self.lock();
        if people.len() >= SWEEP_AT {
            people.retain(|_, person| person.seats > 0 || !person.requests.is_full(now()));
        }
        let person = people.entry(who.clone()).or_default();
        if person.seats >= self.most {
            return Err(FileRefusal::Busy);
        }
        person.seats += 1;
        drop(people);
        Ok(Seat { seats: Arc::clone(self), who })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Who, Person>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Is it the seat of whoever claims this?
    pub(super) fn is_of(&self, claim: &Claim) -> bool {
        self.who == Who::of(claim)
    }

    /// Counts a request, and says how long it has to wait.
    pub(super) fn pace(&self) -> Option<Duration> {
        let mut people = self.seats.lock();
        let person = people.get_mut(&self.who)?;
        person.requests.spend(self.seats.pace, now()).map(Duration::from_millis)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(person) = self.seats.lock().get_mut(&self.who) {
            person.seats -= 1;
        }
    }
}

impl Who {
    fn of(claim: &Claim) -> Self {
        match &claim.who {
            Identity::Visitor { site, visitor_id, .. } => Self::Visitor(site.clone(), *visitor_id),
            Identity::Operator { token } => Self::Session(Sha256::digest(token.bytes()).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use deskbell_wire::{DeviceId, Secret};
    use uuid::Uuid;

    use super::*;

    fn claim(n: u8) -> Claim {
        let (site, visitor_id) = (SiteKey::main(), VisitorId(Uuid::from_u128(n.into())));
        let who = Identity::Visitor { site, visitor_id, token: Secret::new([n; 32]) };
        Claim { who, device: DeviceId(Uuid::from_u128(9)) }
    }

    #[test]
    fn threats_19_a_person_has_so_many_seats() {
        let seats = Seats::new(2, Pace::OFF);
        let (one, two) = (seats.take(&claim(1)).unwrap(), seats.take(&claim(1)).unwrap());
        assert!(matches!(seats.take(&claim(1)), Err(FileRefusal::Busy)));
        assert!(seats.take(&claim(2)).is_ok() && one.is_of(&claim(1)) && !one.is_of(&claim(2)));
        drop(two);
        assert!(seats.take(&claim(1)).is_ok());
    }

    #[test]
    fn threats_22_a_new_seat_is_no_new_pace() {
        let seats = Seats::new(2, Pace::new(3, 60_000));
        let first = seats.take(&claim(1)).unwrap();
        assert!((0..3).all(|_| first.pace().is_none()));
        drop(first);
        assert!(seats.take(&claim(1)).unwrap().pace().is_some());
        assert!(seats.take(&claim(2)).unwrap().pace().is_none(), "others are not slower for it");
    }
}
