//! A profile's keys, as the app's window asks for them and its settings show them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::SecretsPlace;

/// What must be settled before the program can start, with [`super::AppScreen::Secrets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretsQuestion {
    /// Why the keys are not open.
    pub why: SecretsTrouble,
    /// There is something on the disk that only the keys that are not open can open.
    pub history: bool,
    /// A desk is among it.
    pub desk: bool,
}

/// Why a profile's keys are not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretsTrouble {
    /// A passphrase opens them.
    Sealed,
    /// There is no keyring in this session.
    Absent,
    /// The keyring is locked; the system may be asking for its password at this moment.
    Locked,
    /// The keyring does not let the program in.
    Denied,
    /// The keyring is open and has not the key of this profile's history.
    Missing,
}

/// Where the keys are, in the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretsSettings {
    /// Where.
    pub place: SecretsPlace,
    /// They cannot be moved in this session: what is on the disk belongs to other keys, which are not open.
    pub fixed: bool,
}
