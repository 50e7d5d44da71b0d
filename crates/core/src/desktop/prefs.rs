//! What a person wants to be told, and how.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Kinds of alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A visitor is invited to a chat.
    Invitation,
    /// New words.
    Words,
    /// The chat was closed.
    Closed,
    /// A visitor waits.
    Waiting,
    /// A chat without an answer.
    Unanswered,
    /// A chat was handed over.
    Transfer,
    /// A request was left.
    Request,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Invitation,
        Self::Words,
        Self::Closed,
        Self::Waiting,
        Self::Unanswered,
        Self::Transfer,
        Self::Request,
    ];
}

/// One kind's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KindPrefs {
    /// Show a notification.
    pub show: bool,
    /// Play the kind's sound.
    pub sound: bool,
}

impl Default for KindPrefs {
    fn default() -> Self {
        Self { show: true, sound: true }
    }
}

/// Hours of the day without alerts, by the computer's own clock. They may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// Minutes after midnight at which they begin, 0 to 1439.
    pub from: u16,
    /// Minutes after midnight at which they end, 0 to 1439. The same as `from`: the whole day.
    pub to: u16,
}

/// Everything that a person chose about alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertPrefs {
    /// By kind; a kind that is not named is on, with its sound.
    pub kinds: BTreeMap<Kind, KindPrefs>,
    /// Never show what people wrote nor their names: only that something came.
    pub hide_words: bool,
    /// One alert for many of a kind, where more than three wait.
    pub grouping: bool,
    /// Loudness of the sounds in per cent, 0 to 100.
    pub volume: u8,
    /// Hours without alerts.
    pub quiet: Option<QuietHours>,
    /// A chat without an answer is told after so many seconds, and again after as many; 0: never.
    pub unanswered_s: u32,
}

impl Default for AlertPrefs {
    fn default() -> Self {
        Self {
            kinds: BTreeMap::new(),
            hide_words: false,
            grouping: true,
            volume: 70,
            quiet: None,
            unanswered_s: 120,
        }
    }
}

impl AlertPrefs {
    /// As a file or a page said it, within what each of it means: a reminder each second would only be noise.
    #[must_use]
    pub fn within_bounds(self) -> Self {
        // Hours that no clock has are none: cut, they could be the whole day.
        let quiet = self.quiet.filter(|quiet| quiet.from.max(quiet.to) < 24 * 60);
        let unanswered_s = if self.unanswered_s == 0 { 0 } else { self.unanswered_s.clamp(10, 86_400) };
        Self { volume: self.volume.min(100), quiet, unanswered_s, ..self }
    }

    /// One kind's settings.
    pub fn of(&self, kind: Kind) -> KindPrefs {
        self.kinds.get(&kind).copied().unwrap_or_default()
    }
}
