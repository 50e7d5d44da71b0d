//! Questions that want an answer now and leave no trace in a log: settings, a person's card, devices.
//!
//! Why beside `send`: nothing of it is a part of a conversation, so it is neither kept in an outbox nor repeated.
//! Whoever is not connected is told so at once.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::Secret;
use crate::ids::{DeviceId, GroupId, OperatorId, SiteKey, StreamId, Timestamp, VisitorId};
use crate::pack::PackDigest;
use crate::people::{DeviceRow, OperatorSeat, Person};
use crate::site::SiteSettings;

/// A question.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// An operator opens a visitor's card.
    Person {
        /// Whose.
        stream: StreamId,
    },
    /// Whoever looks after the desk changes a site's settings. `stale` where the version is not the newest.
    SaveSite(Box<SiteSettings>),
    /// Whoever looks after the desk puts an operator into groups; none: all.
    SetGroups {
        /// Whom.
        operator: OperatorId,
        /// Which.
        groups: Vec<GroupId>,
    },
    /// Whoever looks after the desk has a mail sent, to see whether it comes.
    TestMail {
        /// To whom.
        to: String,
    },
    /// Whoever looks after the desk gives an operator a new password; every session of that operator ends at once.
    SetPassword {
        /// Whom.
        operator: OperatorId,
        /// In plain; the desk keeps a hash of it.
        password: Secretive,
    },
    /// An operator's device signs out: its token is good for nothing from now on.
    SignOut {},
    /// A visitor wants to link another device.
    LinkCode {},
    /// A visitor's devices.
    Devices {},
    /// A visitor takes a device's right away.
    Revoke {
        /// Which.
        device: DeviceId,
    },
    /// A visitor's app fetches a part of its site's pack. `stale` where the site's pack is another one by now.
    Pack {
        /// Which pack.
        digest: PackDigest,
        /// From which byte on.
        from: u32,
    },
}

/// The answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// It is done.
    Done {},
    /// A visitor's card.
    Person(Box<Person>),
    /// A one-time code.
    LinkCode {
        /// What is typed in on the other device.
        code: String,
        /// Until when it is good.
        expires: Timestamp,
    },
    /// A visitor's devices.
    Devices(Vec<DeviceRow>),
    /// A part of a pack.
    Pack {
        /// Bytes of the whole archive.
        total: u32,
        /// From the byte that was asked for on, at most 32 KiB as base64; see [`crate::pack::decode_part`].
        part: String,
    },
    /// It is not.
    Refused {
        /// Why.
        code: Refusal,
        /// What exactly, where there is more to say: a field's path, or the mail server's words.
        detail: Option<String>,
    },
}

/// Why a question is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// There is no line to the desk.
    Offline,
    /// No right.
    Forbidden,
    /// Out of bounds.
    Invalid,
    /// Somebody else has changed it meanwhile.
    Stale,
    /// The desk is not set up for it.
    Unavailable,
    /// The desk could not write.
    Storage,
    /// The mail server said no, or could not be reached.
    Mail,
    /// Too fast.
    Rate,
}

/// A site, for operators: sent after welcome and at every change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its settings, without the mail server's password.
    pub settings: SiteSettings,
    /// Who works there.
    pub operators: Vec<OperatorSeat>,
    /// May the one who is told this change it?
    pub admin: bool,
}

/// First on a connection of a device that is to be linked to a visitor; answered by `linked` or `bye`, then `hello`
/// follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redeem {
    /// See [`crate::PROTO`].
    pub proto: u16,
    /// Which device.
    pub device_id: DeviceId,
    /// The site.
    pub site: SiteKey,
    /// From `link_code`, in any case, with or without hyphens.
    pub code: Secretive,
    /// Made on the device: its own, from now on.
    pub token: Secret,
}

/// The device speaks for this visitor from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Whom.
    pub visitor_id: VisitorId,
}

/// A short text that no log may hold.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secretive(pub String);

impl fmt::Debug for Secretive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Ask {
    /// The question's name on the wire, for logs and errors.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Person { .. } => "person",
            Self::SaveSite(_) => "save_site",
            Self::SetGroups { .. } => "set_groups",
            Self::TestMail { .. } => "test_mail",
            Self::SetPassword { .. } => "set_password",
            Self::SignOut {} => "sign_out",
            Self::LinkCode {} => "link_code",
            Self::Devices {} => "devices",
            Self::Revoke { .. } => "revoke",
            Self::Pack { .. } => "pack",
        }
    }
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ask({})", self.name())
    }
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done {} => f.write_str("Told(done)"),
            Self::Person(_) => f.write_str("Told(person)"),
            Self::LinkCode { .. } => f.write_str("Told(link_code)"),
            Self::Devices(_) => f.write_str("Told(devices)"),
            Self::Pack { total, .. } => write!(f, "Told(pack of {total} bytes)"),
            Self::Refused { code, .. } => write!(f, "Told(refused {code:?})"),
        }
    }
}
