//! The log of a stream: C3, C6 and the invariants of what is held.

use deskbell_core::store::{Store as _, StoreError};
use deskbell_wire::{Seq, Timestamp};

use super::{Home, held, range, row, three_queued, uids, whole};
use crate::events::{answered, asked, closed, epoch, stream, talk, uid};

/// C3: one transaction; the entry leaves the outbox as its event comes in.
pub fn c3_events_outbox_and_cursor_move_together(home: &mut impl Home) {
    let mut store = three_queued(home);
    let at = stream(0);
    let events = vec![asked(&at, 1, Some(1)), answered(&at, 2), asked(&at, 3, Some(2))];
    store.apply(&at, epoch(1), &events, &[]).unwrap();
    home.crash(store);
    let store = home.open();
    assert_eq!((uids(&store), held(&store, &at)), (vec![uid(3)], events.clone()));
    let cursor = row(&store, &at).cursor.unwrap();
    assert_eq!((cursor.epoch, cursor.seq, cursor.message_id), (epoch(1), 3, events[2].message_id));
}

/// C3: what is not dense, or does not continue, is refused whole.
pub fn c3_a_gap_changes_nothing(home: &mut impl Home) {
    let mut store = three_queued(home);
    let at = stream(0);
    store.apply(&at, epoch(1), &talk(&at, 1..=4), &[]).unwrap();
    let before = whole(&store, &at);
    let hole = vec![asked(&at, 5, Some(1)), asked(&at, 7, Some(2))];
    let backwards = vec![asked(&at, 6, Some(1)), asked(&at, 5, Some(2))];
    let of_another = vec![asked(&at, 5, Some(1)), asked(&stream(1), 6, Some(2))];
    for events in [vec![asked(&at, 6, Some(1))], hole, backwards, of_another] {
        assert_eq!(store.apply(&at, epoch(1), &events, &[uid(3)]), Err(StoreError::Gap));
        assert_eq!(whole(&store, &at), before);
    }
    let zero = [asked(&stream(1), 0, Some(1))];
    assert_eq!(store.apply(&stream(1), epoch(1), &zero, &[]), Err(StoreError::Gap));
    assert_eq!(whole(&store, &at), before);
}

/// C3: the machine leaves out what it holds; a caller that does not is told.
pub fn c3_what_is_held_already_is_refused(home: &mut impl Home) {
    let mut store = home.open();
    let at = stream(0);
    store.apply(&at, epoch(1), &talk(&at, 1..=4), &[]).unwrap();
    let before = whole(&store, &at);
    for again in [4..=4, 1..=4, 4..=5] {
        assert_eq!(store.apply(&at, epoch(1), &talk(&at, again), &[]), Err(StoreError::Gap));
        assert_eq!(whole(&store, &at), before);
    }
}

/// C3: entries whose effect an event already holds leave in the same transaction, and without events, too.
pub fn c3_settled_entries_leave_with_the_events(home: &mut impl Home) {
    let mut store = three_queued(home);
    let at = stream(0);
    store.apply(&at, epoch(1), &[closed(&at, 1)], &[uid(2), uid(77)]).unwrap();
    assert_eq!(uids(&store), [1, 3].map(uid));
    store.apply(&at, epoch(1), &[], &[uid(3)]).unwrap();
    assert_eq!((uids(&store), range(&store, &at)), (vec![uid(1)], (0, 1)));
}

/// C3, I2: (stream, uid) is unique; a desk that says otherwise is not believed.
pub fn c3_an_own_uid_is_held_once(home: &mut impl Home) {
    let mut store = home.open();
    let at = stream(0);
    store.apply(&at, epoch(1), &[asked(&at, 1, Some(1))], &[]).unwrap();
    let before = whole(&store, &at);
    assert_eq!(store.apply(&at, epoch(1), &[asked(&at, 2, Some(1))], &[]), Err(StoreError::Gap));
    let twice = [asked(&at, 2, Some(2)), asked(&at, 3, Some(2))];
    assert_eq!(store.apply(&at, epoch(1), &twice, &[]), Err(StoreError::Gap));
    assert_eq!(whole(&store, &at), before);
}

/// C6: by seq alone, from anywhere, no more than asked for.
pub fn c6_history_is_read_by_seq_newest_first(home: &mut impl Home) {
    let mut store = home.open();
    let at = stream(0);
    let mut events = talk(&at, 11..=40);
    events[5].ts = Timestamp(0);
    store.apply(&at, epoch(1), &events, &[]).unwrap();
    store.apply(&stream(1), epoch(1), &talk(&stream(1), 1..=9), &[]).unwrap();
    let seqs = |before, limit| -> Vec<Seq> {
        store.before(&at, before, limit).unwrap().iter().map(|event| event.seq).collect()
    };
    assert_eq!(seqs(Seq::MAX, 3), [40, 39, 38]);
    assert_eq!(seqs(18, 20), [17, 16, 15, 14, 13, 12, 11]);
    for (before, limit) in [(11, 20), (0, 20), (20, 0)] {
        assert!(seqs(before, limit).is_empty());
    }
    assert_eq!(store.before(&stream(5), 20, 20).unwrap(), []);
    assert_eq!(held(&store, &at), events);
}

/// I2: an entry whose event turns up further back is not shown twice.
pub fn i2_an_older_page_takes_its_entries_out_of_the_outbox(home: &mut impl Home) {
    let mut store = three_queued(home);
    let at = stream(0);
    store.apply(&at, epoch(1), &talk(&at, 5..=6), &[]).unwrap();
    store.prepend(&at, &[answered(&at, 3), asked(&at, 4, Some(2))]).unwrap();
    assert_eq!(uids(&store), [1, 3].map(uid));
}

/// I7: a gapless range whose base only falls.
pub fn i7_the_base_falls_only_by_pages_that_end_there(home: &mut impl Home) {
    let mut store = home.open();
    let at = stream(0);
    store.apply(&at, epoch(1), &talk(&at, 11..=12), &[]).unwrap();
    assert_eq!(range(&store, &at), (10, 12));
    let before = whole(&store, &at);
    let hole = vec![asked(&at, 8, None), asked(&at, 10, None)];
    let zero = talk(&at, 0..=10);
    for older in
        [talk(&at, 8..=9), talk(&at, 8..=11), talk(&at, 12..=13), talk(&stream(1), 9..=10), hole, zero]
    {
        assert_eq!(store.prepend(&at, &older), Err(StoreError::Gap));
        assert_eq!(whole(&store, &at), before);
    }
    assert_eq!(store.prepend(&stream(1), &talk(&stream(1), 9..=10)), Err(StoreError::Gap));
    store.prepend(&at, &[]).unwrap();
    store.prepend(&at, &talk(&at, 8..=10)).unwrap();
    store.prepend(&at, &talk(&at, 1..=7)).unwrap();
    home.crash(store);
    let store = home.open();
    assert_eq!((range(&store, &at), held(&store, &at)), ((0, 12), talk(&at, 1..=12)));
}

/// I10: without a reset no event of one epoch follows another's.
pub fn i10_another_life_of_the_desk_never_continues_this_one(home: &mut impl Home) {
    let mut store = home.open();
    let at = stream(0);
    store.apply(&at, epoch(1), &talk(&at, 1..=2), &[]).unwrap();
    let before = whole(&store, &at);
    assert_eq!(store.apply(&at, epoch(2), &talk(&at, 3..=3), &[]), Err(StoreError::Gap));
    assert_eq!(whole(&store, &at), before);
}
