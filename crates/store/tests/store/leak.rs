//! Nothing that a person wrote, and no key, lies readable on the disk (threats 9, 44).

use std::collections::BTreeSet;
use std::fs;

use deskbell_core::store::Store as _;
use deskbell_store::Key;
use deskbell_testkit::events::{asked, entry, epoch, event, operator, stream};
use deskbell_testkit::leak_search::{leaks, words_of};
use deskbell_testkit::store_contract::Home as _;
use deskbell_wire::{Author, EventBody, OperatorCard, Timestamp};

use crate::folder::Folder;

const QUEUED: &str = "a question that still waits";
const SENT: &str = "вопрос, который уже ушёл";
const RETURNED: &str = "words that a restore gave back";
const NAME: &str = "Grace Hopper, Sales";
const SETTING: &str = "wss://desk.secret.example:7443";
const KEY: [u8; 32] = *b"thirty-two bytes, one known key!";
const WORDS: [&str; 5] = [QUEUED, SENT, RETURNED, NAME, SETTING];

/// Everything that a store can hold, rewritten and deleted, and the file as a dead process leaves it.
fn live(mut folder: Folder) -> Folder {
    let mut store = folder.open();
    let at = stream(0);
    store.queue(&entry(&at, 1, QUEUED)).unwrap();
    let author = Author::Operator(OperatorCard { name: NAME.to_owned(), ..operator() });
    let said = event(&at, 1, author, EventBody::Message { text: SENT.to_owned(), file: None });
    let mut own = asked(&at, 2, Some(2));
    own.body = EventBody::Message { text: RETURNED.to_owned(), file: None };
    store.apply(&at, epoch(1), &[said.clone(), own], &[]).unwrap();
    store.reset(&at, epoch(2), &[said], Timestamp(0)).unwrap();
    store.set_setting("desk", SETTING).unwrap();
    // More than any cache holds.
    let other = stream(1);
    for page in 0..20 {
        let mut events = deskbell_testkit::events::talk(&other, page * 200 + 1..=page * 200 + 200);
        for event in &mut events {
            event.body = EventBody::Message { text: SENT.repeat(10), file: None };
        }
        store.apply(&other, epoch(1), &events, &[]).unwrap();
    }
    assert_eq!(store.before(&other, u64::MAX, 5_000).unwrap().len(), 4_000);
    folder.crash(store);
    folder
}

fn found_in(folder: &Folder, words: &[&str]) -> BTreeSet<String> {
    // The folder of this life: file and write-ahead log as they were at the crash.
    let leaks = leaks(words, &[&folder.path()]).unwrap();
    words_of(&leaks).into_iter().map(str::to_owned).collect()
}

#[test]
fn no_word_name_or_key_is_readable_on_the_disk_threats_44() {
    let encrypted = live(Folder::new(Some(Key::new(KEY))));
    let log = fs::metadata(encrypted.path().join("store.db-wal")).unwrap().len();
    assert!(log > 10_000, "the log has to be searched, too");
    let mut words = WORDS.to_vec();
    words.push(std::str::from_utf8(&KEY).unwrap());
    assert_eq!(found_in(&encrypted, &words), BTreeSet::new());
}

#[test]
fn the_same_search_finds_every_word_without_a_key() {
    let plain = live(Folder::new(None));
    assert_eq!(found_in(&plain, &WORDS), WORDS.map(str::to_owned).into());
}
