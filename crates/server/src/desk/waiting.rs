//! What time alone brings: offers that expire, messages while a chat waits, chats that end, rules.
//!
//! Why alarms: with ten thousand visitors a moment looks at those whose time has come and at nobody else.
//! What must always hold: an alarm is worked out anew from the visitor and the settings after every change; what is
//! due is done by a deed, in a transaction with everything else, and tried again where that failed.

use std::collections::{BTreeSet, HashMap};

use deskbell_wire::{CloseReason, Retention, SiteSettings, Timestamp, Way};

use super::Desk;
use super::log::{Chat, Offered};
use super::person::{Person, PersonKey};
use super::plan::Deed;
use super::rules;

/// Whose time comes is looked at in parts of so many: nobody waits for all of them.
const TOGETHER: usize = 200;
/// Milliseconds until somebody is looked at again for whom nothing could be done.
const AGAIN_MS: i64 = 1_000;

/// When whose time comes.
pub(super) struct Alarms {
    by_time: BTreeSet<(Timestamp, PersonKey)>,
    of: HashMap<PersonKey, Timestamp>,
    /// When the desk started: nobody is gone for longer than it was there to see.
    started: Timestamp,
}

/// What is to be done.
enum Next {
    Do(Deed),
    /// The waiting visitor is offered another way.
    Offer(Way),
}

impl Alarms {
    pub(super) fn since(now: Timestamp) -> Self {
        Self { by_time: BTreeSet::new(), of: HashMap::new(), started: now }
    }

    pub(super) fn wakes_at(&self) -> Option<Timestamp> {
        self.by_time.first().map(|(at, _)| *at)
    }

    fn set(&mut self, key: PersonKey, at: Option<Timestamp>) {
        let before = match at {
            Some(at) => self.of.insert(key, at),
            None => self.of.remove(&key),
        };
        if before == at {
            return;
        }
        if let Some(before) = before {
            self.by_time.remove(&(before, key));
        }
        self.by_time.extend(at.map(|at| (at, key)));
    }

    /// Takes those whose time has come.
    fn take(&mut self, now: Timestamp) -> Vec<PersonKey> {
        let mut due = Vec::new();
        while due.len() < TOGETHER
            && let Some((at, key)) = self.by_time.first().copied()
            && at <= now
        {
            self.set(key, None);
            due.push(key);
        }
        due
    }
}

impl Desk {
    /// Works out anew when the visitor's time comes.
    pub(super) fn set_alarm(&mut self, key: PersonKey) {
        let at = self.next_for(key).map(|(at, _)| at);
        self.alarms.set(key, at);
    }

    /// The same for somebody for whom nothing could be done just now.
    pub(super) fn set_alarm_again(&mut self, key: PersonKey) {
        let soonest = Timestamp(self.now.0 + AGAIN_MS);
        let at = self.next_for(key).map(|(at, _)| at.max(soonest));
        self.alarms.set(key, at);
    }

    /// The same for all of a site's visitors.
    pub(super) fn set_alarms(&mut self, site: i64) {
        let all: Vec<PersonKey> =
            self.people.iter().map(|(key, _)| *key).filter(|key| key.site == site).collect();
        for key in all {
            self.set_alarm(key);
        }
    }

    /// Prepares what is due; the next transaction does it.
    pub(super) fn ring(&mut self) {
        if !self.health.can_write() {
            return;
        }
        for key in self.alarms.take(self.now) {
            self.ring_for(key);
        }
    }

    /// Does what is due for somebody who has just come into memory, before he is told of the present.
    pub(super) fn catch_up(&mut self, key: PersonKey) {
        if self.health.can_write() && self.ring_for(key) {
            self.commit();
        }
    }

    fn ring_for(&mut self, key: PersonKey) -> bool {
        match self.next_for(key).filter(|(at, _)| *at <= self.now) {
            Some((_, Next::Do(deed))) => {
                self.deeds.push((key, deed));
                return true;
            }
            Some((_, Next::Offer(way))) => {
                if let Some(chat) = self.people.get_mut(key).and_then(|person| person.log.chat.as_deref_mut())
                {
                    chat.way = Some(way);
                }
                self.tell_state(key);
                self.set_alarm(key);
            }
            None => self.set_alarm(key),
        }
        false
    }

    fn next_for(&self, key: PersonKey) -> Option<(Timestamp, Next)> {
        let (person, site) = (self.people.get(key)?, self.site_of(key));
        if let Some(chat) = person.log.chat.as_deref() {
            return in_chat(person, chat, site, self.alarms.started);
        }
        if let Some((at, deed)) = expiry(person, site) {
            return Some((at, Next::Do(deed)));
        }
        let (at, deed) = rules::next(person, site, self.presence(key.site).online, self.now)?;
        Some((at, Next::Do(deed)))
    }
}

/// When what is offered is over.
fn expiry(person: &Person, site: &SiteSettings) -> Option<(Timestamp, Deed)> {
    let offer = person.log.offer.as_deref()?;
    let at = match offer.what {
        Offered::Invite { .. } => offer.expires,
        Offered::Lead { .. } => after(offer.ts, site.times.invite_s),
    };
    at.map(|at| (at, Deed::Expire { seq: offer.seq }))
}

/// What comes first in an open chat.
fn in_chat(
    person: &Person,
    chat: &Chat,
    site: &SiteSettings,
    started: Timestamp,
) -> Option<(Timestamp, Next)> {
    let close = |at, reason| (at, Next::Do(Deed::Close { opened: chat.opened, reason }));
    let last = person.log.last.as_deref().map_or(chat.opened_at, |last| last.ts.max(chat.opened_at));
    let idle = after(last, site.times.idle_s).map(|at| close(at, CloseReason::ClosedByTimeout));
    let left = person.visit.seen.max(started).max(chat.opened_at);
    let gone = after(left, site.times.gone_s).filter(|_| person.conns.is_empty());
    let gone = gone.map(|at| close(at, CloseReason::VisitorDisconnected));
    let retained = chat.waited.and_then(|since| retention(chat, &site.form.retention, since));
    [idle, gone, retained].into_iter().flatten().min_by_key(|(at, _)| *at)
}

/// The site's next timed message, or the other way that is offered in the end; whichever comes first.
fn retention(chat: &Chat, settings: &Retention, since: Timestamp) -> Option<(Timestamp, Next)> {
    let mut messages: Vec<_> = settings.messages.iter().collect();
    messages.sort_by_key(|message| message.after_s);
    let message = messages.get(chat.told as usize).map(|message| {
        let text = message.text.clone();
        let deed = Deed::Retain { opened: chat.opened, told: chat.told, text };
        (seconds(since, message.after_s), Next::Do(deed))
    });
    let way = settings.way.filter(|_| chat.way.is_none());
    let way = way.map(|way| (seconds(since, settings.way_after_s), Next::Offer(way)));
    [message, way].into_iter().flatten().min_by_key(|(at, _)| *at)
}

fn seconds(since: Timestamp, seconds: u32) -> Timestamp {
    Timestamp(since.0 + i64::from(seconds) * 1_000)
}

/// So many seconds later; 0: never.
fn after(since: Timestamp, wait: u32) -> Option<Timestamp> {
    (wait > 0).then(|| seconds(since, wait))
}
