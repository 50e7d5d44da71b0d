//! A visitor's session without a window: the same core, the same socket, the same verbs as the page's.
//!
//! What must always hold: what the session was told is kept in order, so that a test waits for it and misses nothing.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use deskbell_api::dto::{Locale, Message, Problem};
use deskbell_api::profile::{Keep, ProfileSecrets};
use deskbell_api::visitor::{VisitorApp, VisitorOptions};
use deskbell_wire::JoinLink;
use serde_json::Value;

use crate::process::limit;

/// A visitor on a device of his own.
pub struct Visitor {
    app: VisitorApp,
    id: String,
    told: Arc<Mutex<Vec<Value>>>,
}

impl Visitor {
    /// A device that keeps nothing, at this desk.
    pub fn start(link: &JoinLink) -> Self {
        Self::with(link, ProfileSecrets::generate(Locale::En).unwrap(), Keep::SessionOnly)
    }

    /// A device with these secrets, which keeps its history there.
    pub fn with(link: &JoinLink, secrets: ProfileSecrets, keep: Keep) -> Self {
        let options = VisitorOptions {
            link: link.clone(),
            secrets,
            keep,
            locale: Locale::En,
            newsroom: deskbell_api::desktop::Newsroom::silent(),
        };
        Self::over(VisitorApp::start(options).unwrap())
    }

    fn over(app: VisitorApp) -> Self {
        let told: Arc<Mutex<Vec<Value>>> = Arc::default();
        let heard = Arc::clone(&told);
        let listener =
            Box::new(move |update| heard.lock().unwrap().push(serde_json::to_value(update).unwrap()));
        let boot = app.boot(listener).unwrap();
        let connection = serde_json::json!({ "type": "connection", "connection": boot.connection });
        told.lock().unwrap().insert(0, connection);
        Self { app, id: boot.visitor_id, told }
    }

    /// Who the visitor is.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The visitor's verbs.
    pub fn verbs(&self) -> &VisitorApp {
        &self.app
    }

    /// Links the device by a code: from then on this is the other visitor's session. `kept`: does the keyring?
    ///
    /// # Errors
    /// As the page is told them.
    pub fn link(&mut self, code: &str, kept: bool) -> Result<ProfileSecrets, Problem> {
        let mut secrets = None;
        let other = self.app.link(code, |_, linked| {
            secrets = Some(linked.clone());
            kept
        })?;
        self.app.clone().stop();
        *self = Self::over(other);
        Ok(secrets.unwrap())
    }

    /// Every update so far, as the page gets them.
    pub fn told(&self) -> Vec<Value> {
        self.told.lock().unwrap().clone()
    }

    /// Waits until what was told says so.
    #[track_caller]
    pub fn until(&self, what: &str, is_so: impl Fn(&[Value]) -> bool) {
        wait(what, || is_so(&self.told()), || format!("{:#?}", self.told()));
    }

    /// Waits until the line is in this phase, and gives what is said of it.
    #[track_caller]
    pub fn until_phase(&self, phase: &str) -> Value {
        let last = |told: &[Value]| told.iter().rev().find(|update| update["type"] == "connection").cloned();
        self.until(phase, |told| last(told).is_some_and(|update| update["connection"]["phase"] == phase));
        last(&self.told()).unwrap()["connection"].clone()
    }

    /// The conversation, oldest line first.
    pub fn lines(&self) -> Vec<Message> {
        let mut page = self.app.history(None).unwrap().messages;
        page.reverse();
        page
    }

    /// What people said, oldest first.
    pub fn words(&self) -> Vec<String> {
        self.lines().into_iter().map(|line| line.text).filter(|text| !text.is_empty()).collect()
    }

    /// Waits until the conversation reads like this.
    #[track_caller]
    pub fn until_words(&self, words: &[&str]) {
        wait("the conversation reads so", || self.words() == words, || format!("{:#?}", self.words()));
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        self.app.clone().stop();
    }
}

#[track_caller]
fn wait(what: &str, is_so: impl Fn() -> bool, report: impl Fn() -> String) {
    let until = Instant::now() + limit();
    while !is_so() {
        assert!(Instant::now() < until, "never: {what}\n{}", report());
        std::thread::sleep(Duration::from_millis(5));
    }
}
