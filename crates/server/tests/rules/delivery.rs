//! The rules of the desk (S1–S9) and the invariants that follow, on the machine itself and in virtual time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::common::*;
use deskbell_server::desk::{ConnId, DeskSetup, Input};
use deskbell_server::{DeskLimits, Fault};
use deskbell_wire::*;

/// A desk on a disk whose next commits do what is queued here.
fn faulty(folder: &tempfile::TempDir) -> (DeskSetup, Arc<Mutex<Vec<Fault>>>) {
    let faults = Arc::new(Mutex::new(vec![]));
    let next = faults.clone();
    let setup = DeskSetup {
        file: Some(folder.path().join("desk.db")),
        faults: Some(Arc::new(move || next.lock().unwrap().pop().unwrap_or(Fault::None))),
        ..unpaced()
    };
    (setup, faults)
}

fn sends(device: Device, numbers: std::ops::Range<u128>) -> Vec<Input> {
    numbers
        .map(|n| {
            let frame = ClientFrame::Send(entry(&device.stream(), n, text(&format!("words {n}"))));
            Input::Frame { conn: device.conn, frame }
        })
        .collect()
}

#[test]
fn s1_what_came_together_is_one_transaction_of_at_most_50() {
    let folder = tempfile::tempdir().unwrap();
    let commits = Arc::new(AtomicUsize::new(0));
    let count = commits.clone();
    let mut room = Room::with(DeskSetup {
        file: Some(folder.path().join("desk.db")),
        faults: Some(Arc::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
            Fault::None
        })),
        ..unpaced()
    });
    let ann = room.visitor(1);
    let bob = room.visitor(2);
    let mut inputs = sends(ann, 0..60);
    inputs.extend(sends(bob, 100..160));
    commits.store(0, Ordering::SeqCst);
    room.together(inputs);
    assert_eq!(commits.load(Ordering::SeqCst), 3, "120 entries");
    assert_eq!((room.acks(ann.conn).len(), room.acks(bob.conn).len()), (60, 60));
}

#[test]
fn s2_the_same_entry_again_is_acknowledged_again_and_written_once() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    let first = room.acks(ann.conn)[0].clone();
    assert_eq!((first.seq, first.dup), (2, false), "opened, then the message");
    room.clear();
    // Once more in the same session, twice in one batch, and in a session of its own.
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    let again = Input::Frame { conn: ann.conn, frame: ClientFrame::Send(entry(&ann.stream(), 1, text("a"))) };
    let twin = Input::Frame { conn: ann.conn, frame: ClientFrame::Send(entry(&ann.stream(), 1, text("a"))) };
    room.together(vec![again, twin]);
    let acks = room.acks(ann.conn);
    assert_eq!(acks.len(), 3);
    assert!(acks.iter().all(|ack| ack.dup && ack.seq == 2 && ack.message_id == first.message_id));
    assert_eq!(acks[0].ts, first.ts);
    assert!(room.events(ann.conn).is_empty());
    let later = room.visitor(1);
    room.send(later.conn, entry(&ann.stream(), 1, text("a")));
    assert_eq!(room.acks(later.conn)[0].seq, 2);
    assert_eq!(room.log(later.conn, &ann.stream()).len(), 2);
}

#[test]
fn s2_a_twin_within_the_batch_that_makes_the_device_is_found() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    let twice = [sends(ann, 1..2), sends(ann, 1..2)].concat_inputs();
    room.together(twice);
    assert_eq!(room.acks(ann.conn).iter().map(|ack| ack.dup).collect::<Vec<_>>(), [false, true]);
    assert_eq!(kinds(&room.log(ann.conn, &ann.stream())), ["opened", "message"]);
}

#[test]
fn s2_without_it_an_entry_is_written_twice() {
    let mut room = Room::with(DeskSetup { dedup: false, ..unpaced() });
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    assert_eq!(words(&room.log(ann.conn, &ann.stream())), ["a", "a"]);
}

#[test]
fn s2_threats_5_another_body_under_the_same_uid_is_a_conflict() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    for body in [text("b"), SendBody::Close {}, SendBody::Start {}] {
        room.clear();
        room.send(ann.conn, entry(&ann.stream(), 1, body));
        let nack = &room.nacks(ann.conn)[0];
        assert_eq!((nack.code, nack.fatal), (NackCode::UidConflict, true));
    }
    assert_eq!(words(&room.log(ann.conn, &ann.stream())), ["a"]);
}

#[test]
fn s2_a_verb_that_caused_no_event_is_known_by_its_uid_too() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, SendBody::Start {}));
    room.send(ann.conn, entry(&ann.stream(), 2, SendBody::Start {}));
    let acks = room.acks(ann.conn);
    assert_eq!(acks.iter().map(|ack| ack.seq).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(acks[0].message_id, acks[1].message_id);
    room.clear();
    room.send(ann.conn, entry(&ann.stream(), 3, SendBody::Close {}));
    // The chat is over; the second start is old news and opens nothing.
    room.send(ann.conn, entry(&ann.stream(), 2, SendBody::Start {}));
    let acks = room.acks(ann.conn);
    assert_eq!((acks[1].seq, acks[1].dup), (1, true));
    assert_eq!(kinds(&room.log(ann.conn, &ann.stream())), ["opened", "closed"]);
    room.clear();
    room.send(ann.conn, entry(&ann.stream(), 4, SendBody::Close {}));
    assert_eq!(room.acks(ann.conn)[0].seq, 2, "closed already, by this event");
}

#[test]
fn s3_an_entry_whose_predecessor_is_not_there_waits() {
    let mut room = Room::new();
    let (ann, bob) = (room.visitor(1), room.visitor(2));
    let after = |n, prev| Entry { prev_uid: Some(uid(prev)), ..entry(&ann.stream(), n, text("x")) };
    room.send(ann.conn, after(2, 1));
    assert_eq!((room.nacks(ann.conn)[0].code, room.nacks(ann.conn)[0].fatal), (NackCode::PrevUnknown, false));
    room.send(ann.conn, entry(&ann.stream(), 1, text("first")));
    room.clear();
    room.send(ann.conn, after(2, 1));
    // Looked up, not remembered: the connection's last entry is another one now.
    room.send(ann.conn, after(3, 1));
    assert_eq!(room.acks(ann.conn).iter().map(|ack| ack.seq).collect::<Vec<_>>(), [3, 4]);
    // Another device's entry is no predecessor, nor one of another stream.
    room.send(bob.conn, Entry { prev_uid: Some(uid(1)), ..entry(&bob.stream(), 9, text("x")) });
    assert_eq!(room.nacks(bob.conn)[0].code, NackCode::PrevUnknown);
}

#[test]
fn s3_i5_a_chain_in_one_batch_keeps_its_order_or_stops() {
    let mut room = Room::with(DeskSetup {
        limits: DeskLimits { visitor_entries: slow(), ..DeskLimits::unpaced() },
        ..unpaced()
    });
    let ann = room.visitor(1);
    let chain = (0..4).map(|n| {
        let prev_uid = (n > 0).then(|| uid(n - 1));
        let frame = ClientFrame::Send(Entry { prev_uid, ..entry(&ann.stream(), n, text(&n.to_string())) });
        Input::Frame { conn: ann.conn, frame }
    });
    room.together(chain.collect());
    let codes: Vec<_> = room.nacks(ann.conn).iter().map(|nack| nack.code).collect();
    assert_eq!(
        codes,
        [NackCode::Rate, NackCode::PrevUnknown],
        "what follows a refused one must not overtake it"
    );
    assert_eq!(words(&room.log(ann.conn, &ann.stream())), ["0", "1"]);
}

#[test]
fn s4_acks_and_events_leave_after_the_commit_in_the_order_of_seq() {
    let folder = tempfile::tempdir().unwrap();
    let (setup, faults) = faulty(&folder);
    let mut room = Room::with(setup);
    let operator = room.operator(50);
    let ann = room.visitor(1);
    room.clear();
    faults.lock().unwrap().push(Fault::Lost);
    room.together(sends(ann, 0..3));
    assert!(room.acks(ann.conn).is_empty() && room.events(ann.conn).is_empty());
    assert!(room.events(operator).is_empty(), "nobody hears of what is not durable");
    room.clear();
    room.together(sends(ann, 0..3));
    let seqs: Vec<_> = room.events(operator).iter().map(|event| event.seq).collect();
    assert_eq!(seqs, [1, 2, 3, 4]);
    let told: Vec<_> = room
        .order
        .iter()
        .filter(|(to, ..)| *to == ann.conn)
        .filter_map(|(_, frame, _)| match frame {
            DeskFrame::Ack(ack) => Some(("ack", ack.seq)),
            DeskFrame::Event(event) => Some(("event", event.seq)),
            _ => None,
        })
        .collect();
    let expected =
        [("event", 1), ("ack", 2), ("event", 2), ("ack", 3), ("event", 3), ("ack", 4), ("event", 4)];
    assert_eq!(told, expected);
}

#[test]
fn s5_a_failed_commit_of_which_nothing_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (setup, faults) = faulty(&folder);
    let mut room = Room::with(setup);
    let ann = room.visitor(1);
    room.together(sends(ann, 0..1));
    room.clear();
    faults.lock().unwrap().push(Fault::Lost);
    room.together(sends(ann, 1..3));
    let nacks = room.nacks(ann.conn);
    assert!(nacks.len() == 2 && nacks.iter().all(|nack| nack.code == NackCode::Storage && !nack.fatal));
    assert!(nacks.iter().all(|nack| nack.retry_after.is_some()));
    room.clear();
    room.together(sends(ann, 1..3));
    assert_eq!(
        room.acks(ann.conn).iter().map(|ack| (ack.seq, ack.dup)).collect::<Vec<_>>(),
        [(3, false), (4, false)]
    );
    assert_eq!(words(&room.log(ann.conn, &ann.stream())), ["words 0", "words 1", "words 2"]);
}

#[test]
fn s5_a_failed_commit_of_which_all_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (setup, faults) = faulty(&folder);
    let mut room = Room::with(setup);
    let operator = room.operator(50);
    let ann = room.visitor(1);
    room.together(sends(ann, 0..1));
    room.clear();
    faults.lock().unwrap().push(Fault::Kept);
    room.together(sends(ann, 1..3));
    assert_eq!(room.nacks(ann.conn).len(), 2, "unknown is not done (I9)");
    let lag = DeskFrame::Lag { stream: ann.stream(), head: 4 };
    assert!(room.take(operator).contains(&lag), "readers are told where the log stands");
    room.clear();
    room.together(sends(ann, 1..3));
    assert_eq!(
        room.acks(ann.conn).iter().map(|ack| (ack.seq, ack.dup)).collect::<Vec<_>>(),
        [(3, true), (4, true)]
    );
    room.together(sends(ann, 3..4));
    assert_eq!(
        room.events(operator).iter().map(|event| event.seq).collect::<Vec<_>>(),
        [5],
        "I4: the next one"
    );
}

/// The entry is acknowledged when it comes again, which tells nobody anything: the present has to be told before.
#[test]
fn s5_what_a_failed_commit_kept_shows_in_the_form_and_in_the_lists() {
    let folder = tempfile::tempdir().unwrap();
    let (setup, faults) = faulty(&folder);
    let mut room = Room::with(setup);
    let operator = room.operator(50);
    let ann = room.visitor(1);
    for list in [ListName::Visitors, ListName::Requests] {
        room.say(operator, ClientFrame::Watch(Watch { list, limit: 100 }));
    }
    room.pass(200);
    room.clear();
    let phone = "12345".to_owned();
    let callback = Request::Callback { name: String::new(), phone, group: None, at: None };
    faults.lock().unwrap().push(Fault::Kept);
    let bodies = [SendBody::Start {}, SendBody::Request(callback)];
    let frames = bodies.into_iter().zip(1..).map(|(body, n)| Input::Frame {
        conn: ann.conn,
        frame: ClientFrame::Send(entry(&ann.stream(), n, body)),
    });
    room.together(frames.collect());
    assert_eq!(room.nacks(ann.conn).len(), 2, "unknown is not done (I9)");
    room.pass(200);
    let states = room.take(ann.conn).into_iter().filter_map(|frame| match frame {
        DeskFrame::State(state) => Some(state.visitor_state),
        _ => None,
    });
    assert_eq!(states.collect::<Vec<_>>(), [VisitorState::Chat]);
    let told = room.take(operator);
    let waits = |frame: &DeskFrame| match frame {
        DeskFrame::List(list) => list.rows.iter().any(|row| row.status == VisitorStatus::Waiting),
        _ => false,
    };
    assert!(told.iter().any(waits), "{told:?}");
    let filed = |frame: &DeskFrame| matches!(frame, DeskFrame::Requests(all) if all.rows.len() == 1);
    assert!(told.iter().any(filed), "{told:?}");
}

#[test]
fn s5_the_first_entries_of_visitor_device_and_stream_survive_a_failed_commit() {
    for fault in [Fault::Lost, Fault::Kept] {
        let folder = tempfile::tempdir().unwrap();
        let (setup, faults) = faulty(&folder);
        let mut room = Room::with(setup);
        let ann = room.visitor(1);
        faults.lock().unwrap().push(fault);
        room.together(sends(ann, 0..2));
        assert_eq!(room.nacks(ann.conn).len(), 2);
        room.clear();
        room.together(sends(ann, 0..2));
        assert_eq!(room.acks(ann.conn).iter().map(|ack| ack.seq).collect::<Vec<_>>(), [2, 3], "{fault:?}");
        assert_eq!(kinds(&room.log(ann.conn, &ann.stream())), ["opened", "message", "message"]);
    }
}

#[test]
fn s5_a_full_disk_refuses_entries_and_goes_on_reading() {
    let folder = tempfile::tempdir().unwrap();
    let (setup, faults) = faulty(&folder);
    let mut room = Room::with(setup);
    let ann = room.visitor(1);
    room.together(sends(ann, 0..1));
    room.clear();
    faults.lock().unwrap().extend([Fault::Full, Fault::Full]);
    room.together(sends(ann, 1..2));
    room.together(sends(ann, 1..2));
    assert!(room.nacks(ann.conn).iter().all(|nack| nack.code == NackCode::Storage));
    assert_eq!(words(&room.log(ann.conn, &ann.stream())), ["words 0"]);
    room.pass(5_000);
    room.clear();
    room.together(sends(ann, 1..2));
    assert_eq!(room.acks(ann.conn).len(), 1, "there is room again");
}

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

#[test]
fn i8_a_frame_replayed_on_any_connection_changes_nothing() {
    let mut room = Room::new();
    let operator = room.operator(50);
    let ann = room.visitor(1);
    let script: Vec<(ConnId, ClientFrame)> = vec![
        (ann.conn, ClientFrame::Send(entry(&ann.stream(), 1, text("a")))),
        (operator, ClientFrame::Send(entry(&ann.stream(), 2, text("b")))),
        (ann.conn, ClientFrame::Mark(Mark { stream: ann.stream(), kind: MarkKind::Read, seq: 4 })),
        (operator, ClientFrame::Send(entry(&ann.stream(), 3, SendBody::Close {}))),
        (ann.conn, ClientFrame::Send(entry(&ann.stream(), 4, SendBody::Start {}))),
    ];
    for (conn, frame) in &script {
        room.say(*conn, frame.clone());
    }
    let log = room.log(operator, &ann.stream());
    assert_eq!(kinds(&log), ["opened", "message", "joined", "message", "closed", "opened"]);
    for (conn, frame) in script.iter().chain(script.iter().rev()) {
        room.say(*conn, frame.clone());
    }
    assert_eq!(room.log(operator, &ann.stream()), log);
}

trait Concat {
    fn concat_inputs(self) -> Vec<Input>;
}

impl<const N: usize> Concat for [Vec<Input>; N] {
    fn concat_inputs(self) -> Vec<Input> {
        self.into_iter().flatten().collect()
    }
}
