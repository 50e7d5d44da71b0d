//! What an operator works with beside the conversation, as pages know it.

use deskbell_wire::{GivenMark, GroupId, OperatorSeat, Person, RequestRow, SendBody, Site};

use crate::detail::request_body;
use crate::dto::{MarkGiven, OperatorPlace, OperatorWish, PersonCard, RequestLine, SiteView};
use crate::lines;
use crate::start::without_nul;

/// The entry of a wish.
///
/// # Errors
/// `invalid` where a request's id is none.
pub(super) fn body(wish: OperatorWish) -> Result<SendBody, &'static str> {
    Ok(match wish {
        OperatorWish::Invite { text } => SendBody::Invite { text: without_nul(&text) },
        OperatorWish::Withdraw => SendBody::Withdraw {},
        OperatorWish::Join => SendBody::Join {},
        OperatorWish::Leave => SendBody::Leave {},
        OperatorWish::Move { group } => SendBody::Move { group: group.map(GroupId) },
        OperatorWish::Card { name, emails, phones } => SendBody::Card { name, emails, phones },
        OperatorWish::Settle { request, done } => {
            SendBody::Settle { request: request.parse().map_err(|_| "invalid")?, done }
        }
        OperatorWish::Ban { banned } => SendBody::Ban { banned },
    })
}

pub(super) fn person(person: &Person) -> PersonCard {
    PersonCard {
        visitor: person.stream.visitor.to_string(),
        card: person.card.clone(),
        first_seen: person.first_seen.0,
        last_seen: person.last_seen.0,
        visits: person.visits,
        chats: person.chats,
        ratings: person.ratings.iter().map(mark).collect(),
        consented: person.consented,
        banned: person.banned,
        devices: person.devices,
    }
}

fn mark(given: &GivenMark) -> MarkGiven {
    MarkGiven {
        chat_id: given.chat_id.to_string(),
        operator: lines::operator(&given.operator),
        mark: given.mark,
        date: given.ts.0,
    }
}

pub(super) fn request(row: &RequestRow) -> RequestLine {
    RequestLine {
        id: row.id.to_string(),
        visitor: row.stream.visitor.to_string(),
        visitor_name: row.visitor.clone(),
        date: row.ts.0,
        body: request_body(&row.request),
        done_by: row.done_by.as_ref().map(lines::operator),
    }
}

pub(super) fn site(site: &Site) -> SiteView {
    SiteView {
        settings: site.settings.clone(),
        operators: site.operators.iter().map(place).collect(),
        admin: site.admin,
    }
}

fn place(seat: &OperatorSeat) -> OperatorPlace {
    OperatorPlace {
        operator: lines::operator(&seat.card),
        groups: seat.groups.iter().map(|group| group.0).collect(),
        admin: seat.admin,
        online: seat.online,
    }
}
