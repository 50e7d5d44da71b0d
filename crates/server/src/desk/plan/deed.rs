//! What the desk does by itself: rules, expiry, retention, time-outs, what became of a mail.
//!
//! Why it is decided here again, inside the transaction: whoever asked for it looked at the stream a moment ago. What
//! no longer fits is left undone, so a deed that is tried again after a failed commit is never done twice.

use deskbell_wire::{CloseReason, EventBody, InviteEnd, LeadEnd, LeadForm, MailOutcome, MessageId, Seq};

use super::Scene;
use crate::desk::log::Offered;

/// Something that the desk does in a stream by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A rule invites.
    Invite {
        /// The site's words.
        text: String,
        /// The rule's name.
        rule: String,
    },
    /// A rule shows a lead form.
    Lead {
        /// Which.
        form: LeadForm,
        /// The rule's name.
        rule: String,
    },
    /// The offer of this seq was not answered in time.
    Expire {
        /// The seq of the `invited` or `lead_shown` event.
        seq: Seq,
    },
    /// The site's next timed message in the chat that was opened at `opened`.
    Retain {
        /// The seq of the chat's `opened` event.
        opened: Seq,
        /// How many it had before.
        told: u32,
        /// The words.
        text: String,
    },
    /// The chat that was opened at `opened` is over.
    Close {
        /// The seq of the chat's `opened` event.
        opened: Seq,
        /// Why.
        reason: CloseReason,
    },
    /// What became of a mail.
    Mailed {
        /// The id of the `transcript_asked` event.
        asked: MessageId,
        /// What.
        outcome: MailOutcome,
    },
}

/// The events of a deed; none where it no longer fits.
pub(crate) fn deed(scene: Scene<'_>, deed: &Deed) -> Vec<EventBody> {
    let log = scene.log;
    let open = |seq: Seq| log.chat.as_deref().is_some_and(|chat| chat.opened == seq);
    match deed.clone() {
        Deed::Invite { text, .. } if scene.may_be_offered() => {
            vec![EventBody::Invited { text, operator: None, expires: scene.expiry() }]
        }
        Deed::Lead { form, .. } if scene.may_be_offered() => vec![EventBody::LeadShown { form }],
        Deed::Expire { seq } => match log.offer.as_deref().filter(|offer| offer.seq == seq) {
            Some(offer) => vec![match offer.what {
                Offered::Invite { .. } => EventBody::InviteEnded { reason: InviteEnd::Expired },
                Offered::Lead { .. } => EventBody::LeadEnded { reason: LeadEnd::Expired },
            }],
            None => Vec::new(),
        },
        Deed::Retain { opened, told, text } => {
            let waits = log.chat.as_deref().is_some_and(|chat| chat.waited.is_some() && chat.told == told);
            if open(opened) && waits { vec![EventBody::Message { text, file: None }] } else { Vec::new() }
        }
        Deed::Close { opened, reason } if open(opened) => vec![EventBody::Closed { reason }],
        Deed::Mailed { asked, outcome } => vec![EventBody::TranscriptEnded { asked, outcome }],
        Deed::Invite { .. } | Deed::Lead { .. } | Deed::Close { .. } => Vec::new(),
    }
}

impl Deed {
    /// The rule that does it.
    pub(crate) fn rule(&self) -> Option<&str> {
        match self {
            Self::Invite { rule, .. } | Self::Lead { rule, .. } => Some(rule),
            Self::Expire { .. } | Self::Retain { .. } | Self::Close { .. } | Self::Mailed { .. } => None,
        }
    }
}

impl Scene<'_> {
    /// No offer reaches a visitor who is in a chat, who has another one, who is kept out, or who is not there.
    pub(crate) fn may_be_offered(&self) -> bool {
        let log = self.log;
        log.chat.is_none() && log.offer.is_none() && !log.about.banned && self.connected
    }
}
