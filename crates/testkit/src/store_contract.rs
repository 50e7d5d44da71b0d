//! The contract of [`Store`], as one suite that every store passes.
//!
//! A store's crate writes `deskbell_testkit::store_contract!(expression)`, where the expression makes a fresh
//! [`Home`]; each rule becomes a test of its own, named after what delivery.md calls it.

use deskbell_core::store::{OutboxState, Receipts, Store, StoreError, StreamRow};
use deskbell_wire::{
    Author, CloseReason, Event, EventBody, NackCode, SendBody, Seq, Side, StreamId, Timestamp, Uid,
};

use crate::events::{answered, asked, closed, entry, epoch, event, left, stream, talk, time, uid};

/// Where a store lives: it can be opened again after the program ended or the power failed.
pub trait Home {
    /// The store under test.
    type Store: Store;

    /// Opens it. No other handle is open.
    fn open(&mut self) -> Self::Store;

    /// Ends the program without a farewell; what was durable stays.
    fn crash(&mut self, store: Self::Store);
}

/// One test for each rule of the contract.
#[macro_export]
macro_rules! store_contract {
    ($home:expr) => {
        $crate::store_contract!(@each $home;
            c1_what_was_queued_survives_a_crash,
            c1_a_uid_is_queued_once,
            c2_the_outbox_keeps_its_order_and_states,
            c2_a_requeued_entry_goes_to_the_end,
            c3_events_outbox_and_cursor_move_together,
            c3_a_gap_changes_nothing,
            c3_what_is_held_already_is_refused,
            c3_settled_entries_leave_with_the_events,
            c3_an_own_uid_is_held_once,
            c5_a_reset_replaces_what_is_held,
            c5_own_messages_that_the_snapshot_lacks_come_back_as_held,
            c5_a_queued_entry_stands_unless_the_snapshot_has_it,
            c5_a_refused_reset_leaves_the_old_cache,
            c6_history_is_read_by_seq_newest_first,
            i2_an_older_page_takes_its_entries_out_of_the_outbox,
            i7_the_base_falls_only_by_pages_that_end_there,
            i10_another_life_of_the_desk_never_continues_this_one,
            s11_receipts_only_rise,
            unread_counts_the_other_sides_words,
            settings_are_kept,
            everything_survives_a_crash,
        );
    };
    (@each $home:expr; $($rule:ident,)*) => {
        $(
            #[test]
            fn $rule() {
                $crate::store_contract::$rule(&mut $home);
            }
        )*
    };
}

fn row(store: &impl Store, stream: &StreamId) -> StreamRow {
    store.streams().unwrap().into_iter().find(|row| row.stream == *stream).unwrap()
}

/// (base, newest seq held).
fn range(store: &impl Store, stream: &StreamId) -> (Seq, Seq) {
    let row = row(store, stream);
    (row.base, row.cursor.map_or(0, |cursor| cursor.seq))
}

fn uids(store: &impl Store) -> Vec<Uid> {
    store.outbox().unwrap().iter().map(|row| row.uid).collect()
}

/// Everything held, oldest first.
fn held(store: &impl Store, stream: &StreamId) -> Vec<Event> {
    let mut events = store.before(stream, Seq::MAX, u32::MAX).unwrap();
    events.reverse();
    events
}

/// A refused call must leave all of this as it was.
fn whole(store: &impl Store, stream: &StreamId) -> (Vec<StreamRow>, usize, Vec<Uid>, Vec<Event>) {
    (store.streams().unwrap(), store.outbox().unwrap().len(), uids(store), held(store, stream))
}

fn three_queued<H: Home>(home: &mut H) -> H::Store {
    let mut store = home.open();
    for n in 1..=3 {
        store.queue(&entry(&stream(0), n, "words")).unwrap();
    }
    store
}

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
        deskbell_core::store::OutboxRow { body, ..entry(&stream(0), n, "") }
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
        assert_eq!(row.body, SendBody::Message { text: format!("question {seq}") });
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

/// S11: one monotone row per (stream, side).
pub fn s11_receipts_only_rise(home: &mut impl Home) {
    let mut store = home.open();
    let at = stream(0);
    store.raise(&at, Side::Visitor, Receipts { delivered: 5, read: 3 }).unwrap();
    store.raise(&at, Side::Visitor, Receipts { delivered: 4, read: 4 }).unwrap();
    store.raise(&at, Side::Visitor, Receipts { delivered: 5, read: 2 }).unwrap();
    store.raise(&at, Side::Operator, Receipts { delivered: 1, read: 1 }).unwrap();
    store.raise(&at, Side::Operator, Receipts::default()).unwrap();
    home.crash(store);
    let row = row(&home.open(), &at);
    assert_eq!(row.visitor, Receipts { delivered: 5, read: 4 });
    assert_eq!((row.operator, row.cursor, row.base), (Receipts { delivered: 1, read: 1 }, None, 0));
}

/// Words of the other side above this side's read receipt; nothing else counts.
pub fn unread_counts_the_other_sides_words(home: &mut impl Home) {
    let mut store = home.open();
    let at = stream(0);
    let mut events = talk(&at, 1..=6);
    events.extend([closed(&at, 7), asked(&at, 8, Some(1)), left(&at, 9)]);
    events.push(event(&at, 10, Author::Visitor, EventBody::Closed { reason: CloseReason::ClosedByVisitor }));
    store.apply(&at, epoch(1), &events, &[]).unwrap();
    let count =
        |store: &dyn Store| [Side::Visitor, Side::Operator].map(|side| store.unread(&at, side).unwrap());
    assert_eq!(count(&store), [3, 4]);
    store.raise(&at, Side::Visitor, Receipts { delivered: 7, read: 4 }).unwrap();
    store.raise(&at, Side::Operator, Receipts { delivered: 10, read: 8 }).unwrap();
    assert_eq!(count(&store), [1, 0]);
    assert_eq!(store.unread(&stream(1), Side::Operator).unwrap(), 0);
}

/// Small settings, overwritten and read again.
pub fn settings_are_kept(home: &mut impl Home) {
    let mut store = home.open();
    assert_eq!(store.setting("desk").unwrap(), None);
    store.set_setting("desk", "ws://127.0.0.1:1").unwrap();
    store.set_setting("desk", "wss://desk.example:7443/путь").unwrap();
    store.set_setting("empty", "").unwrap();
    home.crash(store);
    let store = home.open();
    assert_eq!(store.setting("desk").unwrap().as_deref(), Some("wss://desk.example:7443/путь"));
    assert_eq!(store.setting("empty").unwrap().as_deref(), Some(""));
}

/// I3 for the device's own disk: after each step a crash loses nothing of it.
pub fn everything_survives_a_crash(home: &mut impl Home) {
    let at = stream(0);
    type Step<S> = fn(&mut S, &StreamId) -> Result<(), StoreError>;
    fn steps<S: Store>() -> [Step<S>; 7] {
        [
            |store, at| store.queue(&entry(at, 1, "words")),
            |store, at| store.apply(at, epoch(1), &talk(at, 5..=8), &[]),
            |store, at| store.prepend(at, &talk(at, 3..=4)),
            |store, at| store.raise(at, Side::Visitor, Receipts { delivered: 8, read: 8 }),
            |store, _| store.set_outbox_state(uid(1), OutboxState::Held),
            |store, _| store.requeue(uid(1), Timestamp(9)),
            |store, at| store.reset(at, epoch(2), &talk(at, 1..=2), Timestamp(0)),
        ]
    }
    let mut store = home.open();
    for step in steps() {
        step(&mut store, &at).unwrap();
        let before = (whole(&store, &at), store.outbox().unwrap());
        home.crash(store);
        store = home.open();
        assert_eq!((whole(&store, &at), store.outbox().unwrap()), before);
    }
}
