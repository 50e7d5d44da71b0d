//! Settings: who may change them, what is taken, who is told, what survives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::common::*;
use crate::office::*;
use deskbell_server::desk::{ConnId, DeskSetup};
use deskbell_server::{DeskLimits, Fault, FaultHook, Pace};
use deskbell_wire::*;

fn forms(room: &Room, conn: ConnId) -> Vec<FormSettings> {
    let frames = room.inbox.get(&conn).into_iter().flatten();
    let forms = frames.filter_map(|frame| match frame {
        DeskFrame::Form(form) => Some(FormSettings::clone(form)),
        _ => None,
    });
    forms.collect()
}

fn mail(password: Option<&str>) -> MailSettings {
    MailSettings {
        host: "mail.example".into(),
        port: 587,
        security: MailSecurity::StartTls,
        login: "desk".into(),
        password: password.map(str::to_owned),
        ca_file: String::new(),
        from: "desk@shop.example".into(),
        from_name: String::new(),
    }
}

#[test]
fn settings_are_told_after_welcome_and_at_every_change_to_those_whom_they_concern() {
    let mut room = Room::new();
    let (owner, ann) = (room.operator(50), room.visitor(1));
    assert_eq!(forms(&room, ann.conn), [FormSettings::default()]);
    assert!(site(&room, owner).admin);
    assert_eq!(settings(&room, owner), SiteSettings::default());
    let (bob, _) = colleague(&mut room, "bob", 51);
    assert!(!site(&room, bob).admin);
    saved(&mut room, owner, |site| site.form.title = "Ask us".into());
    assert_eq!(forms(&room, ann.conn).last().unwrap().title, "Ask us");
    for conn in [owner, bob] {
        assert_eq!(
            (settings(&room, conn).version, settings(&room, conn).form.title),
            (1, "Ask us".to_owned())
        );
    }
    let late = room.visitor(2);
    assert_eq!(forms(&room, late.conn)[0].title, "Ask us");
}

#[test]
fn threats_2_only_who_looks_after_the_desk_changes_settings() {
    let mut room = Room::new();
    let (owner, ann) = (room.operator(50), room.visitor(1));
    let (bob, bob_id) = colleague(&mut room, "bob", 51);
    let groups = || Ask::SetGroups { operator: bob_id, groups: vec![] };
    for conn in [bob, ann.conn] {
        for wish in [Ask::SaveSite(Box::default()), groups(), Ask::TestMail { to: "a@b.example".into() }] {
            assert_eq!(refusal(&ask(&mut room, conn, wish)), (Refusal::Forbidden, None));
        }
    }
    let person = Ask::Person { stream: ann.stream() };
    assert_eq!(refusal(&ask(&mut room, ann.conn, person)), (Refusal::Forbidden, None));
    assert_eq!(refusal(&ask(&mut room, owner, Ask::LinkCode {})), (Refusal::Forbidden, None));
    assert_eq!(settings(&room, owner).version, 0);
}

#[test]
fn what_somebody_else_changed_meanwhile_is_stale_and_what_is_out_of_bounds_names_its_field() {
    let mut room = Room::new();
    let owner = room.operator(50);
    let before = settings(&room, owner);
    saved(&mut room, owner, |site| site.form.title = "a".into());
    let stale = ask(&mut room, owner, Ask::SaveSite(Box::new(before)));
    assert_eq!(refusal(&stale), (Refusal::Stale, None));
    let invalid = |room: &mut Room, change: fn(&mut SiteSettings)| {
        let told = save(room, owner, change);
        let (code, detail) = refusal(&told);
        assert_eq!(code, Refusal::Invalid);
        detail.unwrap().to_owned()
    };
    assert_eq!(invalid(&mut room, |site| site.form.banner_color = "red".into()), "form.banner_color");
    assert_eq!(invalid(&mut room, |site| site.form.groups = vec![group(" ")]), "form.groups");
    let unknown =
        invalid(&mut room, |site| site.form.groups = vec![Group { id: GroupId(9), name: "x".into() }]);
    assert_eq!(unknown, "form.groups");
    // Within every single limit, and yet more than a frame can tell operators of.
    let heavy = invalid(&mut room, |site| {
        let rule = Rule {
            name: String::new(),
            enabled: true,
            after_s: 0,
            visits: 0,
            online: None,
            every_h: 0,
            action: RuleAction::Invite { text: "x".repeat(8_000) },
        };
        site.rules = vec![rule; 7];
    });
    assert_eq!(heavy, "settings");
    assert_eq!((settings(&room, owner).version, settings(&room, owner).form.title.as_str()), (1, "a"));
}

#[test]
fn a_groups_number_is_never_used_again_over_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let numbers = |room: &Room, conn| {
        settings(room, conn)
            .form
            .groups
            .iter()
            .map(|group| (group.id.0, group.name.clone()))
            .collect::<Vec<_>>()
    };
    let mut room = Room::with(setup());
    let owner = room.operator(50);
    with_groups(&mut room, owner, &["Sales", "Support"]);
    assert_eq!(numbers(&room, owner), [(1, "Sales".into()), (2, "Support".into())]);
    saved(&mut room, owner, |site| drop(site.form.groups.pop()));
    drop(room);
    let mut room = Room::with(setup());
    let owner = room.operator(50);
    saved(&mut room, owner, |site| {
        site.form.groups[0].name = "Shop".into();
        site.form.groups.push(group("Support"));
    });
    assert_eq!(numbers(&room, owner), [(1, "Shop".into()), (3, "Support".into())]);
}

#[test]
fn the_mail_servers_password_is_kept_and_never_told() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut room = Room::with(setup());
    let (owner, ann) = (room.operator(50), room.visitor(1));
    assert!(!forms(&room, ann.conn)[0].mail);
    saved(&mut room, owner, |site| {
        site.form.mail = false;
        site.mail = Some(mail(Some("geheim-4711")));
    });
    assert!(forms(&room, ann.conn).last().unwrap().mail, "said by the desk alone");
    // Saved again without it: it is kept.
    assert_eq!(settings(&room, owner).mail.unwrap().password, None);
    saved(&mut room, owner, |site| site.form.title = "x".into());
    let told = room.order.iter().filter(|(_, frame, _)| encode(frame).unwrap().contains("geheim"));
    assert_eq!(told.count(), 0);
    drop(room);
    let mut room = Room::with(setup());
    let (owner, ann) = (room.operator(50), room.visitor(1));
    assert!(forms(&room, ann.conn)[0].mail);
    room.say(owner, ClientFrame::Ask { n: 1, ask: Ask::TestMail { to: "a@b.example".into() } });
    assert_eq!(room.mails.len(), 1, "tried with what was kept");
    let parcel = room.mails.remove(0);
    let login = parcel.settings.login.as_ref().expect("a login");
    assert_eq!(login.password.as_str(), "geheim-4711");
    saved(&mut room, owner, |site| site.mail = None);
    assert!(!forms(&room, ann.conn).last().unwrap().mail);
}

#[test]
fn s5_settings_that_were_not_written_are_not_told_and_those_that_were_after_all_are() {
    for kept in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let fail = Arc::new(AtomicBool::new(false));
        let fault = if kept { Fault::Kept } else { Fault::Lost };
        let hook: FaultHook = {
            let fail = fail.clone();
            Arc::new(move || if fail.swap(false, Ordering::SeqCst) { fault } else { Fault::None })
        };
        let file = Some(folder.path().join("desk.db"));
        let mut room = Room::with(DeskSetup { file, faults: Some(hook), ..unpaced() });
        let (owner, ann) = (room.operator(50), room.visitor(1));
        room.pass(2_000);
        fail.store(true, Ordering::SeqCst);
        let told = save(&mut room, owner, |site| site.form.title = "new".into());
        assert_eq!(refusal(&told), (Refusal::Storage, None));
        room.pass(2_000);
        let titles: Vec<_> = forms(&room, ann.conn).into_iter().map(|form| form.title).collect();
        if kept {
            assert_eq!(titles, ["", "new"]);
            assert_eq!(settings(&room, owner).version, 1);
        } else {
            assert_eq!(titles, [""]);
            saved(&mut room, owner, |site| site.form.title = "again".into());
        }
    }
}

#[test]
fn threats_22_questions_have_their_pace() {
    let limits = DeskLimits { operator_asks: Pace::new(3, 1_000), ..DeskLimits::unpaced() };
    let mut room = Room::with(DeskSetup { limits, ..DeskSetup::default() });
    let (owner, ann) = (room.operator(50), room.visitor(1));
    let person = || Ask::Person { stream: ann.stream() };
    for _ in 0..3 {
        assert!(matches!(ask(&mut room, owner, person()), Told::Person(_)));
    }
    assert_eq!(refusal(&ask(&mut room, owner, person())), (Refusal::Rate, None));
    // Another device of the same operator is no way around.
    let second = room.operator(51);
    assert_eq!(refusal(&ask(&mut room, second, person())), (Refusal::Rate, None));
    room.pass(1_000);
    assert!(matches!(ask(&mut room, owner, person()), Told::Person(_)));
}

#[test]
fn a_card_tells_what_the_desk_knows_of_a_visitor() {
    let mut room = Room::new();
    let owner = room.operator(50);
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    room.send(owner, entry(&ann.stream(), 2, text("b")));
    room.send(ann.conn, entry(&ann.stream(), 3, SendBody::Rate { mark: Some(4) }));
    let emails = vec!["ann@home.example".to_owned()];
    room.send(
        ann.conn,
        entry(&ann.stream(), 4, SendBody::Card { name: Some("Ann".into()), emails, phones: vec![] }),
    );
    let card = |room: &mut Room, stream: StreamId| match ask(room, owner, Ask::Person { stream }) {
        Told::Person(person) => *person,
        other => panic!("{other:?}"),
    };
    room.pass(5_000);
    let person = card(&mut room, ann.stream());
    assert_eq!((person.card.name.as_str(), person.chats, person.visits, person.devices), ("Ann", 1, 1, 1));
    assert_eq!((person.first_seen, person.last_seen), (Timestamp(START), Timestamp(START + 5_000)));
    assert_eq!(person.ratings.iter().map(|given| given.mark).collect::<Vec<_>>(), [4]);
    assert_eq!((person.consented, person.banned), (0, false));
    // Nobody of that name, and notes, look alike.
    let nobody = stream(visitor(99));
    assert_eq!(refusal(&ask(&mut room, owner, Ask::Person { stream: nobody })), (Refusal::Forbidden, None));
    let notes = StreamId { audience: Audience::Internal, ..ann.stream() };
    assert_eq!(refusal(&ask(&mut room, owner, Ask::Person { stream: notes })), (Refusal::Forbidden, None));
}

#[test]
fn half_an_hour_away_makes_the_next_visit_over_a_restart() {
    const MINUTE: i64 = 60_000;
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let visits = |room: &mut Room, operator: ConnId, ann: Device| match ask(
        room,
        operator,
        Ask::Person { stream: ann.stream() },
    ) {
        Told::Person(person) => (person.visits, person.last_seen.0),
        other => panic!("{other:?}"),
    };
    let mut room = Room::with(setup());
    let owner = room.operator(50);
    let ann = room.visitor(1);
    // A chat keeps its own time: it is not when the visitor was last seen.
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    room.pass(40 * MINUTE);
    let left = room.now;
    room.close(ann.conn);
    room.pass(29 * MINUTE);
    assert_eq!(visits(&mut room, owner, ann), (1, left));
    let ann = room.visitor(1);
    assert_eq!(visits(&mut room, owner, ann), (1, room.now));
    room.close(ann.conn);
    let left = room.now;
    room.pass(MINUTE);
    drop(room);
    let mut room = Room::with(setup());
    room.now = left + 30 * MINUTE;
    let owner = room.operator(50);
    assert_eq!(visits(&mut room, owner, ann), (1, left));
    let ann = room.visitor(1);
    assert_eq!(visits(&mut room, owner, ann).0, 2);
}
