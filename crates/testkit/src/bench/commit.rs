//! Ceiling: group commit and nothing else. One thread, batches always full, nobody to tell.

use std::fs::File;
use std::io::Write as _;
use std::time::{Duration, Instant};

use deskbell_wire::limits::{BATCH_ENTRIES, IN_FLIGHT};
use deskbell_wire::{MessageId, Timestamp, Uid};
use uuid::Uuid;

use super::ground::{Ground, Row};
use super::load::words;

/// What one message takes in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// The message alone.
    Message,
    /// The message, and the uid by which a repetition is known (S2).
    MessageAndUid,
}

/// Messages per second, spread over so many chats.
pub(super) fn messages_per_second(ground: &Ground, rows: Rows, chats: usize, span: Duration) -> f64 {
    let (db, upkeep) = (ground.open(), ground.keep_up());
    let mut heads = vec![0; chats];
    let text = words(0);
    let (begin, mut count, mut chat) = (Instant::now(), 0, 0);
    while begin.elapsed() < span {
        db.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
        for _ in 0..BATCH_ENTRIES {
            // A visitor's window arrives together; neighbours in time are not neighbours in the table.
            let uid = Uid(Uuid::new_v4());
            if count % IN_FLIGHT == 0 {
                chat = (uid.0.as_u128() % chats as u128) as usize;
            }
            heads[chat] += 1;
            let row = Row {
                stream: chat as i64 + 1,
                seq: heads[chat],
                message_id: MessageId(Uuid::now_v7()),
                uid,
                ts: Timestamp(0),
                text: &text,
            };
            row.insert(&db);
            if rows == Rows::MessageAndUid {
                row.insert_uid(&db);
            }
            count += 1;
        }
        db.execute_batch("COMMIT").expect("a commit");
        upkeep.note(&db, BATCH_ENTRIES);
    }
    count as f64 / begin.elapsed().as_secs_f64()
}

/// How often the disk makes 4 KiB at the end of a file durable, per second.
pub(super) fn syncs_per_second(ground: &Ground, span: Duration) -> f64 {
    let mut file = File::create(ground.folder().join("sync")).expect("a file");
    let (begin, mut count) = (Instant::now(), 0_u32);
    while begin.elapsed() < span {
        file.write_all(&[0; 4_096]).and_then(|()| file.sync_data()).expect("a write");
        count += 1;
    }
    f64::from(count) / begin.elapsed().as_secs_f64()
}
