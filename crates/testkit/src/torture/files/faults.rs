//! What goes wrong in a turn, by the dice.

use std::fmt;
use std::time::Duration;

use crate::dice::Dice;
use crate::proxy::{Rules, Way};

/// Bytes after which a connection is cut: from within a request's head to several pieces of a file.
const CUT: (f64, f64) = (200.0, 4.0 * 1024.0 * 1024.0);

/// Something goes wrong. `usize`: whose line, or who.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fault {
    /// Nothing.
    Calm,
    /// Every connection ends after so many bytes.
    Cut(usize, Way, u64),
    /// Every connection is reset, once.
    Reset(usize),
    /// Nothing passes this way for a while; then it goes on where it was.
    Stall(usize, Way),
    /// Neither end hears of the other for a while; then the connection is gone.
    HalfOpen(usize),
    /// Nobody comes in.
    Refusal(usize),
    /// Everything takes longer.
    Slow(usize, Duration),
    /// The desk is killed.
    Desk,
    /// An app is killed.
    App(usize),
    /// Both.
    Both(usize),
}

impl Fault {
    /// One of them, for so many apps, each with a line of its own.
    pub(super) fn roll(dice: &mut Dice, apps: usize) -> Self {
        let line = dice.index(apps);
        match dice.roll(100) {
            0..30 => {
                let bytes = (CUT.0.ln() + (CUT.1 / CUT.0).ln() * dice.roll(1_001) as f64 / 1_000.0).exp();
                Self::Cut(line, way(dice), bytes as u64)
            }
            30..38 => Self::Reset(line),
            38..48 => Self::Stall(line, way(dice)),
            48..54 => Self::HalfOpen(line),
            54..60 => Self::Refusal(line),
            60..64 => Self::Slow(line, Duration::from_millis(1 + dice.roll(20))),
            64..78 => Self::Desk,
            78..92 => Self::App(app(dice, apps)),
            92..96 => Self::Both(app(dice, apps)),
            _ => Self::Calm,
        }
    }

    /// What the line follows meanwhile, and whose it is.
    pub(super) fn rules(&self) -> Option<(usize, Rules)> {
        Some(match *self {
            Self::Cut(line, way, bytes) => (line, Rules::cut(way, bytes)),
            Self::Stall(line, way) => (line, Rules { stalled: vec![way], ..Rules::default() }),
            Self::HalfOpen(line) => (line, Rules::half_open()),
            Self::Refusal(line) => (line, Rules { refuses: true, ..Rules::default() }),
            Self::Slow(line, latency) => (line, Rules { latency, ..Rules::default() }),
            Self::Calm | Self::Reset(_) | Self::Desk | Self::App(_) | Self::Both(_) => return None,
        })
    }

    /// The line whose connections are reset at its beginning.
    pub(super) fn resets_first(&self) -> Option<usize> {
        match *self {
            Self::Reset(line) | Self::Refusal(line) => Some(line),
            _ => None,
        }
    }

    /// The line whose connections are gone at its end.
    pub(super) fn resets_last(&self) -> Option<usize> {
        if let Self::HalfOpen(line) = *self { Some(line) } else { None }
    }

    pub(super) fn kills_desk(&self) -> bool {
        matches!(self, Self::Desk | Self::Both(_))
    }

    pub(super) fn kills_app(&self) -> Option<usize> {
        match *self {
            Self::App(who) | Self::Both(who) => Some(who),
            _ => None,
        }
    }
}

/// The last of them is the operator's: everybody's files pass it.
fn app(dice: &mut Dice, apps: usize) -> usize {
    if dice.chance(500) { apps - 1 } else { dice.index(apps - 1) }
}

fn way(dice: &mut Dice) -> Way {
    if dice.chance(500) { Way::Up } else { Way::Down }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
