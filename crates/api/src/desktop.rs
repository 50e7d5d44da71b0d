//! What a session tells the desktop beside its page: the shell knows the core by this door.

use std::sync::Arc;

pub use deskbell_core::Now;
pub use deskbell_core::desktop::{
    Act, Alert, AlertId, AlertPrefs, At, Bell, Facts, Guest, Kind, KindPrefs, Line, News, Occasion, Over,
    QuietHours, Ring, Side, Standing, Subject, TrayEntry, TrayFace, TrayIcon, TrayView, face as tray_face,
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
