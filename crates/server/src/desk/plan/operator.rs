//! What an operator may wish, and what becomes of it.

use deskbell_wire::{CloseReason, EventBody, GroupId, InviteEnd, NackCode, OperatorCard, SendBody};

use super::{Plan, Scene};
use crate::desk::log::{Chat, Offered};

pub(super) fn plan(
    scene: Scene<'_>,
    row: i64,
    card: &OperatorCard,
    body: SendBody,
) -> Result<Plan, NackCode> {
    let log = scene.log;
    match body {
        SendBody::Message { text, .. } => {
            let chat = open_chat(scene)?;
            Ok(Plan::Write(
                joining(chat, row, card).chain([EventBody::Message { text, file: None }]).collect(),
            ))
        }
        SendBody::Close {} => match (&log.chat, log.closed) {
            (Some(_), _) => Ok(Plan::Write(vec![closed(CloseReason::ClosedByOperator)])),
            (None, 0) => Err(NackCode::Stale),
            (None, closed) => Ok(Plan::Holds(closed)),
        },
        SendBody::Invite { text } => invite(scene, card, text),
        SendBody::Withdraw {} => match log.offer.as_deref().map(|offer| &offer.what) {
            Some(Offered::Invite { .. }) => {
                Ok(Plan::Write(vec![EventBody::InviteEnded { reason: InviteEnd::Withdrawn }]))
            }
            _ => Err(NackCode::Stale),
        },
        SendBody::Join {} => {
            let chat = open_chat(scene)?;
            let joined: Vec<_> = joining(chat, row, card).collect();
            Ok(if joined.is_empty() { Plan::Holds(chat.opened) } else { Plan::Write(joined) })
        }
        SendBody::Leave {} if open_chat(scene)?.has(row) => {
            Ok(Plan::Write(vec![EventBody::Left { operator: card.id }]))
        }
        SendBody::Leave {} => Err(NackCode::Stale),
        SendBody::Move { group } => transfer(scene, row, card, group),
        SendBody::Card { name, emails, phones } => {
            let card = log.about.card.with(name.as_deref(), &emails, &phones);
            Ok(Plan::Write(vec![EventBody::CardSaved { card }]))
        }
        SendBody::Settle { request, done } => Ok(Plan::Write(vec![EventBody::Settled { request, done }])),
        SendBody::Ban { banned } => Ok(ban(scene, banned)),
        SendBody::Start {}
        | SendBody::Accept { .. }
        | SendBody::Reject { .. }
        | SendBody::Rate { .. }
        | SendBody::Transcript { .. }
        | SendBody::Request(_)
        | SendBody::CancelLead {}
        | SendBody::Consent { .. } => Err(NackCode::Forbidden),
    }
}

fn open_chat<'a>(scene: Scene<'a>) -> Result<&'a Chat, NackCode> {
    scene.log.chat.as_deref().ok_or(NackCode::Stale)
}

/// An operator's first words in a chat, and taking it, join it.
fn joining(chat: &Chat, row: i64, card: &OperatorCard) -> impl Iterator<Item = EventBody> + use<> {
    (!chat.has(row)).then(|| EventBody::Joined { operator: card.clone() }).into_iter()
}

fn closed(reason: CloseReason) -> EventBody {
    EventBody::Closed { reason }
}

/// Nobody is invited who is in a chat, who has been invited, who looks at a lead form, or who is not there.
fn invite(scene: Scene<'_>, card: &OperatorCard, text: String) -> Result<Plan, NackCode> {
    let log = scene.log;
    if log.about.banned {
        return Err(NackCode::Banned);
    }
    if log.chat.is_some() || log.offer.is_some() || !scene.connected {
        return Err(NackCode::Stale);
    }
    let (operator, expires) = (Some(card.clone()), scene.expiry());
    Ok(Plan::Write(vec![EventBody::Invited { text, operator, expires }]))
}

/// Whoever moves a chat leaves it.
fn transfer(
    scene: Scene<'_>,
    row: i64,
    card: &OperatorCard,
    group: Option<GroupId>,
) -> Result<Plan, NackCode> {
    let chat = open_chat(scene)?;
    if group.is_some() && scene.known_group(group).is_none() {
        return Err(NackCode::Invalid);
    }
    let groups = &scene.site.form.groups;
    let name = groups.iter().find(|known| Some(known.id) == group).map(|known| known.name.clone());
    let moved = EventBody::Moved { group, name: name.unwrap_or_default() };
    let left = chat.has(row).then_some(EventBody::Left { operator: card.id });
    Ok(Plan::Write(left.into_iter().chain([moved]).collect()))
}

fn ban(scene: Scene<'_>, banned: bool) -> Plan {
    let chat = scene.log.chat.as_ref().filter(|_| banned);
    let ended = chat.map(|_| closed(CloseReason::VisitorBanned));
    let withdrawn = scene.end_offer().filter(|_| banned);
    Plan::Write(ended.into_iter().chain(withdrawn).chain([EventBody::Banned { banned }]).collect())
}
