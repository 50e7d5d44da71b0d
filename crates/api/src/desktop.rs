//! What a session tells the desktop beside its page: the shell knows the core by this door.

use std::sync::Arc;

use deskbell_core::LinkPhase;

pub use deskbell_core::Now;
pub use deskbell_core::desktop::{
    Act, Alert, AlertId, AlertPrefs, At, Bell, Facts, Guest, Kind, KindPrefs, Line, News, Occasion, Over,
    QuietHours, Ring, Side, Standing, Subject, TrayEntry, TrayFace, TrayIcon, TrayView, face as tray_face,
    one_line,
};

/// Is told the news of a session, on the session's own thread: it must not wait.
#[derive(Clone)]
pub struct Newsroom(Arc<dyn Fn(News) + Send + Sync>);

impl Newsroom {
    /// Whoever listens.
    pub fn new(listener: impl Fn(News) + Send + Sync + 'static) -> Self {
        Self(Arc::new(listener))
    }

    /// Nobody listens: for programs without a desktop.
    pub fn silent() -> Self {
        Self::new(|_| {})
    }

    /// Tells it.
    pub fn tell(&self, news: News) {
        (self.0)(news);
    }
}

impl std::fmt::Debug for Newsroom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Newsroom")
    }
}

/// Tells the news of one session, and of what stands as it stood nothing.
pub(crate) struct Reporter {
    newsroom: Newsroom,
    facts: Option<Facts>,
    unanswered: Vec<Guest>,
}

impl Reporter {
    /// A session begins: what another one told is over.
    pub(crate) fn new(newsroom: Newsroom) -> Self {
        newsroom.tell(News::Over(Over::Everything));
        Self { newsroom, facts: None, unanswered: Vec::new() }
    }

    pub(crate) fn occasion(&self, occasion: Occasion) {
        self.newsroom.tell(News::Occasion(occasion));
    }

    pub(crate) fn over(&self, over: Over) {
        self.newsroom.tell(News::Over(over));
    }

    pub(crate) fn facts(&mut self, facts: Facts) {
        if self.facts.as_ref() != Some(&facts) {
            self.newsroom.tell(News::Facts(Box::new(facts.clone())));
            self.facts = Some(facts);
        }
    }

    pub(crate) fn unanswered(&mut self, guests: Vec<Guest>) {
        if self.unanswered != guests {
            self.newsroom.tell(News::Unanswered(guests.clone()));
            self.unanswered = guests;
        }
    }
}

/// The line as the tray shows it.
pub(crate) const fn line(phase: LinkPhase) -> Line {
    match phase {
        LinkPhase::Live => Line::Up,
        LinkPhase::Connecting | LinkPhase::Waiting => Line::Down,
        LinkPhase::Stopped(_) => Line::Ended,
    }
}
