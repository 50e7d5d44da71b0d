//! What a site does by itself for a visitor who only looks around: invite him, or show him a form.
//!
//! What must always hold: the first rule that fits acts; it acts once per visit, or once in so many hours, also over
//! restarts; never for somebody who is in a chat, has another offer, is kept out, or is not there.

use std::collections::BTreeMap;

use deskbell_db::DbError;
use deskbell_wire::{Rule, RuleAction, SiteSettings, Timestamp};

use super::Desk;
use super::person::{Person, PersonKey};
use super::plan::Deed;

/// When which rule last acted for a visitor, by the rule's name.
pub(crate) type Acted = BTreeMap<String, Timestamp>;

const HOUR_MS: i64 = 3_600_000;

/// The next that a rule does for the visitor, and when: the first that fits now, else the one that fits first.
pub(super) fn next(
    person: &Person,
    site: &SiteSettings,
    online: bool,
    now: Timestamp,
) -> Option<(Timestamp, Deed)> {
    let log = &person.log;
    if person.conns.is_empty() || log.chat.is_some() || log.offer.is_some() || log.about.banned {
        return None;
    }
    let mut first: Option<(Timestamp, String, &Rule)> = None;
    for (at, rule) in site.rules.iter().enumerate() {
        let name = name_of(at, rule);
        let Some(fits_at) = fits(person, rule, &name, online) else { continue };
        if fits_at <= now {
            return Some((fits_at, deed(rule, name)));
        }
        if first.as_ref().is_none_or(|(earliest, ..)| fits_at < *earliest) {
            first = Some((fits_at, name, rule));
        }
    }
    first.map(|(at, name, rule)| (at, deed(rule, name)))
}

/// From when on the rule fits, as long as nothing but time changes.
fn fits(person: &Person, rule: &Rule, name: &str, online: bool) -> Option<Timestamp> {
    let visit = &person.visit;
    let holds =
        rule.enabled && visit.number >= rule.visits && rule.online.is_none_or(|wanted| wanted == online);
    let since_came = Timestamp(visit.since.0 + i64::from(rule.after_s) * 1_000);
    match person.acted.get(name).filter(|_| holds) {
        None => holds.then_some(since_came),
        Some(last) if rule.every_h == 0 => (*last < visit.since).then_some(since_came),
        Some(last) => Some(since_came.max(Timestamp(last.0 + i64::from(rule.every_h) * HOUR_MS))),
    }
}

fn deed(rule: &Rule, name: String) -> Deed {
    match &rule.action {
        RuleAction::Invite { text } => Deed::Invite { text: text.clone(), rule: name },
        RuleAction::Lead { form } => Deed::Lead { form: *form, rule: name },
    }
}

/// What a rule is known by from one change of the settings to the next.
fn name_of(at: usize, rule: &Rule) -> String {
    if rule.name.trim().is_empty() { format!("#{at}") } else { rule.name.clone() }
}

impl Desk {
    /// Inside the transaction in which a rule acts: keeps that it did. What is kept of rules that are gone goes.
    pub(super) fn note_acted(&mut self, key: PersonKey, rule: &str) -> Result<(), DbError> {
        let rules = self.site_of(key).rules.iter().enumerate();
        let names: Vec<String> = rules.map(|(at, rule)| name_of(at, rule)).collect();
        let Some(person) = self.people.get_mut(key) else { return Ok(()) };
        person.acted.retain(|name, _| names.contains(name));
        person.acted.insert(rule.to_owned(), self.now);
        self.store.set_acted(person.row, &person.acted)
    }
}
