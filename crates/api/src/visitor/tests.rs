//! What a visitor's page is told of wishes, transcripts and the present.

use std::time::Duration;

use deskbell_client::Audience;
use deskbell_core::notice::Notice;
use deskbell_core::store::{OutboxRow, OutboxState};
use deskbell_core::{Config, Role, Session};
use deskbell_pack::{Flaw, FlawKind};
use deskbell_store::{Location, SqliteStore};
use deskbell_wire::*;
use uuid::Uuid;

use super::audience::VisitorAudience;
use super::transcripts::{News, Transcripts};
use super::{present, wishes};
use crate::desktop::Newsroom;
use crate::detail;
use crate::dto::{ChatState, Locale, MessageKind, Sender, Verb, VisitorUpdate, VisitorWish};
use crate::files::Book;
use crate::packs::standing::Named;

fn book() -> Book {
    Book::new(deskbell_vault::Vault::passing().unwrap(), Locale::En, std::sync::mpsc::channel().0)
}

fn stream() -> StreamId {
    StreamId::public(SiteKey::main(), VisitorId(Uuid::from_u128(1)))
}

fn event(seq: Seq, body: EventBody, uid: Option<u128>) -> Event {
    Event {
        stream: stream(),
        seq,
        message_id: MessageId(Uuid::from_u128(u128::from(seq))),
        chat_id: None,
        author: Author::System,
        ts: Timestamp(1_000),
        body,
        uid: uid.map(|uid| Uid(Uuid::from_u128(uid))),
    }
}

fn ended(seq: Seq, asked: u128, outcome: MailOutcome) -> Event {
    event(seq, EventBody::TranscriptEnded { asked: MessageId(Uuid::from_u128(asked)), outcome }, None)
}

fn asked(seq: Seq, uid: Option<u128>) -> Event {
    event(seq, EventBody::TranscriptAsked { email: "a@b.example".into() }, uid)
}

#[test]
fn sendchatbymail_is_answered_once_by_what_became_of_the_mail() {
    let uid = Uid(Uuid::from_u128(7));
    let mut transcripts = Transcripts::default();
    assert_eq!(transcripts.heard(&asked(3, Some(7))), None);
    assert_eq!(
        transcripts.heard(&ended(4, 3, MailOutcome::Delayed)),
        Some(News::Answer(uid, MailOutcome::Delayed))
    );
    assert_eq!(transcripts.heard(&ended(5, 3, MailOutcome::Sent)), None, "it was answered");
    let mut late = Transcripts::default();
    late.heard(&asked(3, Some(7)));
    late.heard(&ended(4, 3, MailOutcome::Delayed));
    assert_eq!(late.heard(&ended(5, 3, MailOutcome::Refused)), Some(News::RefusedLater));
    assert_eq!(late.heard(&ended(5, 3, MailOutcome::Refused)), None, "told once");
}

#[test]
fn a_mail_that_another_device_asked_for_is_no_answer_here() {
    let mut transcripts = Transcripts::default();
    assert_eq!(transcripts.heard(&asked(3, None)), None);
    assert_eq!(transcripts.heard(&ended(4, 3, MailOutcome::Sent)), None);
}

#[test]
fn an_invitation_that_is_not_there_cannot_be_answered() {
    for wish in [VisitorWish::InviteAccept, VisitorWish::InviteReject] {
        assert_eq!(wishes::body(wish, None, Locale::En), Err("no_invite"));
    }
}

#[test]
fn every_wish_becomes_an_entry_that_answers_its_method() {
    let invite = Invitation {
        id: MessageId(Uuid::from_u128(3)),
        text: "x".into(),
        operator: None,
        ts: Timestamp(0),
        expires: None,
    };
    let fields = std::collections::BTreeMap::from([("a".to_owned(), "b".to_owned())]);
    let text = |text: &str| text.to_owned();
    let (name, email, phone) = (text("Anna"), text("a@b.example"), text("12345"));
    let all = [
        (VisitorWish::StartChat, Verb::StartChat),
        (VisitorWish::CloseChat, Verb::CloseChat),
        (VisitorWish::InviteAccept, Verb::InviteAccept),
        (VisitorWish::InviteReject, Verb::InviteReject),
        (VisitorWish::Rate { mark: None }, Verb::SetRating),
        (VisitorWish::Card { name: None, emails: vec![email.clone()], phones: Vec::new() }, Verb::SetCard),
        (VisitorWish::Transcript { email: email.clone(), zone_min: Some(180) }, Verb::SendChatByMail),
        (
            VisitorWish::Offline {
                name: name.clone(),
                email,
                phone: phone.clone(),
                text: text("x"),
                group: Some(1),
            },
            Verb::SendOfflineRequest,
        ),
        (VisitorWish::Callback { name, phone, group: None, at: None }, Verb::SitephoneCall),
        (VisitorWish::SubmitLead { form: LeadForm::CallGenerator, fields }, Verb::LeadSubmit),
        (VisitorWish::CancelLead, Verb::LeadCancel),
        (VisitorWish::Consent { version: 1 }, Verb::Consent),
    ];
    for (wish, verb) in all {
        let body = wishes::body(wish, Some(&invite), Locale::Ru).unwrap();
        assert_eq!(body.check(), Ok(()), "{body:?}");
        assert_eq!(wishes::verb(&body), Some(verb));
    }
}

fn session() -> Session<SqliteStore> {
    let role = Role::Visitor { stream: stream(), token: Secret::new([1; 32]) };
    let config = Config { device_id: DeviceId(Uuid::from_u128(9)), role, seed: 1 };
    Session::open(config, SqliteStore::open(&Location::Memory, None).unwrap()).unwrap()
}

fn wish(session: &mut Session<SqliteStore>, uid: u128, body: SendBody) {
    let now = deskbell_core::Now { mono: 0, wall: Timestamp(1_000) };
    session.send(&stream(), body, Uid(Uuid::from_u128(uid)), now).unwrap();
}

#[test]
fn what_the_visitor_said_of_himself_stands_at_once_and_offline() {
    let mut session = session();
    let mut state = present::unknown();
    state.card.emails = vec!["old@b.example".into()];
    state.rating = Some(Rating { chat_id: ChatId(Uuid::nil()), mark: Some(2) });
    wish(
        &mut session,
        1,
        SendBody::Card { name: Some("Anna".into()), emails: vec!["a@b.example".into()], phones: Vec::new() },
    );
    wish(&mut session, 2, SendBody::Rate { mark: None });
    wish(&mut session, 3, SendBody::Consent { version: 4 });
    let present = present::of(&session, &stream(), &state);
    assert_eq!(present.card.name, "Anna");
    assert_eq!(present.card.emails, ["a@b.example", "old@b.example"]);
    assert_eq!(present.rating.and_then(|rating| rating.mark), None);
    assert_eq!(present.consented, 4);
    assert_eq!(present.state, ChatState::Available);
}

#[test]
fn what_was_agreed_to_stands_also_between_the_desks_ack_and_its_word_of_the_present() {
    let mut session = session();
    let mut audience =
        VisitorAudience::new(stream(), (Locale::En, true), Newsroom::silent(), (session.store(), book()));
    let consent = Consent { version: 4, text: "We keep this.".into(), url: String::new() };
    let form = FormSettings { consent: Some(consent), ..FormSettings::default() };
    audience.hear(&mut session, Notice::Form(Box::new(form)));
    assert!(audience.lacks_consent(&session));
    let row = |version| OutboxRow {
        uid: Uid(Uuid::from_u128(3)),
        stream: stream(),
        body: SendBody::Consent { version },
        created_at: Timestamp(1_000),
        state: OutboxState::Queued,
    };
    audience.hear(&mut session, Notice::Done(row(4)));
    assert!(!audience.lacks_consent(&session));
    audience.hear(&mut session, Notice::Done(row(3)));
    assert!(!audience.lacks_consent(&session));
}

#[test]
fn a_form_that_differs_in_its_pack_alone_is_no_change_of_the_settings() {
    use std::sync::{Arc, Mutex};
    let mut session = session();
    let mut audience =
        VisitorAudience::new(stream(), (Locale::En, true), Newsroom::silent(), (session.store(), book()));
    let told: Arc<Mutex<Vec<VisitorUpdate>>> = Arc::default();
    let heard = Arc::clone(&told);
    audience.boot(&session, Box::new(move |update| heard.lock().unwrap().push(update))).unwrap();
    let form = |title: &str, pack| FormSettings { title: title.into(), pack, ..FormSettings::default() };
    let pack = PackRef { digest: PackDigest([7; 32]), bytes: 9 };
    for form in [form("One", None), form("One", Some(pack)), form("Two", Some(pack))] {
        audience.hear(&mut session, Notice::Form(Box::new(form)));
    }
    let forms: Vec<_> = [form("One", None), form("Two", None)].map(Box::new).to_vec();
    let forms: Vec<_> = forms.into_iter().map(|form| VisitorUpdate::Form { form }).collect();
    assert_eq!(*told.lock().unwrap(), forms);
    let again =
        VisitorAudience::new(stream(), (Locale::En, true), Newsroom::silent(), (session.store(), book()));
    assert!(again.packs().look().is_some_and(|look| look.named == Named::Pack(pack)), "it is kept");
}

#[test]
fn a_page_that_asked_for_its_pack_is_told_of_another_one_once_and_so_is_the_next_page() {
    use std::sync::atomic::{AtomicU32, Ordering};
    let mut session = session();
    let mut audience =
        VisitorAudience::new(stream(), (Locale::En, true), Newsroom::silent(), (session.store(), book()));
    let told = std::sync::Arc::new(AtomicU32::new(0));
    let listener = || {
        let told = std::sync::Arc::clone(&told);
        Box::new(move |update| {
            told.fetch_add(u32::from(matches!(update, VisitorUpdate::Pack)), Ordering::Relaxed);
        })
    };
    let packs = audience.packs();
    let digest = PackDigest([7; 32]);
    let form = |pack| Box::new(FormSettings { pack, ..FormSettings::default() });
    audience.hear(&mut session, Notice::Form(form(Some(PackRef { digest, bytes: 9 }))));
    packs.flaw(digest, Flaw { file: String::new(), place: None, kind: FlawKind::Digest });
    packs.get(Duration::ZERO);
    audience.hear(&mut session, Notice::Form(form(None)));
    assert_eq!(told.load(Ordering::Relaxed), 0, "nobody listens");
    audience.boot(&session, listener()).unwrap();
    assert_eq!(told.load(Ordering::Relaxed), 1);
    audience.hear(&mut session, Notice::Form(form(None)));
    // The page begins anew because of it.
    audience.boot(&session, listener()).unwrap();
    packs.get(Duration::ZERO);
    assert_eq!(told.load(Ordering::Relaxed), 1);
    audience.hear(&mut session, Notice::Form(form(Some(PackRef { digest, bytes: 9 }))));
    packs.flaw(digest, Flaw { file: String::new(), place: None, kind: FlawKind::Digest });
    audience.pack_news(&mut session);
    assert_eq!(told.load(Ordering::Relaxed), 2);
}

#[test]
fn an_invitation_is_a_line_of_the_operator_or_of_nobody() {
    let session = session();
    let mut state = present::unknown();
    state.visitor_state = VisitorState::Invite;
    let id = MessageId(Uuid::from_u128(3));
    state.invite =
        Some(Invitation { id, text: "Hi".into(), operator: None, ts: Timestamp(5), expires: None });
    let invite = present::of(&session, &stream(), &state).invite.unwrap();
    assert_eq!(
        (invite.kind, invite.sender, invite.text.as_str()),
        (MessageKind::Invited, Sender::Operator, "Hi")
    );
    assert_eq!((invite.operator, invite.seq), (None, None));
}

#[test]
fn only_the_talk_itself_is_shown_to_a_visitor() {
    let shown = |body: EventBody| detail::is_talk(&event(1, body, None));
    assert!(shown(EventBody::Message { text: "x".into(), file: None }));
    assert!(shown(EventBody::Moved { group: None, name: String::new() }));
    assert!(!shown(EventBody::Rated { operator: card(), mark: Some(1) }));
    assert!(!shown(EventBody::TranscriptAsked { email: "a@b.example".into() }));
    assert!(!shown(EventBody::Banned { banned: true }));
}

fn card() -> OperatorCard {
    OperatorCard { id: OperatorId(Uuid::nil()), name: "A".into(), position: String::new() }
}
