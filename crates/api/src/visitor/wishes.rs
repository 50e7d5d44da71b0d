//! What the visitor wants done, as entries of the outbox, and which method each answers.

use deskbell_wire::{GroupId, Invitation, Lang, Request, SendBody, Timestamp};

use crate::dto::{Locale, Verb, VisitorWish};
use crate::start::without_nul;

/// The entry of a wish; an invitation's answer names the one that waits.
///
/// # Errors
/// `no_invite` where none waits.
pub(super) fn body(
    wish: VisitorWish,
    invite: Option<&Invitation>,
    locale: Locale,
) -> Result<SendBody, &'static str> {
    let invited = || invite.map(|invite| invite.id).ok_or("no_invite");
    Ok(match wish {
        VisitorWish::StartChat => SendBody::Start {},
        VisitorWish::CloseChat => SendBody::Close {},
        VisitorWish::InviteAccept => SendBody::Accept { invite: invited()? },
        VisitorWish::InviteReject => SendBody::Reject { invite: invited()? },
        VisitorWish::Rate { mark } => SendBody::Rate { mark },
        VisitorWish::Card { name, emails, phones } => SendBody::Card { name, emails, phones },
        VisitorWish::Transcript { email, zone_min } => {
            let lang = match locale {
                Locale::En => Lang::En,
                Locale::Ru => Lang::Ru,
            };
            SendBody::Transcript { email, lang, zone_min: zone_min.unwrap_or(0) }
        }
        VisitorWish::Offline { name, email, phone, text, group } => {
            let (text, group) = (without_nul(&text), group.map(GroupId));
            SendBody::Request(Request::Offline { name, email, phone, text, group })
        }
        VisitorWish::Callback { name, phone, group, at } => {
            let (group, at) = (group.map(GroupId), at.map(Timestamp));
            SendBody::Request(Request::Callback { name, phone, group, at })
        }
        VisitorWish::SubmitLead { form, fields } => SendBody::Request(Request::Lead { form, fields }),
        VisitorWish::CancelLead => SendBody::CancelLead {},
        VisitorWish::Consent { version } => SendBody::Consent { version },
    })
}

/// The method that an entry answers; `None`: words, or what only operators do.
pub(super) fn verb(body: &SendBody) -> Option<Verb> {
    match body {
        SendBody::Start {} => Some(Verb::StartChat),
        SendBody::Close {} => Some(Verb::CloseChat),
        SendBody::Accept { .. } => Some(Verb::InviteAccept),
        SendBody::Reject { .. } => Some(Verb::InviteReject),
        SendBody::Rate { .. } => Some(Verb::SetRating),
        SendBody::Card { .. } => Some(Verb::SetCard),
        SendBody::Transcript { .. } => Some(Verb::SendChatByMail),
        SendBody::Request(Request::Offline { .. }) => Some(Verb::SendOfflineRequest),
        SendBody::Request(Request::Callback { .. }) => Some(Verb::SitephoneCall),
        SendBody::Request(Request::Lead { .. }) => Some(Verb::LeadSubmit),
        SendBody::CancelLead {} => Some(Verb::LeadCancel),
        SendBody::Consent { .. } => Some(Verb::Consent),
        SendBody::Message { .. }
        | SendBody::Invite { .. }
        | SendBody::Withdraw {}
        | SendBody::Join {}
        | SendBody::Leave {}
        | SendBody::Move { .. }
        | SendBody::Settle { .. }
        | SendBody::Ban { .. } => None,
    }
}

/// Must the site's terms be agreed to before this?
pub(super) fn needs_consent(body: &SendBody) -> bool {
    matches!(
        body,
        SendBody::Message { .. }
            | SendBody::Start {}
            | SendBody::Accept { .. }
            | SendBody::Card { .. }
            | SendBody::Request(_)
    )
}
