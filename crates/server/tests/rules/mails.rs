//! Transcripts on their way, in virtual time: asked for, handed out, tried again, given up, across a restart.

use std::sync::{Arc, Mutex};

use crate::common::*;
use deskbell_server::Fault;
use deskbell_server::desk::{ConnId, DeskSetup, Input, MailTicket, Parcel};
use deskbell_server::mail::{MailError, Reply};
use deskbell_wire::*;

const MINUTE: i64 = 60_000;

fn mail() -> MailSettings {
    MailSettings {
        host: "127.0.0.1".into(),
        port: 2525,
        security: MailSecurity::None,
        login: String::new(),
        password: None,
        ca_file: String::new(),
        from: "desk@shop.example".into(),
        from_name: "Shop".into(),
    }
}

/// A desk with a mail server, and a visitor who has had a word with an operator.
struct Post {
    room: Room,
    visitor: Device,
    sent: u128,
}

impl Post {
    fn new(setup: DeskSetup) -> Self {
        let mut room = Room::with(setup);
        let operator = room.operator(50);
        let settings = SiteSettings { mail: Some(mail()), ..SiteSettings::default() };
        room.say(operator, ClientFrame::Ask { n: 1, ask: Ask::SaveSite(Box::new(settings)) });
        let visitor = room.visitor(1);
        room.send(visitor.conn, entry(&visitor.stream(), 1, text("Где мой заказ?")));
        room.send(operator, entry(&visitor.stream(), 2, text("On its way.")));
        Self { room, visitor, sent: 10 }
    }

    fn ask(&mut self) {
        self.sent += 1;
        let body = SendBody::Transcript { email: "anna@home.example".into(), lang: Lang::Ru, zone_min: 180 };
        self.room.send(self.visitor.conn, entry(&self.visitor.stream(), self.sent, body));
    }

    fn out(&mut self) -> Parcel {
        assert_eq!(self.room.mails.len(), 1, "one letter is out");
        self.room.mails.remove(0)
    }

    fn back(&mut self, ticket: MailTicket, result: Result<(), MailError>) {
        self.room.together(vec![Input::Mailed { ticket, result }]);
    }

    fn outcomes(&mut self) -> Vec<MailOutcome> {
        let log = self.room.log(self.visitor.conn, &self.visitor.stream());
        let ended = log.into_iter().filter_map(|event| match event.body {
            EventBody::TranscriptEnded { outcome, .. } => Some(outcome),
            _ => None,
        });
        ended.collect()
    }
}

fn later() -> MailError {
    MailError::Temporary { reply: Reply { code: 450, text: "later".into() } }
}

fn never() -> MailError {
    MailError::Permanent { reply: Reply { code: 550, text: "nobody".into() } }
}

#[test]
fn sendchatbymail_hands_the_letter_out_at_once_and_ends_with_an_event() {
    let mut post = Post::new(unpaced());
    post.ask();
    let parcel = post.out();
    let raw = String::from_utf8_lossy(parcel.letter.raw()).into_owned();
    assert!(raw.contains("To: anna@home.example") && raw.contains("multipart/alternative"), "{raw}");
    post.back(parcel.ticket, Ok(()));
    assert_eq!(post.outcomes(), [MailOutcome::Sent]);
    post.room.pass(30 * MINUTE);
    assert!(post.room.mails.is_empty(), "sent once");
}

#[test]
fn what_is_refused_for_now_is_tried_again_and_the_visitor_is_told_once() {
    let mut post = Post::new(unpaced());
    post.ask();
    let first = post.out();
    post.back(first.ticket, Err(later()));
    assert_eq!(post.outcomes(), [MailOutcome::Delayed]);
    assert!(post.room.mails.is_empty(), "not at once");
    post.room.pass(MINUTE);
    let second = post.out();
    post.back(second.ticket, Err(later()));
    post.room.pass(5 * MINUTE);
    let third = post.out();
    post.back(third.ticket, Ok(()));
    assert_eq!(post.outcomes(), [MailOutcome::Delayed, MailOutcome::Sent]);
}

/// The desk after its next commits have failed like this, one after the other.
fn faulty(folder: &tempfile::TempDir) -> (DeskSetup, Arc<Mutex<Vec<Fault>>>) {
    let faults: Arc<Mutex<Vec<Fault>>> = Arc::default();
    let next = faults.clone();
    let setup = DeskSetup {
        file: Some(folder.path().join("desk.db")),
        faults: Some(Arc::new(move || next.lock().unwrap().pop().unwrap_or(Fault::None))),
        ..unpaced()
    };
    (setup, faults)
}

#[test]
fn s5_a_letter_whose_delay_was_not_kept_is_not_sent_again_at_once_and_told_of_once() {
    let folder = tempfile::tempdir().unwrap();
    let (setup, faults) = faulty(&folder);
    let mut post = Post::new(setup);
    post.ask();
    let first = post.out();
    faults.lock().unwrap().push(Fault::Lost);
    post.back(first.ticket, Err(later()));
    assert!(post.room.mails.is_empty() && post.outcomes().is_empty(), "{:?}", post.outcomes());
    post.room.pass(MINUTE);
    let second = post.out();
    post.back(second.ticket, Err(later()));
    assert_eq!(post.outcomes(), [MailOutcome::Delayed]);
}

#[test]
fn s5_a_letter_that_was_taken_while_the_disk_was_full_goes_out_once() {
    let folder = tempfile::tempdir().unwrap();
    let (setup, faults) = faulty(&folder);
    let mut post = Post::new(setup);
    post.ask();
    let letter = post.out();
    faults.lock().unwrap().extend([Fault::Full, Fault::Full]);
    let (conn, stream) = (post.visitor.conn, post.visitor.stream());
    post.room.send(conn, entry(&stream, 500, text("there?")));
    post.back(letter.ticket, Ok(()));
    post.room.pass(5_000);
    assert!(post.room.mails.is_empty(), "it is there already");
    assert_eq!(post.outcomes(), [MailOutcome::Sent]);
}

#[test]
fn what_is_refused_for_good_is_given_up() {
    let mut post = Post::new(unpaced());
    post.ask();
    let parcel = post.out();
    post.back(parcel.ticket, Err(never()));
    post.room.pass(60 * MINUTE);
    assert_eq!(post.outcomes(), [MailOutcome::Refused]);
    assert!(post.room.mails.is_empty());
}

#[test]
fn i1_a_letter_under_way_is_sent_again_by_a_desk_that_came_back() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut post = Post::new(setup());
    post.ask();
    let before = post.out();
    drop(post);

    let mut room = Room::with(setup());
    room.pass(1);
    assert_eq!(room.mails.len(), 1, "the same letter");
    let id = |parcel: &Parcel| {
        let raw = String::from_utf8_lossy(parcel.letter.raw()).into_owned();
        raw.lines().find(|line| line.starts_with("Message-ID")).map(str::to_owned)
    };
    assert_eq!(id(&room.mails[0]), id(&before), "under the same name");
}

#[test]
fn threats_22_nobody_has_the_desk_write_to_strangers_as_he_likes() {
    let mut post = Post::new(unpaced());
    for _ in 0..20 {
        post.ask();
    }
    let limited = post.room.nacks(post.visitor.conn);
    assert_eq!(limited.len(), 15);
    assert!(limited.iter().all(|nack| nack.code == NackCode::Limit && nack.fatal));
    assert!(post.room.mails.len() <= 2, "a few at once");
}

#[test]
fn test_mail_is_answered_with_the_servers_words() {
    let mut post = Post::new(unpaced());
    let operator = post.room.operator(51);
    let told = |room: &mut Room, conn: ConnId| {
        room.take(conn).into_iter().find_map(|frame| match frame {
            DeskFrame::Told { n: 7, told } => Some(told),
            _ => None,
        })
    };
    let ask = |to: &str| ClientFrame::Ask { n: 7, ask: Ask::TestMail { to: to.into() } };
    post.room.say(operator, ask("nobody"));
    assert!(matches!(told(&mut post.room, operator), Some(Told::Refused { code: Refusal::Invalid, .. })));
    post.room.say(operator, ask("ann@shop.example"));
    let parcel = post.out();
    assert_eq!(told(&mut post.room, operator), None, "not before the server has answered");
    post.back(parcel.ticket, Err(never()));
    match told(&mut post.room, operator) {
        Some(Told::Refused { code: Refusal::Mail, detail: Some(detail) }) => {
            assert!(detail.contains("550"), "{detail}")
        }
        other => panic!("{other:?}"),
    }
}
