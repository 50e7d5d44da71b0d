//! A profile's secrets, and where its history is kept.
//!
//! What must always hold: secrets go to the keyring and nowhere else; `Debug` shows none.

use std::collections::BTreeMap;
use std::path::PathBuf;

use deskbell_store::{Key, Location, SqliteStore};
use deskbell_wire::{DeviceId, JoinLink, Secret, VisitorId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::dto::{Locale, Problem};
use crate::problem::{db_code, problem};

/// Which desk a secret or a history belongs to.
///
/// A person is somebody else at each desk: no desk learns a name or a token that another one knows, and what was
/// meant for one is never sent to another. A pinned desk is its key, wherever it moves; another one its address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeskKey(String);

impl DeskKey {
    /// The desk that a link leads to.
    pub fn of(link: &JoinLink) -> Self {
        let name = link
            .pin
            .map_or_else(|| format!("at {}", link.authority()), |pin| format!("pin {}", pin.to_hex()));
        Self(hex(digest(&[b"deskbell desk", name.as_bytes()]).get(..8).unwrap_or_default()))
    }

    /// The desk inside this program, wherever it listens.
    pub fn hosted() -> Self {
        Self("own".to_owned())
    }

    fn file(&self) -> String {
        format!("{HISTORY}{}.db", self.0)
    }
}

/// What the names of histories begin with, in a profile's folder.
pub const HISTORY: &str = "client-";

/// Everything of a profile that opens something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileSecrets {
    /// Opens the histories.
    pub db_key: Secret,
    /// This installation.
    pub device_id: DeviceId,
    /// From which the visitor's id and token at each desk are made.
    pub visitor_seed: Secret,
    /// Prove the operator to a desk.
    pub operator_tokens: BTreeMap<DeskKey, Secret>,
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
            visitor_seed: secret()?,
            operator_tokens: BTreeMap::new(),
            desk_key: secret()?,
        })
    }

    /// Who the visitor is at a desk, and the proof. One-way: a desk cannot tell the visitor's proof at another.
    pub fn visitor_at(&self, desk: &DeskKey) -> (VisitorId, Secret) {
        let made = |what: &[u8]| digest(&[what, self.visitor_seed.bytes(), desk.0.as_bytes()]);
        let id = made(b"deskbell visitor id").first_chunk().copied().unwrap_or_default();
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        (VisitorId(id), Secret::new(made(b"deskbell visitor token")))
    }

    /// Takes or forgets the operator's token at a desk.
    pub fn set_operator_token(&mut self, desk: &DeskKey, token: Option<Secret>) {
        match token {
            Some(token) => self.operator_tokens.insert(desk.clone(), token),
            None => self.operator_tokens.remove(desk),
        };
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

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        // The length first, so that no two lists of parts are the same bytes.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Where the history is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// In encrypted files, one for each desk.
    Disk {
        /// The profile's folder.
        folder: PathBuf,
    },
    /// In memory: there is no keyring for the key, and a key beside its file would protect nothing.
    SessionOnly,
}

impl Keep {
    /// Opens the history.
    ///
    /// # Errors
    /// `disk_full`, `store_corrupt`, `store_newer`, `store_key`, `profile_in_use`, `store_denied`, `store_io`.
    pub fn open(
        &self,
        secrets: &ProfileSecrets,
        desk: &DeskKey,
        locale: Locale,
    ) -> Result<SqliteStore, Problem> {
        let key = Key::new(*secrets.db_key.bytes());
        let location = match self {
            Self::Disk { folder } => Location::File(folder.join(desk.file())),
            Self::SessionOnly => Location::Memory,
        };
        SqliteStore::open(&location, Some(&key)).map_err(|error| problem(db_code(&error), locale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(text: &str) -> DeskKey {
        DeskKey::of(&text.parse().unwrap())
    }

    #[test]
    fn a_desk_is_its_pin_wherever_it_moves_and_otherwise_its_address() {
        let pin = "0f".repeat(32);
        let moved = |host: &str| desk(&format!("deskbell://join?host={host}&pin={pin}&site=main"));
        assert_eq!(moved("one.example"), moved("two.example:9"));
        assert_ne!(desk("one.example"), desk("two.example"));
        assert_ne!(desk("one.example"), moved("one.example"));
    }

    #[test]
    fn threats_3_a_visitor_is_somebody_else_at_each_desk() {
        let secrets = ProfileSecrets::generate(Locale::En).unwrap();
        let (one, two) = (secrets.visitor_at(&desk("one.example")), secrets.visitor_at(&desk("two.example")));
        assert!(one.0 != two.0 && one.1 != two.1);
        assert_eq!(one, secrets.visitor_at(&desk("one.example")));
        let other = ProfileSecrets::generate(Locale::En).unwrap();
        assert_ne!(one, other.visitor_at(&desk("one.example")));
    }

    #[test]
    fn an_operators_token_is_for_one_desk_and_survives_the_keyring() {
        let mut secrets = ProfileSecrets::generate(Locale::En).unwrap();
        secrets.set_operator_token(&desk("one.example"), Some(Secret::new([7; 32])));
        let secrets = ProfileSecrets::from_json(&secrets.to_json().unwrap()).unwrap();
        assert!(secrets.operator_tokens.contains_key(&desk("one.example")));
        assert!(!secrets.operator_tokens.contains_key(&desk("two.example")));
        assert!(!format!("{secrets:?}").contains("0707"));
    }
}
