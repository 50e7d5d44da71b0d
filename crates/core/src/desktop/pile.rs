//! What is open of one kind, and whether it is told one by one or together.
//!
//! What must always hold: more than three together, and apart again only when one is left; what waits for its time
//! (gathered, or for the end of quiet hours) counts for nothing yet.

use std::collections::BTreeMap;

use deskbell_wire::Seq;

use super::{Kind, Occasion, Subject, clean};

/// So many of a kind are told one by one.
const APART: usize = 3;

/// Something that happened and is not over.
#[derive(Debug)]
pub(super) struct Open {
    /// Who, clean.
    pub(super) who: Option<String>,
    /// The newest words, clean.
    pub(super) words: Option<String>,
    /// Read up to here, it is over.
    pub(super) seq: Option<Seq>,
    /// Occasions so far.
    pub(super) count: u64,
    /// Where it is on its way.
    pub(super) stage: Stage,
}

/// How far an open occasion has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It came after an absence: more of the same may come in a moment, or the news that it was read.
    Gathered,
    /// It waits for the end of quiet.
    Held,
    /// It is told, if the person wants its kind told.
    Up,
    /// It was told and has left the screen by itself.
    Off,
}

impl Stage {
    /// Was it told?
    const fn counts(self) -> bool {
        matches!(self, Self::Up | Self::Off)
    }
}

/// Everything open of one kind.
#[derive(Debug, Default)]
pub(super) struct Pile {
    pub(super) open: BTreeMap<Subject, Open>,
    /// Told together.
    pub(super) together: bool,
}

impl Pile {
    /// How many are told, together or apart.
    pub(super) fn told(&self) -> usize {
        self.open.values().filter(|open| open.stage.counts()).count()
    }

    /// Is one of them to be seen?
    pub(super) fn is_up(&self) -> bool {
        self.open.values().any(|open| open.stage == Stage::Up)
    }

    /// Together or apart? `true`: it is another than before.
    pub(super) fn regroup(&mut self, grouping: bool) -> bool {
        let told = self.told();
        let together = grouping && (told > APART || (self.together && told > 1));
        std::mem::replace(&mut self.together, together) != together
    }

    /// Takes an occasion in. Tells where it is on its way, and whether it calls for attention.
    pub(super) fn take(&mut self, occasion: Occasion, quiet: bool, late: bool) -> (Stage, bool) {
        let Occasion { subject, who, words, seq, .. } = occasion;
        let before = self.open.remove(&subject);
        let known = before.as_ref().map(|open| open.stage);
        let stage = match known {
            Some(Stage::Up) => Stage::Up,
            _ if quiet => Stage::Held,
            _ if late => Stage::Gathered,
            _ => Stage::Up,
        };
        let calls = known != Some(Stage::Up) || calls_again(subject.kind());
        let (count, read) = before.as_ref().map_or((0, None), |open| (open.count, open.seq));
        let named = before.and_then(|open| open.who);
        let open = Open {
            who: who.and_then(|who| clean::line(&who, clean::NAME)).or(named),
            words: words.and_then(|words| clean::line(&words, clean::WORDS)),
            seq: seq.max(read),
            count: count + 1,
            stage,
        };
        self.open.insert(subject, open);
        (stage, calls)
    }

    /// What was told needs no alert any more.
    pub(super) fn forget_told(&mut self) {
        self.open.retain(|_, open| !open.stage.counts());
    }

    /// Moves all of a stage on. Tells which they were.
    pub(super) fn move_on(&mut self, from: Stage, to: Stage) -> Vec<Subject> {
        let moved = self.open.iter_mut().filter(|(_, open)| open.stage == from);
        let moved = moved.map(|(subject, open)| {
            open.stage = to;
            *subject
        });
        moved.collect()
    }
}

/// Does the next occasion of an alert that is shown call again?
const fn calls_again(kind: Kind) -> bool {
    matches!(kind, Kind::Words | Kind::Waiting | Kind::Unanswered)
}

#[cfg(test)]
mod tests {
    use deskbell_wire::VisitorId;

    use super::*;

    fn pile(told: u128, waiting: u128) -> Pile {
        let mut pile = Pile::default();
        for n in 0..told + waiting {
            let stage = if n < told { Stage::Up } else { Stage::Held };
            let open = Open { who: None, words: None, seq: None, count: 1, stage };
            pile.open.insert(Subject::Waiting(VisitorId(uuid::Uuid::from_u128(n))), open);
        }
        pile
    }

    #[test]
    fn more_than_three_are_told_together_until_one_is_left() {
        let mut three = pile(3, 5);
        assert!(!three.regroup(true) && !three.together);
        let mut pile = pile(4, 0);
        assert!(!pile.regroup(false) && !pile.together);
        assert!(pile.regroup(true) && pile.together);
        for left in [3, 2] {
            pile.open.pop_first();
            assert!(!pile.regroup(true) && pile.together, "{left}");
        }
        pile.open.pop_first();
        assert!(pile.regroup(true) && !pile.together);
    }
}
