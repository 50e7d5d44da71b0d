//! Any schedule: what must hold whatever happens in which order.

use std::collections::{BTreeMap, BTreeSet};

use deskbell_core::desktop::{
    Alert, AlertPrefs, Bell, Kind, KindPrefs, News, Occasion, Over, QuietHours, Side, Subject,
};
use deskbell_wire::{Timestamp, VisitorId};
use proptest::prelude::*;

use crate::person::{Person, guest, id, occasion, who};

/// Chats, and requests and invitations: few, so that much happens to each.
const SUBJECTS: u8 = 7;

#[derive(Clone, Debug)]
enum Step {
    Occasion {
        kind: u8,
        of: u8,
        live: bool,
    },
    /// An event that came before comes once more.
    Again(prop::sample::Index),
    Over(u8, u8),
    Read(u8),
    Everything,
    Unanswered(Vec<u8>),
    Focus(bool),
    InView(Option<u8>),
    Locked(bool),
    SystemQuiet(bool),
    Pause(u32),
    Prefs {
        kinds: u8,
        hide: bool,
        grouping: bool,
        quiet: bool,
        unanswered_s: u8,
    },
    Answered(prop::sample::Index),
    Expired(prop::sample::Index),
    Forgotten,
    Wait(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (kind, of) = (0..7_u8, 0..SUBJECTS);
    let step = prop_oneof![
        12 => (kind.clone(), of.clone(), prop::bool::weighted(0.7))
            .prop_map(|(kind, of, live)| Step::Occasion { kind, of, live }),
        3 => any::<prop::sample::Index>().prop_map(Step::Again),
        3 => (kind, of.clone()).prop_map(|(kind, of)| Step::Over(kind, of)),
        2 => of.clone().prop_map(Step::Read),
        1 => Just(Step::Everything),
        2 => prop::collection::vec(of.clone(), 0..4).prop_map(Step::Unanswered),
        2 => any::<bool>().prop_map(Step::Focus),
        2 => prop::option::of(of).prop_map(Step::InView),
        1 => any::<bool>().prop_map(Step::Locked),
        1 => any::<bool>().prop_map(Step::SystemQuiet),
        1 => (0..200_000_u32).prop_map(Step::Pause),
        1 => (any::<u8>(), any::<bool>(), any::<bool>(), any::<bool>(), 0..90_u8).prop_map(
            |(kinds, hide, grouping, quiet, unanswered_s)| {
                Step::Prefs { kinds, hide, grouping, quiet, unanswered_s }
            }
        ),
        2 => any::<prop::sample::Index>().prop_map(Step::Answered),
        1 => any::<prop::sample::Index>().prop_map(Step::Expired),
        1 => Just(Step::Forgotten),
        6 => (0..90_000_u32).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..120)
}

fn subject(kind: u8, of: u8) -> Subject {
    let visitor = chat(of);
    match kind {
        0 => Subject::Invitation(id(1_000 + u128::from(of))),
        1 => Subject::Words(visitor),
        2 => Subject::Closed(visitor),
        3 => Subject::Waiting(visitor),
        4 => Subject::Unanswered(visitor),
        5 => Subject::Transfer(visitor),
        _ => Subject::Request(id(2_000 + u128::from(of))),
    }
}

fn chat(of: u8) -> VisitorId {
    who(100 + u128::from(of))
}

/// What is known of the world, by the plainest means.
struct World {
    person: Person,
    side: Side,
    prefs: AlertPrefs,
    focused: bool,
    view: Option<VisitorId>,
    locked: bool,
    system_quiet: bool,
    pause: Option<Timestamp>,
    told: Vec<Occasion>,
    /// Occasions that are not over, by subject; a reminder is none.
    open: BTreeMap<Subject, u64>,
    unanswered: BTreeSet<VisitorId>,
}

impl World {
    fn new(side: Side) -> Self {
        Self {
            person: Person::new(AlertPrefs::default(), side),
            side,
            prefs: AlertPrefs::default(),
            focused: false,
            view: None,
            locked: false,
            system_quiet: false,
            pause: None,
            told: Vec::new(),
            open: BTreeMap::new(),
            unanswered: BTreeSet::new(),
        }
    }

    fn quiet(&self) -> bool {
        let at = self.person.at;
        self.system_quiet
            || self.pause.is_some_and(|until| at.now.wall < until)
            || self.prefs.quiet.is_some_and(|hours| hours.covers(at.minute))
    }

    fn in_view(&self, subject: Subject) -> bool {
        let window = self.focused && !self.locked;
        window && (self.side == Side::Visitor || (self.view.is_some() && subject.visitor() == self.view))
    }

    fn run(&mut self, step: &Step) {
        match step {
            Step::Occasion { kind, of, live } => {
                let n = self.told.len() as u64 + 1;
                let occasion = Occasion { live: *live, ..occasion(subject(*kind, *of), n, "Secret words") };
                self.told.push(occasion.clone());
                *self.open.entry(occasion.subject).or_default() = n;
                self.person.occasion(occasion);
            }
            Step::Again(which) => self.again(*which),
            Step::Over(kind, of) => {
                let subject = subject(*kind, *of);
                self.open.remove(&subject);
                self.person.over(Over::Subject(subject));
                assert!(self.alert_of(subject).is_none(), "{subject:?} is over");
            }
            Step::Read(of) => self.read(chat(*of)),
            Step::Everything => {
                self.open.clear();
                self.unanswered.clear();
                self.person.over(Over::Everything);
                assert!(self.person.screen.is_empty());
            }
            Step::Unanswered(chats) => {
                self.unanswered = chats.iter().map(|of| chat(*of)).collect();
                let guests = self.unanswered.iter().map(|visitor| guest(visitor.0.as_u128(), 1)).collect();
                self.person.news(News::Unanswered(guests));
            }
            Step::Wait(ms) => self.person.wait(u64::from(*ms)),
            step => self.turn(step),
        }
    }

    /// What the person and the system do.
    fn turn(&mut self, step: &Step) {
        let shown: Vec<_> = self.person.screen.keys().copied().collect();
        match step {
            Step::Focus(focused) => {
                self.focused = *focused;
                self.person.act(|bell, at| bell.focus(*focused, at));
            }
            Step::InView(of) => {
                self.view = of.map(chat);
                let view = self.view;
                self.person.act(|bell, at| bell.in_view(view, at));
            }
            Step::Locked(locked) => {
                self.locked = *locked;
                self.person.act(|bell, at| bell.locked(*locked, at));
            }
            Step::SystemQuiet(quiet) => {
                self.system_quiet = *quiet;
                self.person.act(|bell, at| bell.system_quiet(*quiet, at));
            }
            Step::Pause(ms) => {
                let until = Timestamp(self.person.at.now.wall.0 + i64::from(*ms));
                self.pause = Some(until).filter(|_| *ms > 0);
                let pause = self.pause;
                self.person.act(|bell, at| bell.pause(pause, at));
            }
            Step::Prefs { .. } => {
                self.prefs = prefs(step);
                let prefs = self.prefs.clone();
                self.person.act(|bell, at| bell.prefs(prefs, at));
            }
            Step::Answered(which) if !shown.is_empty() => {
                let alert = self.person.screen.remove(which.get(&shown)).unwrap();
                let subject = self.person.act(|bell, at| bell.answered(alert.id, at));
                assert_eq!(subject, alert.subject);
            }
            Step::Expired(which) if !shown.is_empty() => {
                let alert = self.person.screen.remove(which.get(&shown)).unwrap();
                self.person.act(|bell, at| bell.expired(alert.id, at));
            }
            Step::Forgotten => {
                let before = std::mem::take(&mut self.person.screen);
                self.person.act(Bell::forgotten);
                assert_eq!(before.len(), self.person.screen.len());
            }
            _ => {}
        }
    }

    /// An event once more: nothing calls, nothing comes.
    fn again(&mut self, which: prop::sample::Index) {
        if self.told.is_empty() {
            return;
        }
        // What time alone brings is brought before.
        self.person.act(Bell::tick);
        let before = self.person.screen.clone();
        let occasion = which.get(&self.told).clone();
        self.person.occasion(occasion);
        assert!(self.person.called.is_empty() && self.person.played.is_empty());
        assert_eq!(before.keys().collect::<Vec<_>>(), self.person.screen.keys().collect::<Vec<_>>());
    }

    fn read(&mut self, visitor: VisitorId) {
        let newest = self.told.len() as u64;
        self.person.over(Over::Read(visitor, newest));
        for subject in [Subject::Words(visitor), Subject::Closed(visitor)] {
            self.open.remove(&subject);
            assert!(self.alert_of(subject).is_none());
        }
    }

    fn alert_of(&self, subject: Subject) -> Option<&Alert> {
        self.person.screen.values().find(|alert| alert.subject == Some(subject))
    }

    /// Whatever happened.
    fn check(&self, before: &BTreeSet<deskbell_core::desktop::AlertId>) {
        let screen = &self.person.screen;
        let subjects: Vec<_> = screen.values().filter_map(|alert| alert.subject).collect();
        let once: BTreeSet<_> = subjects.iter().copied().collect();
        assert_eq!(once.len(), subjects.len(), "two alerts of a subject");
        for alert in screen.values() {
            assert!(self.prefs.of(alert.kind).show, "{alert:?} is not wanted");
            if self.prefs.hide_words || self.locked {
                assert!(alert.words.is_none() && alert.who.is_none(), "hidden");
            }
            match alert.subject {
                Some(subject) => self.check_one(subject, alert),
                None => self.check_many(alert.kind, alert.count, &subjects),
            }
        }
        if self.quiet() {
            assert!(self.person.played.is_empty() && self.person.called.is_empty());
            assert!(screen.keys().all(|alert| before.contains(alert)), "nothing comes in quiet");
        }
        assert!(self.person.played.len() <= 1);
    }

    fn check_one(&self, subject: Subject, alert: &Alert) {
        assert!(!self.in_view(subject), "{subject:?} is in view");
        let reminds = matches!(subject, Subject::Unanswered(visitor) if self.unanswered.contains(&visitor));
        assert!(reminds || self.open.contains_key(&subject), "{subject:?} is over");
        let told = self.told.iter().filter(|told| told.subject == subject).count() as u64;
        assert!(reminds || alert.count <= told, "{} of {told}", alert.count);
        let chat = self.person.screen.values().filter(|other| {
            subject.visitor().is_some() && other.subject.and_then(Subject::visitor) == subject.visitor()
        });
        let chat = chat.filter(|other| other.kind != Kind::Closed && alert.kind != Kind::Closed);
        assert!(chat.count() <= 1, "two alerts of a chat");
    }

    fn check_many(&self, kind: Kind, count: u64, subjects: &[Subject]) {
        assert!(self.prefs.grouping && count > 1);
        assert!(subjects.iter().all(|subject| subject.kind() != kind), "together and apart");
        let open = self.open.keys().filter(|subject| subject.kind() == kind).count() as u64;
        let reminders = if kind == Kind::Unanswered { self.unanswered.len() as u64 } else { 0 };
        assert!(count <= open + reminders, "{count} of {open}");
    }
}

fn prefs(step: &Step) -> AlertPrefs {
    let Step::Prefs { kinds, hide, grouping, quiet, unanswered_s } = step else {
        return AlertPrefs::default();
    };
    let off = |(n, kind): (usize, Kind)| {
        (kind, KindPrefs { show: kinds >> n & 1 == 0, sound: (kinds >> (7 - n)) & 1 == 0 })
    };
    AlertPrefs {
        kinds: Kind::ALL.into_iter().enumerate().map(off).collect(),
        hide_words: *hide,
        grouping: *grouping,
        quiet: quiet.then_some(QuietHours { from: 600, to: 610 }),
        unanswered_s: u32::from(*unanswered_s),
        ..AlertPrefs::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_schedule_keeps_the_bell_s_promises(visitor in any::<bool>(), steps in steps()) {
        let mut world = World::new(if visitor { Side::Visitor } else { Side::Operator });
        for step in &steps {
            let before = world.person.screen.keys().copied().collect();
            world.run(step);
            world.check(&before);
        }
        // Whoever is left alone hears nothing more: quiet for a day, then everything is over.
        world.person.wait(5_000);
        world.run(&Step::Everything);
        world.person.wait(86_400_000);
        assert!(world.person.screen.is_empty() && world.person.called.is_empty());
    }
}
