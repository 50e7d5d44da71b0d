//! What a window is to bring into view when it is raised from outside: by a notification, the tray, a link.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Bring this into view. Nothing is done by it: no answer given, no words sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Summon {
    /// The conversation of this visitor, for an operator; `null`: where the person was, or the visitor's own.
    pub visitor: Option<String>,
    /// This request in the list of requests, for an operator.
    pub request: Option<String>,
    /// With the composer focused.
    pub compose: bool,
}
