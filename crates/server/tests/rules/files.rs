//! A file's life at the desk, in virtual time: announced, whole, carried by its message, or forgotten.

use std::sync::{Arc, Mutex};

use crate::common::*;
use crate::office::*;
use crate::uploads::*;
use deskbell_server::desk::{DeskSetup, FileStage};
use deskbell_server::{DeskLimits, Fault, Pace};
use deskbell_wire::*;

/// A desk, its owner and a visitor.
struct Shop {
    room: Room,
    owner: Clerk,
    ann: Device,
}

impl Shop {
    fn new() -> Self {
        Self::with(unpaced())
    }

    fn with(setup: DeskSetup) -> Self {
        let mut room = Room::with(setup);
        let owner = owner(&mut room, 50);
        let ann = room.visitor(1);
        Self { room, owner, ann }
    }

    fn create(&mut self, n: u128) -> Result<deskbell_server::desk::FilePlace, FileRefusal> {
        let new = file(n, &self.ann.stream());
        self.room.create(&voice_of(1), &new)
    }

    fn upload(&mut self, n: u128) -> Secret {
        let new = file(n, &self.ann.stream());
        self.room.upload(&voice_of(1), &new).secret
    }

    fn carry(&mut self, n: u128) -> Result<MessageId, NackCode> {
        self.room.carry(self.ann.conn, &self.ann.stream(), n)
    }

    fn saved(&mut self, change: impl FnOnce(&mut SiteSettings)) {
        saved(&mut self.room, self.owner.conn, change);
    }
}

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
    let ann = room.visitor(1);
    let stand = room.at(&voice_of(1), &under_way.secret).unwrap();
    assert_eq!((stand.stage, stand.part), (FileStage::UnderWay, under_way.part));
    assert_eq!(room.at(&voice_of(1), &whole).unwrap().stage, FileStage::Whole);
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
fn threats_36_a_name_is_made_harmless_and_shows_its_true_extension() {
    let mut shop = Shop::new();
    for (n, (name, media, shown)) in [
        ("photo\u{202e}gnp.exe", "image/png", "photognp.exe"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\temp\\CON.png", "image/png", "_CON.png"),
        ("", "image/png", "file.png"),
        ("a\0b\nc.pdf. . ", "not a type at all", "abc.pdf"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut new = file(n as u128 + 1, &shop.ann.stream());
        (new.name, new.media) = (name.into(), media.into());
        let place = shop.room.create(&voice_of(1), &new).unwrap();
        let stand = shop.room.at(&voice_of(1), &place.secret).unwrap();
        let known = if media.contains(' ') { "application/octet-stream" } else { media };
        assert_eq!((stand.card.name.replace(' ', ""), stand.card.media.as_str()), (shown.to_owned(), known));
    }
    let mut long = file(9, &shop.ann.stream());
    long.name = "x".repeat(4_000) + ".png";
    let place = shop.room.create(&voice_of(1), &long).unwrap();
    let name = shop.room.at(&voice_of(1), &place.secret).unwrap().card.name;
    assert!(name.chars().count() <= 200 && name.ends_with("x.png"));
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

#[test]
fn the_lists_and_what_is_unread_show_a_file_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut shop = Shop::with(setup());
    let row = |room: &mut Room, operator| {
        room.say(operator, ClientFrame::Watch(Watch { list: ListName::Visitors, limit: 100 }));
        room.pass(200);
        let lists = room.take(operator).into_iter().filter_map(|frame| match frame {
            DeskFrame::List(list) => list.rows.into_iter().find(|row| row.stream.visitor == visitor(1)),
            _ => None,
        });
        lists.last().map(|row| (row.last.map(|last| last.text), row.unread)).expect("a row")
    };
    shop.upload(1);
    shop.carry(1).unwrap();
    let named = |name: &str, unread| (Some(name.to_owned()), unread);
    assert_eq!(row(&mut shop.room, shop.owner.conn), named("file 1.png", 1));
    shop.upload(2);
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 2, carrying(2, "the lamp")));
    assert_eq!(row(&mut shop.room, shop.owner.conn), named("the lamp", 2));
    shop.upload(3);
    shop.carry(3).unwrap();
    let clock = shop.room.now;
    drop(shop);
    let mut room = Room::starting_at(setup(), clock);
    let operator = room.operator(50);
    assert_eq!(row(&mut room, operator), named("file 3.png", 3), "over a restart, too");
}

#[test]
fn an_operators_file_answers_the_chat_and_retention_ends() {
    let mut shop = Shop::new();
    shop.saved(|site| {
        site.form.retention = Retention {
            messages: vec![RetentionMessage { after_s: 10, text: "Soon.".into() }],
            way: None,
            way_after_s: 0,
        };
    });
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 1, text("hello")));
    let voice = shop.owner.voice.clone();
    shop.room.upload(&voice, &file(900, &shop.ann.stream()));
    shop.room.carry(shop.owner.conn, &shop.ann.stream(), 900).unwrap();
    shop.room.pass(60_000);
    let log = shop.room.log(shop.ann.conn, &shop.ann.stream());
    assert_eq!(kinds(&log), ["opened", "message", "joined", "message"]);
}

#[test]
fn a_letter_names_the_files_of_a_conversation() {
    let mut shop = Shop::new();
    shop.saved(|site| {
        site.mail = Some(MailSettings {
            host: "127.0.0.1".into(),
            port: 2525,
            security: MailSecurity::None,
            login: String::new(),
            password: None,
            ca_file: String::new(),
            from: "desk@shop.example".into(),
            from_name: "Shop".into(),
        });
    });
    shop.upload(1);
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 1, carrying(1, "the lamp")));
    shop.upload(2);
    shop.carry(2).unwrap();
    let ask = SendBody::Transcript { email: "anna@home.example".into(), lang: Lang::En, zone_min: 0 };
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 3, ask));
    let parcel = shop.room.mails.pop().expect("a letter");
    let mail = mailparse::parse_mail(parcel.letter.raw()).unwrap();
    let plain = mail.subparts[0].get_body().unwrap().replace("\r\n", "\n");
    assert!(plain.contains("  the lamp\n  File: file 1.png (1000 B)\n"), "{plain}");
    assert!(plain.contains("  File: file 2.png (1000 B)\n"), "{plain}");
    assert!(mail.subparts[1].get_body().unwrap().contains("the lamp<br>File: file 1.png (1000 B)"));
    assert_eq!(mail.subparts.len(), 2, "it carries none");
}
