//! Which alerts are on the screen, which are on their way there, and what has to be sent next.
//!
//! Why apart from the bus: nobody may wait for a daemon's answer, so answers come late, in any order or never; that has
//! to be tested without one. What must always hold: of each alert only the newest state is sent, and at most one of its
//! states is unanswered; an alert that is taken back while it is on its way is closed as soon as its number is known.

use std::collections::{BTreeMap, VecDeque};

use deskbell_api::desktop::AlertId;

use crate::desktop::words::Poster;

/// Alerts kept for a daemon that does not take them; of more, the oldest are forgotten.
const KEPT: usize = 4_096;
/// Questions that a daemon may leave unanswered before it is given no more.
const UNANSWERED: usize = 256;

/// Names a question on the bus.
pub(super) type Serial = u32;
/// A notification's number as the daemon gives it.
pub(super) type Number = u32;

/// The board.
#[derive(Debug, Default)]
pub(super) struct Board {
    cards: BTreeMap<AlertId, Card>,
    /// Cards with something to send, the longest wait first; each at most once.
    due: VecDeque<AlertId>,
    asked: BTreeMap<Serial, AlertId>,
    numbers: BTreeMap<Number, AlertId>,
}

#[derive(Debug, Default)]
struct Card {
    /// As it has to be; `None`: gone.
    wanted: Option<Poster>,
    /// What was sent is not that.
    is_due: bool,
    /// It is on the screen under this number.
    number: Option<Number>,
    /// It was sent and not answered yet.
    is_asked: bool,
}

/// What has to be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The alert; in the place of the one with this number.
    Show(Box<Poster>, Option<Number>),
    /// Take that one back.
    Close(Number),
}

impl Board {
    /// It has to be seen, so.
    pub(super) fn show(&mut self, poster: Poster) {
        let id = poster.alert.id;
        self.cards.entry(id).or_default().wanted = Some(poster);
        self.want(id);
        while self.due.len() > KEPT {
            let Some(oldest) = self.due.pop_front() else { break };
            tracing::warn!("an alert waited too long for its daemon");
            self.forget(oldest);
        }
    }

    /// It has to be gone.
    pub(super) fn withdraw(&mut self, id: AlertId) {
        let Some(card) = self.cards.get_mut(&id) else { return };
        card.wanted = None;
        if card.number.is_none() && !card.is_asked {
            self.due.retain(|other| *other != id);
            self.forget(id);
        } else {
            self.want(id);
        }
    }

    /// Is there something to send?
    pub(super) fn is_due(&self) -> bool {
        self.asked.len() < UNANSWERED && self.due.iter().any(|id| self.is_free(*id))
    }

    /// What has to be sent next. A [`Order::Show`] is not over before [`Self::sent`].
    pub(super) fn next(&mut self) -> Option<Order> {
        if self.asked.len() >= UNANSWERED {
            return None;
        }
        let place = self.due.iter().position(|id| self.is_free(*id))?;
        let id = self.due.remove(place)?;
        let card = self.cards.get_mut(&id)?;
        card.is_due = false;
        match (card.wanted.clone(), card.number) {
            (Some(poster), number) => Some(Order::Show(Box::new(poster), number)),
            (None, Some(number)) => {
                self.forget(id);
                Some(Order::Close(number))
            }
            (None, None) => {
                self.forget(id);
                self.next()
            }
        }
    }

    /// The alert goes out as this question. To be said before the question leaves.
    pub(super) fn sent(&mut self, id: AlertId, serial: Serial) {
        if let Some(card) = self.cards.get_mut(&id) {
            card.is_asked = true;
            self.asked.insert(serial, id);
        }
    }

    /// Is an answer to this question awaited?
    pub(super) fn is_asked(&self, serial: Serial) -> bool {
        self.asked.contains_key(&serial)
    }

    /// The question was answered by this number.
    pub(super) fn answered(&mut self, serial: Serial, number: Number) {
        let Some(id) = self.asked.remove(&serial) else { return };
        let Some(card) = self.cards.get_mut(&id) else { return };
        card.is_asked = false;
        if let Some(before) = card.number.replace(number) {
            self.numbers.remove(&before);
        }
        self.numbers.insert(number, id);
    }

    /// The question was refused. `again`: there was nobody to answer it, so it is put to the next one.
    pub(super) fn refused(&mut self, serial: Serial, again: bool) -> bool {
        let Some(id) = self.asked.remove(&serial) else { return false };
        let Some(card) = self.cards.get_mut(&id) else { return true };
        card.is_asked = false;
        if again && card.wanted.is_some() {
            self.want(id);
        } else if !card.is_due && card.number.is_none() {
            self.forget(id);
        }
        true
    }

    /// Which alert has this number.
    pub(super) fn alert(&self, number: Number) -> Option<AlertId> {
        self.numbers.get(&number).copied()
    }

    /// The notification is gone from the screen. Tells which it was; `None` where a newer state is on its way there,
    /// which nobody has seen: that comes as a new one.
    pub(super) fn closed(&mut self, number: Number) -> Option<AlertId> {
        let id = self.numbers.remove(&number)?;
        let card = self.cards.get_mut(&id)?;
        card.number = None;
        let comes_again = card.is_asked || card.is_due;
        if !comes_again {
            self.forget(id);
        }
        (!comes_again).then_some(id)
    }

    /// Everything has to be gone.
    pub(super) fn clear(&mut self) {
        let all: Vec<_> = self.cards.keys().copied().collect();
        all.into_iter().for_each(|id| self.withdraw(id));
    }

    /// The daemon is gone, and with it what it showed and was asked. Was there anything?
    pub(super) fn lost(&mut self) -> bool {
        let before = self.cards.len();
        self.cards.retain(|_, card| card.is_due && card.wanted.is_some());
        self.cards.values_mut().for_each(|card| (card.number, card.is_asked) = (None, false));
        self.asked.clear();
        self.numbers.clear();
        self.due.retain(|id| self.cards.contains_key(id));
        self.cards.len() < before
    }

    fn want(&mut self, id: AlertId) {
        if let Some(card) = self.cards.get_mut(&id)
            && !card.is_due
        {
            card.is_due = true;
            self.due.push_back(id);
        }
    }

    fn forget(&mut self, id: AlertId) {
        if let Some(number) = self.cards.remove(&id).and_then(|card| card.number) {
            self.numbers.remove(&number);
        }
    }

    fn is_free(&self, id: AlertId) -> bool {
        self.cards.get(&id).is_none_or(|card| !card.is_asked)
    }
}

#[cfg(test)]
mod tests {
    use deskbell_api::desktop::{Alert, Kind};
    use deskbell_api::dto::Locale;

    use super::*;

    fn alert(id: u64, count: u64) -> Poster {
        let alert = Alert {
            id: AlertId(id),
            kind: Kind::Words,
            subject: None,
            who: None,
            words: None,
            count,
            acts: vec![],
            stays: false,
            silent: false,
        };
        Poster::of(alert, Locale::En)
    }

    /// Sends what is next as a question of this serial.
    fn send(board: &mut Board, serial: Serial) -> Order {
        let order = board.next().unwrap();
        if let Order::Show(poster, _) = &order {
            board.sent(poster.alert.id, serial);
        }
        order
    }

    #[test]
    fn a_newer_state_waits_for_the_number_and_replaces_it() {
        let mut board = Board::default();
        board.show(alert(1, 1));
        assert_eq!(send(&mut board, 10), Order::Show(Box::new(alert(1, 1)), None));
        board.show(alert(1, 2));
        board.show(alert(1, 3));
        assert_eq!(board.next(), None, "its number is not known yet");
        board.answered(10, 77);
        assert_eq!(send(&mut board, 11), Order::Show(Box::new(alert(1, 3)), Some(77)), "only the newest");
        board.answered(11, 77);
        assert_eq!((board.next(), board.alert(77)), (None, Some(AlertId(1))));
    }

    #[test]
    fn what_is_taken_back_on_its_way_is_closed_once_its_number_is_known() {
        let mut board = Board::default();
        board.show(alert(1, 1));
        send(&mut board, 10);
        board.withdraw(AlertId(1));
        assert_eq!(board.next(), None);
        board.answered(10, 77);
        assert_eq!(board.next(), Some(Order::Close(77)));
        assert_eq!((board.closed(77), board.next()), (None, None), "our own closing is no news");
    }

    #[test]
    fn what_is_taken_back_before_it_is_sent_is_never_sent() {
        let mut board = Board::default();
        board.show(alert(1, 1));
        board.withdraw(AlertId(1));
        assert_eq!(board.next(), None);
        board.withdraw(AlertId(1));
        board.show(alert(1, 2));
        assert_eq!(board.next(), Some(Order::Show(Box::new(alert(1, 2)), None)));
    }

    #[test]
    fn what_the_person_closed_comes_back_as_a_new_one() {
        let mut board = Board::default();
        board.show(alert(1, 1));
        send(&mut board, 10);
        board.answered(10, 77);
        assert_eq!(board.closed(77), Some(AlertId(1)));
        board.withdraw(AlertId(1));
        assert_eq!(board.next(), None);
        board.show(alert(1, 2));
        assert_eq!(board.next(), Some(Order::Show(Box::new(alert(1, 2)), None)));
    }

    #[test]
    fn what_is_closed_while_newer_words_are_on_their_way_is_not_over() {
        let mut board = Board::default();
        board.show(alert(1, 1));
        send(&mut board, 10);
        board.answered(10, 77);
        board.show(alert(1, 2));
        assert_eq!(board.closed(77), None, "not sent yet");
        assert_eq!(send(&mut board, 11), Order::Show(Box::new(alert(1, 2)), None));
        board.answered(11, 78);
        board.show(alert(1, 3));
        send(&mut board, 12);
        assert_eq!(board.closed(78), None, "sent and not answered");
        board.answered(12, 79);
        assert_eq!((board.alert(79), board.closed(79)), (Some(AlertId(1)), Some(AlertId(1))));
        board.show(alert(2, 1));
        send(&mut board, 13);
        board.answered(13, 80);
        board.withdraw(AlertId(2));
        assert_eq!((board.closed(80), board.next()), (None, None), "taken back: nobody asks for it");
    }

    #[test]
    fn a_daemon_that_answers_nothing_is_given_so_much_and_no_more() {
        let mut board = Board::default();
        (0..5_000).for_each(|id| board.show(alert(id, 1)));
        for serial in 0..u32::try_from(UNANSWERED).unwrap() {
            assert!(board.is_due());
            send(&mut board, serial);
        }
        assert!(!board.is_due());
        assert_eq!(board.next(), None);
        assert_eq!(board.due.len(), KEPT - UNANSWERED, "and no memory without an end");
        board.answered(0, 1);
        assert!(board.next().is_some());
    }

    #[test]
    fn what_nobody_took_is_put_to_the_next_daemon() {
        let mut board = Board::default();
        board.show(alert(1, 1));
        send(&mut board, 10);
        assert!(board.refused(10, true) && !board.refused(10, true));
        assert_eq!(send(&mut board, 11), Order::Show(Box::new(alert(1, 1)), None));
        board.refused(11, false);
        assert_eq!(board.next(), None, "one that the daemon will not have is not offered again");
    }

    #[test]
    fn a_daemon_that_went_took_everything_with_it() {
        let mut board = Board::default();
        (1..=3).for_each(|id| board.show(alert(id, 1)));
        send(&mut board, 10);
        send(&mut board, 11);
        board.answered(10, 77);
        assert!(board.lost());
        assert_eq!((board.alert(77), board.closed(77)), (None, None));
        board.answered(11, 78);
        assert_eq!(send(&mut board, 12), Order::Show(Box::new(alert(3, 1)), None), "what was not sent waits");
        assert_eq!(board.next(), None);
        assert!(!Board::default().lost());
    }
}
