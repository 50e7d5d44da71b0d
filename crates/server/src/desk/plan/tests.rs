//! §7 of the consultant API, one wish at a time.

use deskbell_wire::*;
use uuid::Uuid;

use super::*;
use crate::desk::log::{About, Chat, Offer, Rateable};

const ROW: i64 = 7;

fn card() -> OperatorCard {
    OperatorCard { id: OperatorId(Uuid::nil()), name: "A".into(), position: String::new() }
}

fn operator() -> Writer {
    Writer::Operator(ROW, card())
}

fn id(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(n))
}

fn open(members: &[i64]) -> Log {
    let chat = Chat {
        row: 1,
        id: ChatId(Uuid::nil()),
        opened: 5,
        opened_at: Timestamp(0),
        members: members.iter().map(|row| (*row, card())).collect(),
        group: None,
        waited: members.is_empty().then_some(Timestamp(0)),
        told: 0,
        way: None,
    };
    Log { head: 5, newest_chat: 1, chat: Some(Box::new(chat)), ..Log::default() }
}

fn offered(what: Offered) -> Log {
    let offer = Offer { seq: 3, message_id: id(3), ts: Timestamp(0), expires: None, what };
    Log { head: 3, offer: Some(Box::new(offer)), ..Log::default() }
}

fn invited(by: Option<OperatorCard>) -> Log {
    offered(Offered::Invite { text: "May I help?".into(), operator: by, row: ROW })
}

fn lead() -> Log {
    offered(Offered::Lead { form: LeadForm::CallGenerator })
}

fn rateable() -> Log {
    let rateable = Rateable { chat: 1, chat_id: ChatId(Uuid::nil()), row: ROW, operator: card(), mark: None };
    Log { head: 9, closed: 9, rateable: Some(Box::new(rateable)), ..Log::default() }
}

fn decide_at(site: &SiteSettings, log: &Log, writer: &Writer, body: SendBody) -> Result<Plan, NackCode> {
    plan(Scene { log, site, connected: true, now: Timestamp(1_000) }, writer, body)
}

fn decide(log: &Log, writer: &Writer, body: SendBody) -> Result<Plan, NackCode> {
    decide_at(&SiteSettings::default(), log, writer, body)
}

fn kinds(plan: Result<Plan, NackCode>) -> Vec<&'static str> {
    match plan {
        Ok(Plan::Write(events)) => events.iter().map(EventBody::kind).collect(),
        other => panic!("{other:?}"),
    }
}

fn words() -> SendBody {
    SendBody::message("x")
}

#[test]
fn a_visitors_words_open_a_chat_and_an_operators_first_words_join_it() {
    let none = Log::default();
    assert_eq!(kinds(decide(&none, &Writer::Visitor, words())), ["opened", "message"]);
    assert_eq!(kinds(decide(&open(&[]), &Writer::Visitor, words())), ["message"]);
    assert_eq!(kinds(decide(&open(&[]), &operator(), words())), ["joined", "message"]);
    assert_eq!(kinds(decide(&open(&[ROW]), &operator(), words())), ["message"]);
    assert_eq!(decide(&none, &operator(), words()), Err(NackCode::Stale));
}

#[test]
fn a_verb_whose_effect_holds_names_the_event_that_caused_it() {
    let none = Log::default();
    assert_eq!(decide(&open(&[]), &Writer::Visitor, SendBody::Start {}), Ok(Plan::Holds(5)));
    assert_eq!(decide(&open(&[]), &Writer::Visitor, SendBody::Accept { invite: id(3) }), Ok(Plan::Holds(5)));
    assert_eq!(decide(&open(&[ROW]), &operator(), SendBody::Join {}), Ok(Plan::Holds(5)));
    let closed = Log { head: 9, closed: 9, ..Log::default() };
    assert_eq!(decide(&closed, &operator(), SendBody::Close {}), Ok(Plan::Holds(9)));
    assert_eq!(decide(&none, &Writer::Visitor, SendBody::Close {}), Err(NackCode::Stale));
    assert_eq!(kinds(decide(&open(&[]), &Writer::Visitor, SendBody::Close {})), ["closed"]);
}

#[test]
fn an_invitation_becomes_one_chat_however_it_is_answered() {
    let log = invited(Some(card()));
    let accept = SendBody::Accept { invite: id(3) };
    assert_eq!(kinds(decide(&log, &Writer::Visitor, accept.clone())), ["opened", "joined"]);
    assert_eq!(kinds(decide(&log, &Writer::Visitor, words())), ["opened", "joined", "message"]);
    assert_eq!(
        kinds(decide(&invited(None), &Writer::Visitor, accept.clone())),
        ["opened"],
        "a rule joins nothing"
    );
    assert_eq!(kinds(decide(&log, &Writer::Visitor, SendBody::Reject { invite: id(3) })), ["invite_ended"]);
    for late in [accept, SendBody::Reject { invite: id(3) }] {
        assert_eq!(decide(&Log::default(), &Writer::Visitor, late), Err(NackCode::Stale));
    }
    assert_eq!(
        decide(&log, &Writer::Visitor, SendBody::Accept { invite: id(4) }),
        Err(NackCode::Stale),
        "an older invitation"
    );
}

#[test]
fn no_invitation_reaches_a_visitor_in_chat_or_lead() {
    let invite = || SendBody::Invite { text: "x".into() };
    let site = SiteSettings::default();
    assert_eq!(kinds(decide(&Log::default(), &operator(), invite())), ["invited"]);
    for log in [open(&[]), invited(None), lead()] {
        assert_eq!(decide(&log, &operator(), invite()), Err(NackCode::Stale));
        let scene = Scene { log: &log, site: &site, connected: true, now: Timestamp(0) };
        assert!(deed(scene, &Deed::Invite { text: "x".into(), rule: "r".into() }).is_empty());
        assert!(deed(scene, &Deed::Lead { form: LeadForm::PersonalForm, rule: "r".into() }).is_empty());
    }
    let gone = Scene { log: &Log::default(), site: &site, connected: false, now: Timestamp(0) };
    assert_eq!(plan(gone, &operator(), invite()), Err(NackCode::Stale), "nobody is there");
}

#[test]
fn a_lead_form_ends_by_its_own_verbs_and_by_a_chat() {
    let fields = std::collections::BTreeMap::from([("phone".to_owned(), "12345".to_owned())]);
    let submit =
        || SendBody::Request(Request::Lead { form: LeadForm::CallGenerator, fields: fields.clone() });
    assert_eq!(kinds(decide(&lead(), &Writer::Visitor, submit())), ["requested", "lead_ended"]);
    assert_eq!(kinds(decide(&Log::default(), &Writer::Visitor, submit())), ["requested"], "sent again later");
    assert_eq!(kinds(decide(&lead(), &Writer::Visitor, SendBody::CancelLead {})), ["lead_ended"]);
    assert_eq!(decide(&Log::default(), &Writer::Visitor, SendBody::CancelLead {}), Err(NackCode::Stale));
    assert_eq!(kinds(decide(&lead(), &Writer::Visitor, SendBody::Start {})), ["lead_ended", "opened"]);
}

#[test]
fn a_mark_is_for_the_operator_of_the_newest_chat_and_only_where_the_site_rates() {
    let rate = || SendBody::Rate { mark: Some(5) };
    assert_eq!(kinds(decide(&rateable(), &Writer::Visitor, rate())), ["rated"]);
    assert_eq!(decide(&Log::default(), &Writer::Visitor, rate()), Err(NackCode::Stale));
    let mut site = SiteSettings::default();
    site.form.rating = false;
    assert_eq!(decide_at(&site, &rateable(), &Writer::Visitor, rate()), Err(NackCode::Unavailable));
}

#[test]
fn a_chat_is_moved_by_whoever_then_leaves_it() {
    let mut site = SiteSettings::default();
    site.form.groups = vec![Group { id: GroupId(2), name: "Sales".into() }];
    let to = |group| SendBody::Move { group };
    assert_eq!(kinds(decide_at(&site, &open(&[ROW]), &operator(), to(Some(GroupId(2))))), ["left", "moved"]);
    assert_eq!(kinds(decide_at(&site, &open(&[]), &operator(), to(None))), ["moved"]);
    assert_eq!(decide_at(&site, &open(&[]), &operator(), to(Some(GroupId(3)))), Err(NackCode::Invalid));
    assert_eq!(decide(&Log::default(), &operator(), to(None)), Err(NackCode::Stale));
    let message = SendBody::Message { text: "x".into(), group: Some(GroupId(3)), file: None };
    match decide_at(&site, &Log::default(), &Writer::Visitor, message) {
        Ok(Plan::Write(events)) => {
            assert_eq!(events[0], EventBody::Opened { by: OpenedBy::Message, group: None }, "nobody's group");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn terms_come_before_words_and_a_ban_before_everything() {
    let mut site = SiteSettings::default();
    site.form.consent = Some(Consent { version: 2, text: "x".into(), url: String::new() });
    for body in [words(), SendBody::Start {}] {
        assert_eq!(decide_at(&site, &Log::default(), &Writer::Visitor, body), Err(NackCode::Consent));
    }
    let consent = SendBody::Consent { version: 2 };
    assert_eq!(kinds(decide_at(&site, &Log::default(), &Writer::Visitor, consent)), ["consented"]);
    let about = About { consented: 2, ..About::default() };
    let agreed = Log { about: Box::new(about), ..Log::default() };
    assert_eq!(kinds(decide_at(&site, &agreed, &Writer::Visitor, words())), ["opened", "message"]);
    let banned = Log { about: Box::new(About { banned: true, ..About::default() }), ..Log::default() };
    assert_eq!(decide(&banned, &Writer::Visitor, words()), Err(NackCode::Banned));
    assert_eq!(decide(&banned, &operator(), SendBody::Invite { text: "x".into() }), Err(NackCode::Banned));
    assert_eq!(
        kinds(decide(&open(&[ROW]), &operator(), SendBody::Ban { banned: true })),
        ["closed", "banned"]
    );
    assert_eq!(kinds(decide(&banned, &operator(), SendBody::Ban { banned: false })), ["banned"]);
}

#[test]
fn a_transcript_needs_a_chat_and_a_mail_server() {
    let ask = || SendBody::Transcript { email: "a@b.example".into(), lang: Lang::En, zone_min: 0 };
    assert_eq!(decide(&open(&[]), &Writer::Visitor, ask()), Err(NackCode::Unavailable));
    let mail = MailSettings {
        host: "mail.example".into(),
        port: 587,
        security: MailSecurity::StartTls,
        login: String::new(),
        password: None,
        ca_file: String::new(),
        from: "desk@mail.example".into(),
        from_name: String::new(),
    };
    let site = SiteSettings { mail: Some(mail), ..SiteSettings::default() };
    assert_eq!(kinds(decide_at(&site, &open(&[]), &Writer::Visitor, ask())), ["transcript_asked"]);
    assert_eq!(decide_at(&site, &Log::default(), &Writer::Visitor, ask()), Err(NackCode::Stale));
}

#[test]
fn threats_2_nobody_has_the_others_verbs() {
    let of_operators = [
        SendBody::Invite { text: "x".into() },
        SendBody::Withdraw {},
        SendBody::Join {},
        SendBody::Leave {},
        SendBody::Move { group: None },
        SendBody::Settle { request: id(1), done: true },
        SendBody::Ban { banned: true },
    ];
    for body in of_operators {
        assert_eq!(decide(&open(&[]), &Writer::Visitor, body), Err(NackCode::Forbidden));
    }
    let of_visitors = [
        SendBody::Start {},
        SendBody::Accept { invite: id(3) },
        SendBody::Reject { invite: id(3) },
        SendBody::Rate { mark: None },
        SendBody::Transcript { email: "a@b.example".into(), lang: Lang::En, zone_min: 0 },
        SendBody::CancelLead {},
        SendBody::Consent { version: 1 },
    ];
    for body in of_visitors {
        assert_eq!(decide(&open(&[]), &operator(), body), Err(NackCode::Forbidden));
    }
}

#[test]
fn what_the_desk_does_by_itself_is_done_once() {
    let site = SiteSettings::default();
    let does = |log: &Log, what: Deed| {
        let scene = Scene { log, site: &site, connected: true, now: Timestamp(0) };
        deed(scene, &what).iter().map(EventBody::kind).collect::<Vec<_>>()
    };
    assert_eq!(does(&invited(None), Deed::Expire { seq: 3 }), ["invite_ended"]);
    assert_eq!(does(&lead(), Deed::Expire { seq: 3 }), ["lead_ended"]);
    assert!(does(&invited(None), Deed::Expire { seq: 2 }).is_empty(), "an older one");
    let retain = |told| Deed::Retain { opened: 5, told, text: "x".into() };
    assert_eq!(does(&open(&[]), retain(0)), ["message"]);
    assert!(does(&open(&[]), retain(1)).is_empty(), "it had this one");
    assert!(does(&open(&[ROW]), retain(0)).is_empty(), "it does not wait");
    let close = |opened| Deed::Close { opened, reason: CloseReason::ClosedByTimeout };
    assert_eq!(does(&open(&[]), close(5)), ["closed"]);
    assert!(does(&open(&[]), close(4)).is_empty(), "another chat");
}

fn entry(body: SendBody) -> Entry {
    Entry {
        stream: StreamId::public(SiteKey::main(), VisitorId(Uuid::nil())),
        uid: Uid(Uuid::nil()),
        prev_uid: None,
        body,
        created_at: Timestamp(0),
    }
}

#[test]
fn threats_20_and_24_only_words_within_the_limits_are_taken() {
    let check = |text: &str| check(&entry(SendBody::message(text)));
    assert_eq!(check("x"), Ok(()));
    for text in ["", " \n\t", "\u{3000}", "a\0b"] {
        assert_eq!(check(text), Err(NackCode::Invalid));
    }
    assert_eq!(check(&"ж".repeat(8_000)), Ok(()));
    assert_eq!(check(&"ж".repeat(8_001)), Err(NackCode::TooLarge));
    assert_eq!(check(&"\u{1}a".repeat(4_000)), Ok(()));
    assert_eq!(check(&"\u{1}".repeat(8_000)), Err(NackCode::TooLarge), "48 KiB as JSON");
}

#[test]
fn a_message_carries_the_file_of_its_own_name_alone_and_may_be_without_words() {
    let with =
        |text: &str, file| SendBody::Message { text: text.into(), group: None, file: Some(FileId(file)) };
    assert_eq!(check(&entry(with("", Uuid::nil()))), Ok(()));
    assert_eq!(check(&entry(with("", Uuid::max()))), Err(NackCode::Invalid));
    assert_eq!(check(&entry(with(&"x".repeat(8_001), Uuid::nil()))), Err(NackCode::TooLarge));
    let file =
        FileCard { name: "a.png".into(), size: 1, media: "image/png".into(), digest: FileDigest([1; 32]) };
    let plan = decide(&Log::default(), &Writer::Visitor, with("look", Uuid::nil())).unwrap();
    let Plan::Write(events) = plan.carrying(file.clone()) else { panic!() };
    assert!(events[0].file().is_none(), "what opens the chat carries nothing");
    assert_eq!(events[1], EventBody::Message { text: "look".into(), file: Some(file.clone()) });
    assert_eq!(Plan::Holds(3).carrying(file), Plan::Holds(3));
}

#[test]
fn marks_addresses_and_numbers_are_checked_again_at_the_desk() {
    for body in [
        SendBody::Rate { mark: Some(0) },
        SendBody::Rate { mark: Some(6) },
        SendBody::Transcript { email: "nobody".into(), lang: Lang::En, zone_min: 0 },
        SendBody::Card { name: None, emails: vec!["x".into()], phones: Vec::new() },
        SendBody::Card { name: None, emails: Vec::new(), phones: vec!["call me".into()] },
    ] {
        assert_eq!(check(&entry(body)), Err(NackCode::Invalid));
    }
    assert_eq!(check(&entry(SendBody::Rate { mark: None })), Ok(()));
}

#[test]
fn threats_5_another_body_or_stream_has_another_hash() {
    let all = [
        hash(1, &SendBody::message("a")),
        hash(1, &SendBody::message("b")),
        hash(1, &SendBody::Message { text: "a".into(), group: Some(GroupId(1)), file: None }),
        hash(1, &SendBody::Message { text: "a".into(), group: None, file: Some(FileId(Uuid::nil())) }),
        hash(1, &SendBody::Message { text: "a".into(), group: None, file: Some(FileId(Uuid::max())) }),
        hash(2, &SendBody::message("a")),
        hash(1, &SendBody::Start {}),
        hash(1, &SendBody::Close {}),
        hash(1, &SendBody::Rate { mark: Some(1) }),
        hash(1, &SendBody::Rate { mark: None }),
        hash(2, &SendBody::Rate { mark: None }),
    ];
    for (at, one) in all.iter().enumerate() {
        assert!(all[at + 1..].iter().all(|other| other != one));
    }
    assert_eq!(hash(1, &SendBody::message("a")), all[0]);
}
