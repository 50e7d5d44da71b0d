//! A site's pack between a real desk and a visitor's real session, over a line that fails.
#![cfg(feature = "pair")]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use deskbell_api::dto::{Locale, VisitorUpdate};
use deskbell_api::profile::{Keep, ProfileSecrets};
use deskbell_api::visitor::{VisitorApp, VisitorOptions};
use deskbell_pack::Pack;
use deskbell_server::packs::PackFolder;
use deskbell_server::{DeskOptions, RunningDesk, start};
use deskbell_testkit::proxy::{Proxy, Rules, Way};
use deskbell_wire::SiteKey;

/// Nothing here takes that long.
const LIMIT: Duration = Duration::from_secs(60);

/// A pack; `words` make it another one, and as large as they are.
fn pack(words: &str) -> Pack {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pack.json"), r#"{"consultant": {"desktop": {"js": "chat.js"}}}"#).unwrap();
    fs::write(folder.path().join("chat.js"), format!("// {words}\n")).unwrap();
    Pack::read(folder.path()).unwrap()
}

/// A desk behind a line, with a data folder.
struct Desk {
    desk: RunningDesk,
    line: Proxy,
    data: tempfile::TempDir,
}

impl Desk {
    fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let (listen, folder) = ("127.0.0.1:0".parse().unwrap(), Some(data.path().to_owned()));
        let desk = start(DeskOptions { data: folder, listen, ..DeskOptions::default() }).unwrap();
        Self { line: Proxy::start(desk.address()), desk, data }
    }

    fn install(&self, pack: &Pack) {
        PackFolder::of(self.data.path()).install(&SiteKey::main(), pack).unwrap();
    }

    fn remove(&self) {
        assert!(PackFolder::of(self.data.path()).remove(&SiteKey::main()).unwrap());
    }

    fn stop(self) {
        drop(self.line);
        self.desk.stop();
    }
}

/// A visitor's app with its page.
struct App {
    app: VisitorApp,
    /// Times that the page was told to ask for its pack again.
    told: Arc<(Mutex<u32>, Condvar)>,
}

impl App {
    fn start(desk: &Desk, secrets: &ProfileSecrets, profile: &Path) -> Self {
        let link = desk.line.address().to_string().parse().unwrap();
        let keep = Keep::Disk { folder: profile.to_owned() };
        let options = VisitorOptions {
            link,
            secrets: secrets.clone(),
            keep,
            locale: Locale::En,
            newsroom: deskbell_api::desktop::Newsroom::silent(),
        };
        let app = VisitorApp::start(options).unwrap();
        let told: Arc<(Mutex<u32>, Condvar)> = Arc::default();
        let heard = Arc::clone(&told);
        let listener = Box::new(move |update| {
            if matches!(update, VisitorUpdate::Pack) {
                *heard.0.lock().unwrap() += 1;
                heard.1.notify_all();
            }
        });
        app.boot(listener).unwrap();
        Self { app, told }
    }

    /// What the page has: the pack's digest, or nothing.
    fn page(&self) -> Option<String> {
        self.app.pack().unwrap().map(|pack| pack.digest())
    }

    /// Until the page has this one, asking again when it is told to.
    fn wait_for(&self, wanted: Option<&Pack>) {
        let wanted = wanted.map(Pack::digest);
        for heard in 0.. {
            if self.page() == wanted {
                return;
            }
            let told = self.told.0.lock().unwrap();
            let (_told, late) = self.told.1.wait_timeout_while(told, LIMIT, |told| *told <= heard).unwrap();
            assert!(!late.timed_out(), "not told of the pack");
        }
    }
}

fn secrets() -> ProfileSecrets {
    ProfileSecrets::generate(Locale::En).unwrap()
}

#[test]
fn a_pack_that_is_installed_reaches_a_running_app_and_is_used_offline_after_a_restart() {
    let (desk, secrets, profile) = (Desk::start(), secrets(), tempfile::tempdir().unwrap());
    let app = App::start(&desk, &secrets, profile.path());
    assert_eq!(app.page(), None);
    let (one, two) = (pack("one"), pack("two"));
    desk.install(&one);
    app.wait_for(Some(&one));
    desk.install(&two);
    app.wait_for(Some(&two));
    app.app.stop();
    desk.line.set(Rules { refuses: true, ..Rules::default() });
    let app = App::start(&desk, &secrets, profile.path());
    assert_eq!(app.page(), Some(two.digest()));
    desk.line.set(Rules::default());
    app.app.reconnect().unwrap();
    desk.remove();
    app.wait_for(None);
    app.app.stop();
    desk.line.set(Rules { refuses: true, ..Rules::default() });
    let app = App::start(&desk, &secrets, profile.path());
    assert_eq!(app.page(), None, "it is removed, though it is still on the disk");
    app.app.stop();
    desk.stop();
}

#[test]
fn a_pack_arrives_over_a_line_that_is_cut_again_and_again() {
    let (desk, profile) = (Desk::start(), tempfile::tempdir().unwrap());
    let large = (0..40_000).fold(String::new(), |mut words, n| {
        write!(words, "word {n} ").unwrap();
        words
    });
    let large = pack(&large);
    desk.install(&large);
    // Less than half of it: who begins anew each time never ends.
    desk.line.set(Rules::cut(Way::Down, 200_000));
    let app = App::start(&desk, &secrets(), profile.path());
    app.wait_for(Some(&large));
    assert!(desk.line.accepted() >= 3, "{} connections", desk.line.accepted());
    app.app.stop();
    desk.stop();
}

#[test]
fn threats_3_a_site_without_a_pack_shows_none_of_those_that_others_left_in_the_profile() {
    let (theirs, ours, secrets) = (Desk::start(), Desk::start(), secrets());
    let profile = tempfile::tempdir().unwrap();
    let one = pack("one");
    theirs.install(&one);
    let app = App::start(&theirs, &secrets, profile.path());
    app.wait_for(Some(&one));
    app.app.stop();
    assert_eq!(fs::read_dir(profile.path().join("packs")).unwrap().count(), 1);
    let app = App::start(&ours, &secrets, profile.path());
    assert_eq!(app.page(), None);
    app.app.stop();
    theirs.stop();
    ours.stop();
}
