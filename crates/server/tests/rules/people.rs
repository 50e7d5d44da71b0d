//! The present: who is there, availability, the list, typing, receipts; in virtual time.

use crate::common::*;
use crate::office::*;
use deskbell_server::desk::{ConnId, DeskSetup, Input};
use deskbell_wire::*;

fn states(room: &mut Room, conn: ConnId) -> Vec<State> {
    let frames = room.take(conn);
    frames
        .into_iter()
        .filter_map(|frame| if let DeskFrame::State(state) = frame { Some(*state) } else { None })
        .collect()
}

fn heard(room: &mut Room, conn: ConnId) -> Vec<Heard> {
    let frames = room.take(conn);
    frames
        .into_iter()
        .filter_map(|frame| if let DeskFrame::Ephemeral(it) = frame { Some(it) } else { None })
        .collect()
}

fn marks(room: &mut Room, conn: ConnId) -> Vec<(Side, Seq, Seq)> {
    let frames = room.take(conn);
    let marks =
        frames.into_iter().filter_map(|frame| if let DeskFrame::Marks(it) = frame { Some(it) } else { None });
    marks.map(|marks| (marks.side, marks.delivered, marks.read)).collect()
}

/// What a watcher knows after all lists that came.
#[derive(Default)]
struct View {
    rows: Vec<VisitorRow>,
    total: u64,
    version: u64,
    frames: usize,
}

impl View {
    fn follow(&mut self, room: &mut Room, conn: ConnId) {
        for frame in room.take(conn) {
            let DeskFrame::List(list) = frame else { continue };
            if list.whole {
                self.rows.clear();
            } else {
                assert_eq!(list.version, self.version + 1);
            }
            self.rows.retain(|row| !list.gone.contains(&row.stream));
            for row in list.rows {
                self.rows.retain(|known| known.stream != row.stream);
                self.rows.push(row);
            }
            (self.total, self.version) = (list.total, list.version);
            self.frames += 1;
        }
    }

    fn status(&self, device: Device) -> Option<VisitorStatus> {
        self.rows.iter().find(|row| row.stream == device.stream()).map(|row| row.status)
    }
}

fn watch(room: &mut Room, conn: ConnId, limit: u32) {
    room.say(conn, ClientFrame::Watch(Watch { list: ListName::Visitors, limit }));
}

fn types(room: &mut Room, conn: ConnId, stream: &StreamId, words: &str) {
    let (typing, text) = (!words.is_empty(), words.to_owned());
    room.say(conn, ClientFrame::Ephemeral(Ephemeral { stream: stream.clone(), typing, text }));
}

#[test]
fn availability_follows_status_and_forgives_a_lost_line_for_a_minute() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    let online = |room: &mut Room| {
        states(room, ann.conn).iter().map(|state| state.availability.online).collect::<Vec<_>>()
    };
    assert_eq!(online(&mut room), [false]);
    let operator = room.operator(50);
    assert_eq!(online(&mut room), [true]);
    room.say(operator, ClientFrame::Status(OperatorStatus::Away));
    assert_eq!(online(&mut room), [false]);
    room.say(operator, ClientFrame::Status(OperatorStatus::Online));
    assert_eq!(online(&mut room), [true]);
    room.close(operator);
    room.pass(59_999);
    assert_eq!(online(&mut room), Vec::<bool>::new());
    assert!(room.desk.wakes_at().unwrap() <= Timestamp(room.now + 1));
    room.pass(1);
    assert_eq!(online(&mut room), [false]);
    let operator = room.operator(50);
    assert_eq!(online(&mut room), [true]);
    room.close(operator);
    room.pass(30_000);
    room.operator(50);
    room.pass(120_000);
    assert_eq!(online(&mut room), Vec::<bool>::new(), "back in time");
}

#[test]
fn a_status_is_remembered_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut room = Room::with(setup());
    let operator = room.operator(50);
    room.say(operator, ClientFrame::Status(OperatorStatus::Away));
    room.desk.close(Timestamp(room.now)).unwrap();
    let mut room = Room::with(setup());
    let operator = room.operator(50);
    let frames = room.take(operator);
    let DeskFrame::Welcome(welcome) = &frames[0] else { panic!("{frames:?}") };
    assert_eq!(welcome.status, Some(OperatorStatus::Away));
    assert_eq!(welcome.operator.as_ref().unwrap().name, "Ann");
}

#[test]
fn the_visitors_form_is_told_of_chat_and_operator() {
    let mut room = Room::new();
    let operator = room.operator(50);
    let ann = room.visitor(1);
    let state = |room: &mut Room| {
        states(room, ann.conn).pop().map(|state| (state.visitor_state, state.operator.is_some()))
    };
    assert_eq!(state(&mut room), Some((VisitorState::Available, false)));
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    assert_eq!(state(&mut room), Some((VisitorState::Chat, false)));
    room.send(ann.conn, entry(&ann.stream(), 2, text("b")));
    assert_eq!(state(&mut room), None, "nothing changed");
    room.send(operator, entry(&ann.stream(), 1, text("c")));
    assert_eq!(state(&mut room), Some((VisitorState::Chat, true)));
    let second = room.visitor_on(1, 9);
    assert_eq!(states(&mut room, second.conn)[0].operator.as_ref().unwrap().name, "Ann");
    room.send(operator, entry(&ann.stream(), 2, SendBody::Close {}));
    assert_eq!(state(&mut room), Some((VisitorState::Available, false)));
}

#[test]
fn the_list_shows_what_matters_most_first_and_changes_together() {
    let mut room = Room::new();
    let operator = room.operator(50);
    let (site, early, late, talking, left) =
        (room.visitor(1), room.visitor(2), room.visitor(3), room.visitor(4), room.visitor(5));
    for (at, device) in [early, late, talking, left].iter().enumerate() {
        room.now += 1_000;
        room.send(device.conn, entry(&device.stream(), at as u128, text("a")));
    }
    room.send(operator, entry(&talking.stream(), 1, text("hello")));
    room.send(left.conn, entry(&left.stream(), 9, SendBody::Close {}));
    room.close(left.conn);
    room.clear();
    watch(&mut room, operator, 500);
    let mut view = View::default();
    view.follow(&mut room, operator);
    let order: Vec<_> = view.rows.iter().map(|row| (row.stream.visitor, row.status)).collect();
    assert_eq!(
        order,
        [
            (early.visitor, VisitorStatus::Waiting),
            (late.visitor, VisitorStatus::Waiting),
            (talking.visitor, VisitorStatus::InChat),
            (site.visitor, VisitorStatus::OnSite),
            (left.visitor, VisitorStatus::Gone),
        ]
    );
    assert_eq!((view.total, view.frames), (5, 1));
    let row = &view.rows[2];
    assert_eq!((row.head, row.unread, row.connected), (4, 1, true));
    assert_eq!(row.last.as_ref().unwrap().text, "hello");
    assert_eq!(row.operator.as_ref().unwrap().name, "Ann");
    // Ten changes at once are one frame, a tenth of a second later.
    room.pass(1_000);
    for n in 20..30 {
        room.send(early.conn, entry(&early.stream(), n, text("more")));
    }
    let before = view.frames;
    room.pass(100);
    view.follow(&mut room, operator);
    assert!(view.frames - before <= 2, "{}", view.frames - before);
    assert_eq!(view.rows.iter().find(|row| row.stream == early.stream()).unwrap().unread, 11);
}

#[test]
fn a_short_list_lets_rows_go_as_others_matter_more() {
    let mut room = Room::new();
    let operator = room.operator(50);
    let (ann, bob) = (room.visitor(1), room.visitor(2));
    watch(&mut room, operator, 1);
    let mut view = View::default();
    view.follow(&mut room, operator);
    assert_eq!((view.rows.len(), view.total), (1, 2));
    room.pass(1_000);
    room.send(bob.conn, entry(&bob.stream(), 1, text("a")));
    room.pass(100);
    view.follow(&mut room, operator);
    assert_eq!(view.rows.len(), 1);
    assert_eq!(view.status(bob), Some(VisitorStatus::Waiting));
    room.close(ann.conn);
    room.pass(1_000);
    room.pass(1_000);
    view.follow(&mut room, operator);
    assert_eq!((view.rows.len(), view.total), (1, 1), "who left without a word is not kept");
}

#[test]
fn the_list_of_500_comes_in_frames_that_fit() {
    let mut room = Room::new();
    let operator = room.operator(50);
    for n in 1..=200 {
        let device = room.visitor(n);
        // The longest last words: every character takes six bytes of JSON.
        room.send(device.conn, entry(&device.stream(), 1, text(&"\u{7f}\u{2028}\\\"".repeat(30))));
    }
    room.clear();
    watch(&mut room, operator, 10_000);
    let mut view = View::default();
    view.follow(&mut room, operator);
    assert_eq!((view.rows.len(), view.total), (200, 200));
    assert!(view.frames > 1);
}

#[test]
fn the_list_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut room = Room::with(setup());
    let (ann, bob) = (room.visitor(1), room.visitor(2));
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    room.send(bob.conn, entry(&bob.stream(), 1, text("b")));
    room.send(bob.conn, entry(&bob.stream(), 2, SendBody::Close {}));
    room.visitor(3);
    let mut room = Room::with(setup());
    let operator = room.operator(50);
    room.clear();
    watch(&mut room, operator, 500);
    let mut view = View::default();
    view.follow(&mut room, operator);
    assert_eq!(
        (view.status(ann), view.status(bob)),
        (Some(VisitorStatus::Waiting), Some(VisitorStatus::Gone))
    );
    assert_eq!((view.rows.len(), view.total), (2, 2));
    assert!(view.rows.iter().all(|row| !row.connected && row.unread == 1));
}

#[test]
fn typing_crosses_the_desk_but_an_operators_words_do_not() {
    let mut room = Room::new();
    let (operator, ann) = (room.operator(50), room.visitor(1));
    let twin = room.visitor_on(1, 9);
    room.clear();
    types(&mut room, ann.conn, &ann.stream(), "hel");
    let seen = heard(&mut room, operator);
    assert_eq!((seen[0].side, seen[0].typing, seen[0].text.as_str()), (Side::Visitor, true, "hel"));
    assert!(heard(&mut room, ann.conn).is_empty() && heard(&mut room, twin.conn).is_empty());
    // An operator who comes later sees what stands there.
    let later = room.operator(51);
    assert_eq!(heard(&mut room, later)[0].text, "hel");
    room.clear();
    room.send(ann.conn, entry(&ann.stream(), 1, text("hello")));
    assert!(!heard(&mut room, operator)[0].typing, "sending ends it");
    types(&mut room, operator, &ann.stream(), "secret draft");
    for conn in [ann.conn, twin.conn] {
        let seen = heard(&mut room, conn);
        assert_eq!((seen[0].side, seen[0].typing, seen[0].text.as_str()), (Side::Operator, true, ""));
    }
    room.send(operator, entry(&ann.stream(), 1, text("answer")));
    assert!(!heard(&mut room, ann.conn)[0].typing);
    types(&mut room, operator, &ann.stream(), "x");
    room.clear();
    room.close(operator);
    assert!(!heard(&mut room, ann.conn)[0].typing, "leaving ends it");
    room.pass(100);
    types(&mut room, ann.conn, &ann.stream(), "x");
    room.clear();
    room.close(ann.conn);
    assert!(!heard(&mut room, later)[0].typing);
}

#[test]
fn typing_is_told_at_most_ten_times_a_second_and_never_its_past() {
    let mut room = Room::new();
    let (operator, ann) = (room.operator(50), room.visitor(1));
    room.clear();
    for n in 0..100 {
        room.now += 10;
        types(&mut room, ann.conn, &ann.stream(), &"x".repeat(n + 1));
    }
    assert!(heard(&mut room, operator).len() <= 11);
    assert!(room.desk.wakes_at().unwrap().0 <= room.now + 100);
    room.pass(100);
    assert_eq!(heard(&mut room, operator).pop().unwrap().text.len(), 100, "the last words come for sure");
    types(&mut room, ann.conn, &ann.stream(), "y");
    room.send(ann.conn, entry(&ann.stream(), 1, text("y")));
    room.pass(1_000);
    assert!(heard(&mut room, operator).iter().all(|heard| !heard.typing), "what was sent is typed no more");
}

#[test]
fn s11_receipts_cross_the_desk_once_and_survive() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut room = Room::with(setup());
    let (operator, ann) = (room.operator(50), room.visitor(1));
    let twin = room.visitor_on(1, 9);
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    room.send(ann.conn, entry(&ann.stream(), 2, text("b")));
    room.clear();
    let mark = |conn, kind, seq| Input::Frame {
        conn,
        frame: ClientFrame::Mark(Mark { stream: stream(visitor(1)), kind, seq }),
    };
    room.together(vec![
        mark(operator, MarkKind::Delivered, 2),
        mark(operator, MarkKind::Delivered, 3),
        mark(operator, MarkKind::Read, 2),
        mark(operator, MarkKind::Read, 99),
    ]);
    for conn in [operator, ann.conn, twin.conn] {
        let told = marks(&mut room, conn);
        assert_eq!(told.last(), Some(&(Side::Operator, 3, 2)));
    }
    room.together(vec![mark(operator, MarkKind::Delivered, 1), mark(operator, MarkKind::Read, 2)]);
    assert!(marks(&mut room, ann.conn).is_empty(), "nothing rose");
    room.together(vec![mark(ann.conn, MarkKind::Read, 1)]);
    assert_eq!(marks(&mut room, operator), [(Side::Visitor, 1, 1)]);
    // A mark is written within a second, then it survives anything.
    room.pass(1_000);
    drop(room);
    let mut room = Room::with(setup());
    let ann = room.visitor(1);
    assert_eq!(
        marks(&mut room, ann.conn),
        [(Side::Visitor, 1, 1), (Side::Operator, 3, 2)],
        "after the welcome"
    );
    let operator = room.operator(50);
    room.say(operator, ClientFrame::Snapshot(Snapshot { stream: ann.stream(), tail: 5 }));
    assert_eq!(marks(&mut room, operator), [(Side::Visitor, 1, 1), (Side::Operator, 3, 2)], "after a page");
}

#[test]
fn a_pong_carries_the_heads_that_the_connection_follows() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    let log = room.log(ann.conn, &ann.stream());
    room.operator(50);
    let (_, token) = room.desk.local_session(device(50), Timestamp(room.now)).unwrap();
    let cursor = Cursor { epoch: room.desk.epoch(), seq: 1, message_id: log[0].message_id };
    let operator = room.operator_with(50, token, vec![StreamCursor { stream: ann.stream(), cursor }]);
    room.send(ann.conn, entry(&ann.stream(), 2, text("b")));
    for conn in [ann.conn, operator] {
        room.say(conn, ClientFrame::Ping { n: 7 });
        let head = StreamHead { stream: ann.stream(), head: 3, reset: false };
        assert_eq!(room.take(conn).pop(), Some(DeskFrame::Pong { n: 7, heads: vec![head] }));
    }
}

#[test]
fn a_second_operator_joins_the_same_chat() {
    let mut room = Room::new();
    let first = room.operator(50);
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    room.send(first, entry(&ann.stream(), 1, text("b")));
    room.send(first, entry(&ann.stream(), 2, text("c")));
    let log = room.log(ann.conn, &ann.stream());
    assert_eq!(kinds(&log), ["opened", "message", "joined", "message", "message"]);
    assert!(log.iter().all(|event| event.chat_id == log[0].chat_id));
    // After a close the visitor's words open another chat, and the operator joins anew.
    room.send(first, entry(&ann.stream(), 3, SendBody::Close {}));
    room.send(first, entry(&ann.stream(), 4, text("too late")));
    assert_eq!(room.nacks(first)[0].code, NackCode::Stale);
    room.send(ann.conn, entry(&ann.stream(), 2, text("again")));
    room.send(first, entry(&ann.stream(), 5, text("d")));
    let later = room.log(ann.conn, &ann.stream())[log.len()..].to_vec();
    assert_eq!(kinds(&later), ["closed", "opened", "message", "joined", "message"]);
    assert_eq!(later[0].chat_id, log[0].chat_id);
    assert_ne!(later[1].chat_id, log[0].chat_id);
}

#[test]
fn setoperatorrating_is_for_the_operator_who_is_there_and_each_keeps_his_own() {
    let mut room = Room::new();
    let (ada, ann) = (room.operator(50), room.visitor(1));
    let (bob, bob_id) = colleague(&mut room, "bob", 60);
    let mark = |room: &Room| state(room, ann.conn).rating.map(|rating| rating.mark);
    room.send(ann.conn, entry(&ann.stream(), 1, text("hello")));
    room.send(ada, entry(&ann.stream(), 1, text("good day")));
    room.send(ann.conn, entry(&ann.stream(), 2, SendBody::Rate { mark: Some(1) }));
    assert_eq!(mark(&room), Some(Some(1)));
    room.send(ada, entry(&ann.stream(), 2, SendBody::Leave {}));
    room.send(bob, entry(&ann.stream(), 1, SendBody::Join {}));
    assert_eq!(mark(&room), Some(None), "ratingchange: what Ada was given is not Bob's");
    room.send(ann.conn, entry(&ann.stream(), 3, SendBody::Rate { mark: Some(5) }));
    room.send(ada, entry(&ann.stream(), 3, SendBody::Join {}));
    assert_eq!(mark(&room), Some(Some(1)), "Ada's again");
    let Told::Person(card) = ask(&mut room, bob, Ask::Person { stream: ann.stream() }) else { panic!() };
    let given: Vec<_> = card.ratings.iter().map(|given| (given.operator.id == bob_id, given.mark)).collect();
    assert!(given.len() == 2 && given.contains(&(true, 5)) && given.contains(&(false, 1)), "{given:?}");
}
