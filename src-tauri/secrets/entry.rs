//! What keeps a profile's secrets, as far as the rest needs to know.

use std::fmt;

use deskbell_api::profile::ProfileSecrets;
use zeroize::Zeroizing;

/// Why an entry was not read or written. No texts: they may hold what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryError {
    /// This computer, or this session, has no keyring.
    Absent,
    /// It is there and does not let the program in.
    Denied,
    /// There is no room.
    Full,
    /// Something else, which the log names.
    Failed,
}

/// Something that keeps one profile's secrets.
pub(crate) trait Entry: Send + Sync + 'static {
    /// Replaces them, whole or not at all.
    fn write(&self, secrets: &ProfileSecrets) -> Result<(), EntryError>;
    /// Forgets them; none is as good.
    fn remove(&self) -> Result<(), EntryError>;
}

/// The profile's entry in a keyring.
pub(crate) trait KeyringEntry: Entry {
    /// The text, if there is one. `waits` is called before a person is waited for, who may never answer.
    fn read(&self, waits: &dyn Fn()) -> Result<Option<EntryText>, EntryError>;
    /// Is there a keyring, and is it open? Asks nobody.
    fn state(&self) -> KeyringState;
}

/// How a keyring is, without asking anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyringState {
    /// It answers.
    Open,
    /// It would ask for its password, or did not answer in time.
    Locked,
    /// There is none.
    Absent,
}

/// What an entry says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EntryText(pub(crate) Zeroizing<String>);

impl fmt::Debug for EntryText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EntryText(…)")
    }
}
