//! A desk whose database an earlier version wrote.

use std::path::Path;

use crate::common::*;
use crate::files::uploads::{carrying, file, voice_of};
use crate::office::*;
use deskbell_db::Location;
use deskbell_server::MIGRATIONS;
use deskbell_server::desk::DeskSetup;
use deskbell_wire::*;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// What a desk of the first schema holds: two operators; Ann in a chat with the first, Ben who waits, Eve whose chat
/// is over, and Dan who never wrote.
fn written_by_the_first(file: &Path) {
    let db = deskbell_db::open(&Location::File(file.to_owned()), None, &MIGRATIONS[..1]).unwrap();
    let mut sql = String::from("INSERT INTO desk VALUES (1, randomblob(16), 1, x'', x'');");
    for (row, (login, name)) in [("", "Ada"), ("bob", "Bob")].into_iter().enumerate() {
        let id = Uuid::from_u128(row as u128 + 1).simple();
        sql += &format!(
            "INSERT INTO operators (operator_id, login, password, name, position, online, created)
             VALUES (x'{id}', '{login}', '$hash', '{name}', '', 1, 1);"
        );
    }
    for n in 1..=4_u8 {
        let (id, hash) = (visitor(n.into()).0.simple(), hex(&Sha256::digest(token(n).bytes())));
        sql += &format!(
            "INSERT INTO visitors (site, visitor_id, token, created, seen) VALUES (1, x'{id}', x'{hash}', 1, {START});"
        );
    }
    for stream in 1..=3 {
        let (device, chat) = (device(stream).0.simple(), Uuid::from_u128(stream + 100).simple());
        let (uid, closed) = (uid(1).0.simple(), if stream == 3 { 3 } else { 0 });
        sql += &format!(
            "INSERT INTO streams (visitor, audience) VALUES ({stream}, 0);
             INSERT INTO devices (side, owner, device_id) VALUES (1, {stream}, x'{device}');
             INSERT INTO chats (chat_id, stream, opened, opened_at, closed) VALUES (x'{chat}', {stream}, 1, {START}, {closed});
             INSERT INTO messages VALUES ({stream}, 1, randomblob(16), {stream}, {START}, 1, 0, 0, x'', 2,
                 '{{\"opened\":{{\"by\":\"message\"}}}}');
             INSERT INTO messages VALUES ({stream}, 2, randomblob(16), {stream}, {START}, 1, 0, {stream}, x'{uid}', 1, 'hello');
             INSERT INTO uids VALUES ({stream}, x'{uid}', {stream}, 2, x'{}');",
            hex(&hash(stream, "hello")),
        );
    }
    let ada = Uuid::from_u128(1);
    sql += &format!(
        "INSERT INTO members VALUES (1, 3, 1);
         INSERT INTO messages VALUES (1, 3, randomblob(16), 1, {START}, 2, 1, 0, x'', 3,
             '{{\"joined\":{{\"operator\":{{\"id\":\"{ada}\",\"name\":\"Ada\",\"position\":\"\"}}}}}}');
         INSERT INTO messages VALUES (3, 3, randomblob(16), 3, {START}, 1, 0, 0, x'', 5,
             '{{\"closed\":{{\"reason\":\"closed_by_visitor\"}}}}');"
    );
    db.execute_batch(&sql).unwrap();
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// S2 as the first version told one body from another.
fn hash(stream: u128, text: &str) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(i64::try_from(stream).unwrap().to_be_bytes());
    digest.update("message");
    digest.update([0]);
    digest.update(text);
    digest.finalize()[..16].to_vec()
}

#[test]
fn s2_i3_s5_a_desk_of_the_first_version_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("desk.db");
    written_by_the_first(&file);
    for life in 0..2 {
        let mut room = Room::with(DeskSetup { file: Some(file.clone()), ..unpaced() });
        let ada = room.operator(50);
        assert!(site(&room, ada).admin, "the first account looks after the desk");
        let (bob, _) = colleague(&mut room, "bob", 60);
        assert!(!site(&room, bob).admin);
        room.say(bob, ClientFrame::Watch(Watch { list: ListName::Visitors, limit: 100 }));
        room.pass(200);
        let rows = room.take(bob).into_iter().filter_map(|frame| match frame {
            DeskFrame::List(list) => Some(list.rows),
            _ => None,
        });
        let mut rows: Vec<_> = rows.flatten().map(|row| (row.stream.visitor, row.status, row.head)).collect();
        rows.sort_by_key(|row| row.0);
        rows.dedup();
        let (waiting, inside, gone) = (VisitorStatus::Waiting, VisitorStatus::InChat, VisitorStatus::Gone);
        let more = if life == 0 { 0 } else { 2 };
        let expected = [(visitor(1), inside, 3 + more), (visitor(2), waiting, 2), (visitor(3), gone, 3)];
        assert_eq!(rows, expected);
        let people: Vec<_> = (1..=4).map(|n| room.visitor(n)).collect();
        let states = people.iter().map(|person| state(&room, person.conn));
        let states: Vec<_> =
            states.map(|state| (state.visitor_state, state.operator.map(|card| card.name))).collect();
        let available = (VisitorState::Available, None);
        let chats = [(VisitorState::Chat, Some("Ada".to_owned())), (VisitorState::Chat, None)];
        assert_eq!(states[..], [&chats[..], &[available.clone(), available]].concat());
        // What its author never heard of is acknowledged again.
        for person in &people[..3] {
            room.clear();
            room.send(person.conn, entry(&person.stream(), 1, text("hello")));
            let acks: Vec<_> = room.acks(person.conn).iter().map(|ack| (ack.seq, ack.dup)).collect();
            assert_eq!(acks, [(2, true)]);
        }
        room.send(ada, entry(&people[0].stream(), 10, text("good day")));
        room.send(people[0].conn, entry(&people[0].stream(), 11, SendBody::Rate { mark: Some(5) }));
        let log = room.log(bob, &people[0].stream());
        assert_eq!(kinds(&log), ["opened", "message", "joined", "message", "rated"]);
    }
}

#[test]
fn a_desk_that_knew_no_files_takes_them_by_what_holds_where_nothing_was_set() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    written_by_the_first(&path);
    // The second version's settings say nothing of files.
    let settings =
        r#"{"version":4,"form":{"title":"Lamps","groups":[{"id":1,"name":"Sales"}],"rating":true}}"#;
    let db = deskbell_db::open(&Location::File(path.clone()), None, &MIGRATIONS[..2]).unwrap();
    db.execute("UPDATE sites SET settings = ?1, next_group = 2", [settings]).unwrap();
    drop(db);
    let mut messages = vec![];
    for life in 0..2_u128 {
        let mut room = Room::with(DeskSetup { file: Some(path.clone()), ..unpaced() });
        let ada = room.operator(50);
        let site = site(&room, ada).settings;
        assert_eq!((site.version, site.form.title.as_str()), (4, "Lamps"));
        assert_eq!((site.form.files, site.quota), (FileRules::default(), FileQuota::default()));
        let ann = room.visitor(1);
        room.upload(&voice_of(1), &file(100 + life, &ann.stream()));
        room.send(ann.conn, entry(&ann.stream(), 100 + life, carrying(100 + life, "the lamp")));
        let log = room.log(ada, &ann.stream());
        assert_eq!(kinds(&log)[..4], ["opened", "message", "joined", "message"]);
        messages.push(log.last().unwrap().message_id);
        for message in &messages {
            assert!(room.read(&voice_of(1), *message).is_ok());
        }
    }
}
