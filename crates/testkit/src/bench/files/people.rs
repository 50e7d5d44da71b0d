//! A desk without limits for files, and people's own apps on it.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use deskbell_api::desktop::Newsroom;
use deskbell_api::dto::{FileQuota, FileRules, Locale, OperatorUpdate, VisitorUpdate};
use deskbell_api::operator::{OperatorApp, OperatorOptions};
use deskbell_api::profile::{DeskKey, Keep, ProfileSecrets};
use deskbell_api::visitor::{VisitorApp, VisitorOptions};
use deskbell_wire::JoinLink;
use tempfile::TempDir;

use crate::bench::server::{Kind, Server, fresh_folder};
use crate::dice::Dice;

/// A file of 1 GiB takes seconds; nothing takes that long.
const PATIENCE: Duration = Duration::from_secs(300);
/// Bytes that no site would allow by itself.
const NO_LIMIT: u64 = 1 << 40;

pub(super) struct Ground {
    pub(super) server: Server,
    pub(super) operator: OperatorApp,
    pub(super) news: Receiver<OperatorUpdate>,
    _profile: TempDir,
}

pub(super) struct Visitor {
    pub(super) app: VisitorApp,
    pub(super) news: Receiver<VisitorUpdate>,
    _profile: TempDir,
}

impl Ground {
    pub(super) fn new() -> Self {
        let server = Server::start(Kind::Desk, true);
        let (link, mut secrets, profile) = (link(&server), secrets(), fresh_folder());
        secrets.set_operator_token(&DeskKey::of(&link), Some(server.session.clone()));
        let options = OperatorOptions {
            desk: DeskKey::of(&link),
            link,
            secrets,
            keep: Keep::Disk { folder: profile.path().to_owned() },
            locale: Locale::En,
            newsroom: Newsroom::silent(),
            hosting: None,
            needs_setup: false,
            keep_token: Box::new(|_| {}),
        };
        let (told, news) = channel();
        let operator = OperatorApp::start(options).expect("an operator's session");
        let boot = operator.boot(pass_on(told)).expect("the operator's state");
        let site = boot.site.map(Box::new).unwrap_or_else(|| {
            until(&news, "the site", |update| match update {
                OperatorUpdate::Site { site } => Some(site),
                _ => None,
            })
        });
        let mut settings = site.settings;
        settings.form.files = FileRules { max_bytes: NO_LIMIT, ..FileRules::default() };
        settings.quota = FileQuota { visitor_day_bytes: NO_LIMIT, site_bytes: NO_LIMIT };
        operator.save_site(settings).expect("the limits are off");
        Self { server, operator, news, _profile: profile }
    }

    /// A visitor who is in a chat already.
    pub(super) fn visitor(&self) -> Visitor {
        let profile = fresh_folder();
        let options = VisitorOptions {
            link: link(&self.server),
            secrets: secrets(),
            keep: Keep::Disk { folder: profile.path().to_owned() },
            locale: Locale::En,
            newsroom: Newsroom::silent(),
        };
        let (told, news) = channel();
        let app = VisitorApp::start(options).expect("a visitor's session");
        app.boot(pass_on(told)).expect("the visitor's state");
        let visitor = Visitor { app, news, _profile: profile };
        visitor.say("Good day");
        visitor
    }
}

impl Visitor {
    /// Says something, and waits until the desk has it.
    pub(super) fn say(&self, text: &str) {
        let uid = self.app.send(text, None).expect("words").uid;
        self.until_sent(uid);
    }

    /// Chooses a file and waits until it is taken in; gives its name there.
    pub(super) fn choose(&self, path: &Path) -> String {
        self.choose_beside(0, path)
    }

    /// The same where so many were chosen before it.
    pub(super) fn choose_beside(&self, others: usize, path: &Path) -> String {
        self.app.file_stage_paths(vec![path.to_owned()]).expect("a file is chosen");
        until(&self.news, "the file is taken in", |update| match update {
            VisitorUpdate::Staged { mut files } => {
                let file = files.pop().filter(|_| files.len() == others)?;
                assert!(file.code.is_none(), "refused: {:?}", file.code);
                file.ready.then_some(file.id)
            }
            _ => None,
        })
    }

    /// Sends what was chosen, and waits until its message is in the desk's log; gives the line's key.
    pub(super) fn send(&self, id: String) -> String {
        let line = self.app.file_send(&[id], "", None).expect("it is sent").remove(0);
        self.until_sent(line.uid);
        line.key
    }

    fn until_sent(&self, uid: Option<String>) {
        let uid = uid.expect("an own line");
        until(&self.news, "the desk has it", |update| match update {
            VisitorUpdate::Status { change } if change.uid == uid && change.seq.is_some() => Some(()),
            _ => None,
        });
    }
}

/// Waits for news that say what is wanted.
pub(super) fn until<T, R>(news: &Receiver<T>, what: &str, mut found: impl FnMut(T) -> Option<R>) -> R {
    let end = Instant::now() + PATIENCE;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let update = news.recv_timeout(left).unwrap_or_else(|_| panic!("never: {what}"));
        if let Some(found) = found(update) {
            return found;
        }
    }
}

/// A file of bytes that nothing makes smaller, on the disk.
pub(super) fn noise(folder: &Path, bytes: u64) -> PathBuf {
    let path = folder.join("noise.dat");
    let (mut dice, mut file) = (Dice::new(bytes), File::create(&path).expect("a file"));
    let piece: Vec<u8> = (0..128 * 1024).flat_map(|_| dice.number().to_le_bytes()).collect();
    let mut left = bytes;
    while left > 0 {
        let count = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
        // Every piece is another one: nothing may be saved by what came before.
        file.write_all(&left.to_le_bytes()[..count.min(8)]).expect("room");
        file.write_all(&piece[count.min(8)..count]).expect("room");
        left -= count as u64;
    }
    file.sync_all().expect("a disk");
    path
}

/// Makes it another file, of the same length: no disk has it yet.
pub(super) fn change(path: &Path, stamp: u64) {
    let mut file = File::options().write(true).open(path).expect("a file");
    file.write_all(&stamp.to_le_bytes()).expect("room");
    file.sync_all().expect("a disk");
}

/// Bytes of memory that are really there (RSS) of this process, or of another.
pub(super) fn resident(process: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("/proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

fn link(server: &Server) -> JoinLink {
    server.address.to_string().parse().expect("a link")
}

fn secrets() -> ProfileSecrets {
    ProfileSecrets::generate(Locale::En).expect("secrets")
}

fn pass_on<T: Send + 'static>(told: Sender<T>) -> Box<dyn FnMut(T) + Send> {
    Box::new(move |update| {
        // Nobody listens at the very end.
        let _ = told.send(update);
    })
}
