//! What is due while the disk refuses.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use deskbell_server::desk::DeskSetup;
use deskbell_server::{Fault, FaultHook};
use deskbell_wire::*;

use super::*;
use crate::office::state;

#[test]
fn s1_s5_what_the_desk_does_by_itself_happens_once_whatever_the_disk_says() {
    for fault in [Fault::Lost, Fault::Kept, Fault::Full] {
        let folder = tempfile::tempdir().unwrap();
        let failing = Arc::new(AtomicUsize::new(0));
        let hook: FaultHook = {
            let failing = failing.clone();
            Arc::new(move || {
                let left = failing.load(Ordering::SeqCst);
                failing.store(left.saturating_sub(1), Ordering::SeqCst);
                if left > 0 { fault } else { Fault::None }
            })
        };
        let setup = DeskSetup { faults: Some(hook), ..restarting(&folder)() };
        let (mut room, owner) = desk(setup, |site| {
            retention(site);
            site.rules = vec![Rule { every_h: 24, ..invite("Help", 30) }];
            site.times.invite_s = 60;
        });
        let [ann, bob] = [1, 2].map(|n| room.visitor(n));
        room.send(bob.conn, entry(&bob.stream(), 1, text("hello")));
        run(&mut room, 5 * SECOND);
        for _ in 0..10 {
            failing.store(2, Ordering::SeqCst);
            run(&mut room, 20 * SECOND);
        }
        assert_eq!(story(&mut room, ann), ["Help?", "invite Expired"], "{fault:?}");
        let told = ["opened", "visitor:hello", "system:one", "system:two", "system:three"];
        assert_eq!(story(&mut room, bob), told, "{fault:?}");
        // What was pushed agrees with what is there.
        let seqs: BTreeSet<(VisitorId, Seq)> =
            room.events(owner).iter().map(|event| (event.stream.visitor, event.seq)).collect();
        assert!(seqs.len() <= 7 && room.events(owner).len() == seqs.len(), "{fault:?}: nothing twice");
    }
}

#[test]
fn s5_what_is_due_while_the_disk_refuses_is_done_when_it_takes_again() {
    let folder = tempfile::tempdir().unwrap();
    let failing = Arc::new(AtomicUsize::new(0));
    let hook: FaultHook = {
        let failing = failing.clone();
        Arc::new(move || match failing.swap(0, Ordering::SeqCst) {
            0 => Fault::None,
            _ => Fault::Full,
        })
    };
    let setup = DeskSetup { faults: Some(hook), ..restarting(&folder)() };
    let (mut room, _) = desk(setup, |site| site.rules = vec![invite("Help", 1)]);
    room.pass(5 * SECOND);
    // Somebody who reads keeps the desk from making the log durable: it does not recover before he has done.
    let reader = rusqlite::Connection::open(folder.path().join("desk.db")).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    reader.query_row("SELECT count(*) FROM visitors", [], |_| Ok(())).unwrap();
    let [ann, bob] = [1, 2].map(|n| room.visitor(n));
    room.send(bob.conn, entry(&bob.stream(), 1, text("a")));
    failing.store(1, Ordering::SeqCst);
    room.send(bob.conn, entry(&bob.stream(), 2, text("b")));
    assert_eq!(room.nacks(bob.conn)[0].code, NackCode::Storage);
    for _ in 0..5 {
        room.pass(SECOND);
    }
    assert_eq!(state(&room, ann.conn).visitor_state, VisitorState::Available);
    drop(reader);
    run(&mut room, 2 * SECOND);
    assert_eq!(story(&mut room, ann), ["Help?"]);
}
