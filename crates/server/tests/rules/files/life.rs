//! A file's life at the desk, in virtual time: announced, whole, carried by its message, or forgotten.

use std::sync::{Arc, Mutex};

use super::shop::Shop;
use super::uploads::*;
use crate::common::*;
use deskbell_server::desk::{DeskSetup, FileStage};
use deskbell_server::{DeskLimits, Fault, Pace};
use deskbell_wire::*;

#[test]
fn i14_a_file_can_be_read_from_the_commit_of_its_message_on() {
    let mut shop = Shop::new();
    let secret = shop.create(1).unwrap().secret;
    assert_eq!(shop.room.at(&voice_of(1), &secret).unwrap().stage, FileStage::UnderWay);
    shop.room.whole(&voice_of(1), &secret).unwrap();
    assert_eq!(shop.room.at(&voice_of(1), &secret).unwrap().stage, FileStage::Whole);
    let message = shop.carry(1).unwrap();
    assert_eq!(shop.room.at(&voice_of(1), &secret).unwrap().stage, FileStage::Committed);
    let told: Vec<_> = shop.room.events(shop.owner.conn);
    let card = told.iter().find_map(|event| event.body.file()).expect("the operator is told");
    assert_eq!((card.name.as_str(), card.size, card.media.as_str()), ("file 1.png", SIZE, "image/png"));
    for voice in [voice_of(1), shop.owner.voice.clone()] {
        assert_eq!(shop.room.read(&voice, message).as_ref(), Ok(card));
    }
    // Another message's id leads to no file.
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 2, text("no file")));
    let plain = shop.room.log(shop.ann.conn, &shop.ann.stream()).pop().unwrap().message_id;
    assert_eq!(shop.room.read(&voice_of(1), plain), Err(FileRefusal::Forbidden));
}

#[test]
fn i5_the_message_waits_until_all_bytes_are_there_and_what_comes_behind_it_does_not() {
    let mut shop = Shop::new();
    assert_eq!(shop.carry(1), Err(NackCode::FileMissing), "never announced");
    let secret = shop.create(1).unwrap().secret;
    assert_eq!(shop.carry(1), Err(NackCode::FileMissing), "not whole");
    assert!(NackCode::FileMissing.retryable());
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 2, text("words")));
    shop.room.whole(&voice_of(1), &secret).unwrap();
    shop.carry(1).unwrap();
    let log = shop.room.log(shop.ann.conn, &shop.ann.stream());
    assert_eq!(kinds(&log), ["opened", "message", "message"]);
    assert!(log[1].body.file().is_none() && log[2].body.file().is_some());
}

#[test]
fn s2_i8_whatever_comes_twice_changes_nothing_more() {
    let mut shop = Shop::new();
    let first = shop.create(1).unwrap();
    let second = shop.create(1).unwrap();
    assert_eq!((second.part, second.stage), (first.part, FileStage::UnderWay), "it goes on where it was");
    assert_eq!(
        shop.room.at(&voice_of(1), &first.secret).unwrap_err(),
        FileRefusal::Expired,
        "the old secret ended"
    );
    for _ in 0..2 {
        shop.room.whole(&voice_of(1), &second.secret).unwrap();
    }
    assert_eq!(shop.create(1).unwrap().stage, FileStage::Whole);
    let message = shop.carry(1).unwrap();
    assert_eq!(shop.carry(1), Ok(message));
    assert!(shop.room.acks(shop.ann.conn)[0].dup);
    // Who lost every answer announces it once more, and hears that it is all there.
    let place = shop.create(1).unwrap();
    assert_eq!(place.stage, FileStage::Committed);
    shop.room.whole(&voice_of(1), &place.secret).unwrap();
    assert_eq!(
        shop.room.desk.drop_file(&voice_of(1), &place.secret, Timestamp(shop.room.now)),
        Ok(Default::default())
    );
    assert_eq!(shop.carry(1), Ok(message));
    assert!(shop.room.read(&voice_of(1), message).is_ok());
    assert_eq!(kinds(&shop.room.log(shop.ann.conn, &shop.ann.stream())), ["opened", "message"]);
}

#[test]
fn s2_threats_5_the_same_uid_with_or_without_its_file_is_another_body() {
    let mut shop = Shop::new();
    shop.upload(1);
    shop.carry(1).unwrap();
    for body in [text(""), text("words"), carrying(1, "words")] {
        shop.room.clear();
        shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 1, body));
        let codes: Vec<_> = shop.room.nacks(shop.ann.conn).iter().map(|nack| nack.code).collect();
        assert!(matches!(codes[..], [NackCode::UidConflict | NackCode::Invalid]), "{codes:?}");
    }
    // A file goes with the entry of its own name alone.
    shop.upload(2);
    shop.room.clear();
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 3, carrying(2, "")));
    assert_eq!(shop.room.nacks(shop.ann.conn)[0].code, NackCode::Invalid);
    shop.carry(2).unwrap();
}

/// A desk on disk whose next commits fail like this, the last of the list first.
fn faulty(folder: &tempfile::TempDir) -> (DeskSetup, Arc<Mutex<Vec<Fault>>>) {
    let faults: Arc<Mutex<Vec<Fault>>> = Arc::default();
    let next = faults.clone();
    let setup = DeskSetup {
        file: Some(folder.path().join("desk.db")),
        faults: Some(Arc::new(move || next.lock().unwrap().pop().unwrap_or(Fault::None))),
        ..unpaced()
    };
    (setup, faults)
}

#[test]
fn s5_a_commit_of_unknown_outcome_leaves_a_file_sent_once() {
    for fault in [Fault::Lost, Fault::Kept, Fault::Full] {
        let folder = tempfile::tempdir().unwrap();
        let (setup, faults) = faulty(&folder);
        let mut shop = Shop::with(setup);
        shop.room.pass(2_000);
        let fail = |shop: &mut Shop| {
            shop.room.pass(5_000);
            faults.lock().unwrap().push(fault);
        };
        let refused = |refusal: FileRefusal| matches!(refusal, FileRefusal::Storage | FileRefusal::NoSpace);
        fail(&mut shop);
        assert!(refused(shop.create(1).unwrap_err()));
        shop.room.pass(5_000);
        let secret = shop.create(1).unwrap().secret;
        fail(&mut shop);
        assert!(refused(shop.room.whole(&voice_of(1), &secret).unwrap_err()));
        shop.room.pass(5_000);
        shop.room.whole(&voice_of(1), &secret).unwrap();
        fail(&mut shop);
        assert_eq!(shop.carry(1), Err(NackCode::Storage));
        shop.room.pass(5_000);
        let message = shop.carry(1).unwrap();
        assert_eq!(shop.room.acks(shop.ann.conn)[0].dup, fault == Fault::Kept);
        assert_eq!(kinds(&shop.room.log(shop.ann.conn, &shop.ann.stream())), ["opened", "message"]);
        assert!(shop.room.read(&voice_of(1), message).is_ok());
        // What is taken back is taken back, or there; never half.
        let secret = shop.upload(2);
        fail(&mut shop);
        assert!(refused(
            shop.room.desk.drop_file(&voice_of(1), &secret, Timestamp(shop.room.now)).unwrap_err()
        ));
        shop.room.pass(5_000);
        let sent = shop.carry(2);
        assert_eq!(sent.is_ok(), fault != Fault::Kept, "{sent:?}");
    }
}

#[test]
fn i3_a_desk_that_was_killed_knows_every_file_that_it_answered_for() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut shop = Shop::with(setup());
    let under_way = shop.create(1).unwrap();
    let whole = shop.upload(2);
    shop.upload(3);
    let message = shop.carry(3).unwrap();
    let clock = shop.room.now;
    drop(shop);
    let mut room = Room::starting_at(setup(), clock + 1_000);
    // Nobody needs a socket for that.
    assert!(room.read(&voice_of(1), message).is_ok());
    let stand = room.at(&voice_of(1), &under_way.secret).unwrap();
    assert_eq!((stand.stage, stand.part), (FileStage::UnderWay, under_way.part));
    assert_eq!(room.at(&voice_of(1), &whole).unwrap().stage, FileStage::Whole);
    room.pass(5_000);
    assert!(room.read(&voice_of(1), message).is_ok());
    let ann = room.visitor(1);
    room.carry(ann.conn, &ann.stream(), 2).unwrap();
    assert_eq!(room.carry(ann.conn, &ann.stream(), 3), Ok(message));
}

#[test]
fn what_nobody_asks_for_is_forgotten_after_a_day_and_what_a_message_carries_never() {
    let mut shop = Shop::new();
    let (a, b) = (shop.create(1).unwrap(), shop.create(2).unwrap());
    shop.upload(3);
    shop.upload(4);
    let message = shop.carry(4).unwrap();
    let digest = |n| file(n, &stream(visitor(1))).digest;
    wants(&shop.room.desk, &[1, 2, 3, 4].map(digest), 2);
    shop.room.pass(23 * HOUR);
    assert_eq!(shop.room.sweep(), (0, vec![]));
    assert_eq!(shop.room.at(&voice_of(1), &b.secret).unwrap().expires, Timestamp(shop.room.now + 24 * HOUR));
    shop.room.pass(2 * HOUR);
    let (parts, mut digests) = shop.room.sweep();
    digests.sort();
    assert_eq!((parts, digests), (2, vec![digest(1), digest(3)]));
    assert_eq!(shop.room.at(&voice_of(1), &a.secret).unwrap_err(), FileRefusal::Expired);
    assert_eq!(shop.carry(3), Err(NackCode::FileMissing), "announced anew, then sent again");
    wants(&shop.room.desk, &[digest(2), digest(4)], 1);
    shop.room.pass(100 * 24 * HOUR);
    assert_eq!(shop.room.sweep(), (1, vec![digest(2)]));
    assert!(shop.room.read(&voice_of(1), message).is_ok());
    // It may come once more.
    shop.upload(3);
    shop.carry(3).unwrap();
}

#[test]
fn bytes_stay_as_long_as_anybody_refers_to_them() {
    let mut shop = Shop::new();
    let ben = shop.room.visitor(2);
    let secret = shop.upload(1);
    let same = deskbell_server::desk::NewFile { stream: ben.stream(), ..file(1, &shop.ann.stream()) };
    let other = shop.room.create(&voice_of(2), &same).unwrap();
    let now = Timestamp(shop.room.now);
    let gone = shop.room.desk.drop_file(&voice_of(1), &secret, now).unwrap();
    assert_eq!((gone.parts.len(), gone.digests.len()), (1, 0), "somebody announced the same");
    let gone = shop.room.desk.drop_file(&voice_of(2), &other.secret, now).unwrap();
    assert_eq!(gone.digests, [same.digest]);
    wants(&shop.room.desk, &[], 0);
    assert_eq!(shop.room.desk.drop_file(&voice_of(2), &other.secret, now), Err(FileRefusal::Expired));
}

#[test]
fn a_desk_that_was_restored_has_bytes_that_it_lacks_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let (file_at, copy) = (folder.path().join("desk.db"), folder.path().join("copy.db"));
    let setup = |file: &std::path::Path| DeskSetup { file: Some(file.to_owned()), ..unpaced() };
    let mut shop = Shop::with(setup(&file_at));
    let early = shop.create(1).unwrap();
    let whole = shop.upload(2);
    let clock = shop.room.now;
    drop(shop);
    std::fs::copy(&file_at, &copy).unwrap();
    // What happened after the copy was taken.
    let mut room = Room::starting_at(setup(&file_at), clock);
    let ann = room.visitor(1);
    room.whole(&voice_of(1), &early.secret).unwrap();
    room.carry(ann.conn, &ann.stream(), 1).unwrap();
    let late = room.create(&voice_of(1), &file(3, &ann.stream())).unwrap();
    drop(room);
    let mut room = Room::starting_at(setup(&copy), clock);
    let ann = room.visitor(1);
    assert_eq!(room.at(&voice_of(1), &late.secret).unwrap_err(), FileRefusal::Expired);
    assert_eq!(room.carry(ann.conn, &ann.stream(), 1), Err(NackCode::FileMissing), "the file first");
    assert_eq!(room.create(&voice_of(1), &file(1, &ann.stream())).unwrap().part, early.part);
    // The bytes of the second are not in the copy.
    let waiting: Vec<_> = room.desk.waiting_digests().unwrap().into_iter().collect();
    assert_eq!(waiting, [file(2, &ann.stream()).digest]);
    room.desk.file_bytes_lost(&waiting, Timestamp(clock)).unwrap();
    assert_eq!(room.at(&voice_of(1), &whole).unwrap().stage, FileStage::UnderWay);
    assert_eq!(room.carry(ann.conn, &ann.stream(), 2), Err(NackCode::FileMissing));
    room.whole(&voice_of(1), &whole).unwrap();
    room.carry(ann.conn, &ann.stream(), 2).unwrap();
}

#[test]
fn a_person_has_so_many_files_open_and_begins_no_faster_than_he_may() {
    let limits = DeskLimits { open_files: 3, uploads: Pace::new(6, 1_000), ..DeskLimits::unpaced() };
    let mut shop = Shop::with(DeskSetup { limits, ..unpaced() });
    for n in 1..=3 {
        shop.upload(n);
    }
    assert_eq!(shop.create(4).unwrap_err(), FileRefusal::Busy, "too many are open");
    assert!(FileRefusal::Busy.retryable());
    shop.carry(1).unwrap();
    shop.create(4).unwrap();
    shop.create(4).unwrap();
    assert_eq!(shop.create(4).unwrap_err(), FileRefusal::Busy, "too fast");
    // Others are not kept waiting by that.
    let ben = shop.room.visitor(2);
    shop.room.create(&voice_of(2), &file(1, &ben.stream())).unwrap();
    shop.room.pass(1_000);
    shop.create(4).unwrap();
}
