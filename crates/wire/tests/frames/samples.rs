//! What the frames of all tests are made of. Every sentence that a person could have written has a word of its own, so
//! that a test finds it wherever it leaks.

use std::collections::BTreeMap;

use deskbell_wire::*;
use uuid::Uuid;

/// Words and secrets that no `Debug` may show.
pub(crate) const HIDDEN: [&str; 17] = [
    "Good day",
    "Anna",
    "Boris",
    "a long password",
    "0101",
    "0202",
    "0303",
    "boris@home.example",
    "+49 30 1234567",
    "Please ring",
    "green lamps",
    "ABCD-EFGH-2345",
    "mail password",
    "May I help",
    "One moment",
    "0404",
    "Zm9ybQ==",
];

pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) fn stream() -> StreamId {
    StreamId::public(SiteKey::main(), VisitorId(id(1)))
}

pub(crate) fn operator() -> OperatorCard {
    OperatorCard { id: OperatorId(id(2)), name: "Anna".into(), position: "Support".into() }
}

pub(crate) fn visitor_card() -> VisitorCard {
    VisitorCard {
        name: "Boris".into(),
        emails: vec!["boris@home.example".into()],
        phones: vec!["+49 30 1234567".into()],
    }
}

pub(crate) fn offline() -> Request {
    Request::Offline {
        name: "Boris".into(),
        email: "boris@home.example".into(),
        phone: String::new(),
        text: "Please ring".into(),
        group: Some(GroupId(3)),
    }
}

pub(crate) fn callback() -> Request {
    let (name, phone) = ("Boris".into(), "+49 30 1234567".into());
    Request::Callback { name, phone, group: None, at: Some(Timestamp(99)) }
}

pub(crate) fn lead() -> Request {
    let fields = BTreeMap::from([("comment".to_owned(), "green lamps".to_owned())]);
    Request::Lead { form: LeadForm::CallGenerator, fields }
}

pub(crate) fn form() -> FormSettings {
    let field = |name, is_required| Field { name, title: String::new(), is_required };
    FormSettings {
        title: "Lamps and shades".into(),
        banner_color: "#2A6F6B".into(),
        group_title: "Whom would you like to ask?".into(),
        groups: vec![Group { id: GroupId(3), name: "Orders".into() }],
        fields: vec![field(FieldName::Name, true), field(FieldName::Phone, false)],
        offline_fields: vec![field(FieldName::Email, true)],
        rating: true,
        mail: true,
        retention: Retention {
            messages: vec![RetentionMessage { after_s: 30, text: "One moment".into() }],
            way: Some(Way::OfflineMessage),
            way_after_s: 120,
        },
        files: FileRules {
            enabled: true,
            max_bytes: 1_000_000,
            types: vec!["png".into(), "pdf".into()],
            groups: vec![GroupFiles { group: GroupId(3), enabled: false, max_bytes: 1, types: vec![] }],
        },
        consent: Some(Consent {
            version: 2,
            text: "We keep what you write for a year.".into(),
            url: "https://lamps.example/privacy".into(),
        }),
        pack: None,
    }
}

pub(crate) fn pack() -> PackRef {
    PackRef { digest: PackDigest([5; 32]), bytes: 65_536 }
}

pub(crate) fn settings() -> SiteSettings {
    let rule = |name: &str, action| Rule {
        name: name.into(),
        enabled: true,
        after_s: 60,
        visits: 2,
        online: Some(true),
        every_h: 24,
        action,
    };
    SiteSettings {
        version: 4,
        form: form(),
        rules: vec![
            rule("second visit", RuleAction::Invite { text: "May I help".into() }),
            rule("nobody here", RuleAction::Lead { form: LeadForm::PersonalForm }),
        ],
        times: Times::default(),
        quota: FileQuota { visitor_day_bytes: 2_000_000, site_bytes: 3_000_000 },
        mail: Some(MailSettings {
            host: "mail.lamps.example".into(),
            port: 587,
            security: MailSecurity::StartTls,
            login: "desk".into(),
            password: Some("mail password".into()),
            ca_file: String::new(),
            from: "desk@lamps.example".into(),
            from_name: "Lamps and shades".into(),
        }),
    }
}

/// The settings as a desk gives them out.
pub(crate) fn told_settings() -> SiteSettings {
    let mut told = settings();
    if let Some(mail) = &mut told.mail {
        mail.password = None;
    }
    told
}

pub(crate) fn person() -> Person {
    let mark = GivenMark { chat_id: ChatId(id(11)), operator: operator(), mark: 4, ts: Timestamp(12) };
    Person {
        stream: stream(),
        card: visitor_card(),
        first_seen: Timestamp(1),
        last_seen: Timestamp(12),
        visits: 3,
        chats: 2,
        ratings: vec![mark],
        consented: 2,
        banned: false,
        devices: 2,
    }
}

/// Every kind of entry, by its name.
pub(crate) fn send_bodies() -> Vec<(&'static str, SendBody)> {
    let invite = MessageId(id(20));
    vec![
        ("message", SendBody::message("Good day")),
        (
            "message_to_group",
            SendBody::Message { text: "Good day".into(), group: Some(GroupId(3)), file: None },
        ),
        ("start", SendBody::Start {}),
        ("close", SendBody::Close {}),
        ("accept", SendBody::Accept { invite }),
        ("reject", SendBody::Reject { invite }),
        ("rate", SendBody::Rate { mark: Some(4) }),
        ("rate_back", SendBody::Rate { mark: None }),
        (
            "card",
            SendBody::Card {
                name: Some("Boris".into()),
                emails: vec!["boris@home.example".into()],
                phones: vec!["+49 30 1234567".into()],
            },
        ),
        (
            "transcript",
            SendBody::Transcript { email: "boris@home.example".into(), lang: Lang::Ru, zone_min: 180 },
        ),
        ("request_offline", SendBody::Request(offline())),
        ("request_callback", SendBody::Request(callback())),
        ("request_lead", SendBody::Request(lead())),
        ("cancel_lead", SendBody::CancelLead {}),
        ("consent", SendBody::Consent { version: 2 }),
        ("invite", SendBody::Invite { text: "May I help".into() }),
        ("withdraw", SendBody::Withdraw {}),
        ("join", SendBody::Join {}),
        ("leave", SendBody::Leave {}),
        ("move", SendBody::Move { group: Some(GroupId(3)) }),
        ("settle", SendBody::Settle { request: invite, done: true }),
        ("ban", SendBody::Ban { banned: true }),
    ]
}

/// Every kind of event that has no test of its own, by its name.
pub(crate) fn event_bodies() -> Vec<(&'static str, EventBody)> {
    let (operator, id) = (operator(), MessageId(id(20)));
    let expires = Some(Timestamp(99));
    let text = "May I help".to_owned();
    vec![
        ("opened", EventBody::Opened { by: OpenedBy::Message, group: None }),
        ("opened_for_group", EventBody::Opened { by: OpenedBy::Invite, group: Some(GroupId(3)) }),
        ("joined", EventBody::Joined { operator: operator.clone() }),
        ("left", EventBody::Left { operator: operator.id }),
        ("closed", EventBody::Closed { reason: CloseReason::ClosedByOperator }),
        ("moved", EventBody::Moved { group: Some(GroupId(3)), name: "Orders".into() }),
        ("invited", EventBody::Invited { text, operator: Some(operator.clone()), expires }),
        ("invite_ended", EventBody::InviteEnded { reason: InviteEnd::Rejected }),
        ("rated", EventBody::Rated { operator, mark: Some(4) }),
        ("card_saved", EventBody::CardSaved { card: visitor_card() }),
        ("transcript_asked", EventBody::TranscriptAsked { email: "boris@home.example".into() }),
        ("transcript_ended", EventBody::TranscriptEnded { asked: id, outcome: MailOutcome::Delayed }),
        ("requested", EventBody::Requested(callback())),
        ("settled", EventBody::Settled { request: id, done: true }),
        ("lead_shown", EventBody::LeadShown { form: LeadForm::CallGenerator }),
        ("lead_ended", EventBody::LeadEnded { reason: LeadEnd::Submitted }),
        ("consented", EventBody::Consented { version: 2 }),
        ("banned", EventBody::Banned { banned: true }),
    ]
}
