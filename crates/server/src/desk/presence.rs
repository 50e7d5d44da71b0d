//! Who is there: for visitors, per group, and for the operators' colleagues.
//!
//! What must always hold: visitors are told when it changes and at no other time; an operator whose line was lost
//! counts for a minute.

use deskbell_wire::{Availability, GroupId, OperatorStatus, Timestamp};

use super::Desk;
use super::conn::Operator;

/// Milliseconds for which operators' coming and going is gathered before their colleagues are told.
pub(super) const GATHER_MS: i64 = 1_000;

static NOBODY: Availability = Availability { online: false, groups: Vec::new() };

impl Desk {
    /// Who is there, as the site's visitors were last told.
    pub(super) fn presence(&self, site: i64) -> &Availability {
        self.site_book.presence.get(&site).unwrap_or(&NOBODY)
    }

    /// Works out who is there for each site, and tells the visitors where that changed.
    pub(super) fn count_presence(&mut self) {
        let rows: Vec<i64> = self.sites.values().copied().collect();
        for site in rows {
            let now = self.presence_now(site);
            if now != *self.presence(site) {
                let came = now.online != self.presence(site).online;
                self.site_book.presence.insert(site, now);
                self.tell_availability(site);
                // Only a rule looks at it.
                if came && self.settings_of(site).rules.iter().any(|rule| rule.online.is_some()) {
                    self.set_alarms(site);
                }
            }
        }
    }

    fn presence_now(&self, site: i64) -> Availability {
        let there = || self.operators.values().filter(|operator| operator.is_available());
        let groups = self.settings_of(site).form.groups.iter().map(|group| group.id);
        let has_somebody = |group: &GroupId| there().any(|operator| operator.rights.have(site, Some(*group)));
        Availability { online: there().next().is_some(), groups: groups.filter(has_somebody).collect() }
    }

    /// Somebody came or went, or says something else of himself: the colleagues are told soon.
    pub(super) fn note_colleagues(&mut self) {
        if !self.at_work.is_empty() {
            self.site_book.news.get_or_insert(self.now);
        }
    }

    /// Tells the operators of their colleagues, when it is time.
    pub(super) fn tell_colleagues(&mut self) {
        // A clock that was set back must not silence anybody.
        let due = |since: Timestamp| !(0..GATHER_MS).contains(&(self.now.0 - since.0));
        if self.site_book.news.is_some_and(due) {
            self.tell_site();
        }
    }
}

impl Operator {
    /// Does he take chats now? Somebody whose line was lost counts for a minute.
    pub(super) fn is_available(&self) -> bool {
        self.status == OperatorStatus::Online && (!self.conns.is_empty() || self.lost.is_some())
    }
}
