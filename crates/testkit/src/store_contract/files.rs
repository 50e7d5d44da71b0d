//! Files of entries, and which events carry one: C1, C2, C3 and C5 for them.

use std::collections::HashSet;

use deskbell_core::store::{OutboxState, Store, Upload, UploadState};
use deskbell_wire::{
    ChatId, Event, FileDigest, FileId, FileRefusal, GroupId, Secret, SendBody, Seq, Timestamp,
};
use uuid::Uuid;

use super::{Home, uids};
use crate::events::{answered, asked, card, entry, epoch, file_entry, filed, stream, time, uid};

/// Files 1 and 3 with words at 2 between them.
fn two_files<H: Home>(home: &mut H) -> H::Store {
    let mut store = home.open();
    let at = stream(0);
    for n in [1, 3] {
        let (row, upload) = file_entry(&at, n, "look");
        store.queue_file(&row, &upload).unwrap();
        if n == 1 {
            store.queue(&entry(&at, 2, "words")).unwrap();
        }
    }
    store
}

fn files_of(store: &impl Store) -> Vec<u64> {
    store.uploads().unwrap().iter().map(|upload| upload.card.size / 100).collect()
}

fn wanted(store: &impl Store) -> HashSet<FileDigest> {
    let digests = store.wanted_digests().unwrap();
    let each_once: HashSet<_> = digests.iter().copied().collect();
    assert_eq!(each_once.len(), digests.len());
    each_once
}

fn digests(files: &[u64]) -> HashSet<FileDigest> {
    files.iter().map(|n| card(*n).digest).collect()
}

/// C1: the entry and its file together, with every field.
pub fn c1_a_file_is_queued_with_its_entry(home: &mut impl Home) {
    let mut store = home.open();
    let (row, upload) = file_entry(&stream(0), 1, "look");
    let upload = Upload {
        group: Some(GroupId(4)),
        place: Some(Secret::new([9; 32])),
        state: UploadState::Paused,
        batch: uid(7),
        refused: Some(FileRefusal::Quota),
        ..upload
    };
    store.queue_file(&row, &upload).unwrap();
    home.crash(store);
    let store = home.open();
    assert_eq!((store.outbox().unwrap(), store.uploads().unwrap()), (vec![row], vec![upload]));
}

/// C1: a repeated call changes nothing, and no file comes to an entry that was queued without.
pub fn c1_a_file_is_queued_once(home: &mut impl Home) {
    let mut store = two_files(home);
    let before = (store.outbox().unwrap(), store.uploads().unwrap());
    for n in 1..=3 {
        let (row, upload) = file_entry(&stream(0), n, "other words");
        store.queue_file(&row, &Upload { card: card(7), ..upload }).unwrap();
    }
    assert_eq!((store.outbox().unwrap(), store.uploads().unwrap()), before);
}

/// Where a file stands is kept; the entry stays where it is.
pub fn an_uploads_state_and_place_are_kept(home: &mut impl Home) {
    let mut store = two_files(home);
    let place = Secret::new([5; 32]);
    store.set_upload(uid(1), UploadState::Paused, Some(&place)).unwrap();
    store.set_upload(uid(3), UploadState::Whole, None).unwrap();
    for unknown in [2, 77] {
        store.set_upload(uid(unknown), UploadState::Going, Some(&place)).unwrap();
    }
    home.crash(store);
    let mut store = home.open();
    let stands: Vec<_> =
        store.uploads().unwrap().into_iter().map(|upload| (upload.state, upload.place)).collect();
    assert_eq!(stands, [(UploadState::Paused, Some(place)), (UploadState::Whole, None)]);
    store.set_upload(uid(1), UploadState::Going, None).unwrap();
    assert_eq!(store.uploads().unwrap()[0].place, None);
    assert_eq!(uids(&store), [1, 2, 3].map(uid));
}

/// Why the desk does not take a file is kept until something else is said.
pub fn why_a_file_is_refused_is_kept(home: &mut impl Home) {
    let mut store = two_files(home);
    for n in [1, 2, 77] {
        store.set_refused(uid(n), Some(FileRefusal::TypeLies)).unwrap();
    }
    store.set_refused(uid(3), Some(FileRefusal::NoSpace)).unwrap();
    store.set_refused(uid(3), None).unwrap();
    home.crash(store);
    let store = home.open();
    let refused: Vec<_> = store.uploads().unwrap().iter().map(|upload| upload.refused).collect();
    assert_eq!(refused, [Some(FileRefusal::TypeLies), None]);
}

/// I5: what has arrived goes behind all that was queued meanwhile, and is as old as that.
pub fn i5_a_released_file_goes_to_the_end(home: &mut impl Home) {
    let mut store = two_files(home);
    store.set_upload(uid(1), UploadState::Going, Some(&Secret::new([5; 32]))).unwrap();
    store.release(uid(1), Timestamp(500)).unwrap();
    let before = store.outbox().unwrap();
    for without_a_file in [2, 77] {
        store.release(uid(without_a_file), Timestamp(600)).unwrap();
    }
    assert_eq!(store.outbox().unwrap(), before);
    home.crash(store);
    let store = home.open();
    assert_eq!((uids(&store), files_of(&store)), ([2, 3, 1].map(uid).to_vec(), vec![3, 1]));
    let (row, upload) = (store.outbox().unwrap().remove(2), store.uploads().unwrap().remove(1));
    assert_eq!((row.state, row.created_at), (OutboxState::Queued, Timestamp(500)));
    assert_eq!((upload.state, upload.place), (UploadState::Whole, Some(Secret::new([5; 32]))));
}

/// C2: files are listed in the order of the outbox.
pub fn c2_files_follow_the_order_of_the_outbox(home: &mut impl Home) {
    let mut store = two_files(home);
    store.set_outbox_state(uid(1), OutboxState::Held).unwrap();
    store.requeue(uid(1), Timestamp(9)).unwrap();
    assert_eq!(files_of(&store), [3, 1]);
}

/// C3: whatever takes an entry out takes its file along.
pub fn c3_a_file_leaves_with_its_entry(home: &mut impl Home) {
    let mut store = home.open();
    let at = stream(0);
    for n in 1..=6 {
        let (row, upload) = file_entry(&at, n, "");
        store.queue_file(&row, &upload).unwrap();
    }
    store.discard(uid(1)).unwrap();
    store.apply(&at, epoch(1), &[filed(&at, 9, Some(2), 2)], &[uid(3)]).unwrap();
    store.prepend(&at, &[filed(&at, 8, Some(4), 4)]).unwrap();
    assert_eq!((uids(&store), files_of(&store)), ([5, 6].map(uid).to_vec(), vec![5, 6]));
    store.reset(&at, epoch(2), &[filed(&at, 1, Some(5), 5)], time(9_000)).unwrap();
    home.crash(store);
    let store = home.open();
    assert_eq!((uids(&store), files_of(&store)), (vec![uid(6)], vec![6]));
}

/// C5: with its file, as if it had never been sent.
pub fn c5_an_own_file_that_the_snapshot_lacks_comes_back_with_it(home: &mut impl Home) {
    let mut store = home.open();
    let at = stream(0);
    let theirs = filed(&at, 3, None, 8);
    store.apply(&at, epoch(1), &[asked(&at, 1, Some(1)), filed(&at, 2, Some(2), 2), theirs], &[]).unwrap();
    let (row, upload) = file_entry(&at, 4, "on its way");
    let upload = Upload { state: UploadState::Whole, ..upload };
    store.queue_file(&row, &upload).unwrap();
    store.reset(&at, epoch(2), &[], time(0)).unwrap();
    home.crash(store);
    let store = home.open();
    assert_eq!(uids(&store), [4, 1, 2].map(uid));
    assert_eq!(store.uploads().unwrap(), [upload, Upload::again(uid(2), card(2))]);
    let back = store.outbox().unwrap().remove(2);
    let body = SendBody::Message { text: String::new(), group: None, file: Some(FileId(uid(2).0)) };
    assert_eq!((back.state, back.body), (OutboxState::Held, body));
    assert_eq!(wanted(&store), digests(&[2, 4]));
}

/// By message, by conversation, by chat; newest first, no more than asked for; older pages and resets included.
pub fn files_are_found_by_message_stream_and_chat(home: &mut impl Home) {
    let mut store = home.open();
    let (at, other) = (stream(0), stream(1));
    let chat = ChatId(Uuid::from_u128(0xc4a7));
    let in_chat = |seq| Event { chat_id: Some(chat), ..filed(&at, seq, None, seq) };
    let without = |seq| Event { chat_id: None, ..filed(&at, seq, None, seq) };
    let events = [answered(&at, 10), in_chat(11), filed(&at, 12, Some(12), 12), without(13), in_chat(14)];
    store.apply(&at, epoch(1), &events, &[]).unwrap();
    store.apply(&other, epoch(1), &[filed(&other, 1, None, 1), asked(&other, 2, None)], &[]).unwrap();
    store.prepend(&at, &[in_chat(8), asked(&at, 9, None)]).unwrap();
    home.crash(store);
    let mut store = home.open();
    let seqs = |store: &_, chat, below, limit| -> Vec<Seq> {
        Store::files(store, &at, chat, below, limit).unwrap().iter().map(|event| event.seq).collect()
    };
    assert_eq!(seqs(&store, None, None, 9), [14, 13, 12, 11, 8]);
    assert_eq!(seqs(&store, None, Some(13), 2), [12, 11]);
    assert_eq!(seqs(&store, Some(chat), None, 2), [14, 11]);
    assert_eq!(seqs(&store, Some(chat), Some(11), 9), [8]);
    assert_eq!(seqs(&store, None, Some(8), 9), Vec::<u64>::new());
    assert_eq!(seqs(&store, Some(ChatId(Uuid::nil())), None, 9), Vec::<u64>::new());
    assert_eq!(store.files(&stream(7), None, None, 9).unwrap(), []);
    let mine = &events[2];
    assert_eq!(store.file_event(mine.message_id).unwrap().as_ref(), Some(mine));
    assert_eq!(store.file_event(events[0].message_id).unwrap(), None, "words alone");
    assert_eq!(wanted(&store), digests(&[1, 8, 11, 12, 13, 14]));
    store.reset(&at, epoch(2), &[filed(&at, 1, None, 77)], time(9_000)).unwrap();
    assert_eq!((seqs(&store, None, None, 9), wanted(&store)), (vec![1], digests(&[1, 77])));
    assert_eq!(store.file_event(mine.message_id).unwrap(), None);
}

/// What waits and what is held are wanted, the same bytes once.
pub fn the_same_bytes_are_wanted_once_and_as_long_as_anything_names_them(home: &mut impl Home) {
    let mut store = two_files(home);
    let at = stream(0);
    assert_eq!(wanted(&store), digests(&[1, 3]));
    store.apply(&at, epoch(1), &[filed(&at, 1, None, 1), filed(&at, 2, None, 1)], &[]).unwrap();
    assert_eq!(wanted(&store), digests(&[1, 3]));
    store.discard(uid(1)).unwrap();
    store.discard(uid(3)).unwrap();
    assert_eq!(wanted(&store), digests(&[1]));
}
