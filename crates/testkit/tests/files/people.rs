//! A desk behind a line, and a visitor's and an operator's app with pages that remember what they were told.

use std::fmt::Debug;
use std::fs;
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use deskbell_api::desktop::Newsroom;
use deskbell_api::dto::{FileView, Locale, Message, OperatorUpdate, StagedFile, VisitorUpdate};
use deskbell_api::operator::{OperatorApp, OperatorOptions};
use deskbell_api::profile::{DeskKey, Keep, ProfileSecrets};
use deskbell_api::visitor::{VisitorApp, VisitorOptions};
use deskbell_server::{Clock, DeskLimits, DeskOptions, RunningDesk, start};
use deskbell_testkit::dice::Dice;
use deskbell_testkit::proxy::{Proxy, Rules};
use deskbell_wire::{JoinLink, SiteKey, VisitorId};

/// Nothing here takes that long.
const LIMIT: Duration = Duration::from_secs(60);

/// A desk with one account and a data folder, and a line to it that a test may cut.
pub(crate) struct Desk {
    pub(crate) desk: RunningDesk,
    pub(crate) line: Proxy,
    pub(crate) clock: Clock,
    /// Where apps knock instead of at the line.
    pub(crate) door: Option<SocketAddr>,
    data: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn start() -> Self {
        let (data, clock) = (tempfile::tempdir().unwrap(), Clock::default());
        let desk = start(options(data.path(), &clock)).unwrap();
        desk.add_owner("Anna").unwrap();
        Self { line: Proxy::start(desk.address()), desk, clock, door: None, data }
    }

    /// One that is reached from elsewhere, too: its lines are encrypted.
    pub(crate) fn encrypted() -> Self {
        let (data, clock) = (tempfile::tempdir().unwrap(), Clock::default());
        let listen = "0.0.0.0:0".parse().unwrap();
        let desk = start(DeskOptions { listen, ..options(data.path(), &clock) }).unwrap();
        desk.add_owner("Anna").unwrap();
        let here = SocketAddr::from(([127, 0, 0, 1], desk.address().port()));
        Self { line: Proxy::start(here), desk, clock, door: None, data }
    }

    /// Ends the desk and starts it again where it was.
    pub(crate) fn again(self) -> Self {
        self.again_after(0)
    }

    /// The same, when it was off for so many milliseconds: what it was about to do or to hear comes before them.
    pub(crate) fn again_after(self, ms: i64) -> Self {
        let Self { desk, line, clock, door, data } = self;
        let address = desk.address();
        desk.stop();
        clock.pass(ms);
        let since = Instant::now();
        let desk = loop {
            let listen = DeskOptions { listen: address, ..options(data.path(), &clock) };
            match start(listen) {
                Ok(desk) => break desk,
                Err(error) => assert!(since.elapsed() < LIMIT, "{error:?}"),
            }
        };
        Self { desk, line, clock, door, data }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.data.path()
    }

    /// How many uploads have begun and are not whole, as the folder has them.
    pub(crate) fn parts(&self) -> usize {
        fs::read_dir(self.data.path().join("files/parts")).map_or(0, Iterator::count)
    }

    pub(crate) fn link(&self) -> JoinLink {
        let mut link: JoinLink = self.door.unwrap_or(self.line.address()).to_string().parse().unwrap();
        link.pin = self.desk.join_link(&SiteKey::main()).pin;
        link
    }

    pub(crate) fn cut(&self) {
        self.line.set(Rules { refuses: true, ..Rules::default() });
        self.line.reset();
    }

    pub(crate) fn heal(&self) {
        self.line.set(Rules::default());
    }

    pub(crate) fn stop(self) {
        drop(self.line);
        self.desk.stop();
    }
}

fn options(data: &Path, clock: &Clock) -> DeskOptions {
    DeskOptions {
        data: Some(data.to_owned()),
        listen: "127.0.0.1:0".parse().unwrap(),
        limits: DeskLimits::unpaced(),
        clock: clock.clone(),
        ..DeskOptions::default()
    }
}

/// What a page was told.
pub(crate) struct Told<T>(Arc<(Mutex<Vec<T>>, Condvar)>);

impl<T> Clone for Told<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Debug + Send + 'static> Told<T> {
    fn new() -> Self {
        Self(Arc::default())
    }

    fn listener(&self) -> Box<dyn FnMut(T) + Send> {
        let kept = Arc::clone(&self.0);
        Box::new(move |update| {
            kept.0.lock().unwrap().push(update);
            kept.1.notify_all();
        })
    }

    /// Waits until what was told so far says so.
    #[track_caller]
    pub(crate) fn until<R>(&self, what: &str, mut is_so: impl FnMut(&[T]) -> Option<R>) -> R {
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
        assert!(!late.timed_out(), "never: {what}\n{:#?}", told.iter().rev().take(8).collect::<Vec<_>>());
        found.unwrap()
    }
}

/// A visitor's app with its page.
pub(crate) struct Visitor {
    pub(crate) app: VisitorApp,
    pub(crate) told: Told<VisitorUpdate>,
    pub(crate) id: VisitorId,
}

pub(crate) fn secrets() -> ProfileSecrets {
    ProfileSecrets::generate(Locale::En).unwrap()
}

impl Visitor {
    pub(crate) fn start(desk: &Desk, secrets: &ProfileSecrets, keep: Keep) -> Self {
        let options = VisitorOptions {
            link: desk.link(),
            secrets: secrets.clone(),
            keep,
            locale: Locale::En,
            newsroom: Newsroom::silent(),
        };
        let (app, told) = (VisitorApp::start(options).unwrap(), Told::new());
        let boot = app.boot(told.listener()).unwrap();
        Self { app, told, id: boot.visitor_id.parse().unwrap() }
    }

    pub(crate) fn passing(desk: &Desk) -> Self {
        Self::start(desk, &secrets(), Keep::SessionOnly)
    }

    /// The newest lines, as a page gets them that has just come.
    pub(crate) fn booted(&self) -> Vec<Message> {
        self.app.boot(self.told.listener()).unwrap().messages
    }

    /// What is chosen now, when nothing of it is being read any more.
    #[track_caller]
    pub(crate) fn staged(&self, count: usize) -> Vec<StagedFile> {
        self.told.until("everything chosen is read", |told| {
            let last = told.iter().rev().find_map(|update| match update {
                VisitorUpdate::Staged { files } => Some(files.clone()),
                _ => None,
            });
            last.filter(|files| files.len() == count && files.iter().all(is_read))
        })
    }

    /// What is chosen, as it was told last.
    pub(crate) fn staged_now(&self) -> Vec<StagedFile> {
        self.told.until("something is chosen", |told| {
            told.iter().rev().find_map(|update| match update {
                VisitorUpdate::Staged { files } => Some(files.clone()),
                _ => None,
            })
        })
    }

    /// Chooses files and sends them.
    #[track_caller]
    pub(crate) fn send(&self, paths: &[PathBuf], caption: &str) -> Vec<Message> {
        self.app.file_stage_paths(paths.to_vec()).unwrap();
        let ids: Vec<_> = self.staged(paths.len()).into_iter().map(|file| file.id).collect();
        let lines = self.app.file_send(&ids, caption, None).unwrap();
        assert_eq!(lines.len(), paths.len());
        lines
    }

    /// The line is back, and nobody sits a pause out.
    pub(crate) fn wake(&self) {
        self.app.wake().unwrap();
    }

    /// The lines with files that the desk has, oldest first.
    pub(crate) fn sent(&self) -> Vec<Message> {
        let mut lines = self.app.files_list(None, None).unwrap().lines;
        lines.reverse();
        lines
    }

    #[track_caller]
    pub(crate) fn until_sent(&self, count: usize) -> Vec<Message> {
        wait("the files are in the log", || {
            self.wake();
            self.sent().len() >= count
        });
        self.sent()
    }

    /// Brings a file here and gives its bytes.
    #[track_caller]
    pub(crate) fn bytes(&self, key: &str) -> Vec<u8> {
        self.app.file_fetch(key).unwrap();
        wait("the file is here", || {
            self.wake();
            self.app.file(key).unwrap().here
        });
        let mut bytes = Vec::new();
        self.app.file_blob(key).unwrap().1.read_to_end(&mut bytes).unwrap();
        bytes
    }
}

/// An operator's app with its page.
pub(crate) struct Operator {
    pub(crate) app: OperatorApp,
    pub(crate) told: Told<OperatorUpdate>,
}

impl Operator {
    pub(crate) fn start(desk: &Desk) -> Self {
        let (link, mut secrets) = (desk.link(), secrets());
        let (_, token) = desk.desk.local_session(secrets.device_id).unwrap();
        secrets.set_operator_token(&DeskKey::of(&link), Some(token));
        let options = OperatorOptions {
            desk: DeskKey::of(&link),
            link,
            secrets,
            keep: Keep::SessionOnly,
            locale: Locale::En,
            newsroom: Newsroom::silent(),
            hosting: None,
            needs_setup: false,
            keep_token: Box::new(|_| {}),
        };
        let (app, told) = (OperatorApp::start(options).unwrap(), Told::new());
        app.boot(told.listener()).unwrap();
        Self { app, told }
    }

    /// The lines with files of a conversation, oldest first.
    pub(crate) fn files(&self, visitor: VisitorId) -> Vec<Message> {
        let visitor = visitor.to_string();
        // Not listed yet.
        if self.app.open(&visitor).is_err() {
            return Vec::new();
        }
        let mut lines = self.app.files_list(&visitor, None, None).unwrap().lines;
        lines.reverse();
        lines
    }

    #[track_caller]
    pub(crate) fn until_came(&self, visitor: VisitorId, count: usize) -> Vec<Message> {
        wait("the files came", || {
            self.app.wake().unwrap();
            self.files(visitor).len() >= count
        });
        self.files(visitor)
    }

    #[track_caller]
    pub(crate) fn send(&self, visitor: VisitorId, paths: &[PathBuf], caption: &str) -> Vec<Message> {
        let visitor = visitor.to_string();
        self.app.file_stage_paths(&visitor, paths.to_vec()).unwrap();
        let files = self.told.until("everything chosen is read", |told| {
            let last = told.iter().rev().find_map(|update| match update {
                OperatorUpdate::Staged { files, .. } => Some(files.clone()),
                _ => None,
            });
            last.filter(|files| files.len() == paths.len() && files.iter().all(is_read))
        });
        let ids: Vec<_> = files.into_iter().map(|file| file.id).collect();
        self.app.file_send(&visitor, &ids, caption).unwrap()
    }

    #[track_caller]
    pub(crate) fn bytes(&self, key: &str) -> Vec<u8> {
        self.app.file_fetch(key).unwrap();
        wait("the file is here", || {
            self.app.wake().unwrap();
            self.app.file(key).unwrap().here
        });
        let mut bytes = Vec::new();
        self.app.file_blob(key).unwrap().1.read_to_end(&mut bytes).unwrap();
        bytes
    }
}

fn is_read(file: &StagedFile) -> bool {
    file.ready || file.code.is_some()
}

pub(crate) fn file(line: &Message) -> &FileView {
    line.file.as_ref().unwrap()
}

pub(crate) fn key(line: &Message) -> &str {
    &file(line).key
}

/// Bytes that nothing makes smaller and nothing guesses.
pub(crate) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    (0..length.div_ceil(8)).flat_map(|_| dice.number().to_le_bytes()).take(length).collect()
}

/// A file in a folder.
pub(crate) fn put(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[track_caller]
pub(crate) fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + LIMIT;
    while !is_so() {
        assert!(Instant::now() < until, "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
