//! Where a link leads, as the app's window asks about it. Nothing in here has been done yet.

use deskbell_wire::{JoinLink, SiteKey};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Problem;

/// Something from outside that wishes to take the program to a desk, or could not say where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Asked {
    /// Where it leads; `null` with a link that cannot be used.
    pub desk: Option<DeskPlace>,
    /// Why the link cannot be used.
    pub problem: Option<Problem>,
    /// Where the program is now; `null` before a desk is chosen.
    pub now: Option<DeskPlace>,
    /// The program may go from where it is now. Not where it runs the desk itself, to which others are connected.
    pub may_leave: bool,
}

/// A desk, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeskPlace {
    /// What fills the form in: the whole link.
    pub link: String,
    /// `desk.example:7717`.
    pub address: String,
    /// Which site of the desk, where it is not the first one.
    pub site: Option<String>,
    /// How the program will know that it is this desk.
    pub proof: DeskProof,
}

/// How a desk is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeskProof {
    /// The link carries the desk's key.
    Key,
    /// A public authority vouches for its name.
    Authority,
    /// It is on this very computer.
    Computer,
}

/// What the company says that ships the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Company {
    /// What the program is called.
    pub name: Option<String>,
    /// Where the company's desk is.
    pub desk: Option<DeskPlace>,
    /// The desk is known by its key, and the program was installed by whoever says so: a visitor is taken there.
    pub straight: bool,
    /// The colour of buttons, `#rrggbb`: by day, and by night.
    pub colors: Option<(String, String)>,
    /// What is wrong with what it says. Nothing of it is used then.
    pub problem: Option<Problem>,
}

/// What the person does about a link that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LinkAnswer {
    /// Nothing.
    Stay,
    /// Goes there, away from where the program is.
    Leave,
    /// Opens it in a window of its own, under a profile of its own.
    Beside,
}

impl From<&JoinLink> for DeskPlace {
    fn from(link: &JoinLink) -> Self {
        let proof = match link.pin {
            Some(_) => DeskProof::Key,
            None if link.is_loopback() => DeskProof::Computer,
            None => DeskProof::Authority,
        };
        let site = Some(&link.site).filter(|site| **site != SiteKey::main());
        Self {
            link: link.to_string(),
            address: link.authority(),
            site: site.map(|site| site.as_str().to_owned()),
            proof,
        }
    }
}
