//! Random sequences of calls, right and wrong ones, crashes between them: SQLite answers and keeps exactly what the
//! plain store does (C1–C6, I2, I7, I10).

use std::fmt::Debug;

use deskbell_core::store::{OutboxState, Receipts, Store, UploadState};
use deskbell_store::{Location, SqliteStore};
use deskbell_testkit::events::{answered, asked, closed, entry, epoch, file_entry, filed, left, stream, uid};
use deskbell_testkit::plain_store::PlainStore;
use deskbell_testkit::store_contract::Home;
use deskbell_wire::{Event, FileRefusal, NackCode, Secret, Seq, Side, StreamId, Timestamp, Uid};
use proptest::prelude::*;

use crate::folder::Folder;

/// A call, in numbers that become arguments only beside what is held.
#[derive(Clone, Debug)]
enum Call {
    Queue {
        stream: u32,
        uid: u64,
    },
    QueueFile {
        stream: u32,
        uid: u64,
    },
    Upload {
        uid: u64,
        state: UploadState,
        place: Option<u8>,
    },
    Refused {
        uid: u64,
        refused: Option<FileRefusal>,
    },
    Release {
        uid: u64,
    },
    State {
        uid: u64,
        state: OutboxState,
    },
    Requeue {
        uid: u64,
    },
    Discard {
        uid: u64,
    },
    /// Events that begin `off` seqs beside the right place.
    Apply {
        stream: u32,
        off: i64,
        run: Run,
        epoch: u8,
        settled: Vec<u64>,
    },
    Prepend {
        stream: u32,
        off: i64,
        run: Run,
    },
    Reset {
        stream: u32,
        base: Seq,
        run: Run,
        epoch: u8,
        since: i64,
    },
    Raise {
        stream: u32,
        side: Side,
        delivered: Seq,
        read: Seq,
    },
    Set {
        key: u8,
        value: String,
    },
    Crash,
}

/// A run of events; `hole` takes one out of the middle.
#[derive(Clone, Debug)]
struct Run {
    kinds: Vec<u8>,
    uids: Vec<u64>,
    hole: bool,
}

impl Run {
    fn events(&self, at: &StreamId, first: Seq) -> Vec<Event> {
        let make = |(n, kind): (usize, &u8)| {
            let seq = first + n as Seq;
            match kind {
                0 => asked(at, seq, self.uids.get(n).copied()),
                5 => filed(at, seq, self.uids.get(n).copied(), seq % 4),
                6 => Event { chat_id: None, ..filed(at, seq, None, seq) },
                1 => asked(at, seq, None),
                2 => answered(at, seq),
                3 => closed(at, seq),
                _ => left(at, seq),
            }
        };
        let mut events: Vec<Event> = self.kinds.iter().enumerate().map(make).collect();
        if self.hole && events.len() > 2 {
            events.remove(1);
        }
        events
    }
}

fn run() -> impl Strategy<Value = Run> {
    let kinds = prop::collection::vec(0..7u8, 0..6);
    let uids = prop::collection::vec(0..12u64, 0..6);
    (kinds, uids, prop::bool::weighted(0.1)).prop_map(|(kinds, uids, hole)| Run { kinds, uids, hole })
}

fn off() -> impl Strategy<Value = i64> {
    prop_oneof![8 => Just(0), 1 => -2..3i64]
}

fn state() -> impl Strategy<Value = OutboxState> {
    prop_oneof![
        Just(OutboxState::Queued),
        Just(OutboxState::Held),
        Just(OutboxState::Failed(NackCode::Forbidden)),
        Just(OutboxState::Failed(NackCode::PrevUnknown)),
    ]
}

fn upload_state() -> impl Strategy<Value = UploadState> {
    prop_oneof![Just(UploadState::Going), Just(UploadState::Paused), Just(UploadState::Whole)]
}

fn refusal() -> impl Strategy<Value = FileRefusal> {
    prop_oneof![Just(FileRefusal::TypeLies), Just(FileRefusal::NoSpace), Just(FileRefusal::Quota)]
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Visitor), Just(Side::Operator)]
}

fn epoch_number() -> impl Strategy<Value = u8> {
    prop_oneof![9 => Just(1u8), 1 => Just(2)]
}

fn call() -> impl Strategy<Value = Call> {
    let (streams, uids) = (0..3u32, 0..12u64);
    prop_oneof![
        4 => (streams.clone(), uids.clone()).prop_map(|(stream, uid)| Call::Queue { stream, uid }),
        3 => (streams.clone(), uids.clone()).prop_map(|(stream, uid)| Call::QueueFile { stream, uid }),
        1 => (uids.clone(), upload_state(), prop::option::of(0..3u8))
            .prop_map(|(uid, state, place)| Call::Upload { uid, state, place }),
        1 => (uids.clone(), prop::option::of(refusal())).prop_map(|(uid, refused)| Call::Refused { uid, refused }),
        1 => uids.clone().prop_map(|uid| Call::Release { uid }),
        1 => (uids.clone(), state()).prop_map(|(uid, state)| Call::State { uid, state }),
        1 => uids.clone().prop_map(|uid| Call::Requeue { uid }),
        1 => uids.clone().prop_map(|uid| Call::Discard { uid }),
        6 => (streams.clone(), off(), run(), epoch_number(), prop::collection::vec(uids, 0..2)).prop_map(
            |(stream, off, run, epoch, settled)| Call::Apply { stream, off, run, epoch, settled }
        ),
        3 => (streams.clone(), off(), run()).prop_map(|(stream, off, run)| Call::Prepend { stream, off, run }),
        1 => (streams.clone(), 0..20u64, run(), epoch_number(), 0..30_000i64).prop_map(
            |(stream, base, run, epoch, since)| Call::Reset { stream, base, run, epoch, since }
        ),
        1 => (streams, side(), 0..30u64, 0..30u64).prop_map(|(stream, side, delivered, read)| Call::Raise {
            stream,
            side,
            delivered,
            read
        }),
        1 => (0..3u8, "[a-zя'\"%\\\\]{0,8}").prop_map(|(key, value)| Call::Set { key, value }),
        1 => Just(Call::Crash),
    ]
}

/// Where the next page would begin, moved by `off`.
fn beside(right: Seq, off: i64) -> Seq {
    right.saturating_add_signed(off)
}

fn perform(call: &Call, store: &mut dyn Store, plain: &PlainStore) -> String {
    let row = |at: &StreamId| plain.streams().unwrap().into_iter().find(|row| row.stream == *at);
    let heard = match call {
        Call::Queue { stream: at, uid } => {
            store.queue(&entry(&stream(*at), *uid, &format!("words {uid} 'и'")))
        }
        Call::QueueFile { stream: at, uid } => {
            let (row, upload) = file_entry(&stream(*at), *uid, "look");
            store.queue_file(&row, &upload)
        }
        Call::Upload { uid: n, state, place } => {
            store.set_upload(uid(*n), *state, place.map(|n| Secret::new([n; 32])).as_ref())
        }
        Call::Refused { uid: n, refused } => store.set_refused(uid(*n), *refused),
        Call::Release { uid: n } => store.release(uid(*n), Timestamp(88)),
        Call::State { uid: n, state } => store.set_outbox_state(uid(*n), *state),
        Call::Requeue { uid: n } => store.requeue(uid(*n), Timestamp(77)),
        Call::Discard { uid: n } => store.discard(uid(*n)),
        Call::Apply { stream: at, off, run, epoch: life, settled } => {
            let at = stream(*at);
            // A stream that is new begins in the middle.
            let next = row(&at).map_or(20, |row| row.cursor.map_or(20, |cursor| cursor.seq) + 1);
            let settled: Vec<Uid> = settled.iter().copied().map(uid).collect();
            store.apply(&at, epoch(*life), &run.events(&at, beside(next, *off)), &settled)
        }
        Call::Prepend { stream: at, off, run } => {
            let at = stream(*at);
            let base = row(&at).map_or(0, |row| row.base);
            let first = (base + 1).saturating_sub(run.kinds.len() as Seq);
            store.prepend(&at, &run.events(&at, beside(first, *off)))
        }
        Call::Reset { stream: at, base, run, epoch: life, since } => {
            let at = stream(*at);
            store.reset(&at, epoch(*life), &run.events(&at, base + 1), Timestamp(*since))
        }
        Call::Raise { stream: at, side, delivered, read } => {
            store.raise(&stream(*at), *side, Receipts { delivered: *delivered, read: *read })
        }
        Call::Set { key, value } => store.set_setting(&key.to_string(), value),
        Call::Crash => Ok(()),
    };
    format!("{heard:?}")
}

/// All that can be read.
fn everything(store: &dyn Store) -> impl Debug + PartialEq + use<> {
    let read = |n: u32| {
        let at = stream(n);
        let unread = [Side::Visitor, Side::Operator].map(|side| store.unread(&at, side).unwrap());
        let middle: Vec<Seq> = store.before(&at, 22, 3).unwrap().iter().map(|event| event.seq).collect();
        let held = store.before(&at, Seq::MAX, u32::MAX).unwrap();
        let chat = held.iter().find_map(|event| event.chat_id);
        let files = [(None, None), (chat, None), (None, Some(22)), (chat, Some(22))]
            .map(|(chat, below)| store.files(&at, chat, below, 3).unwrap());
        let found: Vec<_> = held.iter().map(|event| store.file_event(event.message_id).unwrap()).collect();
        (held, middle, unread, files, found)
    };
    let mut wanted = store.wanted_digests().unwrap();
    wanted.sort();
    let uploads = (store.uploads().unwrap(), wanted);
    let settings = [0, 1, 2].map(|key: u8| store.setting(&key.to_string()).unwrap());
    (store.outbox().unwrap(), uploads, store.streams().unwrap(), [0, 1, 2].map(read), settings)
}

/// I7, read from the store itself: seqs are exactly base + 1 ..= cursor.
fn assert_dense(store: &dyn Store) {
    for row in store.streams().unwrap() {
        let mut seqs: Vec<Seq> =
            store.before(&row.stream, Seq::MAX, u32::MAX).unwrap().iter().map(|event| event.seq).collect();
        seqs.reverse();
        let newest = row.cursor.map_or(row.base, |cursor| cursor.seq);
        assert_eq!(seqs, (row.base + 1..=newest).collect::<Vec<_>>());
    }
}

fn agree(calls: &[Call], store: &mut dyn Store, plain: &mut PlainStore) -> Result<(), TestCaseError> {
    for call in calls {
        let before = plain.clone();
        let expected = perform(call, plain, &before);
        prop_assert_eq!(perform(call, store, &before), expected, "{:?}", call);
        prop_assert_eq!(everything(store), everything(plain), "{:?}", call);
    }
    assert_dense(store);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_calls_means_what_the_plain_store_means(calls in prop::collection::vec(call(), 1..60)) {
        let mut store = SqliteStore::open(&Location::Memory, None).unwrap();
        agree(&calls, &mut store, &mut PlainStore::default())?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_crash_between_any_two_calls_loses_nothing_i3(calls in prop::collection::vec(call(), 1..40)) {
        let mut folder = Folder::encrypted();
        let mut plain = PlainStore::default();
        let mut store = folder.open();
        for part in calls.split(|call| matches!(call, Call::Crash)) {
            agree(part, &mut store, &mut plain)?;
            folder.crash(store);
            store = folder.open();
            prop_assert_eq!(everything(&store), everything(&plain));
        }
    }
}
