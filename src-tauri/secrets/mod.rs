//! The profile's keys and tokens: in an entry of the OS keyring, in a file that a passphrase opens, or in this session
//! alone.
//!
//! What must always hold: nobody waits for the keyring longer than the limit, because a locked one asks the person and
//! may never answer; secrets are kept before the first file that needs them is written; a file whose key is not to be
//! found stays as it is; where nothing keeps the secrets, the person decides what becomes of them.

mod aside;
mod entry;
mod keyring;
mod lane;
mod safe;
mod sealed_file;

use deskbell_api::dto::{Locale, Problem, SecretsPlace, SecretsQuestion, SecretsSettings, SecretsTrouble};
use deskbell_api::profile::{Keep, Passphrase, ProfileSecrets};

pub(crate) use entry::KeyringState;
pub(crate) use safe::{Late, Safe};

use crate::problem;
use crate::profile::Profile;
use safe::Found;

/// Why the secrets are not open.
#[derive(Debug)]
pub(crate) enum Shut {
    /// The person must decide first.
    Asks(SecretsQuestion),
    /// They cannot be.
    Failed(Problem),
}

impl From<Problem> for Shut {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

/// The profile's secrets, made at the first start, and whether anything may be kept on the disk.
pub(crate) fn open(
    safe: &Safe,
    profile: &Profile,
    session_only: bool,
    locale: Locale,
) -> Result<(ProfileSecrets, Keep), Shut> {
    if safe.opened().is_none() {
        if session_only {
            for_session(safe, locale).map_err(Shut::Failed)?;
        } else {
            fill(safe, profile, locale)?;
        }
    }
    let (secrets, place) = safe.opened().ok_or_else(|| Shut::Failed(problem::say("unexpected", locale)))?;
    let disk = || Keep::Disk { folder: profile.folder.clone() };
    Ok((secrets, if place == SecretsPlace::Session { Keep::SessionOnly } else { disk() }))
}

/// A sealed file counts before any keyring: whoever chose a passphrase wants to be asked for it.
fn fill(safe: &Safe, profile: &Profile, locale: Locale) -> Result<(), Shut> {
    let asks = |why| Shut::Asks(question(profile, why));
    if sealed_file::is_there(profile) {
        return Err(asks(SecretsTrouble::Sealed));
    }
    match safe.fill_from_keyring().map_err(asks)? {
        Found::Secrets => Ok(()),
        Found::Nothing(lane) if !profile.has_history() => {
            let made = ProfileSecrets::generate(locale).map_err(Shut::Failed)?;
            safe.make_in_keyring(lane, || made).map_err(asks)
        }
        Found::Nothing(_) | Found::Strange => Err(asks(SecretsTrouble::Missing)),
    }
}

/// What the person is asked.
pub(crate) fn question(profile: &Profile, why: SecretsTrouble) -> SecretsQuestion {
    SecretsQuestion { why, history: profile.has_history(), desk: profile.has_desk() }
}

/// Opens the sealed file.
///
/// # Errors
/// `passphrase_wrong`, `sealed_damaged`, `sealed_newer`, `store_io`, `no_memory`.
pub(crate) fn unlock(
    safe: &Safe,
    profile: &Profile,
    passphrase: &Passphrase,
    locale: Locale,
) -> Result<(), Problem> {
    let opened = sealed_file::open(profile, passphrase);
    let (file, secrets) = opened.map_err(|code| problem::say(code, locale))?;
    safe.fill_sealed(secrets, file);
    Ok(())
}

/// Makes new secrets, sealed under a passphrase.
///
/// # Errors
/// `passphrase_unfit`, `disk_full`, `store_io`, `no_random`, `no_memory`; `secrets_fixed` where there is something on
/// the disk that other secrets open.
pub(crate) fn choose_passphrase(
    safe: &Safe,
    profile: &Profile,
    passphrase: &Passphrase,
    locale: Locale,
) -> Result<(), Problem> {
    if profile.has_history() || sealed_file::is_there(profile) {
        return Err(problem::say("secrets_fixed", locale));
    }
    let secrets = ProfileSecrets::generate(locale)?;
    let file = sealed_file::create(profile, passphrase, &secrets);
    safe.fill_sealed(secrets, file.map_err(|code| problem::say(code, locale))?);
    Ok(())
}

/// Makes new secrets, for this session alone.
///
/// # Errors
/// `no_random`.
pub(crate) fn for_session(safe: &Safe, locale: Locale) -> Result<(), Problem> {
    safe.fill_for_session(ProfileSecrets::generate(locale)?);
    Ok(())
}

/// Sets what is on the disk aside, so that the program can begin anew. Keys that are open stay.
///
/// # Errors
/// `store_io`: what had been moved until then is in its new folder.
pub(crate) fn begin_anew(safe: &Safe, profile: &Profile, locale: Locale) -> Result<(), Problem> {
    aside::set_aside(profile, safe.place().is_none()).map_err(|error| {
        tracing::error!(kind = ?error.kind(), "the old data was not set aside");
        problem::say("store_io", locale)
    })
}

/// Where the secrets are, for the settings.
pub(crate) fn settings(safe: &Safe, profile: &Profile) -> SecretsSettings {
    let place = safe.place().unwrap_or(SecretsPlace::Session);
    let foreign = profile.has_history() || sealed_file::is_there(profile);
    SecretsSettings { place, fixed: place == SecretsPlace::Session && foreign }
}

/// Seals the secrets under a new passphrase, wherever they were. `now`: the passphrase that is in force, if one is.
///
/// # Errors
/// As [`choose_passphrase`]; `passphrase_wrong` for `now`; `keyring_keeps`: sealed, but the keyring has its copy still.
pub(crate) fn set_passphrase(
    safe: &Safe,
    profile: &Profile,
    (now, new): (Option<&Passphrase>, &Passphrase),
    locale: Locale,
) -> Result<SecretsSettings, Problem> {
    moved(safe, profile, locale, |safe| safe.seal(profile, now, new))
}

/// Moves the secrets into the keyring.
///
/// # Errors
/// `no_keyring`, `keyring_refuses`, `keyring_timeout`, `passphrase_wrong`, `secrets_fixed`, `store_io`.
pub(crate) fn use_keyring(
    safe: &Safe,
    profile: &Profile,
    now: Option<&Passphrase>,
    locale: Locale,
) -> Result<SecretsSettings, Problem> {
    moved(safe, profile, locale, |safe| safe.give_to_keyring(profile, now))
}

fn moved(
    safe: &Safe,
    profile: &Profile,
    locale: Locale,
    to: impl FnOnce(&Safe) -> Result<(), &'static str>,
) -> Result<SecretsSettings, Problem> {
    let fixed = settings(safe, profile).fixed;
    let moved = if fixed { Err("secrets_fixed") } else { to(safe) };
    moved.map(|()| settings(safe, profile)).map_err(|code| problem::say(code, locale))
}

/// Forgets the secrets wherever they are, and writes none from now on.
///
/// # Errors
/// `keyring_keeps`: the keyring did not let go of its entry; `store_io`: the sealed file is still there.
pub(crate) fn forget(safe: &Safe, profile: &Profile, locale: Locale) -> Result<(), Problem> {
    safe.forget(profile).map_err(|code| problem::say(code, locale))
}

/// Is it the name of something that is kept here in a profile's folder?
pub(crate) fn is_ours(name: &str) -> bool {
    name == sealed_file::FILE || name.starts_with(aside::FOLDER)
}

#[cfg(test)]
mod tests;
