//! Who may do what: the one place that decides (S10, threats 1, 2, 7).
//!
//! What must always hold: every frame that names a stream or a list passes here; what is not allowed looks like
//! what does not exist.

use deskbell_wire::{Ask, Audience, SendBody, StreamId};

/// Who acts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role<'a> {
    /// A visitor, with his own public stream.
    Visitor(&'a StreamId),
    /// An operator of the desk.
    Operator,
}

/// What is wished.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act<'a> {
    /// An entry in a stream.
    Send(&'a StreamId, &'a SendBody),
    /// A page, a snapshot or a head of a stream.
    Read(&'a StreamId),
    /// A receipt in a stream.
    Mark(&'a StreamId),
    /// Typing in a stream.
    Type(&'a StreamId),
    /// The list of visitors.
    Watch,
    /// One's own status.
    SetStatus,
    /// A question.
    Ask(&'a Ask),
}

/// May they?
pub(crate) fn allows(role: Role<'_>, act: Act<'_>) -> bool {
    match (role, act) {
        // A visitor opens a chat by himself; an operator only answers.
        (Role::Operator, Act::Send(_, SendBody::Start {})) => false,
        (_, Act::Send(stream, _) | Act::Read(stream) | Act::Mark(stream) | Act::Type(stream)) => {
            may_see(role, stream)
        }
        (Role::Operator, Act::Watch | Act::SetStatus) => true,
        (Role::Visitor(_), Act::Watch | Act::SetStatus) => false,
        (role, Act::Ask(ask)) => may_ask(role, ask),
    }
}

fn may_ask(role: Role<'_>, ask: &Ask) -> bool {
    match ask {
        Ask::LinkCode {} | Ask::Devices {} | Ask::Revoke { .. } => matches!(role, Role::Visitor(_)),
        Ask::Person { .. } | Ask::SaveSite(_) | Ask::SetGroups { .. } | Ask::TestMail { .. } => {
            matches!(role, Role::Operator)
        }
    }
}

fn may_see(role: Role<'_>, stream: &StreamId) -> bool {
    match role {
        Role::Visitor(own) => own == stream,
        // Notes are no part of the desk yet.
        Role::Operator => stream.audience == Audience::Public,
    }
}

#[cfg(test)]
mod tests {
    use deskbell_wire::{SiteKey, VisitorId};
    use uuid::Uuid;

    use super::*;

    fn stream(site: &str, visitor: u128, audience: Audience) -> StreamId {
        let site = SiteKey::try_from(site.to_owned()).unwrap();
        StreamId { site, visitor: VisitorId(Uuid::from_u128(visitor)), audience }
    }

    #[test]
    fn threats_1_2_3_7_every_role_and_act() {
        let own = stream("main", 1, Audience::Public);
        let foreign = [
            stream("main", 2, Audience::Public),
            stream("shop", 1, Audience::Public),
            stream("main", 1, Audience::Internal),
        ];
        let message = SendBody::message("x");
        let visitor = Role::Visitor(&own);
        for body in [&message, &SendBody::Start {}, &SendBody::Close {}] {
            assert!(allows(visitor, Act::Send(&own, body)));
            assert!(foreign.iter().all(|other| !allows(visitor, Act::Send(other, body))));
        }
        for act in [Act::Read, Act::Mark, Act::Type] {
            assert!(allows(visitor, act(&own)));
            assert!(foreign.iter().all(|other| !allows(visitor, act(other))));
            assert!(allows(Role::Operator, act(&own)));
            assert!(!allows(Role::Operator, act(&foreign[2])));
        }
        assert!(!allows(visitor, Act::Watch) && !allows(visitor, Act::SetStatus));
        assert!(allows(Role::Operator, Act::Watch) && allows(Role::Operator, Act::SetStatus));
        assert!(!allows(Role::Operator, Act::Send(&own, &SendBody::Start {})));
        assert!(allows(Role::Operator, Act::Send(&own, &message)));
    }
}
