//! The keyring of a system that has one of its own, which asks by itself where it must.

use deskbell_api::profile::ProfileSecrets;
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

    fn entry(&self) -> keyring::Result<keyring::Entry> {
        keyring::Entry::new(SERVICE, &self.user)
    }
}

impl Entry for OsEntry {
    fn write(&self, secrets: &ProfileSecrets) -> Result<(), EntryError> {
        let text = secrets.to_json().map_err(|_| EntryError::Failed)?;
        self.entry().and_then(|entry| entry.set_password(&text)).map_err(|error| read(&error))
    }

    fn remove(&self) -> Result<(), EntryError> {
        match self.entry().and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(read(&error)),
        }
    }
}

impl KeyringEntry for OsEntry {
    fn read(&self, _: &dyn Fn()) -> Result<Option<EntryText>, EntryError> {
        match self.entry().and_then(|entry| entry.get_password()) {
            Ok(text) => Ok(Some(EntryText(Zeroizing::new(text)))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(read(&error)),
        }
    }

    fn state(&self) -> KeyringState {
        match self.entry() {
            Ok(_) => KeyringState::Open,
            Err(_) => KeyringState::Absent,
        }
    }
}

/// The error's name alone: its text may hold what was read.
fn read(error: &keyring::Error) -> EntryError {
    let (kind, read) = match error {
        keyring::Error::PlatformFailure(_) => ("platform failure", EntryError::Absent),
        keyring::Error::NoStorageAccess(_) => ("no access", EntryError::Denied),
        keyring::Error::NoDefaultStore => ("no store", EntryError::Absent),
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => {
            ("unreadable", EntryError::Denied)
        }
        _ => ("other", EntryError::Failed),
    };
    tracing::info!(kind, "the keyring");
    read
}
