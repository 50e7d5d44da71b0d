//! A person before a screen, with the hands on the bell's inputs.

use std::collections::BTreeMap;

use deskbell_core::Now;
use deskbell_core::desktop::{
    Alert, AlertId, AlertPrefs, At, Bell, Facts, Guest, Kind, Line, News, Occasion, Over, Ring, Side, Subject,
};
use deskbell_wire::{MessageId, Timestamp, VisitorId};
use uuid::Uuid;

/// The bell, a clock and what is on the screen.
pub(crate) struct Person {
    pub(crate) bell: Bell,
    pub(crate) at: At,
    pub(crate) screen: BTreeMap<AlertId, Alert>,
    /// Since [`Self::carry_out`] was last called.
    pub(crate) called: Vec<Alert>,
    pub(crate) played: Vec<(Kind, u8)>,
}

impl Person {
    pub(crate) fn new(prefs: AlertPrefs, side: Side) -> Self {
        // Ten in the morning.
        let start = Now { mono: 5_000, wall: Timestamp(10 * 3_600_000) };
        let (screen, called, played) = (BTreeMap::new(), Vec::new(), Vec::new());
        let at = At { now: start, minute: 600 };
        let mut person = Self { bell: Bell::new(prefs), at, screen, called, played };
        person.news(News::Facts(Box::new(facts(side))));
        person
    }

    pub(crate) fn operator() -> Self {
        Self::new(AlertPrefs::default(), Side::Operator)
    }

    pub(crate) fn visitor() -> Self {
        Self::new(AlertPrefs::default(), Side::Visitor)
    }

    /// Time goes on, with a tick where the bell wants one.
    pub(crate) fn wait(&mut self, ms: u64) {
        let end = self.at.now.plus(ms);
        while let Some(due) = self.bell.deadline().filter(|due| *due <= end.mono) {
            self.move_to(self.at.now.plus(due.saturating_sub(self.at.now.mono)));
            self.act(Bell::tick);
        }
        self.move_to(end);
    }

    fn move_to(&mut self, now: Now) {
        let minutes = now.wall.0.div_euclid(60_000).rem_euclid(24 * 60);
        self.at = At { now, minute: u16::try_from(minutes).unwrap() };
    }

    pub(crate) fn act<R>(&mut self, act: impl FnOnce(&mut Bell, At) -> R) -> R {
        let done = act(&mut self.bell, self.at);
        self.carry_out();
        done
    }

    pub(crate) fn news(&mut self, news: News) {
        self.act(|bell, at| bell.news(news, at));
    }

    pub(crate) fn occasion(&mut self, occasion: Occasion) {
        self.news(News::Occasion(occasion));
    }

    pub(crate) fn over(&mut self, over: Over) {
        self.news(News::Over(over));
    }

    pub(crate) fn carry_out(&mut self) {
        (self.called, self.played) = (Vec::new(), Vec::new());
        while let Some(ring) = self.bell.poll() {
            match ring {
                Ring::Show(alert) => {
                    if !alert.silent {
                        self.called.push(alert.clone());
                    }
                    self.screen.insert(alert.id, alert);
                }
                Ring::Withdraw(id) => assert!(self.screen.remove(&id).is_some(), "it is not there"),
                Ring::Play(kind, volume) => self.played.push((kind, volume)),
            }
        }
    }

    /// What a person would see: kind, words (or who), count; from the oldest.
    pub(crate) fn sees(&self) -> Vec<(Kind, String, u64)> {
        let said = |alert: &Alert| alert.words.clone().or_else(|| alert.who.clone()).unwrap_or_default();
        self.screen.values().map(|alert| (alert.kind, said(alert), alert.count)).collect()
    }

    pub(crate) fn only(&self) -> &Alert {
        assert_eq!(self.screen.len(), 1, "{:?}", self.sees());
        self.screen.values().next().unwrap()
    }
}

pub(crate) fn facts(side: Side) -> Facts {
    Facts {
        side,
        line: Line::Up,
        online: true,
        signed_in: true,
        unread: 0,
        waiting: Vec::new(),
        invitation: None,
    }
}

pub(crate) fn who(n: u128) -> VisitorId {
    VisitorId(Uuid::from_u128(n))
}

pub(crate) fn id(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(n))
}

pub(crate) fn occasion(subject: Subject, n: u64, words: &str) -> Occasion {
    Occasion {
        subject,
        event: Some(id(u128::from(n))),
        seq: Some(n),
        who: Some("Eve".to_owned()),
        words: Some(words.to_owned()).filter(|words| !words.is_empty()),
        live: true,
        ts: Timestamp(0),
    }
}

pub(crate) fn words(visitor: u128, n: u64, words: &str) -> Occasion {
    occasion(Subject::Words(who(visitor)), n, words)
}

pub(crate) fn missed(occasion: Occasion) -> Occasion {
    Occasion { live: false, ..occasion }
}

pub(crate) fn guest(visitor: u128, since: i64) -> Guest {
    Guest { visitor: who(visitor), name: Some("Eve".to_owned()), since: Timestamp(since) }
}
