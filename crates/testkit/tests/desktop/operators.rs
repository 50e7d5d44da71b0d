//! An operator's day.

use deskbell_api::desktop::{Line, News, Over, Subject};
use deskbell_api::dto::{OperatorUpdate, OperatorWish, SiteView, VisitorWish};
use deskbell_api::operator::OperatorApp;
use deskbell_api::profile::Keep;
use deskbell_wire::{Group, GroupId, MessageId};
use uuid::Uuid;

use crate::people::{Desk, anna, answer, device, on, operator, secrets, stranger, visitor, write};

#[test]
fn a_message_in_a_chat_that_was_never_opened_is_told_once_over_cut_lines_and_restarts() {
    let (desk, profile) = (Desk::start(), tempfile::tempdir().unwrap());
    let link = desk.over_line();
    let device = device(&desk, &link);
    let (app, told) = operator(link.clone(), &device, on(profile.path()));
    let eve = secrets();
    let (writer, _, id) = visitor(desk.direct(), &eve, Keep::SessionOnly);
    writer.send("One", None).unwrap();
    let one = told.heard("One");
    assert_eq!((one.subject, one.live), (Subject::Waiting(id), true));
    told.stands("she waits", |facts| facts.waiting.iter().any(|guest| guest.visitor == id));
    app.want(&id.to_string(), OperatorWish::Join).unwrap();
    told.over(Over::Subject(Subject::Waiting(id)));
    writer.send("Two", None).unwrap();
    let two = told.heard("Two");
    assert_eq!((two.subject, two.live), (Subject::Words(id), true));
    desk.cut();
    told.stands("the line is down", |facts| facts.line == Line::Down);
    write(&writer, "Three");
    write(&writer, "Four");
    desk.heal();
    app.wake().unwrap();
    let four = told.heard("Four");
    assert_eq!((four.subject, four.live), (Subject::Words(id), false));
    told.until("it has had no answer", |told| {
        told.iter()
            .any(|news| matches!(news, News::Unanswered(guests) if guests[..].len() == 1))
            .then_some(())
    });
    answer(&app, id, "Answer");
    told.until("it has had one", |told| {
        let newest = told.iter().rev().find_map(|news| match news {
            News::Unanswered(guests) => Some(guests.len()),
            _ => None,
        });
        (newest == Some(0)).then_some(())
    });
    told.over(Over::Read(id, four.seq.unwrap() + 1));
    told.were_told_once(&["One", "Two", "Three", "Four"]);
    app.stop();
    // What came while the program was off is told once, and what was told before is not told again.
    write(&writer, "Five");
    let (app, told) = operator(link.clone(), &device, on(profile.path()));
    assert_eq!((told.heard("Five").subject, told.heard("Five").live), (Subject::Words(id), false));
    writer.send("Six", None).unwrap();
    assert!(told.heard("Six").live);
    told.were_told_once(&["Five", "Six"]);
    app.stop();
    let (app, told) = operator(link, &device, on(profile.path()));
    told.stands("none of them was read", |facts| facts.unread == 6);
    told.until("it has had no answer", |told| {
        told.iter()
            .any(|news| matches!(news, News::Unanswered(guests) if guests[..].len() == 1))
            .then_some(())
    });
    told.were_told_once(&[]);
    app.stop();
    writer.stop();
    desk.desk.stop();
}

#[test]
fn what_was_read_on_another_device_is_over_on_this_one() {
    let desk = Desk::start();
    let ((one, told), (other, elsewhere)) = (anna(&desk), anna(&desk));
    let (eve, _, id) = stranger(&desk);
    eve.send("Hello", None).unwrap();
    told.heard("Hello");
    one.want(&id.to_string(), OperatorWish::Join).unwrap();
    told.over(Over::Subject(Subject::Waiting(id)));
    eve.send("Are you there?", None).unwrap();
    let seq = told.heard("Are you there?").seq.unwrap();
    elsewhere.heard("Are you there?");
    other.read(&id.to_string(), seq).unwrap();
    told.over(Over::Read(id, seq));
    told.stands("nothing is unread", |facts| facts.unread == 0);
    for app in [one, other] {
        app.stop();
    }
    eve.stop();
    desk.desk.stop();
}

#[test]
fn of_a_chat_that_another_operator_is_in_nothing_is_told_until_it_is_handed_over() {
    let desk = Desk::start();
    desk.desk.add_operator("Boris", "boris", "password of boris").unwrap();
    let (anna, told) = anna(&desk);
    let (boris, heard) = operator(desk.direct(), &secrets(), Keep::SessionOnly);
    boris.sign_in("boris", "password of boris").unwrap();
    heard.is_up();
    let (eve, _, id) = stranger(&desk);
    let visitor = id.to_string();
    eve.send("To anybody", None).unwrap();
    told.heard("To anybody");
    heard.heard("To anybody");
    boris.want(&visitor, OperatorWish::Join).unwrap();
    told.over(Over::Subject(Subject::Waiting(id)));
    eve.send("To Boris", None).unwrap();
    assert_eq!(heard.heard("To Boris").subject, Subject::Words(id));
    boris.want(&visitor, OperatorWish::Move { group: None }).unwrap();
    let handed = told.called(Subject::Transfer(id));
    assert!(handed.live && handed.words.is_none());
    eve.send("To anybody again", None).unwrap();
    assert_eq!(told.heard("To anybody again").subject, Subject::Transfer(id));
    told.were_told_once(&["To anybody", "To anybody again"]);
    assert!(heard.occasions().iter().all(|occasion| occasion.subject != Subject::Transfer(id)), "he did it");
    for app in [anna, boris] {
        app.stop();
    }
    eve.stop();
    desk.desk.stop();
}

#[test]
fn threats_1_a_chat_that_went_to_another_group_is_told_to_that_group_alone() {
    let desk = Desk::start();
    let card = desk.desk.add_operator("Boris", "boris", "password of boris").unwrap();
    let (anna, told) = anna(&desk);
    let groups = ["Support", "Sales"].map(|name| Group { id: GroupId(0), name: name.to_owned() });
    let mut settings = site(&anna).settings;
    settings.form.groups.extend(groups);
    anna.save_site(settings).unwrap();
    anna.set_groups(&card.id.to_string(), &[1]).unwrap();
    let (boris, heard) = operator(desk.direct(), &secrets(), Keep::SessionOnly);
    boris.sign_in("boris", "password of boris").unwrap();
    heard.is_up();
    let (eve, _, id) = stranger(&desk);
    eve.send("To anybody", None).unwrap();
    told.heard("To anybody");
    heard.heard("To anybody");
    anna.want(&id.to_string(), OperatorWish::Move { group: Some(2) }).unwrap();
    heard.over(Over::Subject(Subject::Waiting(id)));
    eve.send("To sales", None).unwrap();
    assert_eq!(told.heard("To sales").subject, Subject::Waiting(id));
    heard.were_told_once(&["To anybody"]);
    assert!(
        heard.occasions().iter().all(|occasion| occasion.subject == Subject::Waiting(id)),
        "nor that it went"
    );
    anna.want(&id.to_string(), OperatorWish::Move { group: Some(1) }).unwrap();
    assert!(heard.called(Subject::Transfer(id)).live);
    eve.send("To support", None).unwrap();
    assert_eq!(heard.heard("To support").subject, Subject::Transfer(id));
    heard.stands("she waits", |facts| facts.waiting.len() == 1);
    for app in [anna, boris] {
        app.stop();
    }
    eve.stop();
    desk.desk.stop();
}

fn site(operator: &OperatorApp) -> SiteView {
    loop {
        if let Some(site) = operator.boot(Box::new(|_| {})).unwrap().site {
            return site;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_request_is_told_once_also_over_restarts_and_is_over_when_it_is_worked_off() {
    let (desk, profile) = (Desk::start(), tempfile::tempdir().unwrap());
    let link = desk.direct();
    let device = device(&desk, &link);
    let (eve, _, id) = stranger(&desk);
    let ask = |text: &str| {
        let (name, email) = ("Eve".to_owned(), "eve@site.example".to_owned());
        let (phone, text) = (String::new(), text.to_owned());
        eve.want(&Uuid::new_v4().to_string(), VisitorWish::Offline { name, email, phone, text, group: None })
            .unwrap();
    };
    let (app, told) = operator(link.clone(), &device, on(profile.path()));
    ask("One");
    let one = told.heard("One");
    assert_eq!((one.who.as_deref(), one.live), (Some("Eve"), true));
    let Subject::Request(request) = one.subject else { panic!("{one:?}") };
    let settle = OperatorWish::Settle { request: request.to_string(), done: true };
    app.want(&id.to_string(), settle).unwrap();
    told.over(Over::Subject(Subject::Request(request)));
    ask("Two");
    told.heard("Two");
    told.were_told_once(&["One", "Two"]);
    app.stop();
    ask("Three");
    let (app, told) = operator(link.clone(), &device, on(profile.path()));
    told.heard("Three");
    told.were_told_once(&["Three"]);
    app.stop();
    // A device that never saw the list has missed nothing.
    let (other, told) = anna(&desk);
    ask("Four");
    told.heard("Four");
    told.were_told_once(&["Four"]);
    other.stop();
    eve.stop();
    desk.desk.stop();
}

#[test]
fn signed_out_everything_is_over_and_a_summons_waits_for_its_page() {
    let desk = Desk::start();
    let (app, told) = anna(&desk);
    let (eve, _, id) = stranger(&desk);
    eve.send("Hello", None).unwrap();
    told.heard("Hello");
    let request = MessageId(Uuid::from_u128(7));
    app.summon(Some(id), Some(request), true).unwrap();
    let (summoned, heard) = std::sync::mpsc::channel();
    let listener = Box::new(move |update| {
        if let OperatorUpdate::Summon { summon } = update {
            summoned.send(summon).unwrap();
        }
    });
    let first = app.boot(listener).unwrap().summon.unwrap();
    assert_eq!((first.visitor, first.request), (Some(id.to_string()), Some(request.to_string())));
    app.summon(None, None, false).unwrap();
    assert_eq!(heard.recv().unwrap().visitor, None);
    app.sign_out().unwrap();
    told.stands("nobody is signed in", |facts| !facts.signed_in && facts.waiting.is_empty());
    let everything =
        |told: &[News]| told.iter().filter(|news| **news == News::Over(Over::Everything)).count();
    told.until("everything is over", |told| (everything(told) >= 2).then_some(()));
    app.stop();
    eve.stop();
    desk.desk.stop();
}
