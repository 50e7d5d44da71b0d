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
