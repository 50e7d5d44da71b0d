//! The contract of [`Store`], as one suite that every store passes.
//!
//! A store's crate writes `deskbell_testkit::store_contract!(expression)`, where the expression makes a fresh
//! [`Home`]; each rule becomes a test of its own, named after what delivery.md calls it.

mod files;
mod log;
mod outbox;
mod reset;
mod rest;

use deskbell_core::store::{OutboxRow, Store, StreamRow};
use deskbell_wire::{Event, Seq, StreamId, Uid};

use crate::events::{entry, stream};

pub use files::*;
pub use log::*;
pub use outbox::*;
pub use reset::*;
pub use rest::*;

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
            c1_a_file_is_queued_with_its_entry,
            c1_a_file_is_queued_once,
            an_uploads_state_and_place_are_kept,
            why_a_file_is_refused_is_kept,
            i5_a_released_file_goes_to_the_end,
            c2_files_follow_the_order_of_the_outbox,
            c3_a_file_leaves_with_its_entry,
            c5_an_own_file_that_the_snapshot_lacks_comes_back_with_it,
            files_are_found_by_message_stream_and_chat,
            the_same_bytes_are_wanted_once_and_as_long_as_anything_names_them,
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
fn whole(store: &impl Store, stream: &StreamId) -> (Vec<StreamRow>, Vec<OutboxRow>, Vec<Event>) {
    (store.streams().unwrap(), store.outbox().unwrap(), held(store, stream))
}

fn three_queued<H: Home>(home: &mut H) -> H::Store {
    let mut store = home.open();
    for n in 1..=3 {
        store.queue(&entry(&stream(0), n, "words")).unwrap();
    }
    store
}
