//! Who may do what: the one place that decides (S10, threats 1, 2, 7).
//!
//! What must always hold: every frame that names a stream or a list passes here; what is not allowed looks like
//! what does not exist. An operator who works in certain groups reads the streams that have no chat yet, and those
//! that a chat or a request was ever for everybody or for one of his groups; he acts, and is told what happens, only
//! while no chat is open that is for others.

use deskbell_wire::{Ask, Audience, GroupId, SendBody, StreamId};

use super::log::Log;

/// Who acts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role<'a> {
    /// A visitor, with his own public stream.
    Visitor(&'a StreamId),
    /// An operator of the desk.
    Operator(&'a Rights),
}

/// What an operator has beyond being one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    /// May change the sites' settings.
    pub(crate) admin: bool,
    /// The groups in which he works, by site. A site that is not among them: in all its groups.
    pub(crate) places: Vec<(i64, GroupId)>,
}

/// A stream, as far as rights go.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) stream: &'a StreamId,
    /// The site's row.
    pub(crate) site: i64,
    /// `None`: there is no such visitor, or it was not looked for.
    pub(crate) log: Option<&'a Log>,
}

/// What is wished.
#[derive(Clone, Copy)]
pub(crate) enum Act<'a> {
    /// Something in a stream.
    In(Subject<'a>, Wish<'a>),
    /// The lists of visitors and requests.
    Watch,
    /// One's own status.
    SetStatus,
    /// A question.
    Ask(&'a Ask),
}

/// What is wished in a stream.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wish<'a> {
    /// An entry.
    Send(&'a SendBody),
    /// A page, a snapshot, a head, a card.
    Read,
    /// To be told what happens, and to see it in the list.
    Follow,
    /// A receipt.
    Mark,
    /// Typing.
    Type,
}

/// May they?
pub(crate) fn allows(role: Role<'_>, act: Act<'_>) -> bool {
    match (role, act) {
        (Role::Visitor(own), Act::In(subject, deed)) => own == subject.stream && visitor_may(deed),
        (Role::Operator(rights), Act::In(subject, deed)) => operator_may(rights, subject, deed),
        (Role::Operator(_), Act::Watch | Act::SetStatus) => true,
        (Role::Visitor(_), Act::Watch | Act::SetStatus) => false,
        (role, Act::Ask(ask)) => may_ask(role, ask),
    }
}

/// In his own stream.
fn visitor_may(deed: Wish<'_>) -> bool {
    match deed {
        Wish::Read | Wish::Follow | Wish::Mark | Wish::Type => true,
        Wish::Send(body) => match body {
            SendBody::Message { .. }
            | SendBody::Start {}
            | SendBody::Close {}
            | SendBody::Accept { .. }
            | SendBody::Reject { .. }
            | SendBody::Rate { .. }
            | SendBody::Card { .. }
            | SendBody::Transcript { .. }
            | SendBody::Request(_)
            | SendBody::CancelLead {}
            | SendBody::Consent { .. } => true,
            SendBody::Invite { .. }
            | SendBody::Withdraw {}
            | SendBody::Join {}
            | SendBody::Leave {}
            | SendBody::Move { .. }
            | SendBody::Settle { .. }
            | SendBody::Ban { .. } => false,
        },
    }
}

fn operator_may(rights: &Rights, subject: Subject<'_>, deed: Wish<'_>) -> bool {
    // Notes are no part of the desk yet.
    let Some(log) = subject.log.filter(|_| subject.stream.audience == Audience::Public) else { return false };
    let reads = rights.read(subject.site, log);
    let acts = reads && rights.open_chat(subject.site, log);
    match deed {
        Wish::Read => reads,
        Wish::Follow | Wish::Mark | Wish::Type => acts,
        Wish::Send(body) => match body {
            // Whether the request is his is looked up with it.
            SendBody::Settle { .. } => reads,
            SendBody::Message { .. }
            | SendBody::Close {}
            | SendBody::Card { .. }
            | SendBody::Invite { .. }
            | SendBody::Withdraw {}
            | SendBody::Join {}
            | SendBody::Leave {}
            | SendBody::Move { .. }
            | SendBody::Ban { .. } => acts,
            // The visitor's alone.
            SendBody::Start {}
            | SendBody::Accept { .. }
            | SendBody::Reject { .. }
            | SendBody::Rate { .. }
            | SendBody::Transcript { .. }
            | SendBody::Request(_)
            | SendBody::CancelLead {}
            | SendBody::Consent { .. } => false,
        },
    }
}

fn may_ask(role: Role<'_>, ask: &Ask) -> bool {
    match (ask, role) {
        (Ask::LinkCode {} | Ask::Devices {} | Ask::Revoke { .. }, role) => matches!(role, Role::Visitor(_)),
        (Ask::Person { .. }, role) => matches!(role, Role::Operator(_)),
        (Ask::SaveSite(_) | Ask::SetGroups { .. } | Ask::TestMail { .. }, Role::Operator(rights)) => {
            rights.admin
        }
        (Ask::SaveSite(_) | Ask::SetGroups { .. } | Ask::TestMail { .. }, Role::Visitor(_)) => false,
    }
}

impl Rights {
    /// Does he work in all groups of the site, also in those to come?
    pub(crate) fn are_all(&self, site: i64) -> bool {
        !self.places.iter().any(|(place, _)| *place == site)
    }

    /// Is what is for that group (`None`: everybody) his?
    pub(crate) fn have(&self, site: i64, group: Option<GroupId>) -> bool {
        group.is_none_or(|group| self.are_all(site) || self.places.contains(&(site, group)))
    }

    /// Is the stream his to read?
    pub(crate) fn read(&self, site: i64, log: &Log) -> bool {
        let theirs = |group: &u32| *group == 0 || self.have(site, Some(GroupId(*group)));
        log.readers.is_empty() || self.are_all(site) || log.readers.iter().chain(&log.asked).any(theirs)
    }

    fn open_chat(&self, site: i64, log: &Log) -> bool {
        log.chat.as_deref().is_none_or(|chat| self.have(site, chat.group))
    }
}
