//! What becomes of a wish: decided from the log and the site's settings alone, before anything is written. With
//! [`deed`] this is the one machine of a visitor's states (§7 of the consultant API).
//!
//! What must always hold: opening, taking and closing a chat whose effect already holds causes no second event; it is
//! acknowledged with the seq of the event that caused the effect. What is saved (a mark, a card, consent) is written
//! again, with the same outcome. A stream has at most one of: an open chat, a waiting invitation, a lead
//! form.

mod check;
mod deed;
mod operator;
#[cfg(test)]
mod tests;
mod visitor;

use deskbell_wire::{
    EventBody, FileCard, GroupId, NackCode, OperatorCard, SendBody, Seq, SiteSettings, Timestamp,
};

use super::log::{Log, Offered};

pub(crate) use check::{check, hash};
pub(crate) use deed::{Deed, deed};

/// Who wishes.
#[derive(Clone, Debug)]
pub(crate) enum Writer {
    /// The visitor whose stream it is.
    Visitor,
    /// An operator: row and card.
    Operator(i64, OperatorCard),
    /// The desk itself.
    Desk,
}

/// What a decision is made from.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) log: &'a Log,
    pub(crate) site: &'a SiteSettings,
    /// Is one of the visitor's devices connected?
    pub(crate) connected: bool,
    pub(crate) now: Timestamp,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Write these; the last of them answers the entry.
    Write(Vec<EventBody>),
    /// Nothing: this event has done it before.
    Holds(Seq),
}

/// Decides. The right to wish it was checked before.
///
/// # Errors
/// [`NackCode::Stale`] where what is meant is over, [`NackCode::Unavailable`] where the site does not offer it,
/// [`NackCode::Consent`], [`NackCode::Banned`].
pub(crate) fn plan(scene: Scene<'_>, writer: &Writer, body: SendBody) -> Result<Plan, NackCode> {
    match writer {
        Writer::Visitor => visitor::plan(scene, body),
        Writer::Operator(row, card) => operator::plan(scene, *row, card, body),
        Writer::Desk => Err(NackCode::Forbidden),
    }
}

impl Plan {
    /// The message that is written carries that file.
    pub(crate) fn carrying(mut self, card: FileCard) -> Self {
        if let Self::Write(events) = &mut self
            && let Some(EventBody::Message { file, .. }) = events.last_mut()
        {
            *file = Some(card);
        }
        self
    }
}

impl Scene<'_> {
    /// For whom the chat is in which the visitor writes, or the one that he would open for `wanted`.
    pub(crate) fn group_for(&self, wanted: Option<GroupId>) -> Option<GroupId> {
        match self.log.chat.as_deref() {
            Some(chat) => chat.group,
            None => self.known_group(wanted),
        }
    }

    /// Do the site's terms come first?
    pub(crate) fn lacks_consent(&self) -> bool {
        let asked = self.site.form.consent.as_ref();
        asked.is_some_and(|consent| self.log.about.consented < consent.version)
    }

    /// A group that the site does not have (any more) is nobody's in particular.
    fn known_group(&self, group: Option<GroupId>) -> Option<GroupId> {
        group.filter(|wanted| self.site.form.groups.iter().any(|group| group.id == *wanted))
    }

    /// Ends what is offered, because something else takes its place.
    fn end_offer(&self) -> Option<EventBody> {
        use deskbell_wire::{InviteEnd, LeadEnd};
        Some(match self.log.offer.as_deref()?.what {
            Offered::Invite { .. } => EventBody::InviteEnded { reason: InviteEnd::Withdrawn },
            Offered::Lead { .. } => EventBody::LeadEnded { reason: LeadEnd::Expired },
        })
    }

    /// When an offer that is made now is over.
    fn expiry(&self) -> Option<Timestamp> {
        let seconds = self.site.times.invite_s;
        (seconds > 0).then(|| Timestamp(self.now.0 + i64::from(seconds) * 1_000))
    }
}
