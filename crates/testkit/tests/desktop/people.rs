//! A desk behind a line, and sessions whose news are kept in order.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use deskbell_api::desktop::{Facts, Line, News, Newsroom, Occasion, Over, Subject};
use deskbell_api::dto::{Locale, Message};
use deskbell_api::operator::{OperatorApp, OperatorOptions};
use deskbell_api::profile::{DeskKey, Keep, ProfileSecrets};
use deskbell_api::visitor::{VisitorApp, VisitorOptions};
use deskbell_server::{DeskLimits, DeskOptions, RunningDesk, start};
use deskbell_testkit::proxy::{Proxy, Rules};
use deskbell_wire::{JoinLink, VisitorId};

/// Nothing here takes that long.
const LIMIT: Duration = Duration::from_secs(60);

/// A desk with one account, and a line to it that a test may cut.
pub(crate) struct Desk {
    pub(crate) desk: RunningDesk,
    pub(crate) line: Proxy,
}

impl Desk {
    pub(crate) fn start() -> Self {
        let (listen, limits) = ("127.0.0.1:0".parse().unwrap(), DeskLimits::unpaced());
        let desk = start(DeskOptions { listen, limits, ..DeskOptions::default() }).unwrap();
        desk.add_owner("Anna").unwrap();
        Self { line: Proxy::start(desk.address()), desk }
    }

    /// Straight to the desk.
    pub(crate) fn direct(&self) -> JoinLink {
        self.desk.address().to_string().parse().unwrap()
    }

    /// Over the line that may be cut.
    pub(crate) fn over_line(&self) -> JoinLink {
        self.line.address().to_string().parse().unwrap()
    }

    pub(crate) fn cut(&self) {
        self.line.set(Rules { refuses: true, ..Rules::default() });
        self.line.reset();
    }

    pub(crate) fn heal(&self) {
        self.line.set(Rules::default());
    }
}

/// What a session told.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<(Mutex<Vec<News>>, Condvar)>);

impl Told {
    pub(crate) fn newsroom(&self) -> Newsroom {
        let kept = Arc::clone(&self.0);
        Newsroom::new(move |news| {
            kept.0.lock().unwrap().push(news);
            kept.1.notify_all();
        })
    }

    /// Waits until what was told so far says so.
    #[track_caller]
    pub(crate) fn until<R>(&self, what: &str, mut is_so: impl FnMut(&[News]) -> Option<R>) -> R {
        let told = self.0.0.lock().unwrap();
        let mut found = None;
        let (told, late) = self
            .0
            .1
            .wait_timeout_while(told, LIMIT, |told| {
                found = is_so(told);
                found.is_none()
            })
            .unwrap();
        assert!(!late.timed_out(), "never: {what}\n{told:#?}");
        found.unwrap()
    }

    pub(crate) fn occasions(&self) -> Vec<Occasion> {
        let told = self.0.0.lock().unwrap();
        let occasions = told.iter().filter_map(|news| match news {
            News::Occasion(occasion) => Some(occasion.clone()),
            _ => None,
        });
        occasions.collect()
    }

    /// Waits for the occasion of these words.
    #[track_caller]
    pub(crate) fn heard(&self, words: &str) -> Occasion {
        self.until(words, |told| {
            told.iter().find_map(|news| match news {
                News::Occasion(occasion) if occasion.words.as_deref() == Some(words) => {
                    Some(occasion.clone())
                }
                _ => None,
            })
        })
    }

    /// Waits for an occasion of this subject.
    #[track_caller]
    pub(crate) fn called(&self, subject: Subject) -> Occasion {
        self.until(&format!("{subject:?}"), |told| {
            told.iter().find_map(|news| match news {
                News::Occasion(occasion) if occasion.subject == subject => Some(occasion.clone()),
                _ => None,
            })
        })
    }

    #[track_caller]
    pub(crate) fn over(&self, over: Over) {
        self.until(&format!("{over:?}"), |told| told.contains(&News::Over(over)).then_some(()));
    }

    /// Waits until the newest facts say so.
    #[track_caller]
    pub(crate) fn stands(&self, what: &str, is_so: impl Fn(&Facts) -> bool) -> Facts {
        self.until(what, |told| {
            let newest = told.iter().rev().find_map(|news| match news {
                News::Facts(facts) => Some(facts.as_ref().clone()),
                _ => None,
            });
            newest.filter(&is_so)
        })
    }

    #[track_caller]
    pub(crate) fn is_up(&self) {
        self.stands("the line is up", |facts| facts.line == Line::Up);
    }

    /// Of each event at most one occasion, and of these words exactly so many.
    #[track_caller]
    pub(crate) fn were_told_once(&self, wanted: &[&str]) {
        let occasions = self.occasions();
        let mut events: Vec<_> =
            occasions.iter().map(|occasion| (occasion.event, occasion.subject)).collect();
        let all = events.len();
        events.sort();
        events.dedup();
        assert_eq!(events.len(), all, "an event was told twice");
        let words: Vec<_> = occasions.iter().filter_map(|occasion| occasion.words.as_deref()).collect();
        assert_eq!(words, wanted);
    }
}

pub(crate) fn secrets() -> ProfileSecrets {
    ProfileSecrets::generate(Locale::En).unwrap()
}

/// A visitor's session.
pub(crate) fn visitor(link: JoinLink, secrets: &ProfileSecrets, keep: Keep) -> (VisitorApp, Told, VisitorId) {
    let told = Told::default();
    let options = VisitorOptions {
        link,
        secrets: secrets.clone(),
        keep,
        locale: Locale::En,
        newsroom: told.newsroom(),
    };
    let app = VisitorApp::start(options).unwrap();
    let boot = app.boot(Box::new(|_| {})).unwrap();
    (app, told, boot.visitor_id.parse().unwrap())
}

/// A visitor nobody knows.
pub(crate) fn stranger(desk: &Desk) -> (VisitorApp, Told, VisitorId) {
    visitor(desk.direct(), &secrets(), Keep::SessionOnly)
}

/// A device of the desk's first operator, signed in at every start from then on.
pub(crate) fn device(desk: &Desk, link: &JoinLink) -> ProfileSecrets {
    let mut secrets = secrets();
    let (_, token) = desk.desk.local_session(secrets.device_id).unwrap();
    secrets.set_operator_token(&DeskKey::of(link), Some(token));
    secrets
}

/// An operator's session, up.
pub(crate) fn operator(link: JoinLink, secrets: &ProfileSecrets, keep: Keep) -> (OperatorApp, Told) {
    let told = Told::default();
    let options = OperatorOptions {
        desk: DeskKey::of(&link),
        link,
        secrets: secrets.clone(),
        keep,
        locale: Locale::En,
        newsroom: told.newsroom(),
        hosting: None,
        needs_setup: false,
        keep_token: Box::new(|_| {}),
    };
    let app = OperatorApp::start(options).unwrap();
    if !secrets.operator_tokens.is_empty() {
        told.is_up();
    }
    (app, told)
}

/// The desk's first operator, on a new device without a disk.
pub(crate) fn anna(desk: &Desk) -> (OperatorApp, Told) {
    let link = desk.direct();
    operator(link.clone(), &device(desk, &link), Keep::SessionOnly)
}

pub(crate) fn on(folder: &Path) -> Keep {
    Keep::Disk { folder: folder.to_owned() }
}

/// Writes, and waits until the words are on the desk's disk.
#[track_caller]
pub(crate) fn write(visitor: &VisitorApp, text: &str) {
    visitor.send(text, None).unwrap();
    wait(text, || visitor.history(None).unwrap().messages.iter().any(|line| line.text == text));
}

/// The operator answers, and it is on the desk's disk.
#[track_caller]
pub(crate) fn answer(operator: &OperatorApp, visitor: VisitorId, text: &str) {
    operator.send(&visitor.to_string(), text).unwrap();
    until_line(operator, visitor, |line| line.text == text && line.seq.is_some());
}

/// Waits until the operator holds such a line.
#[track_caller]
pub(crate) fn until_line(operator: &OperatorApp, visitor: VisitorId, is_it: impl Fn(&Message) -> bool) {
    let lines = || operator.open(&visitor.to_string()).unwrap().messages;
    wait("a line", || lines().iter().any(&is_it));
}

#[track_caller]
fn wait(what: &str, is_so: impl Fn() -> bool) {
    let until = Instant::now() + LIMIT;
    while !is_so() {
        assert!(Instant::now() < until, "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
