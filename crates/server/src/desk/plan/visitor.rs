//! What a visitor may wish, and what becomes of it.

use deskbell_wire::{
    CloseReason, EventBody, GroupId, InviteEnd, LeadEnd, MessageId, NackCode, OpenedBy, Request, SendBody,
};

use super::{Plan, Scene};
use crate::desk::log::Offered;

pub(super) fn plan(scene: Scene<'_>, body: SendBody) -> Result<Plan, NackCode> {
    let log = scene.log;
    if log.about.banned {
        return Err(NackCode::Banned);
    }
    if needs_consent(&body) && scene.lacks_consent() {
        return Err(NackCode::Consent);
    }
    match body {
        SendBody::Message { text, group, .. } => Ok(say(scene, text, group)),
        SendBody::Start {} => Ok(open(scene, OpenedBy::Start, None)),
        SendBody::Close {} => match (&log.chat, log.closed) {
            (Some(_), _) => write([EventBody::Closed { reason: CloseReason::ClosedByVisitor }]),
            (None, 0) => Err(NackCode::Stale),
            (None, closed) => Ok(Plan::Holds(closed)),
        },
        SendBody::Accept { invite } => accept(scene, invite),
        SendBody::Reject { invite } if is_invited(scene, invite) => {
            write([EventBody::InviteEnded { reason: InviteEnd::Rejected }])
        }
        SendBody::Reject { .. } => Err(NackCode::Stale),
        SendBody::Rate { mark } => rate(scene, mark),
        SendBody::Card { name, emails, phones } => {
            write([EventBody::CardSaved { card: log.about.card.with(name.as_deref(), &emails, &phones) }])
        }
        SendBody::Transcript { email, .. } => transcript(scene, email),
        SendBody::Request(request) => Ok(file(scene, request)),
        SendBody::CancelLead {} => match log.lead() {
            Some(_) => write([EventBody::LeadEnded { reason: LeadEnd::Cancelled }]),
            None => Err(NackCode::Stale),
        },
        SendBody::Consent { version } => write([EventBody::Consented { version }]),
        SendBody::Invite { .. }
        | SendBody::Withdraw {}
        | SendBody::Join {}
        | SendBody::Leave {}
        | SendBody::Move { .. }
        | SendBody::Settle { .. }
        | SendBody::Ban { .. } => Err(NackCode::Forbidden),
    }
}

fn write<const N: usize>(events: [EventBody; N]) -> Result<Plan, NackCode> {
    Ok(Plan::Write(events.into()))
}

/// Words need a chat: where none is open they open one, and in an invitation they accept it.
fn say(scene: Scene<'_>, text: String, group: Option<GroupId>) -> Plan {
    let message = EventBody::Message { text, file: None };
    match open(scene, OpenedBy::Message, group) {
        Plan::Write(mut events) => {
            events.push(message);
            Plan::Write(events)
        }
        Plan::Holds(_) => Plan::Write(vec![message]),
    }
}

fn open(scene: Scene<'_>, by: OpenedBy, group: Option<GroupId>) -> Plan {
    if let Some(chat) = scene.log.chat.as_deref() {
        return Plan::Holds(chat.opened);
    }
    let group = scene.known_group(group);
    match scene.log.offer.as_deref().map(|offer| &offer.what) {
        Some(Offered::Invite { operator, .. }) => {
            let opened = EventBody::Opened { by: OpenedBy::Invite, group };
            let joined = operator.clone().map(|operator| EventBody::Joined { operator });
            Plan::Write(std::iter::once(opened).chain(joined).collect())
        }
        _ => Plan::Write(scene.end_offer().into_iter().chain([EventBody::Opened { by, group }]).collect()),
    }
}

/// A chat that words opened just before is the one that accepting would open.
fn accept(scene: Scene<'_>, invite: MessageId) -> Result<Plan, NackCode> {
    if scene.log.chat.is_some() || is_invited(scene, invite) {
        Ok(open(scene, OpenedBy::Invite, None))
    } else {
        Err(NackCode::Stale)
    }
}

fn is_invited(scene: Scene<'_>, invite: MessageId) -> bool {
    let offer = scene.log.offer.as_deref();
    offer.is_some_and(|offer| offer.message_id == invite && matches!(offer.what, Offered::Invite { .. }))
}

fn rate(scene: Scene<'_>, mark: Option<u8>) -> Result<Plan, NackCode> {
    if !scene.site.form.rating {
        return Err(NackCode::Unavailable);
    }
    let rateable = scene.log.rateable.as_deref().ok_or(NackCode::Stale)?;
    write([EventBody::Rated { operator: rateable.operator.clone(), mark }])
}

fn transcript(scene: Scene<'_>, email: String) -> Result<Plan, NackCode> {
    if scene.site.mail.is_none() {
        return Err(NackCode::Unavailable);
    }
    if scene.log.newest_chat == 0 {
        return Err(NackCode::Stale);
    }
    write([EventBody::TranscriptAsked { email }])
}

fn file(scene: Scene<'_>, request: Request) -> Plan {
    let request = match request {
        Request::Offline { name, email, phone, text, group } => {
            Request::Offline { name, email, phone, text, group: scene.known_group(group) }
        }
        Request::Callback { name, phone, group, at } => {
            Request::Callback { name, phone, group: scene.known_group(group), at }
        }
        lead @ Request::Lead { .. } => lead,
    };
    let is_lead = matches!(request, Request::Lead { .. }) && scene.log.lead().is_some();
    let ended = is_lead.then_some(EventBody::LeadEnded { reason: LeadEnd::Submitted });
    Plan::Write(std::iter::once(EventBody::Requested(request)).chain(ended).collect())
}

fn needs_consent(body: &SendBody) -> bool {
    matches!(
        body,
        SendBody::Message { .. }
            | SendBody::Start {}
            | SendBody::Accept { .. }
            | SendBody::Card { .. }
            | SendBody::Request(_)
    )
}
