//! What an event is on a page: its kind, its words, its reason, and what else there is to say.

use deskbell_wire::{
    CloseReason, Event, EventBody, GroupId, InviteEnd, LeadEnd, MailOutcome, OpenedBy, Request,
};

use crate::dto::{Detail, MessageKind, RequestBody};

/// Kind, words, reason and detail.
pub(crate) struct Told {
    pub(crate) kind: MessageKind,
    pub(crate) text: String,
    pub(crate) reason: Option<&'static str>,
    pub(crate) detail: Option<Detail>,
}

impl Told {
    fn kind(kind: MessageKind) -> Self {
        Self { kind, text: String::new(), reason: None, detail: None }
    }

    fn with(kind: MessageKind, detail: Detail) -> Self {
        Self { detail: Some(detail), ..Self::kind(kind) }
    }

    fn because(kind: MessageKind, reason: &'static str) -> Self {
        Self { reason: Some(reason), ..Self::kind(kind) }
    }
}

/// Reads an event's body.
pub(crate) fn of(event: &Event) -> Told {
    match &event.body {
        EventBody::Message { text, .. } => Told { text: text.clone(), ..Told::kind(MessageKind::Message) },
        EventBody::Opened { by, group } => {
            let detail = Detail::Opened { by: opened_by(*by).to_owned(), group: number(*group) };
            Told::with(MessageKind::Opened, detail)
        }
        EventBody::Joined { .. } => Told::kind(MessageKind::Joined),
        EventBody::Left { .. } => Told::kind(MessageKind::Left),
        EventBody::Closed { reason } => Told::because(MessageKind::Closed, closed(*reason)),
        EventBody::Moved { group, name } => {
            Told::with(MessageKind::Moved, Detail::Moved { group: number(*group), name: name.clone() })
        }
        EventBody::Invited { text, expires, .. } => {
            let expires = expires.map(|at| at.0);
            let told = Told::with(MessageKind::Invited, Detail::Invited { expires });
            Told { text: text.clone(), ..told }
        }
        EventBody::InviteEnded { reason } => Told::because(MessageKind::InviteEnded, invite_ended(*reason)),
        other => beside_the_chat(other),
    }
}

/// What is no part of the talk itself.
fn beside_the_chat(body: &EventBody) -> Told {
    match body {
        EventBody::Rated { mark, .. } => Told::with(MessageKind::Rated, Detail::Rated { mark: *mark }),
        EventBody::CardSaved { card } => Told::with(MessageKind::Card, Detail::Card { card: card.clone() }),
        EventBody::TranscriptAsked { email } => {
            Told::with(MessageKind::TranscriptAsked, Detail::Transcript { email: email.clone() })
        }
        EventBody::TranscriptEnded { outcome, .. } => {
            Told::because(MessageKind::TranscriptEnded, mail_outcome(*outcome))
        }
        EventBody::Requested(request) => {
            Told::with(MessageKind::Requested, Detail::Requested { body: request_body(request) })
        }
        EventBody::Settled { request, done } => {
            let (request, done) = (request.to_string(), *done);
            Told::with(MessageKind::Settled, Detail::Settled { request, done })
        }
        EventBody::LeadShown { form } => Told::with(MessageKind::LeadShown, Detail::Lead { form: *form }),
        EventBody::LeadEnded { reason } => Told::because(MessageKind::LeadEnded, lead_ended(*reason)),
        EventBody::Consented { version } => {
            Told::with(MessageKind::Consented, Detail::Consented { version: *version })
        }
        EventBody::Banned { banned } => Told::with(MessageKind::Banned, Detail::Banned { banned: *banned }),
        EventBody::Message { .. }
        | EventBody::Opened { .. }
        | EventBody::Joined { .. }
        | EventBody::Left { .. }
        | EventBody::Closed { .. }
        | EventBody::Moved { .. }
        | EventBody::Invited { .. }
        | EventBody::InviteEnded { .. } => Told::kind(MessageKind::Message),
    }
}

/// Does a visitor's form show it as a line of the conversation?
pub(crate) fn is_talk(event: &Event) -> bool {
    matches!(
        event.body,
        EventBody::Message { .. }
            | EventBody::Opened { .. }
            | EventBody::Joined { .. }
            | EventBody::Left { .. }
            | EventBody::Closed { .. }
            | EventBody::Moved { .. }
            | EventBody::Invited { .. }
    )
}

pub(crate) fn number(group: Option<GroupId>) -> Option<u32> {
    group.map(|group| group.0)
}

pub(crate) fn request_body(request: &Request) -> RequestBody {
    match request.clone() {
        Request::Offline { name, email, phone, text, group } => {
            RequestBody::Offline { name, email, phone, text, group: number(group) }
        }
        Request::Callback { name, phone, group, at } => {
            RequestBody::Callback { name, phone, group: number(group), at: at.map(|at| at.0) }
        }
        Request::Lead { form, fields } => RequestBody::Lead { form, fields },
    }
}

fn opened_by(by: OpenedBy) -> &'static str {
    match by {
        OpenedBy::Start => "start",
        OpenedBy::Message => "message",
        OpenedBy::Invite => "invite",
    }
}

fn closed(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::ClosedByOperator => "closed_by_operator",
        CloseReason::ClosedByVisitor => "closed_by_visitor",
        CloseReason::ClosedByTimeout => "closed_by_timeout",
        CloseReason::VisitorDisconnected => "visitor_disconnected",
        CloseReason::VisitorBanned => "visitor_banned",
    }
}

fn invite_ended(reason: InviteEnd) -> &'static str {
    match reason {
        InviteEnd::Rejected => "invite_rejected",
        InviteEnd::Expired => "invite_expired",
        InviteEnd::Withdrawn => "invite_withdrawn",
    }
}

fn lead_ended(reason: LeadEnd) -> &'static str {
    match reason {
        LeadEnd::Submitted => "submitted",
        LeadEnd::Cancelled => "cancelled",
        LeadEnd::Expired => "expired",
    }
}

fn mail_outcome(outcome: MailOutcome) -> &'static str {
    match outcome {
        MailOutcome::Sent => "sent",
        MailOutcome::Delayed => "delayed",
        MailOutcome::Refused => "refused",
    }
}
