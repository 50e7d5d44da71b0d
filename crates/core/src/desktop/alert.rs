//! What the shell is to show, to take back and to play.

use std::fmt;

use super::{Kind, Subject};

/// Names an alert for as long as the program runs; made of a number alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlertId(pub u64);

/// An order for the shell, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ring {
    /// Show it; one with the same id is replaced without a second one beside it.
    Show(Alert),
    /// Take it back.
    Withdraw(AlertId),
    /// Play a kind's sound at this loudness, 0 to 100.
    Play(Kind, u8),
}

/// A notification as data: the shell says it in the person's language.
#[derive(Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its name.
    pub id: AlertId,
    /// Of which kind.
    pub kind: Kind,
    /// Where a click leads; `None` where it stands for many.
    pub subject: Option<Subject>,
    /// Who; `None` where it is unknown or the person hides it.
    pub who: Option<String>,
    /// The words, at most 240 characters; `None` where there are none or the person hides them.
    pub words: Option<String>,
    /// How many occasions it stands for.
    pub count: u64,
    /// Buttons beside the click on the alert itself.
    pub acts: Vec<Act>,
    /// It stays until the person answers it or it is over.
    pub stays: bool,
    /// It replaces one that is shown, without calling for attention again.
    pub silent: bool,
}

impl fmt::Debug for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Alert");
        shown.field("id", &self.id).field("subject", &self.subject).field("count", &self.count);
        shown.finish_non_exhaustive()
    }
}

/// A button of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Accept the invitation.
    Accept,
    /// Decline it.
    Decline,
    /// Open the chat with the composer focused.
    Reply,
    /// Open the chat.
    Open,
}
