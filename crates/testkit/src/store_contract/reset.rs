//! Another life of the desk: C5.

use deskbell_core::store::{OutboxState, Receipts, Store as _, StoreError};
use deskbell_wire::{Event, NackCode, SendBody, Side, Timestamp};

use super::{Home, held, range, row, three_queued, whole};
use crate::events::{asked, closed, entry, epoch, stream, talk, time, uid};

/// C5: nothing of the old life is left in that stream, and nothing of another stream is touched.
pub fn c5_a_reset_replaces_what_is_held(home: &mut impl Home) {
    let mut store = home.open();
    let (at, other) = (stream(0), stream(1));
    for known in [&at, &other] {
        store.apply(known, epoch(1), &talk(known, 1..=9), &[]).unwrap();
        for side in [Side::Visitor, Side::Operator] {
            store.raise(known, side, Receipts { delivered: 9, read: 8 }).unwrap();
        }
    }
    let untouched = (row(&store, &other), held(&store, &other));
    let snapshot = talk(&at, 4..=6);
    store.reset(&at, epoch(2), &snapshot, Timestamp(0)).unwrap();
    home.crash(store);
    let mut store = home.open();
    assert_eq!((held(&store, &at), range(&store, &at)), (snapshot, (3, 6)));
    let fresh = row(&store, &at);
    assert_eq!(fresh.cursor.unwrap().epoch, epoch(2));
    assert_eq!([fresh.visitor, fresh.operator], [Receipts::default(); 2]);
    assert_eq!((row(&store, &other), held(&store, &other)), untouched);
    store.apply(&at, epoch(2), &talk(&at, 7..=7), &[]).unwrap();
    store.reset(&at, epoch(3), &[], Timestamp(0)).unwrap();
    assert_eq!((held(&store, &at), row(&store, &at).base, row(&store, &at).cursor), (vec![], 0, None));
}

/// C5: own messages of the last days under their old uids, younger than `since`, words only, in their order.
pub fn c5_own_messages_that_the_snapshot_lacks_come_back_as_held(home: &mut impl Home) {
    let mut store = home.open();
    let at = stream(0);
    let mut events: Vec<_> = (1..=6).map(|seq| asked(&at, seq, Some(seq))).collect();
    events.push(Event { uid: Some(uid(7)), ..closed(&at, 7) });
    events.push(asked(&at, 8, None));
    store.queue(&entry(&at, 50, "waits")).unwrap();
    store.apply(&at, epoch(1), &events, &[]).unwrap();
    let snapshot = [asked(&at, 1, Some(1)), asked(&at, 2, Some(4))];
    store.reset(&at, epoch(2), &snapshot, time(2)).unwrap();
    home.crash(store);
    let rows = home.open().outbox().unwrap();
    assert_eq!(rows.iter().map(|row| row.uid).collect::<Vec<_>>(), [50, 3, 5, 6].map(uid));
    for (row, seq) in rows[1..].iter().zip([3, 5, 6]) {
        assert_eq!((row.state, row.created_at, &row.stream), (OutboxState::Held, time(seq), &at));
        assert_eq!(row.body, SendBody::message(format!("question {seq}")));
    }
}

/// C5, I2: the outbox keeps its uids, order and states; what the snapshot already holds is not shown twice.
pub fn c5_a_queued_entry_stands_unless_the_snapshot_has_it(home: &mut impl Home) {
    let mut store = three_queued(home);
    let at = stream(0);
    store.queue(&entry(&stream(1), 4, "elsewhere")).unwrap();
    store.set_outbox_state(uid(3), OutboxState::Failed(NackCode::Invalid)).unwrap();
    let before = store.outbox().unwrap();
    store.reset(&at, epoch(2), &[asked(&at, 1, Some(2))], Timestamp(0)).unwrap();
    assert_eq!(store.outbox().unwrap(), [before[0].clone(), before[2].clone(), before[3].clone()]);
}

/// C5: all or nothing.
pub fn c5_a_refused_reset_leaves_the_old_cache(home: &mut impl Home) {
    let mut store = three_queued(home);
    let at = stream(0);
    store.apply(&at, epoch(1), &[asked(&at, 1, Some(9))], &[]).unwrap();
    let before = whole(&store, &at);
    let hole = [asked(&at, 1, Some(1)), asked(&at, 3, None)];
    let twice = [asked(&at, 1, Some(1)), asked(&at, 2, Some(1))];
    for snapshot in [hole, twice] {
        assert_eq!(store.reset(&at, epoch(2), &snapshot, Timestamp(0)), Err(StoreError::Gap));
        assert_eq!(whole(&store, &at), before);
    }
}
