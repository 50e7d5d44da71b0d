//! A profile's secrets, and where its history is kept.
//!
//! What must always hold: secrets go to the keyring, or sealed into a file, and nowhere else; `Debug` shows none.

mod sealed;

use std::collections::BTreeMap;
use std::path::PathBuf;

use deskbell_store::{Key, Location, SqliteStore};
use deskbell_vault::Vault;
use deskbell_wire::{DeviceId, JoinLink, Secret, SiteKey, VisitorId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::dto::{Locale, Problem};
use crate::problem::{db_code, problem, vault_code};
pub use sealed::{Cost, Passphrase, SEALED_BYTES, Seal, SealError};

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

    /// The folder, in a profile's, of what pages keep at a site: no desk's form reads what another one's has kept.
    pub fn storage(&self, site: &SiteKey) -> String {
        format!("{STORAGE}{}-{}", self.0, site.as_str())
    }

    /// Is that a name, in a profile's folder, of something that this desk alone is behind?
    pub fn owns(&self, name: &str) -> bool {
        let rest =
            [HISTORY, STORAGE, FILES].iter().find_map(|kind| name.strip_prefix(kind)?.strip_prefix(&self.0));
        rest.is_some_and(|rest| rest.starts_with(['.', '-']) || rest.is_empty() && name.starts_with(FILES))
    }

    /// Is it one of any desk's?
    pub fn is_anyones(name: &str) -> bool {
        [HISTORY, STORAGE, FILES].iter().any(|kind| name.starts_with(kind))
    }

    fn file(&self) -> String {
        format!("{HISTORY}{}.db", self.0)
    }

    /// A linked visitor's history is a file of its own: what this device had before stays in its own file, unread
    /// and unsent, for as long as the device is linked.
    fn file_of(&self, site: &SiteKey, visitor: VisitorId) -> String {
        let parts = [b"deskbell linked".as_slice(), site.as_str().as_bytes(), visitor.0.as_bytes()];
        format!("{HISTORY}{}-{}.db", self.0, hex(digest(&parts).get(..8).unwrap_or_default()))
    }
}

/// What the names of histories begin with, in a profile's folder.
pub const HISTORY: &str = "client-";
/// And those of what pages keep.
const STORAGE: &str = "webview-";
/// And the folders of the files that were sent and received, one beside each history.
pub const FILES: &str = "files-";

/// A visitor of another device for whom this one may speak, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedVisitor {
    /// Who.
    pub visitor_id: VisitorId,
    /// This device's own.
    pub token: Secret,
}

/// Everything of a profile that opens something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileSecrets {
    /// Opens the histories.
    pub db_key: Secret,
    /// This installation.
    pub device_id: DeviceId,
    /// From which the visitor's id and token at each desk are made.
    pub visitor_seed: Secret,
    /// Visitors to whom this device was linked by a code. A link is for one site: at the desk's other sites the
    /// visitor is the one of the seed.
    #[serde(default)]
    pub linked: BTreeMap<DeskKey, BTreeMap<SiteKey, LinkedVisitor>>,
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
            linked: BTreeMap::new(),
            operator_tokens: BTreeMap::new(),
            desk_key: secret()?,
        })
    }

    /// Who the visitor is at a site of a desk, and the proof: whom the device was linked to, or who it is itself.
    pub fn visitor_at(&self, desk: &DeskKey, site: &SiteKey) -> (VisitorId, Secret) {
        match self.linked_at(desk, site) {
            Some(linked) => (linked.visitor_id, linked.token.clone()),
            None => self.own_visitor(desk),
        }
    }

    /// One-way: a desk cannot tell the visitor's proof at another.
    fn own_visitor(&self, desk: &DeskKey) -> (VisitorId, Secret) {
        let made = |what: &[u8]| digest(&[what, self.visitor_seed.bytes(), desk.0.as_bytes()]);
        let id = made(b"deskbell visitor id").first_chunk().copied().unwrap_or_default();
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        (VisitorId(id), Secret::new(made(b"deskbell visitor token")))
    }

    fn linked_at(&self, desk: &DeskKey, site: &SiteKey) -> Option<&LinkedVisitor> {
        self.linked.get(desk)?.get(site)
    }

    /// From now on the device speaks for this visitor at a site.
    pub fn link(&mut self, desk: &DeskKey, site: &SiteKey, visitor: LinkedVisitor) {
        self.linked.entry(desk.clone()).or_default().insert(site.clone(), visitor);
    }

    /// The device's history at a site of a desk: the linked visitor's, or its own.
    fn history_at(&self, desk: &DeskKey, site: &SiteKey) -> String {
        self.linked_at(desk, site).map_or_else(|| desk.file(), |linked| desk.file_of(site, linked.visitor_id))
    }

    /// A new token, for a device that is about to be linked.
    ///
    /// # Errors
    /// When the system gives no random numbers (`no_random`).
    pub(crate) fn new_token(locale: Locale) -> Result<Secret, Problem> {
        random().map(Secret::new).map_err(|_| problem("no_random", locale))
    }

    /// Forgets a desk. `fresh`, where it was the only one: whoever joins it again is somebody else there.
    pub fn forget(&mut self, desk: &DeskKey, fresh: Option<Self>) {
        self.operator_tokens.remove(desk);
        self.linked.remove(desk);
        if let Some(fresh) = fresh {
            (self.device_id, self.visitor_seed) = (fresh.device_id, fresh.visitor_seed);
        }
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
    pub fn to_json(&self) -> Result<Zeroizing<String>, serde_json::Error> {
        serde_json::to_string(self).map(Zeroizing::new)
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
    /// Opens an operator's history.
    ///
    /// # Errors
    /// `disk_full`, `store_corrupt`, `store_newer`, `store_key`, `profile_in_use`, `store_denied`, `store_io`.
    pub fn open(
        &self,
        secrets: &ProfileSecrets,
        desk: &DeskKey,
        locale: Locale,
    ) -> Result<SqliteStore, Problem> {
        self.open_file(secrets, &desk.file(), locale)
    }

    /// Opens a visitor's history.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_for_visitor(
        &self,
        secrets: &ProfileSecrets,
        (desk, site): (&DeskKey, &SiteKey),
        locale: Locale,
    ) -> Result<SqliteStore, Problem> {
        self.open_file(secrets, &secrets.history_at(desk, site), locale)
    }

    /// Opens an operator's files. The history is open already: whoever has that has these.
    ///
    /// # Errors
    /// `disk_full`, `store_denied`, `store_io`.
    pub fn files(&self, secrets: &ProfileSecrets, desk: &DeskKey, locale: Locale) -> Result<Vault, Problem> {
        self.vault(secrets, &desk.file(), locale)
    }

    /// Opens a visitor's files.
    ///
    /// # Errors
    /// As [`Self::files`].
    pub fn files_for_visitor(
        &self,
        secrets: &ProfileSecrets,
        (desk, site): (&DeskKey, &SiteKey),
        locale: Locale,
    ) -> Result<Vault, Problem> {
        self.vault(secrets, &secrets.history_at(desk, site), locale)
    }

    /// The files that belong to a history, sealed under keys that are made of its key.
    fn vault(&self, secrets: &ProfileSecrets, history: &str, locale: Locale) -> Result<Vault, Problem> {
        let opened = match self {
            Self::Disk { folder } => {
                Vault::open(&folder.join(files_of(history)), Some(secrets.db_key.bytes()))
            }
            Self::SessionOnly => Vault::passing(),
        };
        opened.map_err(|error| problem(vault_code(&error), locale))
    }

    fn open_file(
        &self,
        secrets: &ProfileSecrets,
        name: &str,
        locale: Locale,
    ) -> Result<SqliteStore, Problem> {
        let key = Key::new(*secrets.db_key.bytes());
        let location = match self {
            Self::Disk { folder } => Location::File(folder.join(name)),
            Self::SessionOnly => Location::Memory,
        };
        SqliteStore::open(&location, Some(&key)).map_err(|error| problem(db_code(&error), locale))
    }
}

/// The folder of the files of a history.
fn files_of(history: &str) -> String {
    let name = history.strip_prefix(HISTORY).unwrap_or(history);
    format!("{FILES}{}", name.strip_suffix(".db").unwrap_or(name))
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
        let at = |secrets: &ProfileSecrets, name| secrets.visitor_at(&desk(name), &SiteKey::main());
        let (one, two) = (at(&secrets, "one.example"), at(&secrets, "two.example"));
        assert!(one.0 != two.0 && one.1 != two.1);
        assert_eq!(one, at(&secrets, "one.example"));
        let other = ProfileSecrets::generate(Locale::En).unwrap();
        assert_ne!(one, at(&other, "one.example"));
    }

    #[test]
    fn threats_3_a_link_is_for_one_site_of_one_desk_and_survives_the_keyring() {
        let mut secrets = ProfileSecrets::generate(Locale::En).unwrap();
        let (here, elsewhere) = (desk("one.example"), desk("two.example"));
        let (main, shop) = (SiteKey::main(), "shop".parse().unwrap());
        let (own, history) = (secrets.visitor_at(&here, &main), secrets.history_at(&here, &main));
        let visitor =
            LinkedVisitor { visitor_id: VisitorId(Uuid::from_u128(7)), token: Secret::new([7; 32]) };
        secrets.link(&here, &main, visitor.clone());
        let secrets = ProfileSecrets::from_json(&secrets.to_json().unwrap()).unwrap();
        assert_eq!(secrets.visitor_at(&here, &main), (visitor.visitor_id, visitor.token));
        assert_eq!(secrets.visitor_at(&here, &shop), own);
        assert_ne!(secrets.visitor_at(&elsewhere, &main).0, visitor.visitor_id);
        assert_ne!(secrets.history_at(&here, &main), history, "what the device had stays in its own file");
        assert!(secrets.history_at(&here, &main).starts_with(HISTORY));
        assert_eq!(secrets.history_at(&here, &shop), history);
        assert!(!format!("{secrets:?}").contains("0707"));
    }

    #[test]
    fn secrets_of_before_there_were_links_are_read() {
        let secrets = ProfileSecrets::generate(Locale::En).unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&secrets.to_json().unwrap()).unwrap();
        value.as_object_mut().unwrap().remove("linked");
        assert_eq!(ProfileSecrets::from_json(&value.to_string()).unwrap(), secrets);
    }

    #[test]
    fn a_forgotten_desk_knows_nobody_again() {
        let mut secrets = ProfileSecrets::generate(Locale::En).unwrap();
        let (gone, other) = (desk("one.example"), desk("two.example"));
        let at = |secrets: &ProfileSecrets, key| secrets.visitor_at(key, &SiteKey::main());
        let before = (at(&secrets, &gone), at(&secrets, &other));
        secrets.set_operator_token(&gone, Some(Secret::new([7; 32])));
        secrets.forget(&gone, None);
        assert!(secrets.operator_tokens.is_empty());
        assert_eq!(at(&secrets, &other), before.1, "with another desk one stays who one was there");
        secrets.forget(&gone, Some(ProfileSecrets::generate(Locale::En).unwrap()));
        assert_ne!(at(&secrets, &gone), before.0);
    }

    #[test]
    fn what_a_desk_owns_is_known_by_its_name() {
        let (one, two) = (desk("one.example"), desk("two.example"));
        let linked = one.file_of(&SiteKey::main(), VisitorId(Uuid::from_u128(7)));
        let files = [files_of(&one.file()), files_of(&linked)];
        let names = [one.file(), format!("{}-wal", one.file()), one.storage(&SiteKey::main())];
        for name in files.into_iter().chain(names) {
            assert!(one.owns(&name) && !two.owns(&name) && DeskKey::is_anyones(&name), "{name}");
        }
        for name in
            ["client-", "webview", "profile.json", "client-x.db", "desk", "files", "files-", "files-x"]
        {
            assert!(!one.owns(name), "{name}");
        }
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
