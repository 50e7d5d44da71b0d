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
        (Ask::LinkCode {} | Ask::Devices {} | Ask::Revoke { .. } | Ask::Pack { .. }, role) => {
            matches!(role, Role::Visitor(_))
        }
        (Ask::Person { .. } | Ask::SignOut {}, role) => matches!(role, Role::Operator(_)),
        (
            Ask::SaveSite(_) | Ask::SetGroups { .. } | Ask::SetPassword { .. } | Ask::TestMail { .. },
            Role::Operator(rights),
        ) => rights.admin,
        (
            Ask::SaveSite(_) | Ask::SetGroups { .. } | Ask::SetPassword { .. } | Ask::TestMail { .. },
            Role::Visitor(_),
        ) => false,
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

#[cfg(test)]
mod tests {
    use deskbell_wire::{
        ChatId, DeviceId, LeadForm, MessageId, OperatorId, PackDigest, Request, SiteKey, SiteSettings,
        Timestamp, VisitorId,
    };
    use uuid::Uuid;

    use super::*;
    use crate::desk::log::Chat;

    const SITE: i64 = 1;

    fn stream(site: &str, visitor: u128, audience: Audience) -> StreamId {
        let site = SiteKey::try_from(site.to_owned()).unwrap();
        StreamId { site, visitor: VisitorId(Uuid::from_u128(visitor)), audience }
    }

    /// A log whose chats were for `readers` (0: everybody), with requests for `asked`, and perhaps an open chat.
    fn log(readers: &[u32], asked: &[u32], open: Option<u32>) -> Log {
        let chat = open.map(|group| {
            Box::new(Chat {
                row: 1,
                id: ChatId(Uuid::nil()),
                opened: 1,
                opened_at: Timestamp(0),
                members: Vec::new(),
                group: (group > 0).then_some(GroupId(group)),
                waited: None,
                told: 0,
                way: None,
            })
        });
        Log { readers: readers.to_vec(), asked: asked.to_vec(), chat, ..Log::default() }
    }

    fn rights(groups: &[u32]) -> Rights {
        Rights { admin: false, places: groups.iter().map(|group| (SITE, GroupId(*group))).collect() }
    }

    /// Every verb, and whose it is: the visitor's, the operator's.
    fn verbs() -> Vec<(SendBody, bool, bool)> {
        let id = MessageId(Uuid::nil());
        let text = String::from("x");
        let lead = Request::Lead { form: LeadForm::PersonalForm, fields: [].into() };
        let transcript =
            SendBody::Transcript { email: text.clone(), lang: deskbell_wire::Lang::En, zone_min: 0 };
        let all = vec![
            (SendBody::message("x"), true, true),
            (SendBody::Start {}, true, false),
            (SendBody::Close {}, true, true),
            (SendBody::Accept { invite: id }, true, false),
            (SendBody::Reject { invite: id }, true, false),
            (SendBody::Rate { mark: None }, true, false),
            (SendBody::Card { name: None, emails: vec![], phones: vec![] }, true, true),
            (transcript, true, false),
            (SendBody::Request(lead), true, false),
            (SendBody::CancelLead {}, true, false),
            (SendBody::Consent { version: 1 }, true, false),
            (SendBody::Invite { text }, false, true),
            (SendBody::Withdraw {}, false, true),
            (SendBody::Join {}, false, true),
            (SendBody::Leave {}, false, true),
            (SendBody::Move { group: None }, false, true),
            (SendBody::Settle { request: id, done: true }, false, true),
            (SendBody::Ban { banned: true }, false, true),
        ];
        let kinds: std::collections::HashSet<_> = all.iter().map(|(body, ..)| body.kind()).collect();
        assert_eq!(kinds.len(), 18, "one of each kind");
        all
    }

    #[test]
    fn threats_1_2_3_7_a_visitor_has_his_own_verbs_in_his_own_stream() {
        let own = stream("main", 1, Audience::Public);
        let foreign = [
            stream("main", 2, Audience::Public),
            stream("shop", 1, Audience::Public),
            stream("main", 1, Audience::Internal),
        ];
        let kept = log(&[0], &[], Some(0));
        let may = |stream: &StreamId, wish: Wish<'_>| {
            allows(Role::Visitor(&own), Act::In(Subject { stream, site: SITE, log: Some(&kept) }, wish))
        };
        for (body, visitors, _) in &verbs() {
            assert_eq!(may(&own, Wish::Send(body)), *visitors, "{body:?}");
            assert!(foreign.iter().all(|other| !may(other, Wish::Send(body))), "{body:?}");
        }
        for wish in [Wish::Read, Wish::Follow, Wish::Mark, Wish::Type] {
            assert!(may(&own, wish) && foreign.iter().all(|other| !may(other, wish)), "{wish:?}");
        }
        assert!(!allows(Role::Visitor(&own), Act::Watch) && !allows(Role::Visitor(&own), Act::SetStatus));
    }

    /// What an operator of groups 1 and 2 may in a stream: nothing, read it, or act in it.
    #[test]
    fn s10_i13_threats_1_2_7_an_operator_reads_and_acts_where_the_groups_let_him() {
        const NOTHING: u8 = 0;
        const READS: u8 = 1;
        const ACTS: u8 = 2;
        let public = stream("main", 1, Audience::Public);
        let sales = rights(&[1, 2]);
        for (kept, may) in [
            (log(&[], &[], None), ACTS),
            (log(&[], &[3], None), ACTS),
            (log(&[0], &[], Some(0)), ACTS),
            (log(&[0], &[], None), ACTS),
            (log(&[1], &[], Some(1)), ACTS),
            (log(&[3], &[], Some(3)), NOTHING),
            (log(&[3], &[], None), NOTHING),
            (log(&[3], &[4], None), NOTHING),
            (log(&[3], &[2], Some(3)), READS),
            (log(&[3], &[2], None), ACTS),
            (log(&[1, 3], &[], Some(3)), READS),
            (log(&[0, 3], &[], Some(3)), READS),
            (log(&[1, 3], &[], None), ACTS),
            (log(&[3, 0], &[], Some(0)), ACTS),
        ] {
            let about = |rights: &Rights, stream: &StreamId, wish: Wish<'_>| {
                allows(
                    Role::Operator(rights),
                    Act::In(Subject { stream, site: SITE, log: Some(&kept) }, wish),
                )
            };
            let said = format!("readers {:?}, asked {:?}, open {:?}", kept.readers, kept.asked, kept.chat);
            assert_eq!(about(&sales, &public, Wish::Read), may >= READS, "{said}");
            for wish in [Wish::Follow, Wish::Mark, Wish::Type] {
                assert_eq!(about(&sales, &public, wish), may == ACTS, "{wish:?}, {said}");
            }
            for (body, _, operators) in &verbs() {
                let needed = if body.kind() == "settle" { READS } else { ACTS };
                let expected = *operators && may >= needed;
                assert_eq!(about(&sales, &public, Wish::Send(body)), expected, "{body:?}, {said}");
                assert_eq!(
                    about(&rights(&[]), &public, Wish::Send(body)),
                    *operators,
                    "no place: all groups"
                );
            }
            // Places on another site are none on this one; notes are nobody's.
            let elsewhere = Rights { admin: false, places: vec![(2, GroupId(1))] };
            assert!(about(&elsewhere, &public, Wish::Follow));
            assert!(!about(&rights(&[]), &stream("main", 1, Audience::Internal), Wish::Read));
        }
        let unknown = Subject { stream: &public, site: SITE, log: None };
        assert!(!allows(Role::Operator(&rights(&[])), Act::In(unknown, Wish::Read)));
    }

    #[test]
    fn threats_2_who_may_ask_what() {
        let own = stream("main", 1, Audience::Public);
        let (plain, admin) = (rights(&[]), Rights { admin: true, ..Rights::default() });
        let (device, password) = (DeviceId(Uuid::nil()), deskbell_wire::Secretive(String::new()));
        for (ask, visitors, operators, admins) in [
            (Ask::Person { stream: own.clone() }, false, true, true),
            (Ask::SaveSite(Box::<SiteSettings>::default()), false, false, true),
            (Ask::SetGroups { operator: OperatorId(Uuid::nil()), groups: vec![] }, false, false, true),
            (Ask::TestMail { to: String::new() }, false, false, true),
            (Ask::SetPassword { operator: OperatorId(Uuid::nil()), password }, false, false, true),
            (Ask::SignOut {}, false, true, true),
            (Ask::LinkCode {}, true, false, false),
            (Ask::Devices {}, true, false, false),
            (Ask::Revoke { device }, true, false, false),
            (Ask::Pack { digest: PackDigest([0; 32]), from: 0 }, true, false, false),
        ] {
            let may = [Role::Visitor(&own), Role::Operator(&plain), Role::Operator(&admin)]
                .map(|role| allows(role, Act::Ask(&ask)));
            assert_eq!(may, [visitors, operators, admins], "{ask:?}");
        }
        assert!(allows(Role::Operator(&plain), Act::Watch) && allows(Role::Operator(&plain), Act::SetStatus));
    }
}
