use std::fs;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use deskbell_wire::Secret;
use zeroize::Zeroizing;

use super::entry::{Entry, EntryError, EntryText, KeyringEntry};
use super::*;

/// How a keyring of paper behaves.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Mood {
    #[default]
    Open,
    Absent,
    Denied,
    /// It asks the person, who says nothing for now.
    Locked,
    /// The system's own way to ask nobody and say nothing.
    Silent,
    Full,
}

/// A keyring in memory.
#[derive(Clone, Default)]
struct Paper(Arc<(Mutex<Sheet>, Condvar)>);

#[derive(Default)]
struct Sheet {
    text: Option<String>,
    mood: Mood,
    asked: usize,
}

impl Paper {
    fn in_mood(mood: Mood) -> Self {
        let paper = Self::default();
        paper.turn(mood);
        paper
    }

    fn turn(&self, mood: Mood) {
        self.0.0.lock().unwrap().mood = mood;
        self.0.1.notify_all();
    }

    fn text(&self) -> Option<String> {
        self.0.0.lock().unwrap().text.clone()
    }

    fn put(&self, text: &str) {
        self.0.0.lock().unwrap().text = Some(text.to_owned());
    }

    fn asked(&self) -> usize {
        self.0.0.lock().unwrap().asked
    }

    /// Answers as its mood is, once it has one in which it answers.
    fn answer<T>(&self, waits: &dyn Fn(), work: impl FnOnce(&mut Sheet) -> T) -> Result<T, EntryError> {
        let mut sheet = self.0.0.lock().unwrap();
        sheet.asked += 1;
        if sheet.mood == Mood::Locked {
            waits();
        }
        let mut sheet =
            self.0.1.wait_while(sheet, |sheet| matches!(sheet.mood, Mood::Locked | Mood::Silent)).unwrap();
        match sheet.mood {
            Mood::Absent => Err(EntryError::Absent),
            Mood::Denied => Err(EntryError::Denied),
            _ => Ok(work(&mut sheet)),
        }
    }

    fn safe(&self) -> Safe {
        Safe::over(Arc::new(self.clone()), Duration::from_millis(300))
    }
}

impl Entry for Paper {
    fn write(&self, secrets: &ProfileSecrets) -> Result<(), EntryError> {
        let text = secrets.to_json().unwrap().to_string();
        self.answer(&|| {}, |sheet| {
            if sheet.mood == Mood::Full {
                return Err(EntryError::Full);
            }
            sheet.text = Some(text);
            Ok(())
        })?
    }

    fn remove(&self) -> Result<(), EntryError> {
        self.answer(&|| {}, |sheet| sheet.text = None)
    }
}

impl KeyringEntry for Paper {
    fn read(&self, waits: &dyn Fn()) -> Result<Option<EntryText>, EntryError> {
        self.answer(waits, |sheet| sheet.text.clone().map(|text| EntryText(Zeroizing::new(text))))
    }

    fn state(&self) -> KeyringState {
        match self.0.0.lock().unwrap().mood {
            Mood::Open | Mood::Full => KeyringState::Open,
            Mood::Absent => KeyringState::Absent,
            Mood::Denied | Mood::Locked | Mood::Silent => KeyringState::Locked,
        }
    }
}

struct Bench {
    _data: tempfile::TempDir,
    profile: Profile,
}

impl Bench {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let profile = Profile::open("anna", Some(data.path())).unwrap();
        Self { _data: data, profile }
    }

    fn with_history() -> Self {
        let bench = Self::new();
        fs::write(bench.profile.folder.join("client-1.db"), "sealed").unwrap();
        bench
    }

    fn open(&self, safe: &Safe) -> Result<(ProfileSecrets, Keep), Shut> {
        open(safe, &self.profile, false, Locale::En)
    }

    /// Opens with a safe of its own, as a start does.
    fn start(&self, paper: &Paper) -> Result<(ProfileSecrets, Keep), Shut> {
        self.open(&paper.safe())
    }

    fn asks(&self, paper: &Paper) -> SecretsTrouble {
        match self.start(paper) {
            Err(Shut::Asks(question)) => {
                assert_eq!(question.history, self.profile.has_history());
                question.why
            }
            other => panic!("{other:?}"),
        }
    }

    fn sealed(&self) -> Option<Vec<u8>> {
        fs::read(self.profile.folder.join(sealed_file::FILE)).ok()
    }

    fn on_disk(&self) -> Keep {
        Keep::Disk { folder: self.profile.folder.clone() }
    }
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned())
}

fn code<T: std::fmt::Debug>(answer: Result<T, Problem>) -> String {
    answer.unwrap_err().code
}

#[test]
fn secrets_are_made_once_and_come_back() {
    let (bench, paper) = (Bench::new(), Paper::default());
    let (made, keep) = bench.start(&paper).unwrap();
    assert_eq!(keep, bench.on_disk());
    assert!(paper.text().is_some(), "kept before any file");
    assert_eq!(bench.start(&paper).unwrap().0, made);
}

#[test]
fn where_nothing_keeps_the_secrets_the_person_is_asked_and_nothing_is_written() {
    for (mood, why) in [
        (Mood::Absent, SecretsTrouble::Absent),
        (Mood::Denied, SecretsTrouble::Denied),
        (Mood::Locked, SecretsTrouble::Locked),
        (Mood::Silent, SecretsTrouble::Locked),
        (Mood::Full, SecretsTrouble::Denied),
    ] {
        let bench = Bench::new();
        assert_eq!(bench.asks(&Paper::in_mood(mood)), why);
        assert_eq!(bench.sealed(), None);
    }
}

#[test]
fn a_history_without_its_key_is_left_alone() {
    let bench = Bench::with_history();
    assert_eq!(bench.asks(&Paper::default()), SecretsTrouble::Missing);
    assert_eq!(bench.asks(&Paper::in_mood(Mood::Locked)), SecretsTrouble::Locked);
    assert_eq!(bench.asks(&Paper::in_mood(Mood::Absent)), SecretsTrouble::Absent);
    let strange = Paper::default();
    strange.put("strange");
    assert_eq!(bench.asks(&strange), SecretsTrouble::Missing);
    assert_eq!(strange.text().as_deref(), Some("strange"));
    let safe = strange.safe();
    assert_eq!(
        code(choose_passphrase(&safe, &bench.profile, &passphrase("long enough"), Locale::En)),
        "secrets_fixed"
    );
    assert_eq!(fs::read(bench.profile.folder.join("client-1.db")).unwrap(), b"sealed");
}

#[test]
fn a_locked_keyring_is_not_waited_for_and_its_late_answer_counts() {
    let (bench, paper) = (Bench::new(), Paper::default());
    let (made, _) = bench.start(&paper).unwrap();
    paper.turn(Mood::Locked);
    let safe = paper.safe();
    let asked = Instant::now();
    assert!(matches!(bench.open(&safe), Err(Shut::Asks(_))));
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    let late = safe.take_late().unwrap();
    let waits = thread::spawn(move || late.opens());
    paper.turn(Mood::Open);
    assert!(waits.join().unwrap());
    assert_eq!(bench.open(&safe).unwrap().0, made);
}

#[test]
fn a_person_who_dismisses_the_question_has_said_no() {
    let (bench, paper) = (Bench::new(), Paper::in_mood(Mood::Locked));
    let safe = paper.safe();
    assert!(bench.open(&safe).is_err());
    paper.turn(Mood::Denied);
    assert!(!safe.take_late().unwrap().opens());
}

#[test]
fn a_keyring_that_takes_the_first_secrets_late_has_taken_those_that_are_used() {
    let (bench, paper) = (Bench::new(), Paper::default());
    let safe = paper.safe();
    // It answers that it has nothing, and is locked before it is written to.
    let Found::Nothing(lane) = safe.fill_from_keyring().unwrap() else { panic!() };
    paper.turn(Mood::Silent);
    let make = || ProfileSecrets::generate(Locale::En).unwrap();
    assert_eq!(safe.make_in_keyring(lane, make), Err(SecretsTrouble::Locked));
    paper.turn(Mood::Open);
    let used = bench.open(&safe).unwrap().0;
    let kept = paper.text().unwrap();
    assert_eq!(ProfileSecrets::from_json(&kept).unwrap(), used);
}

#[test]
fn threats_44_a_passphrase_takes_the_place_of_a_keyring_and_nothing_readable_is_written() {
    let (bench, paper) = (Bench::new(), Paper::in_mood(Mood::Absent));
    let safe = paper.safe();
    assert!(bench.open(&safe).is_err());
    let short = choose_passphrase(&safe, &bench.profile, &passphrase("short"), Locale::En);
    assert_eq!(code(short), "passphrase_unfit");
    choose_passphrase(&safe, &bench.profile, &passphrase("long enough"), Locale::En).unwrap();
    let (secrets, keep) = bench.open(&safe).unwrap();
    assert_eq!((keep, safe.place()), (bench.on_disk(), Some(SecretsPlace::Passphrase)));
    let plain = secrets.to_json().unwrap();
    let found =
        |needle: &str, bytes: &[u8]| bytes.windows(needle.len()).any(|part| part == needle.as_bytes());
    for needle in [&secrets.db_key.to_hex(), &secrets.device_id.0.to_string(), "visitor_seed", "long enough"]
    {
        for entry in fs::read_dir(&bench.profile.folder).unwrap() {
            assert!(!found(needle, &fs::read(entry.unwrap().path()).unwrap()), "{needle}");
        }
    }
    assert!(found("visitor_seed", plain.as_bytes()), "the search finds what is there");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = fs::metadata(bench.profile.folder.join(sealed_file::FILE)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }

    // The next start asks, even where a keyring has come meanwhile.
    paper.turn(Mood::Open);
    assert_eq!(bench.asks(&paper), SecretsTrouble::Sealed);
    let safe = paper.safe();
    let try_with = |text: &str| unlock(&safe, &bench.profile, &passphrase(text), Locale::En);
    assert_eq!(code(try_with("something else")), "passphrase_wrong");
    assert!(safe.place().is_none());
    try_with("long enough").unwrap();
    assert_eq!(bench.open(&safe).unwrap().0, secrets);
    assert_eq!(paper.text(), None);
}

#[test]
fn a_spoilt_file_is_said_and_left_as_it_is() {
    let (bench, paper) = (Bench::new(), Paper::in_mood(Mood::Absent));
    let safe = paper.safe();
    choose_passphrase(&safe, &bench.profile, &passphrase("long enough"), Locale::En).unwrap();
    let mut bytes = bench.sealed().unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(bench.profile.folder.join(sealed_file::FILE), &bytes).unwrap();
    let safe = paper.safe();
    let unlocked = unlock(&safe, &bench.profile, &passphrase("long enough"), Locale::En);
    assert_eq!(code(unlocked), "sealed_damaged");
    assert_eq!(bench.sealed(), Some(bytes));
}

#[test]
fn this_session_only_asks_nobody_and_writes_nothing() {
    let (bench, paper) = (Bench::with_history(), Paper::in_mood(Mood::Silent));
    let safe = paper.safe();
    let (_, keep) = open(&safe, &bench.profile, true, Locale::En).unwrap();
    assert_eq!((keep, paper.asked(), bench.sealed()), (Keep::SessionOnly, 0, None));
    safe.change(|secrets| secrets.db_key = Secret::new([1; 32]));
    assert!(safe.keep(&ProfileSecrets::generate(Locale::En).unwrap()), "nothing is kept, as it was asked");
    // A key of now would not open what is there.
    assert!(settings(&safe, &bench.profile).fixed);
    let moved = set_passphrase(&safe, &bench.profile, (None, &passphrase("long enough")), Locale::En);
    assert_eq!(code(moved), "secrets_fixed");
}

#[test]
fn keys_of_a_session_are_kept_from_then_on_where_nothing_is_in_the_way() {
    let (bench, paper) = (Bench::new(), Paper::default());
    let safe = paper.safe();
    let (secrets, _) = open(&safe, &bench.profile, true, Locale::En).unwrap();
    let moved = use_keyring(&safe, &bench.profile, None, Locale::En).unwrap();
    assert_eq!(moved, SecretsSettings { place: SecretsPlace::Keyring, fixed: false });
    assert_eq!(bench.start(&paper).unwrap().0, secrets);
}

#[test]
fn keys_move_between_keyring_and_passphrase_and_changes_follow_them() {
    let (bench, paper) = (Bench::new(), Paper::default());
    let safe = paper.safe();
    let (first, _) = bench.open(&safe).unwrap();
    let seal = |now: Option<&str>, new: &str| {
        let now = now.map(passphrase);
        set_passphrase(&safe, &bench.profile, (now.as_ref(), &passphrase(new)), Locale::En)
    };
    assert_eq!(seal(None, "the first one").unwrap().place, SecretsPlace::Passphrase);
    assert_eq!(paper.text(), None, "the keyring lets go");
    safe.change(|secrets| secrets.db_key = Secret::new([2; 32]));
    safe.settle();

    // Whoever sits down at an open program does not know the passphrase.
    let before = bench.sealed();
    assert_eq!(code(seal(None, "the second one")), "passphrase_wrong");
    assert_eq!(code(seal(Some("a wrong one"), "the second one")), "passphrase_wrong");
    assert_eq!(code(use_keyring(&safe, &bench.profile, None, Locale::En)), "passphrase_wrong");
    assert_eq!(bench.sealed(), before);

    seal(Some("the first one"), "the second one").unwrap();
    let again = paper.safe();
    let unlock = |text: &str| unlock(&again, &bench.profile, &passphrase(text), Locale::En);
    assert_eq!(code(unlock("the first one")), "passphrase_wrong");
    unlock("the second one").unwrap();
    let (changed, _) = bench.open(&again).unwrap();
    assert_eq!(changed.db_key, Secret::new([2; 32]));
    assert_eq!(changed.visitor_seed, first.visitor_seed);

    let now = passphrase("the second one");
    let moved = use_keyring(&again, &bench.profile, Some(&now), Locale::En).unwrap();
    assert_eq!((moved.place, bench.sealed()), (SecretsPlace::Keyring, None));
    assert_eq!(bench.start(&paper).unwrap().0, changed);
}

#[test]
fn a_keyring_that_refuses_leaves_the_keys_where_they_are() {
    for (mood, said) in
        [(Mood::Absent, "no_keyring"), (Mood::Denied, "keyring_refuses"), (Mood::Full, "keyring_refuses")]
    {
        let (bench, paper) = (Bench::new(), Paper::in_mood(mood));
        let safe = paper.safe();
        choose_passphrase(&safe, &bench.profile, &passphrase("long enough"), Locale::En).unwrap();
        let now = passphrase("long enough");
        assert_eq!(code(use_keyring(&safe, &bench.profile, Some(&now), Locale::En)), said);
        assert_eq!(settings(&safe, &bench.profile).place, SecretsPlace::Passphrase);
        safe.change(|secrets| secrets.db_key = Secret::new([3; 32]));
        safe.settle();
        let again = paper.safe();
        unlock(&again, &bench.profile, &now, Locale::En).unwrap();
        assert_eq!(bench.open(&again).unwrap().0.db_key, Secret::new([3; 32]));
    }
}

#[test]
fn a_keyring_that_keeps_its_copy_is_said() {
    let (bench, paper) = (Bench::new(), Paper::default());
    let safe = paper.safe();
    bench.open(&safe).unwrap();
    paper.turn(Mood::Denied);
    let moved = set_passphrase(&safe, &bench.profile, (None, &passphrase("long enough")), Locale::En);
    assert_eq!(code(moved), "keyring_keeps");
    assert_eq!(settings(&safe, &bench.profile).place, SecretsPlace::Passphrase, "sealed all the same");
    paper.turn(Mood::Open);
    assert_eq!(bench.asks(&paper), SecretsTrouble::Sealed);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_what_was_sealed_stays() {
    let (bench, paper) = (Bench::new(), Paper::in_mood(Mood::Absent));
    let safe = paper.safe();
    choose_passphrase(&safe, &bench.profile, &passphrase("long enough"), Locale::En).unwrap();
    let before = bench.sealed();
    // Every draft runs full.
    let draft = bench.profile.folder.join(format!("{}.new", sealed_file::FILE));
    std::os::unix::fs::symlink("/dev/full", &draft).unwrap();
    let now = passphrase("long enough");
    let moved = set_passphrase(&safe, &bench.profile, (Some(&now), &passphrase("another one")), Locale::En);
    assert_eq!(code(moved), "disk_full");
    assert!(!safe.keep(&ProfileSecrets::generate(Locale::En).unwrap()));
    assert_eq!(bench.sealed(), before);
    fs::remove_file(draft).unwrap();
    let again = paper.safe();
    unlock(&again, &bench.profile, &now, Locale::En).unwrap();
    assert_eq!(bench.open(&again).unwrap().0, bench.open(&safe).unwrap().0, "a refused change is undone");
}

#[test]
fn changed_secrets_that_are_not_kept_are_as_before() {
    let (bench, paper) = (Bench::new(), Paper::default());
    let safe = paper.safe();
    let (before, _) = bench.open(&safe).unwrap();
    paper.turn(Mood::Denied);
    assert!(!safe.keep(&ProfileSecrets::generate(Locale::En).unwrap()));
    assert_eq!(bench.open(&safe).unwrap().0, before);
    paper.turn(Mood::Open);
    let other = ProfileSecrets::generate(Locale::En).unwrap();
    assert!(safe.keep(&other));
    assert_eq!(bench.start(&paper).unwrap().0, other);
}

#[test]
fn whoever_begins_anew_loses_nothing_and_starts_with_other_keys() {
    let (bench, paper) = (Bench::new(), Paper::in_mood(Mood::Absent));
    let safe = paper.safe();
    choose_passphrase(&safe, &bench.profile, &passphrase("long enough"), Locale::En).unwrap();
    let (old, _) = bench.open(&safe).unwrap();
    fs::write(bench.profile.folder.join("client-1.db"), "sealed").unwrap();
    let sealed = bench.sealed().unwrap();
    let safe = paper.safe();
    begin_anew(&safe, &bench.profile, Locale::En).unwrap();
    assert!(!bench.profile.has_history());
    choose_passphrase(&safe, &bench.profile, &passphrase("another one"), Locale::En).unwrap();
    assert_ne!(bench.open(&safe).unwrap().0, old);
    let aside: Vec<_> = fs::read_dir(&bench.profile.folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    let [aside] = aside.as_slice() else { panic!("{aside:?}") };
    assert_eq!(fs::read(aside.join(sealed_file::FILE)).unwrap(), sealed);
    assert_eq!(fs::read(aside.join("client-1.db")).unwrap(), b"sealed");
}

#[test]
fn what_is_forgotten_is_nowhere_and_comes_back_from_nowhere() {
    let (bench, paper) = (Bench::new(), Paper::default());
    let safe = paper.safe();
    bench.open(&safe).unwrap();
    forget(&safe, &bench.profile, Locale::En).unwrap();
    assert_eq!(paper.text(), None);
    safe.change(|secrets| secrets.db_key = Secret::new([4; 32]));
    assert!(!safe.keep(&ProfileSecrets::generate(Locale::En).unwrap()));
    safe.settle();
    assert_eq!((paper.text(), bench.sealed()), (None, None));

    choose_passphrase(&safe, &bench.profile, &passphrase("long enough"), Locale::En).unwrap();
    forget(&safe, &bench.profile, Locale::En).unwrap();
    safe.change(|secrets| secrets.db_key = Secret::new([5; 32]));
    safe.settle();
    assert_eq!(bench.sealed(), None);

    paper.put("strange");
    forget(&paper.safe(), &bench.profile, Locale::En).unwrap();
    assert_eq!(paper.text(), None, "an entry that was not even opened goes, too");
}

#[test]
fn a_keyring_that_does_not_let_go_is_said() {
    let (bench, paper) = (Bench::new(), Paper::default());
    let safe = paper.safe();
    bench.open(&safe).unwrap();
    paper.turn(Mood::Silent);
    assert_eq!(code(forget(&safe, &bench.profile, Locale::En)), "keyring_keeps");
    // One that this run has no part in is not asked for its password.
    let begun = Instant::now();
    forget(&paper.safe(), &bench.profile, Locale::En).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn threats_44_debug_shows_no_secret() {
    let shown = format!("{:?}", EntryText(Zeroizing::new("db_key 0707".to_owned())));
    assert_eq!(shown, "EntryText(…)");
    let bench = Bench::new();
    let secrets = ProfileSecrets::generate(Locale::En).unwrap();
    let file = sealed_file::create(&bench.profile, &passphrase("long enough"), &secrets).unwrap();
    let shown = format!("{file:?}");
    assert!(shown.contains("SealedFile") && !shown.contains("key") && !shown.contains("long"), "{shown}");
}
