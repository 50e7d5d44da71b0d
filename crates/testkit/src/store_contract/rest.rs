//! Receipts, what is unread, settings, and a crash after each step.

use deskbell_core::store::{OutboxState, Receipts, Store, StoreError};
use deskbell_wire::{Author, CloseReason, EventBody, Side, StreamId, Timestamp};

use super::{Home, row, whole};
use crate::events::{asked, closed, entry, epoch, event, left, stream, talk, uid};

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
        let before = whole(&store, &at);
        home.crash(store);
        store = home.open();
        assert_eq!(whole(&store, &at), before);
    }
}
