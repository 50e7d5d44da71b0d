//! Where this run keeps the profile's secrets, once they are open.
//!
//! What must always hold: the secrets here are the newest; every change goes where they are kept, in order, without
//! making a session wait; moving them leaves the old place only when the new one has them; forgotten ones are written
//! nowhere any more.

use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deskbell_api::dto::{SecretsPlace, SecretsTrouble};
use deskbell_api::profile::{Passphrase, ProfileSecrets};

use super::entry::{Entry, EntryError, EntryText, KeyringEntry, KeyringState};
use super::lane::Lane;
use super::sealed_file::{self, SealedFile};
use crate::profile::Profile;

/// How long a keyring or a disk may take that waits for nobody.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long a person may take at the system's question, where the app's window waits for the answer.
const AT_THE_QUESTION: Duration = Duration::from_secs(30);

/// The secrets and where they are; clones are the same one.
#[derive(Clone)]
pub(crate) struct Safe {
    keyring: Arc<dyn KeyringEntry>,
    patience: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    open: Option<Open>,
    /// Made at a first start for a keyring that has not answered yet: should it take them late, they are the same.
    fresh: Option<ProfileSecrets>,
    late: Option<Late>,
}

struct Open {
    secrets: ProfileSecrets,
    place: SecretsPlace,
    /// Nothing in a session that keeps nothing.
    kept: Option<Kept>,
}

/// What keeps them, and the thread that it is asked on.
type Kept = (Arc<dyn Entry>, Lane);

impl Open {
    fn write_later(&self) {
        let Some((entry, lane)) = &self.kept else { return };
        let (entry, secrets) = (entry.clone(), self.secrets.clone());
        lane.later(move || {
            if let Err(error) = entry.write(&secrets) {
                tracing::error!(?error, "changed keys are not kept");
            }
        });
    }
}

/// What a reading comes to.
enum Step {
    /// The system asks the person.
    Waits,
    Done(Result<Option<EntryText>, EntryError>),
}

/// A keyring that was asked and had not answered when it was to.
pub(crate) struct Late(Receiver<Step>);

impl Late {
    /// Waits for the answer, for ever if need be; `true`: the keyring is open now.
    pub(crate) fn opens(self) -> bool {
        self.0.into_iter().any(|step| matches!(step, Step::Done(Ok(_))))
    }
}

impl Safe {
    /// The profile's, closed.
    pub(crate) fn of(profile: &Profile) -> Self {
        Self::over(super::keyring::entry(profile), PATIENCE)
    }

    pub(super) fn over(keyring: Arc<dyn KeyringEntry>, patience: Duration) -> Self {
        Self { keyring, patience, state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The secrets and their place, if they are open.
    pub(super) fn opened(&self) -> Option<(ProfileSecrets, SecretsPlace)> {
        self.state().open.as_ref().map(|open| (open.secrets.clone(), open.place))
    }

    /// Where they are, if they are open.
    pub(crate) fn place(&self) -> Option<SecretsPlace> {
        self.state().open.as_ref().map(|open| open.place)
    }

    fn fill(&self, secrets: ProfileSecrets, place: SecretsPlace, kept: Option<Kept>) {
        *self.state() = State { open: Some(Open { secrets, place, kept }), ..State::default() };
    }

    /// From now on they are these, for this session.
    pub(super) fn fill_for_session(&self, secrets: ProfileSecrets) {
        self.fill(secrets, SecretsPlace::Session, None);
    }

    /// From now on they are these, in a file.
    pub(super) fn fill_sealed(&self, secrets: ProfileSecrets, file: SealedFile) {
        self.fill(secrets, SecretsPlace::Passphrase, Some((Arc::new(file), Lane::start("sealed keys"))));
    }

    /// Opens what the keyring has.
    pub(super) fn fill_from_keyring(&self) -> Result<Found, SecretsTrouble> {
        let lane = Lane::start("keyring");
        match self.read(&lane)? {
            None => Ok(Found::Nothing(lane)),
            Some(text) => match ProfileSecrets::from_json(&text.0) {
                Ok(secrets) => {
                    self.fill(secrets, SecretsPlace::Keyring, Some((self.keyring.clone(), lane)));
                    Ok(Found::Secrets)
                }
                Err(_) => Ok(Found::Strange),
            },
        }
    }

    fn read(&self, lane: &Lane) -> Result<Option<EntryText>, SecretsTrouble> {
        let (keyring, (steps, coming)) = (self.keyring.clone(), mpsc::channel());
        lane.later(move || {
            let done = keyring.read(&|| drop(steps.send(Step::Waits)));
            drop(steps.send(Step::Done(done)));
        });
        match coming.recv_timeout(self.patience) {
            Ok(Step::Done(read)) => read.map_err(trouble),
            Ok(Step::Waits) | Err(_) => {
                self.state().late = Some(Late(coming));
                Err(SecretsTrouble::Locked)
            }
        }
    }

    /// The answer that the keyring still owes.
    pub(crate) fn take_late(&self) -> Option<Late> {
        self.state().late.take()
    }

    /// Makes secrets and has the keyring keep them.
    pub(super) fn make_in_keyring(
        &self,
        lane: Lane,
        made: impl FnOnce() -> ProfileSecrets,
    ) -> Result<(), SecretsTrouble> {
        let secrets = self.state().fresh.get_or_insert_with(made).clone();
        let (entry, written): (Arc<dyn Entry>, _) = (self.keyring.clone(), secrets.clone());
        let asked = lane.ask(self.patience, {
            let entry = entry.clone();
            move || entry.write(&written)
        });
        match asked {
            Some(Ok(())) => {
                self.fill(secrets, SecretsPlace::Keyring, Some((entry, lane)));
                Ok(())
            }
            Some(Err(error)) => Err(trouble(error)),
            None => Err(SecretsTrouble::Locked),
        }
    }

    /// Changes them, here and, a little later, where they are kept. Waits for nothing.
    pub(crate) fn change(&self, change: impl FnOnce(&mut ProfileSecrets)) {
        if let Some(open) = &mut self.state().open {
            change(&mut open.secrets);
            open.write_later();
        }
    }

    /// Replaces them and waits; `false`: it is not known that they are kept, so they are as before.
    pub(crate) fn keep(&self, secrets: &ProfileSecrets) -> bool {
        let Some((before, kept)) = self.replace(secrets.clone()) else { return false };
        let Some((entry, lane)) = kept else { return true };
        let written = secrets.clone();
        let done = lane.ask(self.patience, move || entry.write(&written)) == Some(Ok(()));
        if !done {
            self.replace(before);
        }
        done
    }

    fn replace(&self, secrets: ProfileSecrets) -> Option<(ProfileSecrets, Option<Kept>)> {
        let mut state = self.state();
        let open = state.open.as_mut()?;
        Some((std::mem::replace(&mut open.secrets, secrets), open.kept.clone()))
    }

    /// Waits until what was to be kept is kept.
    pub(crate) fn settle(&self) {
        let lane =
            self.state().open.as_ref().and_then(|open| open.kept.as_ref()).map(|(_, lane)| lane.clone());
        lane.iter().for_each(|lane| lane.settle(self.patience));
    }

    /// Is the keyring there, and open? Asks nobody, and takes seconds at most.
    pub(crate) fn keyring_state(&self) -> KeyringState {
        let keyring = self.keyring.clone();
        Lane::start("keyring").ask(self.patience, move || keyring.state()).unwrap_or(KeyringState::Locked)
    }

    /// Seals them under a new passphrase from now on. `now`: the passphrase that is in force, if one is.
    ///
    /// # Errors
    /// A problem's code; but for `keyring_keeps`, where the new passphrase is in force, nothing has changed.
    pub(super) fn seal(
        &self,
        profile: &Profile,
        now: Option<&Passphrase>,
        new: &Passphrase,
    ) -> Result<(), &'static str> {
        self.prove(profile, now)?;
        let (secrets, from) = self.opened().ok_or("starting")?;
        let file = sealed_file::create(profile, new, &secrets)?;
        let kept = (Arc::new(file) as Arc<dyn Entry>, Lane::start("sealed keys"));
        match self.swap(&secrets, SecretsPlace::Passphrase, kept) {
            Some((entry, lane)) if from == SecretsPlace::Keyring => {
                let gone = lane.ask(self.patience, move || entry.remove());
                if gone == Some(Ok(())) { Ok(()) } else { Err("keyring_keeps") }
            }
            _ => Ok(()),
        }
    }

    /// They are kept elsewhere from now on; gives where they were. What changed meanwhile is written again.
    fn swap(&self, written: &ProfileSecrets, place: SecretsPlace, kept: Kept) -> Option<Kept> {
        let mut state = self.state();
        let open = state.open.as_mut()?;
        open.place = place;
        let before = open.kept.replace(kept);
        if open.secrets != *written {
            open.write_later();
        }
        before
    }

    /// Has the keyring keep them from now on.
    ///
    /// # Errors
    /// A problem's code; nothing has changed then.
    pub(super) fn give_to_keyring(
        &self,
        profile: &Profile,
        now: Option<&Passphrase>,
    ) -> Result<(), &'static str> {
        self.prove(profile, now)?;
        let lane = Lane::start("keyring");
        let keyring = self.keyring.clone();
        // First the person, who may never answer; only then is anything written.
        match lane.ask(AT_THE_QUESTION, move || keyring.read(&|| {}).map(drop)) {
            Some(Ok(())) => {}
            Some(Err(error)) => return Err(refused(error)),
            None => return Err("keyring_timeout"),
        }
        let (secrets, _) = self.opened().ok_or("starting")?;
        let (entry, written): (Arc<dyn Entry>, _) = (self.keyring.clone(), secrets.clone());
        if lane.ask(self.patience, move || entry.write(&written)) != Some(Ok(())) {
            return Err("keyring_refuses");
        }
        let before = self.swap(&secrets, SecretsPlace::Keyring, (self.keyring.clone(), lane));
        // A file that stays is the one that counts.
        sealed_file::remove(&profile.folder).map_err(|_| {
            if let Some(before) = before {
                self.swap(&secrets, SecretsPlace::Passphrase, before);
            }
            "store_io"
        })
    }

    /// Whoever moves sealed keys knows their passphrase: the program may stand open on a desk.
    fn prove(&self, profile: &Profile, now: Option<&Passphrase>) -> Result<(), &'static str> {
        match self.place() {
            Some(SecretsPlace::Passphrase) => {
                sealed_file::open(profile, now.ok_or("passphrase_wrong")?).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Forgets them wherever they are: from now on nothing is written.
    ///
    /// # Errors
    /// `keyring_keeps`: the keyring did not let go of its entry; `store_io`: the file is still there.
    pub(super) fn forget(&self, profile: &Profile) -> Result<(), &'static str> {
        let open = std::mem::take(&mut *self.state()).open;
        let sealed = sealed_file::remove(&profile.folder).map_err(|_| "store_io");
        let lane = open.and_then(|open| (open.place == SecretsPlace::Keyring).then_some(open.kept)?);
        let gone = match lane {
            Some((entry, lane)) => lane.ask(self.patience, move || entry.remove()),
            // What a locked keyring may have it is not asked for: nobody put anything there in this run.
            None if self.keyring_state() != KeyringState::Open => Some(Ok(())),
            None => {
                let keyring = self.keyring.clone();
                Lane::start("keyring").ask(self.patience, move || keyring.remove())
            }
        };
        if gone == Some(Ok(())) { sealed } else { Err("keyring_keeps") }
    }
}

/// What an open keyring has.
pub(super) enum Found {
    /// The profile's secrets, which are open now.
    Secrets,
    /// Something that this program cannot read.
    Strange,
    /// Nothing; it answers on this lane.
    Nothing(Lane),
}

fn trouble(error: EntryError) -> SecretsTrouble {
    match error {
        EntryError::Absent => SecretsTrouble::Absent,
        EntryError::Denied | EntryError::Full | EntryError::Failed => SecretsTrouble::Denied,
    }
}

fn refused(error: EntryError) -> &'static str {
    match error {
        EntryError::Absent => "no_keyring",
        EntryError::Denied | EntryError::Full | EntryError::Failed => "keyring_refuses",
    }
}
