//! Entries and events of every kind, with any text in them.

use std::collections::BTreeMap;

use deskbell_wire::*;
use proptest::prelude::*;
use uuid::Uuid;

use crate::samples::{event_bodies, operator, send_bodies, stream};

pub(crate) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[\\PC\\u{0}-\\u{1f}\\u{202e}\"\\\\]{0,200}"]
}

fn any_id() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn any_group() -> impl Strategy<Value = Option<GroupId>> {
    proptest::option::of(any::<u32>().prop_map(GroupId))
}

prop_compose! {
    fn any_request()(
        kind in 0..3_u8, name in any_text(), email in any_text(), phone in any_text(), text in any_text(),
        group in any_group(), at in proptest::option::of(any::<i64>().prop_map(Timestamp)),
    ) -> Request {
        match kind {
            0 => Request::Offline { name, email, phone, text, group },
            1 => Request::Callback { name, phone, group, at },
            _ => Request::Lead { form: LeadForm::PersonalForm, fields: BTreeMap::from([(name, text)]) },
        }
    }
}

fn any_send_body() -> impl Strategy<Value = SendBody> {
    prop_oneof![
        prop::sample::select(send_bodies().into_iter().map(|(_, body)| body).collect::<Vec<_>>()),
        (any_text(), any_group()).prop_map(|(text, group)| SendBody::Message { text, group, file: None }),
        any_text().prop_map(|text| SendBody::Invite { text }),
        any_request().prop_map(SendBody::Request),
        (any_text(), any::<i16>()).prop_map(|(email, zone_min)| SendBody::Transcript {
            email,
            lang: Lang::En,
            zone_min
        }),
        (proptest::option::of(any_text()), any_text(), any_text()).prop_map(|(name, email, phone)| {
            SendBody::Card { name, emails: vec![email], phones: vec![phone] }
        }),
        proptest::option::of(any::<u8>()).prop_map(|mark| SendBody::Rate { mark }),
    ]
}

fn any_event_body() -> impl Strategy<Value = EventBody> {
    prop_oneof![
        prop::sample::select(event_bodies().into_iter().map(|(_, body)| body).collect::<Vec<_>>()),
        any_text().prop_map(|text| EventBody::Message { text, file: None }),
        (any_text(), any_group()).prop_map(|(name, group)| EventBody::Moved { group, name }),
        (any_text(), any::<bool>()).prop_map(|(text, by_rule)| EventBody::Invited {
            text,
            operator: (!by_rule).then(operator),
            expires: None,
        }),
        (any_text(), any_text(), any_text()).prop_map(|(name, email, phone)| EventBody::CardSaved {
            card: VisitorCard { name, emails: vec![email], phones: vec![phone] },
        }),
        any_text().prop_map(|email| EventBody::TranscriptAsked { email }),
        any_request().prop_map(EventBody::Requested),
    ]
}

prop_compose! {
    pub(crate) fn any_entry()(
        uid in any_id(), prev in proptest::option::of(any_id()), visitor in any_id(), body in any_send_body(),
        created_at in any::<i64>(),
    ) -> ClientFrame {
        ClientFrame::Send(Entry {
            stream: StreamId::public(SiteKey::main(), VisitorId(visitor)),
            uid: Uid(uid), prev_uid: prev.map(Uid), body, created_at: Timestamp(created_at),
        })
    }
}

prop_compose! {
    pub(crate) fn any_question()(
        n in any::<u64>(), kind in 0..6_u8, id in any_id(), text in any_text(), groups in prop::collection::vec(any::<u32>(), 0..5),
        digest in any::<[u8; 32]>(), from in any::<u32>(),
    ) -> ClientFrame {
        let ask = match kind {
            0 => Ask::Person { stream: StreamId::public(SiteKey::main(), VisitorId(id)) },
            1 => Ask::TestMail { to: text },
            2 => Ask::SetGroups { operator: OperatorId(id), groups: groups.into_iter().map(GroupId).collect() },
            3 => Ask::Revoke { device: DeviceId(id) },
            4 => Ask::Pack { digest: PackDigest(digest), from },
            5 => Ask::SetPassword { operator: OperatorId(id), password: Secretive(text) },
            6 => Ask::SignOut {},
            _ => Ask::LinkCode {},
        };
        ClientFrame::Ask { n, ask }
    }
}

prop_compose! {
    pub(crate) fn any_redemption()(device in any_id(), code in any_text(), token in any::<[u8; 32]>()) -> ClientFrame {
        ClientFrame::Redeem(Redeem {
            proto: PROTO, device_id: DeviceId(device), site: SiteKey::main(), code: Secretive(code),
            token: Secret::new(token),
        })
    }
}

prop_compose! {
    pub(crate) fn any_event()(
        seq in 0..u64::MAX, message in any_id(), chat in proptest::option::of(any_id()), body in any_event_body(),
        name in any_text(), ts in any::<i64>(), uid in proptest::option::of(any_id()), by_operator in any::<bool>(),
    ) -> DeskFrame {
        let operator = OperatorCard { id: OperatorId(message), name, position: String::new() };
        DeskFrame::Event(Event {
            stream: stream(), seq, message_id: MessageId(message), chat_id: chat.map(ChatId),
            author: if by_operator { Author::Operator(operator) } else { Author::Visitor },
            ts: Timestamp(ts), body, uid: uid.map(Uid),
        })
    }
}
