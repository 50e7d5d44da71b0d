//! What readers get: heads, pages and live events (S6, S8, S9).

use deskbell_wire::*;

use super::*;

#[test]
fn s6_what_is_committed_after_the_hello_comes_as_events_and_the_rest_by_pages() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    room.together(sends(ann, 0..3));
    // The hello comes between entries of one and the same batch.
    let late = room.open();
    let mut inputs = sends(ann, 3..5);
    let says = hello(ann.visitor, device(77), token(1));
    inputs.push(Input::Frame { conn: late, frame: ClientFrame::Hello(says) });
    inputs.extend(sends(ann, 5..7));
    room.together(inputs);
    let frames = room.take(late);
    let DeskFrame::Welcome(welcome) = &frames[0] else { panic!("{frames:?}") };
    let head = welcome.heads[0].head;
    assert_eq!((head, welcome.heads[0].reset), (6, false));
    let live: Vec<_> = frames
        .iter()
        .filter_map(|frame| if let DeskFrame::Event(event) = frame { Some(event.seq) } else { None })
        .collect();
    assert_eq!(live, [7, 8], "no gap between the head and what follows");
    assert_eq!(room.log(late, &ann.stream()).len(), 8);
}

#[test]
fn s8_a_hello_of_the_same_device_ends_the_older_connection() {
    let mut room = Room::new();
    let old = room.visitor(1);
    let new = room.visitor(1);
    assert_eq!(room.bye(old.conn).unwrap().code, ByeCode::Replaced);
    assert!(room.closed.contains(&old.conn));
    room.clear();
    // What the zombie still says is not heard, and nothing is sent to it.
    room.send(old.conn, entry(&old.stream(), 1, text("zombie")));
    assert!(room.inbox.is_empty());
    room.send(new.conn, entry(&old.stream(), 2, text("x")));
    assert_eq!(words(&room.log(new.conn, &old.stream())), ["x"]);
    // Another person's device of the same name is another device.
    let foreign = room.visitor_on(2, 1);
    assert!(room.bye(new.conn).is_none() && !room.closed.contains(&new.conn) && foreign.device == new.device);
    let operator = room.operator(50);
    let again = room.operator(50);
    assert_eq!(room.bye(operator).unwrap().code, ByeCode::Replaced);
    assert!(!room.closed.contains(&again));
}

#[test]
fn s8_an_operators_older_connection_of_the_same_device_is_ended() {
    let mut room = Room::new();
    room.operator(50);
    let (_, token) = room.desk.local_session(device(51), Timestamp(room.now)).unwrap();
    let old = room.operator_with(51, token.clone(), vec![]);
    let new = room.operator_with(51, token, vec![]);
    assert_eq!(room.bye(old).unwrap().code, ByeCode::Replaced);
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    assert_eq!(room.events(new).len(), 2);
}

#[test]
fn s9_a_cursor_of_another_life_is_reset() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    room.together(sends(ann, 0..3));
    let log = room.log(ann.conn, &ann.stream());
    let epoch = room.desk.epoch();
    let good = Cursor { epoch, seq: 3, message_id: log[2].message_id };
    let zero = Cursor { epoch, seq: 0, message_id: log[0].message_id };
    let cases = [
        (good, false),
        (zero, false),
        (Cursor { epoch: Epoch(uuid::Uuid::from_u128(1)), ..good }, true),
        (Cursor { epoch: Epoch(uuid::Uuid::from_u128(1)), ..zero }, true),
        (Cursor { seq: 5, ..good }, true),
        (Cursor { message_id: log[1].message_id, ..good }, true),
    ];
    for (cursor, reset) in cases {
        let cursors = vec![StreamCursor { stream: ann.stream(), cursor }];
        let conn = room.open();
        let says = Hello { cursors: cursors.clone(), ..hello(ann.visitor, device(70), token(1)) };
        room.say(conn, ClientFrame::Hello(says));
        let frames = room.take(conn);
        let DeskFrame::Welcome(welcome) = &frames[0] else { panic!("{frames:?}") };
        assert_eq!((welcome.heads.len(), welcome.heads[0].reset), (1, reset), "{cursor:?}");
        room.operator(50);
        let (_, token) = room.desk.local_session(device(50), Timestamp(room.now)).unwrap();
        let conn = room.operator_with(50, token, cursors);
        let frames = room.take(conn);
        let DeskFrame::Welcome(welcome) = &frames[0] else { panic!("{frames:?}") };
        assert_eq!((welcome.heads[0].head, welcome.heads[0].reset), (4, reset), "{cursor:?}");
    }
}

#[test]
fn s9_the_epoch_and_the_log_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (setup, _) = faulty(&folder);
    let mut room = Room::with(setup);
    let ann = room.visitor(1);
    room.together(sends(ann, 0..3));
    let (epoch, log) = (room.desk.epoch(), room.log(ann.conn, &ann.stream()));
    room.desk.close(Timestamp(room.now)).unwrap();
    let (setup, _) = faulty(&folder);
    let mut room = Room::with(setup);
    assert_eq!(room.desk.epoch(), epoch);
    let ann = room.visitor(1);
    assert_eq!(room.log(ann.conn, &ann.stream()), log, "with the device's own uids");
    room.together(sends(ann, 2..4));
    assert_eq!(
        room.acks(ann.conn).iter().map(|ack| (ack.seq, ack.dup)).collect::<Vec<_>>(),
        [(4, true), (5, false)]
    );
    let other = room.visitor_on(1, 99);
    assert!(room.log(other.conn, &ann.stream()).iter().all(|event| event.uid.is_none()));
}

#[test]
fn i7_pages_are_gapless_in_both_directions_and_fit_into_frames() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    for n in 0..60 {
        // 8,000 characters of which each takes two bytes.
        room.send(ann.conn, entry(&ann.stream(), n, text(&"ж".repeat(8_000))));
    }
    let log = room.log(ann.conn, &ann.stream());
    assert_eq!(log.len(), 61);
    let mut before = Seq::MAX;
    let mut back = vec![];
    while before > 1 {
        let fetch = Fetch { stream: ann.stream(), from: Bound::Before(before), limit: 200 };
        room.clear();
        room.say(ann.conn, ClientFrame::Fetch(fetch));
        let frames = room.take(ann.conn);
        let DeskFrame::Page(page) = &frames[0] else { panic!("{frames:?}") };
        assert!((1..=4).contains(&page.events.len()) && page.head == 61);
        assert_eq!(page.events[0].seq, page.base + 1);
        before = page.base + 1;
        back.splice(0..0, page.events.clone());
    }
    assert_eq!(back, log);
    room.clear();
    room.say(ann.conn, ClientFrame::Snapshot(Snapshot { stream: ann.stream(), tail: 2 }));
    let frames = room.take(ann.conn);
    let DeskFrame::Page(page) = &frames[0] else { panic!("{frames:?}") };
    assert_eq!((page.base, page.events.len(), page.head), (59, 2, 61));
    let beyond = Fetch { stream: ann.stream(), from: Bound::After(1_000), limit: 0 };
    room.say(ann.conn, ClientFrame::Fetch(beyond));
    let frames = room.take(ann.conn);
    let DeskFrame::Page(page) = &frames[0] else { panic!("{frames:?}") };
    assert_eq!((page.base, page.events.len(), page.head), (61, 0, 61));
}
