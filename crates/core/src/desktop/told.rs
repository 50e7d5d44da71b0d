//! Events that were told already.

use std::collections::{HashSet, VecDeque};

use deskbell_wire::MessageId;

/// So many are remembered. A session brings each event once; only a restored desk brings old ones again, and of
/// those only the newest can be unread.
const MOST: usize = 10_000;

/// The newest events that were told.
#[derive(Debug, Default)]
pub(super) struct Told {
    known: HashSet<MessageId>,
    order: VecDeque<MessageId>,
}

impl Told {
    /// Remembers it. `false`: it was known.
    pub(super) fn is_new(&mut self, event: MessageId) -> bool {
        if !self.known.insert(event) {
            return false;
        }
        self.order.push_back(event);
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_are_remembered_and_no_more() {
        let mut told = Told::default();
        let id = |n: usize| MessageId(uuid::Uuid::from_u128(n as u128));
        assert!((0..MOST).all(|n| told.is_new(id(n))) && !told.is_new(id(0)));
        assert!(told.is_new(id(MOST)) && told.is_new(id(0)), "the oldest went");
        assert_eq!((told.known.len(), told.order.len()), (MOST, MOST));
    }
}
