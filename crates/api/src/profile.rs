//! A profile's secrets, and where its history is kept.
//!
//! What must always hold: secrets go to the keyring and nowhere else; `Debug` shows none.

use std::path::PathBuf;

use deskbell_store::{Key, Location, SqliteStore};
use deskbell_wire::{DeviceId, Secret, VisitorId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::dto::{Locale, Problem};
use crate::problem::{db_code, problem};

/// Everything of a profile that opens something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileSecrets {
    /// Opens the history.
    pub db_key: Secret,
    /// This installation.
    pub device_id: DeviceId,
    /// The visitor.
    pub visitor_id: VisitorId,
    /// Proves the visitor to the desk.
    pub visitor_token: Secret,
    /// Proves the operator to the desk.
    pub operator_token: Option<Secret>,
    /// Opens the database of a desk that this profile hosts.
    pub desk_key: Secret,
}

impl ProfileSecrets {
    /// New ones, from the system's generator.
    ///
    /// # Errors
    /// When the system gives no random numbers (`no_random`).
    pub fn generate(locale: Locale) -> Result<Self, Problem> {
        let secret = || random().map(Secret::new).map_err(|_| problem("no_random", locale));
        Ok(Self {
            db_key: secret()?,
            device_id: DeviceId(Uuid::new_v4()),
            visitor_id: VisitorId(Uuid::new_v4()),
            visitor_token: secret()?,
            operator_token: None,
            desk_key: secret()?,
        })
    }

    /// For the keyring.
    ///
    /// # Errors
    /// Never in practice: every field is text.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// From the keyring.
    ///
    /// # Errors
    /// When the entry was not written by this program.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

fn random() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Where the history is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// In an encrypted file.
    Disk {
        /// The database.
        file: PathBuf,
    },
    /// In memory: there is no keyring for the key, and a key beside its file would protect nothing.
    SessionOnly,
}

impl Keep {
    /// Opens the history.
    ///
    /// # Errors
    /// `disk_full`, `store_corrupt`, `store_newer`, `store_key`, `profile_in_use`, `store_denied`, `store_io`.
    pub fn open(&self, secrets: &ProfileSecrets, locale: Locale) -> Result<SqliteStore, Problem> {
        let key = Key::new(*secrets.db_key.bytes());
        let location = match self {
            Self::Disk { file } => Location::File(file.clone()),
            Self::SessionOnly => Location::Memory,
        };
        SqliteStore::open(&location, Some(&key)).map_err(|error| problem(db_code(&error), locale))
    }
}
