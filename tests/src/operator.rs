//! An operator's session without a window: the same core, the same socket, the same verbs as the page's.
//!
//! What must always hold: what the session was told is kept in order, so that a test waits for it and misses nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use deskbell_api::dto::{Locale, Message, OperatorUpdate};
use deskbell_api::operator::{OperatorApp, OperatorOptions};
use deskbell_api::profile::{DeskKey, Keep, ProfileSecrets};
use deskbell_server::RunningDesk;
use deskbell_wire::{JoinLink, SiteKey, SiteSettings};
use serde_json::Value;

use crate::process::limit;

/// An operator who is signed in.
pub struct Operator {
    app: OperatorApp,
    told: Arc<Mutex<Told>>,
}

/// What the session was told since it began.
#[derive(Default)]
struct Told {
    updates: Vec<Value>,
    /// By visitor.
    rows: BTreeMap<String, Value>,
    site: Option<SiteSettings>,
}

impl Operator {
    /// A session of the desk's first account, on a device of its own.
    pub fn start(desk: &RunningDesk) -> Self {
        let link = desk.join_link(&SiteKey::main());
        let secrets = ProfileSecrets::generate(Locale::En).unwrap();
        let (_, token) = desk.local_session(secrets.device_id).unwrap();
        let told = Arc::new(Mutex::new(Told::default()));
        let app = OperatorApp::start(options(link, secrets)).unwrap();
        let heard = Arc::clone(&told);
        let boot = app.boot(Box::new(move |update| heard.lock().unwrap().hear(&update))).unwrap();
        told.lock().unwrap().rows(true, &serde_json::to_value(boot.rows).unwrap());
        told.lock().unwrap().site = boot.site.map(|site| site.settings);
        app.adopt(token).unwrap();
        let operator = Self { app, told };
        operator.until("the operator is online", |told| {
            told.iter().any(|update| update["connection"]["phase"] == "online")
        });
        operator
    }

    /// The operator's verbs.
    pub fn verbs(&self) -> &OperatorApp {
        &self.app
    }

    /// Every update so far, as the page gets them.
    pub fn told(&self) -> Vec<Value> {
        self.told.lock().unwrap().updates.clone()
    }

    /// The site's settings, as this session was told last.
    #[track_caller]
    pub fn site(&self) -> SiteSettings {
        wait("the site", || self.told.lock().unwrap().site.is_some(), || "no settings came".to_owned());
        self.told.lock().unwrap().site.clone().unwrap()
    }

    /// The row of a visitor in the list.
    pub fn row(&self, visitor: &str) -> Option<Value> {
        self.told.lock().unwrap().rows.get(visitor).cloned()
    }

    /// Waits until what was told says so.
    #[track_caller]
    pub fn until(&self, what: &str, is_so: impl Fn(&[Value]) -> bool) {
        wait(what, || is_so(&self.told.lock().unwrap().updates), || format!("{:#?}", self.told()));
    }

    /// Waits until a visitor's row says so.
    #[track_caller]
    pub fn until_row(&self, what: &str, visitor: &str, is_so: impl Fn(&Value) -> bool) {
        wait(
            what,
            || self.row(visitor).is_some_and(|row| is_so(&row)),
            || format!("{:#?}", self.row(visitor)),
        );
    }

    /// Waits until none of the visitor's devices is connected.
    #[track_caller]
    pub fn until_gone(&self, visitor: &str) {
        let is_gone = || self.row(visitor).is_none_or(|row| row["connected"] == false);
        wait("the visitor is gone", is_gone, || format!("{:#?}", self.row(visitor)));
    }

    /// Waits until the visitor's conversation, as this session holds it, says so.
    #[track_caller]
    pub fn until_lines(&self, what: &str, visitor: &str, is_so: impl Fn(&[Message]) -> bool) {
        wait(what, || is_so(&self.lines(visitor)), || format!("{:#?}", self.lines(visitor)));
    }

    /// The visitor's conversation, oldest line first; empty while the visitor is not known.
    pub fn lines(&self, visitor: &str) -> Vec<Message> {
        self.app.open(visitor).map(|opened| opened.messages).unwrap_or_default()
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        self.app.clone().stop();
    }
}

impl Told {
    fn hear(&mut self, update: &OperatorUpdate) {
        if let OperatorUpdate::Site { site } = update {
            self.site = Some(site.settings.clone());
        }
        let update = serde_json::to_value(update).unwrap();
        if update["type"] == "rows" {
            self.rows(update["whole"] == true, &update["rows"]);
            for gone in update["gone"].as_array().into_iter().flatten() {
                self.rows.remove(gone.as_str().unwrap_or_default());
            }
        }
        self.updates.push(update);
    }

    fn rows(&mut self, whole: bool, rows: &Value) {
        if whole {
            self.rows.clear();
        }
        for row in rows.as_array().into_iter().flatten() {
            self.rows.insert(row["visitor"].as_str().unwrap().to_owned(), row.clone());
        }
    }
}

fn options(link: JoinLink, secrets: ProfileSecrets) -> OperatorOptions {
    OperatorOptions {
        desk: DeskKey::of(&link),
        link,
        secrets,
        keep: Keep::SessionOnly,
        locale: Locale::En,
        newsroom: deskbell_api::desktop::Newsroom::silent(),
        hosting: None,
        needs_setup: false,
        keep_token: Box::new(|_| {}),
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
