//! The Secret Service of a Linux desktop.
//!
//! Not by the crate `keyring`, which elsewhere does the same: it has one connection for the whole program, which a locked
//! keyring blocks for ever once it was asked, and it remembers for ever that there was no keyring. Here every attempt
//! has its own. The attributes are those of that crate.

use std::collections::HashMap;

use deskbell_api::profile::ProfileSecrets;
use secret_service::blocking::{Collection, Item, SecretService};
use secret_service::{EncryptionType, Error};
use zeroize::Zeroizing;

use super::SERVICE;
use crate::secrets::entry::{Entry, EntryError, EntryText, KeyringEntry, KeyringState};

pub(super) struct OsEntry {
    user: String,
}

impl OsEntry {
    pub(super) fn new(user: String) -> Self {
        Self { user }
    }

    fn attributes(&self) -> HashMap<&str, &str> {
        HashMap::from([("service", SERVICE), ("username", self.user.as_str())])
    }

    /// The entry, opened; where it is not to be seen, it may be in a keyring that is locked.
    fn find<'a>(
        &self,
        service: &'a SecretService<'a>,
        waits: &dyn Fn(),
    ) -> Result<Option<Item<'a>>, EntryError> {
        if let Some(item) = self.seen(service, waits)? {
            return Ok(Some(item));
        }
        if default_keyring(service, waits)? { self.seen(service, waits) } else { Ok(None) }
    }

    fn seen<'a>(
        &self,
        service: &'a SecretService<'a>,
        waits: &dyn Fn(),
    ) -> Result<Option<Item<'a>>, EntryError> {
        let found = service.search_items(self.attributes()).map_err(read)?;
        if let Some(item) = found.unlocked.into_iter().next() {
            return Ok(Some(item));
        }
        let Some(item) = found.locked.into_iter().next() else { return Ok(None) };
        waits();
        item.unlock().map_err(read)?;
        Ok(Some(item))
    }
}

impl Entry for OsEntry {
    fn write(&self, secrets: &ProfileSecrets) -> Result<(), EntryError> {
        let text = secrets.to_json().map_err(|_| EntryError::Failed)?;
        let service = connect()?;
        default_keyring(&service, &|| {})?;
        let keyring = service.get_default_collection().map_err(read)?;
        let label = format!("Deskbell: {}", self.user);
        let made = keyring.create_item(&label, self.attributes(), text.as_bytes(), true, "text/plain");
        made.map(drop).map_err(read)
    }

    fn remove(&self) -> Result<(), EntryError> {
        let service = connect()?;
        let found = service.search_items(self.attributes()).map_err(read)?;
        for item in found.unlocked.iter().chain(&found.locked) {
            item.ensure_unlocked().or_else(|_| item.unlock()).map_err(read)?;
            item.delete().map_err(read)?;
        }
        Ok(())
    }
}

impl KeyringEntry for OsEntry {
    fn read(&self, waits: &dyn Fn()) -> Result<Option<EntryText>, EntryError> {
        let service = connect()?;
        let Some(item) = self.find(&service, waits)? else { return Ok(None) };
        let bytes = item.get_secret().map_err(read)?;
        // One that is no text is not ours, and as strange as any other.
        Ok(Some(EntryText(Zeroizing::new(String::from_utf8(bytes).unwrap_or_default()))))
    }

    fn state(&self) -> KeyringState {
        let Ok(service) = connect() else { return KeyringState::Absent };
        match service.get_default_collection().and_then(|keyring| keyring.is_locked()) {
            Ok(false) => KeyringState::Open,
            Ok(true) => KeyringState::Locked,
            Err(_) => KeyringState::Absent,
        }
    }
}

/// What is said between the program and the keyring is encrypted: a bus may be listened to.
fn connect() -> Result<SecretService<'static>, EntryError> {
    SecretService::connect(EncryptionType::Dh).map_err(|error| {
        tracing::info!(kind = kind(&error), "no keyring");
        EntryError::Absent
    })
}

/// Opens the keyring that new entries go to; was it locked before?
fn default_keyring(service: &SecretService<'_>, waits: &dyn Fn()) -> Result<bool, EntryError> {
    let keyring: Collection<'_> = service.get_default_collection().map_err(read)?;
    if !keyring.is_locked().map_err(read)? {
        return Ok(false);
    }
    waits();
    keyring.unlock().map_err(read)?;
    Ok(true)
}

/// No keyring has been made yet, or what there is refuses.
fn read(error: Error) -> EntryError {
    tracing::info!(kind = kind(&error), "the keyring");
    match error {
        Error::Unavailable | Error::NoResult => EntryError::Absent,
        _ => EntryError::Denied,
    }
}

/// The error's name alone: its text may hold what was read.
fn kind(error: &Error) -> &'static str {
    match error {
        Error::Crypto(_) => "cryptography",
        Error::Zbus(_) | Error::ZbusFdo(_) | Error::Zvariant(_) => "bus",
        Error::Locked => "locked",
        Error::NoResult => "nothing there",
        Error::Prompt => "dismissed",
        Error::PromptDisconnected => "gone while it asked",
        Error::Unavailable => "unavailable",
        _ => "other",
    }
}
