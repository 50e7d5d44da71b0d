//! A visitor's day.

use std::time::Duration;

use deskbell_api::desktop::{Line, News, Over, Subject};
use deskbell_api::dto::{MessageKind, OperatorWish, VisitorWish};
use deskbell_api::profile::Keep;
use uuid::Uuid;

use crate::people::{Desk, anna, answer, on, secrets, stranger, until_line, visitor};

#[test]
fn what_an_operator_writes_is_told_once_over_cut_lines_and_restarts() {
    let (desk, profile, secrets) = (Desk::start(), tempfile::tempdir().unwrap(), secrets());
    let (anna, heard) = anna(&desk);
    let (eve, told, id) = visitor(desk.over_line(), &secrets, on(profile.path()));
    eve.send("Hello", None).unwrap();
    heard.heard("Hello");
    let say = |text: &str| answer(&anna, id, text);
    say("One");
    let one = told.heard("One");
    let said = (one.subject, one.who.as_deref(), one.live);
    assert_eq!(said, (Subject::Words(id), Some("Anna"), true));
    told.stands("one is unread", |facts| facts.unread == 1 && facts.online);
    desk.cut();
    told.stands("the line is down", |facts| facts.line == Line::Down);
    say("Two");
    desk.heal();
    eve.wake().unwrap();
    assert!(!told.heard("Two").live);
    eve.read(one.seq.unwrap()).unwrap();
    told.over(Over::Read(id, one.seq.unwrap()));
    told.were_told_once(&["One", "Two"]);
    eve.stop();
    say("Three");
    anna.close_chat(&id.to_string()).unwrap();
    until_line(&anna, id, |line| line.kind == MessageKind::Closed);
    let (eve, told, _) = visitor(desk.over_line(), &secrets, on(profile.path()));
    assert!(!told.called(Subject::Closed(id)).live);
    told.were_told_once(&["Three"]);
    // Who begins again knows that it was closed.
    eve.send("And another thing", None).unwrap();
    told.over(Over::Subject(Subject::Closed(id)));
    eve.want(&Uuid::new_v4().to_string(), VisitorWish::CloseChat).unwrap();
    eve.send("Sorry", None).unwrap();
    heard.heard("Sorry");
    say("Never mind");
    told.heard("Never mind");
    told.were_told_once(&["Three", "Never mind"]);
    let closed = told.occasions().into_iter().filter(|occasion| occasion.subject == Subject::Closed(id));
    assert_eq!(closed.count(), 1, "what the visitor closed is no news");
    eve.stop();
    anna.stop();
    desk.desk.stop();
}

#[test]
fn what_was_read_on_another_device_is_over_on_this_one() {
    let desk = Desk::start();
    let (anna, heard) = anna(&desk);
    let (eve, told, id) = stranger(&desk);
    eve.send("Hello", None).unwrap();
    heard.heard("Hello");
    let (other, elsewhere, _) = stranger(&desk);
    elsewhere.is_up();
    let phone = other.link(&eve.link_code().unwrap().code, |_, _| true).unwrap();
    other.stop();
    anna.send(&id.to_string(), "Yes?").unwrap();
    let seq = told.heard("Yes?").seq.unwrap();
    elsewhere.heard("Yes?");
    phone.read(seq).unwrap();
    told.over(Over::Read(id, seq));
    told.stands("nothing is unread", |facts| facts.unread == 0);
    for app in [eve, phone] {
        app.stop();
    }
    anna.stop();
    desk.desk.stop();
}

#[test]
fn an_invitation_comes_goes_and_is_answered_only_while_it_waits() {
    let desk = Desk::start();
    let (anna, heard) = anna(&desk);
    let (eve, told, id) = stranger(&desk);
    told.is_up();
    let visitor = id.to_string();
    let invite = |text: &str| {
        // She is on the list a moment later.
        let invite = || anna.want(&visitor, OperatorWish::Invite { text: text.to_owned() });
        while invite().is_err() {
            std::thread::yield_now();
        }
    };
    invite("Can I help?");
    let first = told.heard("Can I help?");
    let Subject::Invitation(one) = first.subject else { panic!("{first:?}") };
    assert_eq!((first.who.as_deref(), first.live), (Some("Anna"), true));
    told.stands("the tray has it", |facts| facts.invitation == Some((one, Some("Anna".to_owned()))));
    anna.want(&visitor, OperatorWish::Withdraw).unwrap();
    told.over(Over::Subject(first.subject));
    eve.accept(one).unwrap();
    eve.decline(one).unwrap();
    invite("Now?");
    let Subject::Invitation(two) = told.heard("Now?").subject else { panic!("another invitation") };
    eve.accept(one).unwrap();
    eve.decline(two).unwrap();
    told.over(Over::Subject(Subject::Invitation(two)));
    // The desk takes no other while it has not heard the answer.
    while told.occasions().len() < 3 {
        invite("Really not?");
        std::thread::sleep(Duration::from_millis(5));
    }
    let Subject::Invitation(three) = told.heard("Really not?").subject else { panic!("another invitation") };
    eve.accept(three).unwrap();
    told.over(Over::Subject(Subject::Invitation(three)));
    // Who invited is told that the invitation was taken.
    let accepted = heard.called(Subject::Waiting(id));
    assert!(accepted.live && accepted.words.is_none());
    told.stands("none waits", |facts| facts.invitation.is_none());
    told.were_told_once(&["Can I help?", "Now?", "Really not?"]);
    eve.stop();
    anna.stop();
    desk.desk.stop();
}

#[test]
fn an_invitation_that_was_told_before_a_restart_is_a_fact_and_no_occasion() {
    let (desk, profile, secrets) = (Desk::start(), tempfile::tempdir().unwrap(), secrets());
    let (anna, _) = anna(&desk);
    let (eve, told, id) = visitor(desk.over_line(), &secrets, on(profile.path()));
    told.is_up();
    let text = "Can I help?".to_owned();
    while anna.want(&id.to_string(), OperatorWish::Invite { text: text.clone() }).is_err() {
        std::thread::yield_now();
    }
    let subject = told.heard("Can I help?").subject;
    desk.cut();
    eve.stop();
    let (eve, told, _) = visitor(desk.over_line(), &secrets, on(profile.path()));
    told.stands("the tray has it", |facts| facts.invitation.is_some());
    desk.heal();
    eve.wake().unwrap();
    told.is_up();
    let Subject::Invitation(invite) = subject else { panic!("an invitation") };
    eve.decline(invite).unwrap();
    told.over(Over::Subject(subject));
    assert!(told.occasions().is_empty());
    let first = told.until("something", |told| told.first().cloned());
    assert_eq!(first, News::Over(Over::Everything), "another session's alerts are not this one's");
    eve.stop();
    anna.stop();
    desk.desk.stop();
}

#[test]
fn a_summons_opens_the_page_where_it_was_called() {
    let desk = Desk::start();
    let options = deskbell_api::visitor::VisitorOptions {
        link: desk.direct(),
        secrets: secrets(),
        keep: Keep::SessionOnly,
        locale: deskbell_api::dto::Locale::En,
        newsroom: deskbell_api::desktop::Newsroom::silent(),
    };
    let eve = deskbell_api::visitor::VisitorApp::start(options).unwrap();
    eve.summon(true).unwrap();
    let summon = eve.boot(Box::new(|_| {})).unwrap().summon.unwrap();
    assert!(summon.compose && summon.visitor.is_none());
    assert!(eve.boot(Box::new(|_| {})).unwrap().summon.is_none(), "once");
    eve.stop();
    desk.desk.stop();
}
