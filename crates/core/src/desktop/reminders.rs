//! Chats without an answer: when to remind the person of which.
//!
//! Why by our own clock: the desk's may go differently, and a reminder is late by a look at a chat, not by a clock.

use std::collections::BTreeMap;

use deskbell_wire::VisitorId;

use super::Guest;

/// The chats, each with its next reminder.
#[derive(Debug, Default)]
pub(super) struct Reminders(BTreeMap<VisitorId, Reminder>);

#[derive(Debug)]
struct Reminder {
    guest: Guest,
    /// When it was first heard of, on the monotonic clock.
    heard: u64,
    /// The next one is due then; `None`: none wanted.
    due: Option<u64>,
}

impl Reminders {
    /// The chats are these now. Tells those that have been answered.
    pub(super) fn are(&mut self, guests: Vec<Guest>, every_s: u32, mono: u64) -> Vec<VisitorId> {
        let mut before = std::mem::take(&mut self.0);
        for guest in guests {
            let same = |known: &Reminder| known.guest.since == guest.since;
            let heard = match before.get(&guest.visitor).is_some_and(same) {
                true => before.remove(&guest.visitor).map(|known| (known.heard, known.due)),
                false => None,
            };
            let (heard, due) = heard.unwrap_or((mono, after(mono, every_s)));
            self.0.insert(guest.visitor, Reminder { guest, heard, due });
        }
        before.into_keys().collect()
    }

    /// The person wants them so often now.
    pub(super) fn every(&mut self, every_s: u32, mono: u64) {
        for reminder in self.0.values_mut() {
            reminder.due = after(reminder.heard, every_s).map(|due| due.max(mono));
        }
    }

    /// Those that are due; the next ones follow.
    pub(super) fn due(&mut self, every_s: u32, mono: u64) -> Vec<Guest> {
        let late = self.0.values_mut().filter(|reminder| reminder.due.is_some_and(|due| due <= mono));
        let told = late.map(|reminder| {
            reminder.due = after(mono, every_s);
            reminder.guest.clone()
        });
        told.collect()
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<u64> {
        self.0.values().filter_map(|reminder| reminder.due).min()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

fn after(mono: u64, every_s: u32) -> Option<u64> {
    (every_s > 0).then(|| mono + u64::from(every_s) * 1_000)
}

#[cfg(test)]
mod tests {
    use deskbell_wire::Timestamp;

    use super::*;

    fn guest(visitor: u128, since: i64) -> Guest {
        Guest { visitor: VisitorId(uuid::Uuid::from_u128(visitor)), name: None, since: Timestamp(since) }
    }

    #[test]
    fn a_chat_without_an_answer_is_told_again_and_again_until_it_has_one() {
        let mut reminders = Reminders::default();
        assert!(reminders.are(vec![guest(1, 5)], 60, 1_000).is_empty());
        assert_eq!(reminders.next(), Some(61_000));
        assert!(reminders.due(60, 60_999).is_empty());
        // More words of the visitor's change nothing: it has been waiting since the first.
        assert!(reminders.are(vec![guest(1, 5), guest(2, 7)], 60, 40_000).is_empty());
        assert_eq!(reminders.due(60, 61_000), [guest(1, 5)]);
        assert_eq!(reminders.due(60, 121_000), [guest(1, 5), guest(2, 7)]);
        // Answered, and waiting again.
        let answered = reminders.are(vec![guest(1, 8)], 60, 122_000);
        assert_eq!(answered, [guest(1, 8).visitor, guest(2, 7).visitor]);
        assert_eq!(reminders.next(), Some(182_000));
    }

    #[test]
    fn another_interval_counts_from_the_first_word_and_none_is_none() {
        let mut reminders = Reminders::default();
        reminders.are(vec![guest(1, 5)], 0, 1_000);
        assert_eq!(reminders.next(), None);
        reminders.every(30, 11_000);
        assert_eq!(reminders.next(), Some(31_000));
        reminders.every(5, 11_000);
        assert_eq!(reminders.due(5, 11_000).len(), 1);
        assert_eq!(reminders.next(), Some(16_000));
        reminders.every(0, 12_000);
        assert_eq!(reminders.next(), None);
    }
}
