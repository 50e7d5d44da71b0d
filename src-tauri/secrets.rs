//! The profile's keys and tokens: one entry of the OS keyring.
//!
//! What must always hold: nobody waits for the keyring longer than the limit, because a locked one asks the person
//! and may never answer; the entry is written before the first file that needs it; a file whose key is not to be
//! found stays as it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use deskbell_api::dto::{Locale, Problem};
use deskbell_api::profile::{Keep, ProfileSecrets};

use crate::problem;
use crate::profile::Profile;

const SERVICE: &str = "deskbell";
/// How long the start waits for the keyring.
const PATIENCE: Duration = Duration::from_secs(10);

/// The entry, as the operating system keeps it.
pub(crate) trait Entry: Send + 'static {
    /// The text, if there is one.
    fn read(&self) -> keyring::Result<String>;
    /// Replaces the text.
    fn write(&self, text: &str) -> keyring::Result<()>;
}

/// What the keyring has for a profile.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Text(String),
    Nothing,
    /// It is there and does not open.
    Locked,
    /// This computer, or this session, has none.
    Absent,
}

/// One thread makes every call, in order; it may be stuck in one for ever without stopping the program.
#[derive(Clone)]
pub(crate) struct Keyring {
    jobs: Sender<Job>,
    patience: Duration,
    /// It let somebody wait for nothing: the end of the program does not wait again.
    silent: Arc<AtomicBool>,
}

type Job = Box<dyn FnOnce(&dyn Entry) + Send>;

struct OsEntry {
    user: String,
}

impl Entry for OsEntry {
    fn read(&self) -> keyring::Result<String> {
        keyring::Entry::new(SERVICE, &self.user)?.get_password()
    }

    fn write(&self, text: &str) -> keyring::Result<()> {
        keyring::Entry::new(SERVICE, &self.user)?.set_password(text)
    }
}

impl Keyring {
    /// The profile's entry in this session's keyring.
    pub(crate) fn of(profile: &Profile) -> Self {
        Self::over(OsEntry { user: profile.keyring_user.clone() }, PATIENCE)
    }

    fn over(entry: impl Entry, patience: Duration) -> Self {
        let (jobs, queue): (Sender<Job>, Receiver<Job>) = mpsc::channel();
        let thread = thread::Builder::new().name("keyring".to_owned());
        if let Err(error) = thread.spawn(move || queue.into_iter().for_each(|job| job(&entry))) {
            tracing::warn!(%error, "no thread for the keyring");
        }
        Self { jobs, patience, silent: Arc::default() }
    }

    fn read(&self) -> Found {
        match self.ask(|entry| entry.read()) {
            Some(Ok(text)) => Found::Text(text),
            Some(Err(keyring::Error::NoEntry)) => Found::Nothing,
            Some(Err(keyring::Error::NoStorageAccess(_))) | None => Found::Locked,
            Some(Err(error)) => {
                tracing::info!(kind = kind(&error), "no keyring");
                Found::Absent
            }
        }
    }

    /// Writes and waits; `false` if it is not known to be kept.
    fn write(&self, text: String) -> bool {
        match self.ask(move |entry| entry.write(&text)) {
            Some(Ok(())) => true,
            Some(Err(error)) => {
                tracing::warn!(kind = kind(&error), "the keyring keeps nothing");
                false
            }
            None => false,
        }
    }

    /// Writes after everything that was asked before, without waiting.
    pub(crate) fn write_later(&self, text: String) {
        let job: Job = Box::new(move |entry| {
            if let Err(error) = entry.write(&text) {
                tracing::warn!(kind = kind(&error), "the keyring did not take a new entry");
            }
        });
        drop(self.jobs.send(job));
    }

    /// Waits until what was to be written is written.
    pub(crate) fn settle(&self) {
        if !self.silent.load(Ordering::Relaxed) {
            let _ = self.ask(|_| ());
        }
    }

    /// `None`: no answer in time.
    fn ask<T: Send + 'static>(&self, job: impl FnOnce(&dyn Entry) -> T + Send + 'static) -> Option<T> {
        let (done, answer) = mpsc::channel();
        self.jobs.send(Box::new(move |entry| drop(done.send(job(entry))))).ok()?;
        let answer = answer.recv_timeout(self.patience);
        self.silent.store(answer.is_err(), Ordering::Relaxed);
        answer.ok()
    }
}

/// The profile's secrets, made at the first start, and whether anything may be kept on the disk.
pub(crate) fn load(
    profile: &Profile,
    keyring: &Keyring,
    locale: Locale,
) -> Result<(ProfileSecrets, Keep), Problem> {
    let disk = || Keep::Disk { folder: profile.folder.clone() };
    match keyring.read() {
        Found::Text(text) => match ProfileSecrets::from_json(&text) {
            Ok(secrets) => Ok((secrets, disk())),
            Err(_) => Err(problem::say("key_missing", locale)),
        },
        Found::Nothing if profile.has_history() => Err(problem::say("key_missing", locale)),
        Found::Locked if profile.has_history() => Err(problem::say("keyring_timeout", locale)),
        Found::Nothing => {
            let secrets = ProfileSecrets::generate(locale)?;
            let kept = keep(keyring, &secrets);
            Ok((secrets, if kept { disk() } else { Keep::SessionOnly }))
        }
        Found::Locked | Found::Absent => Ok((ProfileSecrets::generate(locale)?, Keep::SessionOnly)),
    }
}

/// Keeps changed secrets; `false` if it is not known that they are kept.
pub(crate) fn keep(keyring: &Keyring, secrets: &ProfileSecrets) -> bool {
    secrets.to_json().is_ok_and(|text| keyring.write(text.to_string()))
}

/// The error's name alone: its text may hold what was read.
fn kind(error: &keyring::Error) -> &'static str {
    match error {
        keyring::Error::PlatformFailure(_) => "platform failure",
        keyring::Error::NoStorageAccess(_) => "no access",
        keyring::Error::NoDefaultStore => "no store",
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => "unreadable",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Instant;

    use super::*;

    /// A keyring in memory, or one that answers always the same.
    #[derive(Clone, Default)]
    struct Paper {
        text: Arc<Mutex<Option<String>>>,
        mood: Mood,
    }

    #[derive(Clone, Copy, Default)]
    enum Mood {
        #[default]
        Open,
        Absent,
        Locked,
        Silent,
        Full,
    }

    impl Paper {
        fn in_mood(mood: Mood) -> Self {
            Self { mood, ..Self::default() }
        }

        fn answer(&self) -> keyring::Result<()> {
            match self.mood {
                Mood::Open | Mood::Full => Ok(()),
                Mood::Absent => Err(keyring::Error::NoDefaultStore),
                Mood::Locked => Err(keyring::Error::NoStorageAccess("locked".into())),
                Mood::Silent => loop {
                    thread::park();
                },
            }
        }

        fn keyring(&self) -> Keyring {
            let patience = match self.mood {
                Mood::Silent => Duration::from_millis(20),
                _ => PATIENCE,
            };
            Keyring::over(self.clone(), patience)
        }
    }

    impl Entry for Paper {
        fn read(&self) -> keyring::Result<String> {
            self.answer()?;
            self.text.lock().unwrap().clone().ok_or(keyring::Error::NoEntry)
        }

        fn write(&self, text: &str) -> keyring::Result<()> {
            self.answer()?;
            if matches!(self.mood, Mood::Full) {
                return Err(keyring::Error::PlatformFailure("full".into()));
            }
            *self.text.lock().unwrap() = Some(text.to_owned());
            Ok(())
        }
    }

    fn profile() -> (tempfile::TempDir, Profile) {
        let data = tempfile::tempdir().unwrap();
        let profile = Profile::open("anna", Some(data.path())).unwrap();
        (data, profile)
    }

    fn load_from(profile: &Profile, paper: &Paper) -> Result<(ProfileSecrets, Keep), Problem> {
        load(profile, &paper.keyring(), Locale::En)
    }

    #[test]
    fn secrets_are_made_once_and_come_back() {
        let ((_data, profile), paper) = (profile(), Paper::default());
        let (made, keep) = load_from(&profile, &paper).unwrap();
        assert_eq!(keep, Keep::Disk { folder: profile.folder.clone() });
        assert!(paper.text.lock().unwrap().is_some(), "written before any file");
        assert_eq!(load_from(&profile, &paper).unwrap().0, made);
    }

    #[test]
    fn without_a_keyring_nothing_is_kept() {
        for mood in [Mood::Absent, Mood::Locked, Mood::Silent, Mood::Full] {
            let (_data, profile) = profile();
            assert_eq!(load_from(&profile, &Paper::in_mood(mood)).unwrap().1, Keep::SessionOnly);
        }
    }

    #[test]
    fn a_history_without_its_key_is_left_alone() {
        let (_data, profile) = profile();
        std::fs::write(profile.folder.join("client-1.db"), "sealed").unwrap();
        let code = |paper: &Paper| load_from(&profile, paper).unwrap_err().code;
        assert_eq!(code(&Paper::default()), "key_missing");
        assert_eq!(code(&Paper::in_mood(Mood::Locked)), "keyring_timeout");
        assert_eq!(code(&Paper::in_mood(Mood::Silent)), "keyring_timeout");
        let strange = Paper::default();
        *strange.text.lock().unwrap() = Some("strange".to_owned());
        assert_eq!(code(&strange), "key_missing");
        assert_eq!(strange.text.lock().unwrap().as_deref(), Some("strange"));
        assert_eq!(std::fs::read(profile.folder.join("client-1.db")).unwrap(), b"sealed");
    }

    #[test]
    fn a_silent_keyring_is_waited_for_once() {
        let keyring = Keyring::over(Paper::in_mood(Mood::Silent), Duration::from_millis(200));
        assert_eq!(keyring.read(), Found::Locked);
        let asked = Instant::now();
        keyring.settle();
        assert!(asked.elapsed() < Duration::from_millis(150));
    }

    #[test]
    fn a_later_write_is_there_when_it_is_settled() {
        let paper = Paper::default();
        let keyring = paper.keyring();
        keyring.write_later("one".to_owned());
        keyring.write_later("two".to_owned());
        keyring.settle();
        assert_eq!(paper.text.lock().unwrap().as_deref(), Some("two"));
    }
}
