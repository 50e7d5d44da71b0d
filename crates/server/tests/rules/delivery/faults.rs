//! Commits that fail, and a disk that is full (S5).

use deskbell_server::Fault;
use deskbell_server::desk::Input;
use deskbell_wire::*;

use super::*;

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
