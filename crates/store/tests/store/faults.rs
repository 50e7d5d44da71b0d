//! What the person is told when the disk is full, damaged, newer, locked or taken, and that nothing is lost by it.

use std::fs;

use deskbell_core::store::{OutboxState, Receipts, Store, StoreError};
use deskbell_store::{DbError, Key, Location, SqliteStore};
use deskbell_testkit::events::{entry, epoch, stream, talk, uid};
use deskbell_testkit::store_contract::Home as _;
use deskbell_wire::{Side, Timestamp};

use crate::folder::Folder;

/// Queues until the disk is full; how many went in.
fn fill(store: &mut SqliteStore) -> u64 {
    let words = "words that fill a disk ".repeat(100);
    for n in 1..10_000 {
        if let Err(error) = store.queue(&entry(&stream(0), n, &words)) {
            assert_eq!(error, StoreError::Full);
            return n - 1;
        }
    }
    unreachable!("the disk never filled")
}

#[test]
fn a_full_disk_refuses_whole_reads_on_and_goes_on_when_there_is_space_c1() {
    let mut folder = Folder::encrypted();
    let mut store = folder.open();
    let at = stream(1);
    store.apply(&at, epoch(1), &talk(&at, 1..=20), &[]).unwrap();
    store.limit_pages(40).unwrap();
    let queued = fill(&mut store);
    assert!(queued > 10, "{queued}");
    let streams = store.streams().unwrap();
    assert_eq!(store.outbox().unwrap().len() as u64, queued);
    assert_eq!(store.apply(&at, epoch(1), &talk(&at, 21..=220), &[uid(1)]), Err(StoreError::Full));
    assert_eq!(store.streams().unwrap(), streams, "half a page moved the cursor");
    assert_eq!(store.outbox().unwrap().len() as u64, queued, "a refused page settled an entry");
    assert_eq!(store.before(&at, u64::MAX, 50).unwrap().len(), 20);
    store.limit_pages(1_000).unwrap();
    store.queue(&entry(&at, 20_000, "goes on")).unwrap();
    store.apply(&at, epoch(1), &talk(&at, 21..=220), &[uid(1)]).unwrap();
    folder.crash(store);
    let store = folder.open();
    assert_eq!(store.outbox().unwrap().len() as u64, queued);
    assert_eq!(store.before(&at, u64::MAX, 500).unwrap().len(), 220);
    store.check().unwrap();
}

#[test]
fn discarding_makes_room_on_a_full_disk() {
    let mut store = Folder::encrypted().open();
    store.limit_pages(40).unwrap();
    let queued = fill(&mut store);
    for n in 1..=queued / 2 {
        store.discard(uid(n)).unwrap();
    }
    store.queue(&entry(&stream(0), 20_000, "fits again")).unwrap();
}

#[test]
fn a_second_copy_of_the_program_is_told_that_the_profile_is_in_use() {
    let mut folder = Folder::encrypted();
    let mut first = folder.open();
    assert_eq!(folder.try_open().unwrap_err(), DbError::InUse);
    first.queue(&entry(&stream(0), 1, "undisturbed")).unwrap();
    drop(first);
    assert_eq!(folder.open().outbox().unwrap().len(), 1);
}

#[test]
fn a_wrong_key_is_told_and_harms_nothing() {
    let mut folder = Folder::encrypted();
    folder.open().queue(&entry(&stream(0), 1, "words")).unwrap();
    let wrong = SqliteStore::open(&Location::File(folder.file()), Some(&Key::new([9; 32])));
    assert_eq!(wrong.unwrap_err(), DbError::WrongKey);
    assert_eq!(folder.open().outbox().unwrap().len(), 1);
}

#[test]
fn damage_is_told_as_damage_and_never_read_as_words() {
    let mut folder = Folder::encrypted();
    let at = stream(0);
    let mut store = folder.open();
    for page in 0..10 {
        store.apply(&at, epoch(1), &talk(&at, page * 100 + 1..=page * 100 + 100), &[]).unwrap();
    }
    drop(store);
    let mut bytes = fs::read(folder.file()).unwrap();
    let pages = bytes.len() / 4096;
    for page in pages / 2..pages {
        bytes[page * 4096 + 2000] ^= 1;
    }
    fs::write(folder.file(), bytes).unwrap();
    let store = folder.open();
    assert_eq!(store.check().unwrap_err(), DbError::Corrupt);
    assert_eq!(store.before(&at, u64::MAX, 5_000).unwrap_err(), StoreError::Corrupt);
}

#[test]
fn a_torn_write_ahead_log_ends_at_the_last_whole_commit_i3() {
    let mut folder = Folder::encrypted();
    let mut store = folder.open();
    for n in 1..=20 {
        store.queue(&entry(&stream(0), n, "words")).unwrap();
    }
    folder.crash(store);
    let log = folder.path().join("store.db-wal");
    let whole = fs::read(&log).unwrap();
    let mut counts = Vec::new();
    for tenth in (1..=10).rev() {
        fs::write(&log, &whole[..whole.len() * tenth / 10]).unwrap();
        let copy = tempfile::tempdir().unwrap();
        for name in ["store.db", "store.db-wal"] {
            fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
        }
        let at = Location::File(copy.path().join("store.db"));
        let Ok(store) = SqliteStore::open(&at, Some(&Key::new([7; 32]))) else { continue };
        let uids: Vec<_> = store.outbox().unwrap().iter().map(|row| row.uid).collect();
        assert_eq!(uids, (1..=uids.len() as u64).map(uid).collect::<Vec<_>>(), "a hole after {tenth} tenths");
        counts.push(uids.len());
    }
    assert_eq!(counts[0], 20);
    assert!(counts.windows(2).all(|pair| pair[1] <= pair[0]), "{counts:?}");
}

#[test]
fn without_a_keyring_the_store_lives_for_this_session() {
    let mut store = SqliteStore::open(&Location::Memory, None).unwrap();
    store.queue(&entry(&stream(0), 1, "words")).unwrap();
    store.set_outbox_state(uid(1), OutboxState::Held).unwrap();
    store.raise(&stream(0), Side::Visitor, Receipts { delivered: 1, read: 1 }).unwrap();
    store.requeue(uid(1), Timestamp(2)).unwrap();
    assert_eq!(store.outbox().unwrap()[0].state, OutboxState::Queued);
}

#[test]
fn a_store_may_move_to_another_thread() {
    fn sendable<T: Send>() {}
    sendable::<SqliteStore>();
}

#[test]
fn neither_errors_nor_debug_carry_words_threats_9() {
    let mut store = Folder::encrypted().open();
    store.queue(&entry(&stream(0), 1, "very private words")).unwrap();
    let at = stream(0);
    let gap = store.apply(&at, epoch(1), &[talk(&at, 1..=1), talk(&at, 3..=3)].concat(), &[]).unwrap_err();
    let shown = format!("{store:?} {gap:?} {gap} {:?}", store.outbox().unwrap());
    assert!(!shown.contains("private") && !shown.contains("question"), "{shown}");
}
