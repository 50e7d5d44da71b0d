//! What people did and were told, beside the log as a new device reads it.

use std::collections::{HashMap, HashSet};

use deskbell_wire::{Event, EventBody, MessageId, StreamId};

use super::plan::{Sameness, Transfer, Way};
use crate::checker::Log;

/// What is known when faults are over.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) transfers: Vec<Transfer>,
    /// Whose message was on its author's disk.
    pub(super) sent: HashSet<usize>,
    /// Refused before it was sent, and why.
    pub(super) refused: HashMap<usize, String>,
    /// As the other end read it.
    pub(super) read: HashMap<usize, Sameness>,
    /// Texts that somebody was told to say, and those that were on a disk.
    pub(super) words: Vec<String>,
    pub(super) said: HashSet<String>,
    /// What its author sees as failed, with the code.
    pub(super) failed: Vec<String>,
}

impl Outcome {
    /// Every promise that was broken, as a sentence.
    pub(super) fn broken(&self, logs: &[Log]) -> Vec<String> {
        let (mut times, mut spoken) = (HashMap::new(), HashMap::new());
        for (stream, _, n) in files(logs) {
            times.entry(n).or_insert_with(Vec::new).push(stream);
        }
        for text in logs.iter().flat_map(|log| &log.events).filter_map(text) {
            *spoken.entry(text).or_insert(0) += 1;
        }
        let mut broken: Vec<String> = Vec::new();
        for transfer in &self.transfers {
            let times = times.get(&transfer.n).map_or(0, Vec::len);
            broken.extend(self.judge(transfer, times).map(|says| format!("{} {says}", describe(transfer))));
        }
        broken.extend(
            self.words
                .iter()
                .filter_map(|text| self.judge_words(text, *spoken.get(text.as_str()).unwrap_or(&0))),
        );
        // Nothing is wrong with what is sent here: a line that fails is no reason to refuse it.
        broken.extend(
            self.failed.iter().map(|failed| format!("{failed}: failed, and nothing was wrong with it")),
        );
        broken.extend(logs.iter().flat_map(twice));
        broken.extend(logs.iter().filter_map(other_file(&self.transfers)));
        broken
    }

    fn judge(&self, transfer: &Transfer, times: usize) -> Option<String> {
        let n = transfer.n;
        match (self.refused.get(&n), self.sent.contains(&n)) {
            (Some(code), _) if !transfer.lies => Some(format!("was refused: {code}")),
            (Some(code), _) if code != "file_type_lies" => Some(format!("lies, and was refused for {code}")),
            (Some(_), _) if times > 0 => Some("was refused and is in the log".to_owned()),
            (Some(_), _) => None,
            (None, false) => Some("was never answered".to_owned()),
            (None, true) if transfer.lies => Some("lies, and was taken".to_owned()),
            (None, true) if times != 1 => Some(format!("is {times} times in the log (C1, I14)")),
            (None, true) => match self.read.get(&n) {
                Some(Sameness::Same) => None,
                Some(Sameness::Different) => Some("is another at the other end (I14)".to_owned()),
                None => Some("did not come to the other end (I11)".to_owned()),
            },
        }
    }

    /// Words whose process was killed before it could say that it has them may be missing; none is there twice.
    fn judge_words(&self, text: &str, times: usize) -> Option<String> {
        let is_kept = if self.said.contains(text) { times == 1 } else { times <= 1 };
        (!is_kept).then(|| format!("“{text}” is {times} times in the log (I1, C1)"))
    }
}

/// A transfer for people.
pub(super) fn describe(transfer: &Transfer) -> String {
    let way = if transfer.way == Way::Up { "up" } else { "down" };
    format!("file {} ({way}, visitor {}, {} bytes)", transfer.n, transfer.visitor, transfer.size)
}

/// Every message with a file: where, which, and the transfer's number.
pub(super) fn files(logs: &[Log]) -> impl Iterator<Item = (&StreamId, MessageId, usize)> {
    let number = |event: &Event| Transfer::number(&event.body.file()?.name);
    let events = logs.iter().flat_map(|log| log.events.iter().map(move |event| (&log.stream, event)));
    events.filter_map(move |(stream, event)| Some((stream, event.message_id, number(event)?)))
}

fn text(event: &Event) -> Option<&str> {
    match &event.body {
        EventBody::Message { text, file: None } => Some(text),
        _ => None,
    }
}

/// An id that two events have.
fn twice(log: &Log) -> Vec<String> {
    let mut seen = HashSet::new();
    let repeated = log.events.iter().filter(|event| !seen.insert(event.message_id));
    repeated.map(|event| format!("the id of the message at {} is there twice (I1)", event.seq)).collect()
}

/// A message whose file is not what its author sent, or is in somebody else's conversation with another caption.
fn other_file(transfers: &[Transfer]) -> impl Fn(&Log) -> Option<String> {
    |log| {
        log.events.iter().find_map(|event| {
            let EventBody::Message { text, file: Some(card) } = &event.body else { return None };
            let transfer = transfers.get(Transfer::number(&card.name)?)?;
            let same =
                card.size == transfer.size && card.name == transfer.name() && *text == transfer.caption();
            (!same).then(|| format!("{} has another card or caption (I14)", describe(transfer)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan;
    use super::*;

    fn outcome() -> Outcome {
        let transfers = plan::transfers(5, 10, 2);
        Outcome {
            sent: (0..10).collect(),
            read: (0..10).map(|n| (n, Sameness::Same)).collect(),
            transfers,
            ..Outcome::default()
        }
    }

    #[test]
    fn i14_a_file_that_is_missing_twice_or_different_is_told() {
        let outcome = outcome();
        let file = &outcome.transfers[3];
        assert_eq!(outcome.judge(file, 1), None);
        assert!(outcome.judge(file, 0).is_some() && outcome.judge(file, 2).is_some());
        let spoilt = Outcome { read: HashMap::from([(3, Sameness::Different)]), ..outcome };
        assert!(spoilt.judge(&spoilt.transfers[3], 1).is_some());
        assert!(spoilt.judge(&spoilt.transfers[4], 1).is_some(), "it was never read");
    }

    #[test]
    fn i1_words_that_were_on_a_disk_are_there_once() {
        let outcome = Outcome { said: HashSet::from(["words 1".to_owned()]), ..Outcome::default() };
        let judged = |text, times| outcome.judge_words(text, times).is_none();
        assert!(judged("words 1", 1) && !judged("words 1", 0) && !judged("words 1", 2));
        assert!(judged("words 2", 0) && judged("words 2", 1) && !judged("words 2", 2));
    }
}
