//! The keeper between a form, a line, a shelf and a page.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use deskbell_core::LinkPhase;
use deskbell_pack::{Flaw, FlawKind};
use deskbell_wire::{Ask, PackRef, Refusal, Told};

use super::super::fetch::digest_of;
use super::super::keeper::{Keeper, Surroundings};
use super::super::shelf::Shelf;
use super::super::standing::{Current, Named, Standing};
use super::{named, part_of, refused, some_bytes};
use crate::profile::Keep;

/// Nothing here takes that long.
const LIMIT: Duration = Duration::from_secs(30);
const NOW: Duration = Duration::ZERO;

/// A pack that may be read.
#[derive(Clone, PartialEq, Eq)]
struct Read(Vec<u8>);

impl std::fmt::Debug for Read {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// A desk that holds these packs, and may lie.
#[derive(Default)]
struct Desk {
    packs: Mutex<Vec<Vec<u8>>>,
    lies: AtomicBool,
    /// The line ends at this byte, once.
    cut_at: Mutex<Option<u32>>,
    /// When the keeper says that this one is here, the site loses it and gets it again, once.
    renamed: Mutex<Option<PackRef>>,
    asked: Mutex<Vec<u32>>,
    news: Mutex<u32>,
    changed: Condvar,
}

/// A session's end of things.
struct Around {
    desk: Arc<Desk>,
    standing: Arc<Standing<Read>>,
}

impl Surroundings for Around {
    type Pack = Read;

    fn read(&self, bytes: &[u8]) -> Result<Read, Flaw> {
        match bytes.first() {
            Some(0xff) => Err(Flaw { file: "pack.json".into(), place: None, kind: FlawKind::NotText }),
            _ => Ok(Read(bytes.to_vec())),
        }
    }

    fn ask(&self, ask: Ask) -> Option<Told> {
        let Ask::Pack { digest, from } = ask else { panic!("another question") };
        let cut = self.desk.cut_at.lock().unwrap().take_if(|at| *at == from).is_some();
        if cut {
            self.standing.line(LinkPhase::Waiting);
        }
        self.desk.asked.lock().unwrap().push(from);
        self.desk.changed.notify_all();
        if cut {
            return Some(refused(Refusal::Offline));
        }
        let packs = self.desk.packs.lock().unwrap();
        let Some(bytes) = packs.iter().find(|bytes| digest_of(bytes) == digest) else {
            return Some(refused(Refusal::Stale));
        };
        let mut bytes = bytes.clone();
        if self.desk.lies.load(Ordering::Relaxed) {
            bytes[from as usize] ^= 1;
        }
        Some(part_of(&bytes, from))
    }

    fn news(&self) {
        if let Some(pack) = self.desk.renamed.lock().unwrap().take_if(|pack| self.standing.has(pack.digest)) {
            self.standing.named(None);
            self.standing.named(Some(pack));
        }
        if self.standing.is_news() {
            *self.desk.news.lock().unwrap() += 1;
            self.desk.changed.notify_all();
        }
    }
}

/// A visitor's app, from its start to its end.
struct App {
    desk: Arc<Desk>,
    standing: Arc<Standing<Read>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl App {
    fn start(desk: &Arc<Desk>, keep: &Keep, form: Named) -> Self {
        Self::with_last(desk, keep, form, None)
    }

    fn with_last(desk: &Arc<Desk>, keep: &Keep, form: Named, last: Option<&[u8]>) -> Self {
        let standing = Arc::new(Standing::new(form, last.map(digest_of)));
        let around = Around { desk: Arc::clone(desk), standing: Arc::clone(&standing) };
        let (shelf, keeper) = (Shelf::of(keep), Arc::clone(&standing));
        let thread = std::thread::spawn(move || Keeper::new(&keeper, around, shelf).run());
        Self { desk: Arc::clone(desk), standing, thread: Some(thread) }
    }

    /// The line is up, and the desk says its form.
    fn online(&self, pack: Option<PackRef>) {
        self.standing.line(LinkPhase::Live);
        self.standing.named(pack);
        // As the session's audience does.
        if self.standing.is_news() {
            *self.desk.news.lock().unwrap() += 1;
        }
    }

    fn page(&self) -> Current<Read> {
        self.standing.get(LIMIT)
    }

    fn wait_for_news(&self, count: u32) {
        let news = self.desk.news.lock().unwrap();
        let (_news, late) = self.desk.changed.wait_timeout_while(news, LIMIT, |news| *news < count).unwrap();
        assert!(!late.timed_out(), "no news");
    }

    fn wait_for_questions(&self, count: usize) {
        let asked = self.desk.asked.lock().unwrap();
        let few = |asked: &mut Vec<u32>| asked.len() < count;
        let (_asked, late) = self.desk.changed.wait_timeout_while(asked, LIMIT, few).unwrap();
        assert!(!late.timed_out(), "not asked");
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.standing.end();
        self.thread.take().unwrap().join().unwrap();
    }
}

fn desk(packs: &[&[u8]]) -> Arc<Desk> {
    let desk = Desk::default();
    *desk.packs.lock().unwrap() = packs.iter().map(|bytes| bytes.to_vec()).collect();
    Arc::new(desk)
}

fn pack(bytes: &[u8]) -> Current<Read> {
    Current::Pack(digest_of(bytes), Read(bytes.to_vec()))
}

fn disk() -> (tempfile::TempDir, Keep) {
    let folder = tempfile::tempdir().unwrap();
    let keep = Keep::Disk { folder: folder.path().to_owned() };
    (folder, keep)
}

#[test]
fn a_sites_pack_is_fetched_at_the_first_start_and_used_offline_after_a_restart() {
    let ((_folder, keep), bytes) = (disk(), some_bytes(1));
    let desk = desk(&[&bytes]);
    let app = App::start(&desk, &keep, Named::Unknown);
    app.online(Some(named(&bytes)));
    assert_eq!(app.page(), pack(&bytes));
    assert_eq!(*desk.news.lock().unwrap(), 0, "the page has it");
    // It is put on the shelf after it is given out: the end waits for that.
    drop(app);
    let asked = desk.asked.lock().unwrap().len();
    let app = App::with_last(&desk, &keep, Named::Pack(named(&bytes)), Some(&bytes));
    app.standing.line(LinkPhase::Waiting);
    assert_eq!(app.page(), pack(&bytes));
    assert_eq!(desk.asked.lock().unwrap().len(), asked, "nothing was fetched");
}

#[test]
fn a_page_that_was_there_sooner_is_told_once_when_the_pack_came() {
    let bytes = some_bytes(1);
    let desk = desk(&[&bytes]);
    let app = App::start(&desk, &Keep::SessionOnly, Named::Unknown);
    assert_eq!(app.standing.get(NOW), Current::Nothing);
    app.online(Some(named(&bytes)));
    app.wait_for_news(1);
    assert!(!app.standing.is_news(), "once");
    assert_eq!(app.page(), pack(&bytes));
    assert!(!app.standing.is_news());
}

#[test]
fn a_new_pack_and_one_that_is_taken_away_are_told_while_the_old_one_serves() {
    let (old, new) = (some_bytes(1), some_bytes(2));
    let desk = desk(&[&old, &new]);
    let app = App::start(&desk, &Keep::SessionOnly, Named::Unknown);
    app.online(Some(named(&old)));
    assert_eq!(app.page(), pack(&old));
    app.online(Some(named(&new)));
    app.wait_for_news(1);
    assert_eq!(app.page(), pack(&new));
    app.online(None);
    assert_eq!(*desk.news.lock().unwrap(), 2);
    assert_eq!(app.page(), Current::Nothing);
}

#[test]
fn until_the_new_pack_is_here_the_one_before_serves_also_after_a_restart() {
    let ((_folder, keep), old, new) = (disk(), some_bytes(1), some_bytes(2));
    let desk = desk(&[&old]);
    let app = App::start(&desk, &keep, Named::Unknown);
    app.online(Some(named(&old)));
    assert_eq!(app.page(), pack(&old));
    drop(app);
    let app = App::with_last(&desk, &keep, Named::Pack(named(&new)), Some(&old));
    app.standing.line(LinkPhase::Waiting);
    assert_eq!(app.page(), pack(&old));
    assert_eq!(*desk.news.lock().unwrap(), 0);
}

#[test]
fn a_fetch_survives_a_line_that_is_cut_and_nothing_is_fetched_twice() {
    let bytes = some_bytes(1);
    let desk = desk(&[&bytes]);
    *desk.cut_at.lock().unwrap() = Some(32_768);
    let app = App::start(&desk, &Keep::SessionOnly, Named::Unknown);
    app.online(Some(named(&bytes)));
    app.wait_for_questions(2);
    app.online(Some(named(&bytes)));
    assert_eq!(app.page(), pack(&bytes));
    assert_eq!(*desk.asked.lock().unwrap(), [0, 32_768, 32_768, 65_536]);
}

#[test]
fn a_pack_that_is_taken_away_and_named_again_while_the_keeper_is_busy_comes_back() {
    let ((_folder, keep), bytes) = (disk(), some_bytes(1));
    let desk = desk(&[&bytes]);
    *desk.renamed.lock().unwrap() = Some(named(&bytes));
    let app = App::start(&desk, &keep, Named::Unknown);
    app.online(Some(named(&bytes)));
    // Once for the pack that is lost, and once for the one that is back.
    app.wait_for_questions(6);
    assert_eq!(app.page(), pack(&bytes));
    assert!(desk.renamed.lock().unwrap().is_none());
}

#[test]
fn threats_38_a_kept_file_that_was_changed_is_fetched_again() {
    let ((folder, keep), bytes) = (disk(), some_bytes(1));
    let desk = desk(&[&bytes]);
    let file = folder.path().join("packs").join(format!("{}.tar", digest_of(&bytes)));
    std::fs::create_dir(folder.path().join("packs")).unwrap();
    std::fs::write(&file, b"something else").unwrap();
    let app = App::with_last(&desk, &keep, Named::Pack(named(&bytes)), Some(&bytes));
    app.online(Some(named(&bytes)));
    assert_eq!(app.page(), pack(&bytes));
    drop(app);
    assert!(std::fs::read(file).unwrap() == bytes);
}

#[test]
fn threats_38_a_pack_whose_digest_does_not_fit_is_a_flaw_and_is_not_asked_for_again() {
    let bytes = some_bytes(1);
    let desk = desk(&[&bytes]);
    desk.lies.store(true, Ordering::Relaxed);
    let app = App::start(&desk, &Keep::SessionOnly, Named::Unknown);
    assert_eq!(app.standing.get(NOW), Current::Nothing);
    app.online(Some(named(&bytes)));
    app.wait_for_news(1);
    let Current::Flaw(digest, flaw) = app.page() else { panic!("no flaw") };
    assert_eq!((digest, flaw.kind), (digest_of(&bytes), FlawKind::Digest));
    app.standing.line(LinkPhase::Waiting);
    app.online(Some(named(&bytes)));
    drop(app);
    assert_eq!(desk.asked.lock().unwrap().len(), 3);
}

#[test]
fn a_pack_that_cannot_be_used_never_takes_one_away_that_can() {
    let (good, mut bad) = (some_bytes(1), some_bytes(2));
    bad[0] = 0xff;
    let desk = desk(&[&good, &bad]);
    let app = App::start(&desk, &Keep::SessionOnly, Named::Unknown);
    app.online(Some(named(&good)));
    assert_eq!(app.page(), pack(&good));
    app.online(Some(named(&bad)));
    app.wait_for_questions(6);
    assert_eq!(app.page(), pack(&good));
    drop(app);
    assert_eq!(*desk.news.lock().unwrap(), 0);
    let (folder, keep) = disk();
    let app = App::start(&desk, &keep, Named::Unknown);
    app.online(Some(named(&bad)));
    assert!(matches!(app.page(), Current::Flaw(_, Flaw { kind: FlawKind::NotText, .. })));
    drop(app);
    assert!(!folder.path().join("packs").exists(), "nor does it make another one go from the shelf");
}

#[test]
fn a_kept_pack_that_this_app_cannot_use_any_more_is_not_fetched_at_each_start() {
    let ((folder, keep), mut bytes) = (disk(), some_bytes(1));
    bytes[0] = 0xff;
    let desk = desk(&[&bytes]);
    // An older app has kept it.
    std::fs::create_dir(folder.path().join("packs")).unwrap();
    std::fs::write(folder.path().join("packs").join(format!("{}.tar", digest_of(&bytes))), &bytes).unwrap();
    let app = App::with_last(&desk, &keep, Named::Pack(named(&bytes)), Some(&bytes));
    app.online(Some(named(&bytes)));
    assert!(matches!(app.page(), Current::Flaw(_, Flaw { kind: FlawKind::NotText, .. })));
    // Whoever would ask does so at once.
    let asked = desk.asked.lock().unwrap();
    let none = |asked: &mut Vec<u32>| asked.is_empty();
    let (asked, _) = desk.changed.wait_timeout_while(asked, Duration::from_millis(200), none).unwrap();
    assert!(asked.is_empty(), "the same bytes would come");
}

#[test]
fn threats_3_a_pack_that_another_site_named_is_not_this_sites() {
    let ((_folder, keep), theirs, ours) = (disk(), some_bytes(1), some_bytes(2));
    let desk = desk(&[&theirs]);
    let app = App::start(&desk, &keep, Named::Unknown);
    app.online(Some(named(&theirs)));
    assert_eq!(app.page(), pack(&theirs));
    drop(app);
    for form in [Named::Nothing, Named::Pack(named(&ours)), Named::Unknown] {
        let app = App::start(&desk, &keep, form);
        app.standing.line(LinkPhase::Waiting);
        assert_eq!(app.page(), Current::Nothing, "{form:?}");
    }
}

#[test]
fn threats_3_a_desk_that_names_another_sites_pack_does_not_see_that_this_app_has_it() {
    let ((_folder, keep), theirs) = (disk(), some_bytes(1));
    let desk = desk(&[&theirs]);
    let app = App::start(&desk, &keep, Named::Unknown);
    app.online(Some(named(&theirs)));
    assert_eq!(app.page(), pack(&theirs));
    drop(app);
    let first = std::mem::take(&mut *desk.asked.lock().unwrap());
    let app = App::start(&desk, &keep, Named::Unknown);
    app.online(Some(named(&theirs)));
    assert_eq!(app.page(), pack(&theirs));
    drop(app);
    assert_eq!(*desk.asked.lock().unwrap(), first, "the same questions, as if it had nothing");
}

#[test]
fn a_page_waits_only_while_something_may_come() {
    let bytes = some_bytes(1);
    let desk = desk(&[]);
    let app = App::start(&desk, &Keep::SessionOnly, Named::Nothing);
    assert_eq!(app.page(), Current::Nothing, "there is none");
    let app = App::start(&desk, &Keep::SessionOnly, Named::Pack(named(&bytes)));
    app.standing.line(LinkPhase::Waiting);
    assert_eq!(app.page(), Current::Nothing, "no line");
    let app = App::start(&desk, &Keep::SessionOnly, Named::Unknown);
    let page = {
        let standing = Arc::clone(&app.standing);
        std::thread::spawn(move || standing.get(LIMIT))
    };
    app.online(None);
    assert_eq!(page.join().unwrap(), Current::Nothing, "the form says so");
}

#[test]
fn threats_43_a_pack_that_is_too_large_is_a_flaw() {
    let desk = desk(&[]);
    let app = App::start(&desk, &Keep::SessionOnly, Named::Unknown);
    app.online(Some(PackRef { digest: digest_of(b"x"), bytes: u32::MAX }));
    assert!(matches!(app.page(), Current::Flaw(_, Flaw { kind: FlawKind::TooLarge(16_777_216), .. })));
    assert!(desk.asked.lock().unwrap().is_empty());
}
