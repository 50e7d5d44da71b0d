//! A file that an older version wrote opens, keeps all that is in it, and goes on.

use deskbell_core::store::{OutboxState, Store as _, Upload};
use deskbell_db::{Migration, open};
use deskbell_store::{DbError, Key, Location};
use deskbell_testkit::events::{asked, card, epoch, file_entry, filed, stream, time, uid};
use deskbell_testkit::store_contract::Home as _;
use deskbell_wire::{EventBody, Seq};
use rusqlite::{Connection, params};

use crate::folder::Folder;

const FIRST: &[Migration] = &[Migration(include_str!("first.sql"))];
const SECOND: &[Migration] = &[Migration(include_str!("first.sql")), Migration(include_str!("second.sql"))];

/// Two messages of the device's own that the desk had, a third that it did not, and a setting.
fn fill(db: &Connection) {
    let (at, life) = (stream(0), epoch(1));
    let newest = asked(&at, 2, Some(2)).message_id;
    db.execute(
        "INSERT INTO streams (site, visitor, audience, base, epoch, cursor_seq, cursor_id)
         VALUES ('main', ?1, 'public', 0, ?2, 2, ?3)",
        params![at.visitor.0.as_bytes(), life.0.as_bytes(), newest.0.as_bytes()],
    )
    .unwrap();
    for seq in [1, 2] {
        let event = asked(&at, seq, Some(seq));
        db.execute(
            "INSERT INTO messages (stream, seq, message_id, side, kind, ts, chat, uid, body)
             VALUES (1, ?1, ?2, 'visitor', 'message', ?3, ?4, ?5, ?6)",
            params![
                seq as i64,
                event.message_id.0.as_bytes(),
                event.ts.0,
                event.chat_id.unwrap().0.as_bytes(),
                uid(seq).0.as_bytes(),
                format!(r#"{{"message":{{"text":"question {seq}"}}}}"#),
            ],
        )
        .unwrap();
    }
    db.execute(
        r#"INSERT INTO outbox (uid, stream, created_at, state, body)
           VALUES (?1, 1, 3, 'queued', '{"message":{"text":"words","group":4}}')"#,
        [uid(3).0.as_bytes()],
    )
    .unwrap();
    db.execute("INSERT INTO settings (key, value) VALUES ('link', 'there')", []).unwrap();
}

fn written_by_the_first_version() -> Folder {
    let folder = Folder::encrypted();
    let at = Location::File(folder.file());
    fill(&open(&at, Some(&Key::new([7; 32])), FIRST).unwrap());
    folder
}

#[test]
fn a_file_of_the_first_version_opens_whole_and_takes_files() {
    let mut folder = written_by_the_first_version();
    let mut store = folder.open();
    let at = stream(0);
    let held = store.before(&at, Seq::MAX, 9).unwrap();
    assert_eq!(held, [asked(&at, 2, Some(2)), asked(&at, 1, Some(1))]);
    assert_eq!(store.outbox().unwrap().len(), 1);
    assert_eq!(store.setting("link").unwrap().as_deref(), Some("there"));
    assert_eq!((store.uploads().unwrap(), store.files(&at, None, None, 9).unwrap()), (vec![], vec![]));
    // And goes on: the words that waited arrive, a file goes out, another life of the desk comes.
    let (row, upload) = file_entry(&at, 4, "look");
    store.queue_file(&row, &upload).unwrap();
    store.apply(&at, epoch(1), &[asked(&at, 3, Some(3)), filed(&at, 4, Some(4), 4)], &[]).unwrap();
    assert!(store.outbox().unwrap().is_empty());
    store.reset(&at, epoch(2), &[], time(0)).unwrap();
    folder.crash(store);
    let store = folder.open();
    let rows = store.outbox().unwrap();
    assert!(rows.iter().all(|row| row.state == OutboxState::Held));
    assert_eq!(rows.iter().map(|row| row.uid).collect::<Vec<_>>(), [1, 2, 3, 4].map(uid));
    assert_eq!(store.uploads().unwrap(), [Upload::again(uid(4), card(4))]);
    store.check().unwrap();
}

#[test]
fn an_older_program_is_told_that_the_file_is_newer_and_leaves_it_alone() {
    let mut folder = written_by_the_first_version();
    let (row, upload) = file_entry(&stream(0), 4, "look");
    folder.open().queue_file(&row, &upload).unwrap();
    let older = open(&Location::File(folder.file()), Some(&Key::new([7; 32])), FIRST);
    assert!(matches!(older, Err(DbError::Newer { found: 3, known: 1 })), "{older:?}");
    assert_eq!(folder.open().uploads().unwrap(), [upload]);
}

/// A file that waited goes on: it was sent alone, and nothing is known against it.
#[test]
fn a_file_that_waited_in_the_second_version_waits_in_this_one() {
    let mut folder = Folder::encrypted();
    let (row, upload) = file_entry(&stream(0), 4, "look");
    let db = open(&Location::File(folder.file()), Some(&Key::new([7; 32])), SECOND).unwrap();
    let at = stream(0);
    db.execute(
        "INSERT INTO streams (site, visitor, audience) VALUES ('main', ?1, 'public')",
        [at.visitor.0.as_bytes()],
    )
    .unwrap();
    db.execute(
        "INSERT INTO outbox (uid, stream, created_at, state, body) VALUES (?1, 1, ?2, 'queued', ?3)",
        params![row.uid.0.as_bytes(), row.created_at.0, serde_json::to_string(&row.body).unwrap()],
    )
    .unwrap();
    let card = serde_json::to_string(&upload.card).unwrap();
    db.execute(
        "INSERT INTO uploads (uid, state, card, digest) VALUES (?1, 'going', ?2, ?3)",
        params![row.uid.0.as_bytes(), card, upload.card.digest.0],
    )
    .unwrap();
    drop(db);
    let store = folder.open();
    assert_eq!((store.outbox().unwrap(), store.uploads().unwrap()), (vec![row], vec![upload]));
    store.check().unwrap();
}

/// A body of then is read as one without a file.
#[test]
fn words_of_then_are_words_without_a_file() {
    let mut folder = written_by_the_first_version();
    let store = folder.open();
    for event in store.before(&stream(0), Seq::MAX, 9).unwrap() {
        assert!(matches!(event.body, EventBody::Message { file: None, .. }));
    }
    assert_eq!(store.outbox().unwrap()[0].body.file(), None);
}
