//! The present as the visitor's page is told it.
//!
//! What must always hold: what the visitor has said of himself stands in it at once, also while it waits in the
//! outbox and over a restart.

use deskbell_core::Session;
use deskbell_store::SqliteStore;
use deskbell_wire::{Author, Event, EventBody, Invitation, SendBody, State, StreamId, VisitorState};

use crate::dto::{ChatRating, ChatState, Message, Present};
use crate::lines;

/// How things stand, what waits counted in.
pub(super) fn of(session: &Session<SqliteStore>, stream: &StreamId, state: &State) -> Present {
    let mut present = Present {
        state: chat_state(state.visitor_state),
        online: state.availability.online,
        groups_online: state.availability.groups.iter().map(|group| group.0).collect(),
        group: crate::detail::number(state.group),
        operator: state.operator.as_ref().map(lines::operator),
        invite: state.invite.as_ref().map(|invite| invitation(stream, invite)),
        lead: state.lead,
        rating: state
            .rating
            .map(|rating| ChatRating { chat_id: rating.chat_id.to_string(), mark: rating.mark }),
        card: state.card.clone(),
        retention: state.retention,
        consented: state.consented,
    };
    let Some(held) = session.held(stream) else { return present };
    for row in held.outbox.rows() {
        count_in(&mut present, &row.body);
    }
    present
}

fn count_in(present: &mut Present, body: &SendBody) {
    match body {
        SendBody::Card { name, emails, phones } => {
            present.card = present.card.with(name.as_deref(), emails, phones);
        }
        SendBody::Consent { version } => present.consented = present.consented.max(*version),
        SendBody::Rate { mark } => {
            if let Some(rating) = &mut present.rating {
                rating.mark = *mark;
            }
        }
        _ => {}
    }
}

/// Before the desk's first word.
pub(super) fn unknown() -> State {
    State {
        visitor_state: VisitorState::Available,
        availability: deskbell_wire::Availability::default(),
        operator: None,
        group: None,
        invite: None,
        lead: None,
        rating: None,
        card: deskbell_wire::VisitorCard::default(),
        retention: None,
        consented: 0,
    }
}

fn chat_state(state: VisitorState) -> ChatState {
    match state {
        VisitorState::Available => ChatState::Available,
        VisitorState::Invite => ChatState::Invite,
        VisitorState::Chat => ChatState::Chat,
        VisitorState::Lead => ChatState::Lead,
    }
}

/// The invitation as the line that it is in the log.
fn invitation(stream: &StreamId, invite: &Invitation) -> Message {
    let Invitation { id, text, operator, ts, expires } = invite.clone();
    let mut line = lines::from_event(&Event {
        stream: stream.clone(),
        seq: 0,
        message_id: id,
        chat_id: None,
        author: operator.clone().map_or(Author::System, Author::Operator),
        ts,
        body: EventBody::Invited { text, operator, expires },
        uid: None,
    });
    line.seq = None;
    line
}
