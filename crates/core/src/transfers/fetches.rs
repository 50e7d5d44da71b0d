//! Files on their way to this device, in the order in which they were asked for. In memory alone: after a restart the
//! person, or what shows the conversation, asks again, and the part that is there is gone on with.

use deskbell_wire::{FileCard, FileRefusal, MessageId, StreamId};

use super::{AT_ONCE, MISMATCHES, Patience, TransferStand, Trouble};
use crate::jitter::Jitter;

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Fetch {
    pub(crate) stream: StreamId,
    pub(crate) message: MessageId,
    pub(crate) card: FileCard,
    run: Option<u64>,
    done: u64,
    why: Option<Trouble>,
    patience: Patience,
    mismatched: u32,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Fetches {
    fetches: Vec<Fetch>,
    runs: u64,
}

impl Fetch {
    /// For people.
    pub(crate) fn stand(&self) -> TransferStand {
        let Self { done, why, .. } = *self;
        match self.run {
            Some(_) => TransferStand::Going { done },
            None => TransferStand::Waiting { done, why },
        }
    }

    pub(crate) fn fetched(&mut self, done: u64) {
        if done > self.done {
            self.why = None;
            self.patience.went_on();
        }
        self.done = done.min(self.card.size);
    }

    /// A run ended without it. `false`: it will not go on by itself.
    pub(crate) fn failed(&mut self, why: Trouble, mono: u64, jitter: &mut Jitter) -> bool {
        self.run = None;
        let again = match why {
            Trouble::Line => true,
            Trouble::Refused(FileRefusal::Checksum) => {
                (self.mismatched, self.done) = (self.mismatched + 1, 0);
                self.mismatched < MISMATCHES
            }
            Trouble::Refused(refusal) => refusal.retryable(),
            Trouble::Lost | Trouble::Disk(_) => false,
        };
        self.why = Some(why);
        self.patience.lose(mono, jitter);
        again
    }
}

impl Fetches {
    /// The person wants it. One that is under way goes on.
    pub(crate) fn push(&mut self, stream: StreamId, message: MessageId, card: FileCard) {
        if self.get(message).is_none() {
            let (patience, why) = (Patience::default(), None);
            let fetch = Fetch { stream, message, card, run: None, done: 0, why, patience, mismatched: 0 };
            self.fetches.push(fetch);
        }
    }

    pub(crate) fn get(&self, message: MessageId) -> Option<&Fetch> {
        self.fetches.iter().find(|fetch| fetch.message == message)
    }

    /// That of a report; `None` where it speaks of an earlier run.
    pub(crate) fn in_run(&mut self, message: MessageId, run: u64) -> Option<&mut Fetch> {
        self.fetches.iter_mut().find(|fetch| fetch.message == message && fetch.run == Some(run))
    }

    /// Takes it out; was it carried?
    pub(crate) fn remove(&mut self, message: MessageId) -> Option<(Fetch, bool)> {
        let at = self.fetches.iter().position(|fetch| fetch.message == message)?;
        let fetch = self.fetches.remove(at);
        let carried = fetch.run.is_some();
        Some((fetch, carried))
    }

    pub(crate) fn going(&self) -> usize {
        self.fetches.iter().filter(|fetch| fetch.run.is_some()).count()
    }

    /// The next one that begins, if one may, and its run.
    pub(crate) fn start(&mut self, mono: u64) -> Option<(&Fetch, u64)> {
        if self.going() >= AT_ONCE {
            return None;
        }
        let due = |fetch: &&mut Fetch| fetch.run.is_none() && fetch.patience.until() <= mono;
        let fetch = self.fetches.iter_mut().find(due)?;
        self.runs += 1;
        fetch.run = Some(self.runs);
        Some((fetch, self.runs))
    }

    pub(crate) fn deadline(&self) -> Option<u64> {
        let due = self.fetches.iter().filter(|fetch| fetch.run.is_none()).map(|fetch| fetch.patience.until());
        due.filter(|_| self.going() < AT_ONCE).min()
    }

    /// The line went down: those that were carried.
    pub(crate) fn rest(&mut self) -> Vec<MessageId> {
        let carried = self.fetches.iter_mut().filter(|fetch| fetch.run.is_some());
        carried
            .map(|fetch| {
                fetch.run = None;
                fetch.message
            })
            .collect()
    }

    pub(crate) fn line_is_back(&mut self) {
        let waited = |fetch: &&mut Fetch| matches!(fetch.why, None | Some(Trouble::Line));
        self.fetches.iter_mut().filter(waited).for_each(|fetch| fetch.patience.at_once());
    }
}
