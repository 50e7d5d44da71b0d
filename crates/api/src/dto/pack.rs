//! Packs: the form that the visitor's page is to run, and what is wrong with it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::Problem;

/// Which form the page is to run. Neither `pack` nor `flaw`: the built-in default form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackAnswer {
    /// Whose scripts are wanted; where a pack has none for it, those that it has.
    pub device: DeviceKind,
    /// The pack; `null` where there is none, or it has a flaw.
    pub pack: Option<PackBoot>,
    /// What is wrong with the pack.
    pub flaw: Option<Problem>,
}

/// A pack, as a page starts it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackBoot {
    /// Where its files are: `pack://localhost/<id>/`, with the slash.
    pub base: String,
    /// What `pack.json` says, without `trusted_html`, for `applyWidgetsOptions`; `null` where there is none: then the
    /// pages' scripts say it.
    #[ts(type = "unknown")]
    pub options: Option<Value>,
    /// Without a `pack.json`: the scripts of `index.html`, in order, as URLs below the base (`index.html?script=0`).
    pub pages: Vec<String>,
    /// Each folder's `settings.json`, by the folder's path without slashes at its ends; `""` is the pack itself.
    #[ts(type = "Record<string, unknown>")]
    pub settings: BTreeMap<String, Value>,
    /// Paths in the settings whose text is HTML that the company trusts (`chat.title`).
    pub trusted: Vec<String>,
    /// SHA-256 of the pack, 64 lower-case hex digits.
    pub digest: String,
}

impl fmt::Debug for PackBoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackBoot").field("base", &self.base).finish_non_exhaustive()
    }
}

/// Kinds of devices that a pack has scripts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum DeviceKind {
    /// A computer.
    #[default]
    Desktop,
    /// A tablet.
    Tablet,
    /// A telephone.
    Mobile,
}

/// What a page found wrong with the pack that it runs. Paths are those of URLs below the base, decoded, without
/// `?template`; lines and columns count from 1, and 0 says that it is not known.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FlawReport {
    /// A file did not come.
    Missing {
        /// Which.
        path: String,
    },
    /// A script threw, or cannot be read as JavaScript.
    Script {
        /// Which; empty where the engine does not say.
        path: String,
        /// Where.
        line: u32,
        /// Where.
        column: u32,
        /// The engine's word.
        message: String,
    },
    /// A template threw while it was filled, or its script was refused. The place is that of the compiled script.
    Template {
        /// Which.
        path: String,
        /// Where.
        line: u32,
        /// Where.
        column: u32,
        /// The engine's word.
        message: String,
    },
    /// Something reached for the network.
    Network {
        /// Which file; empty where the engine does not say.
        path: String,
        /// Where.
        line: u32,
        /// Where.
        column: u32,
        /// Where to.
        target: String,
    },
    /// A script wanted to run a text as a program.
    Eval {
        /// Which; empty where the engine does not say.
        path: String,
        /// Where.
        line: u32,
        /// Where.
        column: u32,
    },
    /// Nobody has registered this view controller.
    NoController {
        /// Its name.
        name: String,
    },
}

impl fmt::Debug for FlawReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An engine's word may quote what was being shown.
        f.write_str("FlawReport")
    }
}
