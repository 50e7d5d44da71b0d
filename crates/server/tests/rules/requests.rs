//! The operators' list of what visitors left: whole, then as changes, for those who may see it.

use crate::common::*;
use crate::office::*;
use deskbell_server::desk::{ConnId, DeskSetup};
use deskbell_wire::*;

/// What a watcher knows after all frames that came.
#[derive(Default)]
struct View {
    rows: Vec<RequestRow>,
    open: u64,
    frames: usize,
}

impl View {
    fn follow(&mut self, room: &mut Room, conn: ConnId) {
        for frame in room.take(conn) {
            assert!(encode(&frame).is_ok(), "it fits");
            let DeskFrame::Requests(list) = frame else { continue };
            if list.whole {
                self.rows.clear();
            }
            self.rows.retain(|row| !list.gone.contains(&row.id));
            for row in list.rows {
                self.rows.retain(|known| known.id != row.id);
                self.rows.push(row);
            }
            self.open = list.open;
            self.frames += 1;
        }
    }

    fn texts(&self) -> Vec<&str> {
        self.rows.iter().map(|row| words_of(&row.request)).collect()
    }
}

fn words_of(request: &Request) -> &str {
    match request {
        Request::Offline { text, .. } => text,
        _ => "",
    }
}

fn watch(room: &mut Room, conn: ConnId, limit: u32) -> View {
    let mut view = View::default();
    room.say(conn, ClientFrame::Watch(Watch { list: ListName::Requests, limit }));
    view.follow(room, conn);
    view
}

fn offline(text: &str, group: Option<u32>) -> SendBody {
    let (name, email, phone) = ("Ann".into(), "ann@home.example".into(), String::new());
    SendBody::Request(Request::Offline { name, email, phone, text: text.into(), group: group.map(GroupId) })
}

#[test]
fn sendrequest_reaches_the_operators_list_and_is_worked_off_there() {
    let mut room = Room::new();
    let owner = room.operator(50);
    let ann = room.visitor(1);
    let mut view = watch(&mut room, owner, 100);
    assert_eq!((view.frames, view.rows.len(), view.open), (1, 0, 0), "whole, though empty");
    for (n, words) in [(1, "first"), (2, "second")] {
        room.send(ann.conn, entry(&ann.stream(), n, offline(words, None)));
        room.pass(1_000);
    }
    view.follow(&mut room, owner);
    assert_eq!((view.texts(), view.open), (vec!["first", "second"], 2));
    let row = view.rows[0].clone();
    assert_eq!(
        (&row.stream, row.ts, row.visitor.as_deref(), &row.done_by),
        (&ann.stream(), Timestamp(START), Some("Ann"), &None)
    );
    let settle = |done| SendBody::Settle { request: row.id, done };
    room.send(owner, entry(&ann.stream(), 3, settle(true)));
    room.pass(1_000);
    view.follow(&mut room, owner);
    let settled = view.rows.iter().find(|known| known.id == row.id).unwrap();
    assert_eq!((settled.done_by.as_ref().unwrap().name.as_str(), view.open), ("Ann", 1));
    assert_eq!(watch(&mut room, owner, 100).texts(), ["second", "first"], "open ones first");
    room.send(owner, entry(&ann.stream(), 4, settle(false)));
    room.pass(1_000);
    assert_eq!(watch(&mut room, owner, 100).texts(), ["second", "first"], "both open, the newest first");
    room.send(ann.conn, entry(&ann.stream(), 5, offline("third", None)));
    assert_eq!(watch(&mut room, owner, 1).texts(), ["third"]);
}

#[test]
fn setvisitorcard_gives_what_was_left_a_name() {
    let mut room = Room::new();
    let owner = room.operator(50);
    let ann = room.visitor(1);
    let callback = Request::Callback { name: String::new(), phone: "+49 30 1".into(), group: None, at: None };
    room.send(ann.conn, entry(&ann.stream(), 1, SendBody::Request(callback)));
    let mut view = watch(&mut room, owner, 100);
    assert_eq!(view.rows[0].visitor, None);
    let card = SendBody::Card { name: Some("Anna".into()), emails: vec![], phones: vec![] };
    room.send(ann.conn, entry(&ann.stream(), 2, card));
    room.pass(1_000);
    view.follow(&mut room, owner);
    assert_eq!(view.rows[0].visitor.as_deref(), Some("Anna"));
}

#[test]
fn changes_come_together_and_rows_beyond_the_limit_leave() {
    let mut room = Room::new();
    let owner = room.operator(50);
    let ann = room.visitor(1);
    let mut view = watch(&mut room, owner, 3);
    room.pass(1_000);
    view.follow(&mut room, owner);
    let before = view.frames;
    for n in 0..10 {
        room.send(ann.conn, entry(&ann.stream(), n, offline(&n.to_string(), None)));
    }
    room.pass(100);
    view.follow(&mut room, owner);
    assert!(view.frames - before <= 2, "{}", view.frames - before);
    let mut texts = view.texts();
    texts.sort_unstable();
    assert_eq!((texts, view.open), (vec!["7", "8", "9"], 10));
    room.pass(10_000);
    view.follow(&mut room, owner);
    assert!(view.frames - before <= 2, "nothing changed");
}

#[test]
fn long_requests_are_told_in_frames_that_fit_and_the_last_hundred_that_were_worked_off() {
    let mut room = Room::new();
    let owner = room.operator(50);
    let ann = room.visitor(1);
    let long = "\u{1F600}".repeat(8_000);
    for n in 0..5 {
        room.send(ann.conn, entry(&ann.stream(), n, offline(&long, None)));
    }
    let view = watch(&mut room, owner, 500);
    assert_eq!((view.rows.len(), view.frames), (5, 3), "two of them fit into a frame");
    for n in 0..120 {
        room.send(ann.conn, entry(&ann.stream(), 1_000 + n, offline("x", None)));
    }
    let rows = watch(&mut room, owner, 500).rows;
    assert_eq!(rows.len(), 125);
    for (n, row) in rows.iter().enumerate() {
        room.now += 1;
        let settled = SendBody::Settle { request: row.id, done: true };
        room.send(owner, entry(&ann.stream(), 2_000 + n as u128, settled));
    }
    let view = watch(&mut room, owner, 500);
    assert_eq!((view.rows.len(), view.open), (100, 0));
    assert_eq!(view.rows[0].id, rows[124].id, "the last one first");
}

#[test]
fn i13_a_request_for_a_group_is_that_groups() {
    let mut room = Room::new();
    let owner = room.operator(50);
    with_groups(&mut room, owner, &["Sales", "Support"]);
    let (sales, sales_id) = colleague(&mut room, "sales", 51);
    let (support, support_id) = colleague(&mut room, "support", 52);
    place(&mut room, owner, sales_id, &[1]);
    place(&mut room, owner, support_id, &[2]);
    let ann = room.visitor(1);
    // A chat with sales, and a request for support: support may read what it is about.
    room.send(ann.conn, entry(&ann.stream(), 1, for_group("a", 1)));
    room.send(ann.conn, entry(&ann.stream(), 2, SendBody::Close {}));
    let mut views = [owner, sales, support].map(|conn| watch(&mut room, conn, 100));
    assert_eq!(room.log(support, &ann.stream()), []);
    room.send(ann.conn, entry(&ann.stream(), 3, offline("help", Some(2))));
    room.send(ann.conn, entry(&ann.stream(), 4, offline("anybody", None)));
    room.pass(1_000);
    for (view, conn) in views.iter_mut().zip([owner, sales, support]) {
        view.follow(&mut room, conn);
        view.rows.sort_by_key(|row| words_of(&row.request).to_owned());
    }
    let told = views.each_ref().map(|view| (view.texts(), view.open));
    assert_eq!(told, [(vec!["anybody", "help"], 2), (vec!["anybody"], 1), (vec!["anybody", "help"], 2)]);
    assert!(!room.log(support, &ann.stream()).is_empty());
    let help = views[0].rows[1].id;
    let settle = |request| SendBody::Settle { request, done: true };
    room.send(sales, entry(&ann.stream(), 5, settle(help)));
    room.send(sales, entry(&ann.stream(), 6, settle(MessageId(uid(1).0))));
    let codes: Vec<_> = room.nacks(sales).iter().map(|nack| nack.code).collect();
    assert_eq!(codes, [NackCode::Invalid, NackCode::Invalid], "another group's looks like none");
    room.send(support, entry(&ann.stream(), 5, settle(help)));
    assert!(room.nacks(support).is_empty());
    // Who changes the group sees what is that group's.
    place(&mut room, owner, sales_id, &[2]);
    room.pass(1_000);
    views[1].follow(&mut room, sales);
    assert_eq!(views[1].rows.len(), 2);
    place(&mut room, owner, sales_id, &[1]);
    room.pass(1_000);
    views[1].follow(&mut room, sales);
    assert_eq!(views[1].texts(), ["anybody"]);
}

#[test]
fn requests_survive_a_restart_of_the_desk() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut room = Room::with(setup());
    let owner = room.operator(50);
    let ann = room.visitor(1);
    let callback = Request::Callback {
        name: String::new(),
        phone: "+49 30 1".into(),
        group: None,
        at: Some(Timestamp(5)),
    };
    room.send(ann.conn, entry(&ann.stream(), 1, SendBody::Request(callback.clone())));
    room.send(ann.conn, entry(&ann.stream(), 2, offline("x", None)));
    let done = watch(&mut room, owner, 100).rows[0].id;
    room.send(owner, entry(&ann.stream(), 3, SendBody::Settle { request: done, done: true }));
    drop(room);
    let mut room = Room::with(setup());
    let owner = room.operator(50);
    let view = watch(&mut room, owner, 100);
    assert_eq!((view.open, view.rows.len(), &view.rows[0].request), (1, 2, &callback));
    assert_eq!((view.rows[1].id, view.rows[1].done_by.is_some()), (done, true));
}

#[test]
fn threats_2_a_visitor_watches_no_requests() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    room.say(ann.conn, ClientFrame::Watch(Watch { list: ListName::Requests, limit: 10 }));
    assert_eq!(room.bye(ann.conn).unwrap().code, ByeCode::Protocol);
}
