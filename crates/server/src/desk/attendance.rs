//! Who is connected, for the program that hosts the desk: ending it sends them away.

use std::collections::BTreeSet;

use deskbell_wire::DeviceId;

use super::Desk;
use super::conn::Stage;

/// Somebody who is connected, with however many devices.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attendant {
    /// An operator's, not a visitor's.
    pub operator: bool,
    /// What they are called; a visitor may have given no name.
    pub name: Option<String>,
}

/// Hides what people are called.
impl std::fmt::Debug for Attendant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attendant(operator: {})", self.operator)
    }
}

impl Desk {
    /// Everybody who is connected by another device than this one: operators first, then visitors, by name.
    pub fn attendants(&self, but: DeviceId) -> Vec<Attendant> {
        let (mut operators, mut visitors) = (BTreeSet::new(), BTreeSet::new());
        for conn in self.conns.values() {
            match &conn.stage {
                Stage::Operator(place) if place.device != but => drop(operators.insert(place.operator)),
                Stage::Visitor(seat) if seat.device != but => drop(visitors.insert(seat.key)),
                _ => {}
            }
        }
        let operator = |row| self.operators.get(row).map(|operator| operator.card.name.clone());
        let visitor = |key| self.people.get(key).map(|person| person.log.about.card.name.clone());
        let operators = operators.iter().map(|row| Attendant { operator: true, name: operator(row) });
        let named = |name: Option<String>| name.filter(|name| !name.is_empty());
        let visitors =
            visitors.into_iter().map(|key| Attendant { operator: false, name: named(visitor(key)) });
        let mut all: Vec<_> = operators.chain(visitors).collect();
        // Those without a name come last.
        all.sort_by_key(|one| (!one.operator, one.name.is_none(), one.name.clone()));
        all
    }
}
