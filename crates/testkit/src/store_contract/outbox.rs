//! The outbox: C1 and C2.

use deskbell_core::store::{OutboxRow, OutboxState, Store as _};
use deskbell_wire::{NackCode, SendBody, Timestamp};

use super::{Home, three_queued, uids};
use crate::events::{entry, stream, uid};

/// C1: durable before the call returns, with every field.
pub fn c1_what_was_queued_survives_a_crash(home: &mut impl Home) {
    let store = three_queued(home);
    home.crash(store);
    let expected: Vec<_> = (1..=3).map(|n| entry(&stream(0), n, "words")).collect();
    assert_eq!(home.open().outbox().unwrap(), expected);
}

/// C1: the uid is made once, so a repeated call changes nothing, not even the body.
pub fn c1_a_uid_is_queued_once(home: &mut impl Home) {
    let mut store = three_queued(home);
    store.set_outbox_state(uid(1), OutboxState::Held).unwrap();
    let before = store.outbox().unwrap();
    store.queue(&entry(&stream(0), 1, "other words")).unwrap();
    store.queue(&entry(&stream(1), 2, "words")).unwrap();
    assert_eq!(store.outbox().unwrap(), before);
}

/// C2: the order is the order of queueing, over all streams; states are kept.
pub fn c2_the_outbox_keeps_its_order_and_states(home: &mut impl Home) {
    let mut store = home.open();
    let mut rows =
        vec![entry(&stream(1), 9, "first"), entry(&stream(0), 3, ""), entry(&stream(1), 5, "третья")];
    rows.extend([SendBody::Start {}, SendBody::Close {}].map(|body| {
        let n = if body.kind() == "start" { 1 } else { 2 };
        OutboxRow { body, ..entry(&stream(0), n, "") }
    }));
    rows.iter().for_each(|row| store.queue(row).unwrap());
    rows[0].state = OutboxState::Failed(NackCode::TooLarge);
    rows[1].state = OutboxState::Held;
    for row in &rows {
        store.set_outbox_state(row.uid, row.state).unwrap();
    }
    store.set_outbox_state(uid(77), OutboxState::Held).unwrap();
    assert_eq!(store.outbox().unwrap(), rows);
    store.set_outbox_state(uid(9), OutboxState::Queued).unwrap();
    home.crash(store);
    rows[0].state = OutboxState::Queued;
    assert_eq!(home.open().outbox().unwrap(), rows);
}

/// C2: a held entry that the person sends again is the youngest.
pub fn c2_a_requeued_entry_goes_to_the_end(home: &mut impl Home) {
    let mut store = three_queued(home);
    store.set_outbox_state(uid(1), OutboxState::Failed(NackCode::Invalid)).unwrap();
    store.requeue(uid(1), Timestamp(500)).unwrap();
    store.requeue(uid(77), Timestamp(500)).unwrap();
    store.queue(&entry(&stream(0), 4, "words")).unwrap();
    store.discard(uid(3)).unwrap();
    store.discard(uid(77)).unwrap();
    home.crash(store);
    let store = home.open();
    assert_eq!(uids(&store), [2, 1, 4].map(uid));
    let again = &store.outbox().unwrap()[1];
    assert_eq!((again.state, again.created_at), (OutboxState::Queued, Timestamp(500)));
}
