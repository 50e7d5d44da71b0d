//! Entries become events, once and in order (S1–S4).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use deskbell_server::desk::{ConnId, DeskSetup, Input};
use deskbell_server::{DeskLimits, Fault};
use deskbell_wire::*;

use super::*;

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
