//! What the person has before the eyes.

use deskbell_wire::VisitorId;

use super::{Side, Subject};

/// What the person has before the eyes.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) side: Option<Side>,
    pub(super) focused: bool,
    pub(super) visitor: Option<VisitorId>,
}

impl View {
    /// A visitor's window shows the visitor's only chat.
    pub(super) fn has(&self, subject: Subject) -> bool {
        self.focused
            && match self.side {
                Some(Side::Visitor) => true,
                Some(Side::Operator) | None => {
                    self.visitor.is_some_and(|shown| subject.visitor() == Some(shown))
                }
            }
    }
}
