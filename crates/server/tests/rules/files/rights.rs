//! Role by route: who may begin, go on with, end, take back and read which file (S10, I13, I14, threats 1, 2, 3, 7, 40).

use super::uploads::*;
use crate::common::*;
use crate::office::*;
use deskbell_db::Location;
use deskbell_server::MIGRATIONS;
use deskbell_server::desk::{DeskSetup, Discard, FilePlace, FileStage, FileVoice, NewFile};
use deskbell_wire::*;
use uuid::Uuid;

/// Ann with two linked devices and a chat for Sales, Ben with one for Support; an owner, one of Sales, one of Support.
struct House {
    room: Room,
    ann: Device,
    second: Device,
    ben: Device,
    owner: Clerk,
    sales: Clerk,
    support: Clerk,
}

fn told(room: &mut Room, conn: deskbell_server::desk::ConnId, question: Ask) -> Told {
    room.clear();
    ask(room, conn, question)
}

impl House {
    fn new() -> Self {
        let mut room = Room::new();
        let owner = owner(&mut room, 50);
        with_groups(&mut room, owner.conn, &["Sales", "Support"]);
        let (sales, support) = (clerk(&mut room, "sales", 61), clerk(&mut room, "support", 62));
        place(&mut room, owner.conn, sales.id, &[1]);
        place(&mut room, owner.conn, support.id, &[2]);
        let (ann, ben) = (room.visitor(1), room.visitor(2));
        let second = link(&mut room, ann, 11, 111);
        room.send(ann.conn, entry(&ann.stream(), 1, for_group("hello", 1)));
        room.send(ben.conn, entry(&ben.stream(), 1, for_group("hello", 2)));
        Self { room, ann, second, ben, owner, sales, support }
    }

    /// Every voice that is somebody's, with its name.
    fn voices(&self) -> [(&'static str, FileVoice); 6] {
        [
            ("ann", voice_of(1)),
            ("second", voice(1, 11, 111)),
            ("ben", voice_of(2)),
            ("owner", self.owner.voice.clone()),
            ("sales", self.sales.voice.clone()),
            ("support", self.support.voice.clone()),
        ]
    }

    /// Who of them may read the message's file.
    fn readers(&mut self, message: MessageId) -> Vec<&'static str> {
        let mut may = vec![];
        for (name, voice) in self.voices() {
            match self.room.read(&voice, message) {
                Ok(_) => may.push(name),
                Err(refusal) => assert_eq!(refusal, FileRefusal::Forbidden, "{name}"),
            }
        }
        may
    }

    /// Who of them may begin a file in that stream.
    fn senders(&mut self, stream: &StreamId, n: u128) -> Vec<&'static str> {
        let mut may = vec![];
        for (name, voice) in self.voices() {
            match self.room.create(&voice, &file(n, stream)) {
                Ok(_) => may.push(name),
                Err(refusal) => assert_eq!(refusal, FileRefusal::Forbidden, "{name}"),
            }
        }
        may
    }

    /// A file of Ann's, and one of Sales, as messages of Ann's stream.
    fn sent(&mut self) -> [MessageId; 2] {
        let (stream, voice) = (self.ann.stream(), self.sales.voice.clone());
        self.room.upload(&voice_of(1), &file(70, &stream));
        self.room.upload(&voice, &file(71, &stream));
        let of_ann = self.room.carry(self.ann.conn, &stream, 70).unwrap();
        [of_ann, self.room.carry(self.sales.conn, &stream, 71).unwrap()]
    }
}

/// Links another device by a code.
fn link(room: &mut Room, first: Device, d: u128, t: u8) -> Device {
    let Told::LinkCode { code, .. } = told(room, first.conn, Ask::LinkCode {}) else { panic!() };
    let conn = room.open();
    let (device, site, code) = (device(d), SiteKey::main(), Secretive(code));
    let redeem = Redeem { proto: PROTO, device_id: device, site, code, token: token(t) };
    room.say(conn, ClientFrame::Redeem(redeem));
    room.say(conn, ClientFrame::Hello(hello(first.visitor, device, token(t))));
    assert!(room.bye(conn).is_none());
    Device { conn, visitor: first.visitor, device }
}

/// Voices that are nobody's (any more), whatever they are near to.
fn strangers(house: &House) -> Vec<FileVoice> {
    let shop = SiteKey::try_from("shop".to_owned()).unwrap();
    let of_shop = Identity::Visitor { site: shop, visitor_id: visitor(1), token: token(1) };
    let as_operator = Identity::Operator { token: token(1) };
    let Identity::Operator { token: of_operator } = house.owner.voice.who.clone() else { panic!() };
    let as_visitor = Identity::Visitor { site: SiteKey::main(), visitor_id: visitor(1), token: of_operator };
    vec![
        voice(1, 1, 2),
        voice(2, 1, 1),
        // A linked device's token is good on that device alone.
        voice(1, 11, 1),
        voice(1, 1, 111),
        voice(1, 99, 1),
        // Nobody has ever come as this one; a request does not take him in.
        voice(9, 9, 9),
        FileVoice { who: of_shop, device: device(1) },
        FileVoice { who: as_operator, device: device(1) },
        FileVoice { who: as_visitor, device: device(1) },
        session(&token(200), 50),
    ]
}

/// Every route refuses that voice, and tells nothing.
fn refused_everywhere(house: &mut House, voice: &FileVoice, secret: &Secret, message: MessageId) {
    let (now, forbidden) = (Timestamp(house.room.now), FileRefusal::Forbidden);
    let streams = [house.ann.stream(), house.ben.stream(), stream(visitor(9))];
    let room = &mut house.room;
    for stream in streams {
        assert_eq!(room.create(voice, &file(80, &stream)).unwrap_err(), forbidden);
    }
    assert_eq!(room.at(voice, secret).unwrap_err(), forbidden);
    assert_eq!(room.whole(voice, secret), Err(forbidden));
    assert_eq!(room.desk.drop_file(voice, secret, now), Err(forbidden));
    assert_eq!(room.read(voice, message), Err(forbidden));
}

#[test]
fn i14_threats_1_2_a_file_is_read_by_exactly_the_readers_of_its_message() {
    let mut house = House::new();
    for message in house.sent() {
        assert_eq!(house.readers(message), ["ann", "second", "owner", "sales"]);
    }
    house.room.upload(&voice_of(2), &file(72, &house.ben.stream()));
    let of_ben = house.room.carry(house.ben.conn, &house.ben.stream(), 72).unwrap();
    assert_eq!(house.readers(of_ben), ["ben", "owner", "support"]);
}

#[test]
fn s10_i13_reading_follows_the_groups_at_each_request() {
    let mut house = House::new();
    let [message, _] = house.sent();
    let moved = entry(&house.ann.stream(), 900, SendBody::Move { group: Some(GroupId(2)) });
    house.room.send(house.sales.conn, moved);
    assert_eq!(house.readers(message), ["ann", "second", "owner", "sales", "support"]);
    assert_eq!(house.senders(&house.ann.stream(), 81), ["ann", "second", "owner", "support"]);
    let (owner, sales) = (house.owner.conn, house.sales.id);
    place(&mut house.room, owner, sales, &[]);
    assert_eq!(house.senders(&house.ann.stream(), 82), ["ann", "second", "owner", "sales", "support"]);
    let support = house.support.id;
    place(&mut house.room, owner, support, &[1]);
    place(&mut house.room, owner, sales, &[2]);
    let closed = entry(&house.ben.stream(), 901, SendBody::Close {});
    house.room.send(owner, closed);
    assert_eq!(house.senders(&house.ben.stream(), 83), ["ben", "owner", "sales"]);
}

#[test]
fn threats_1_3_7_a_file_is_begun_in_ones_own_stream_alone() {
    let mut house = House::new();
    assert_eq!(house.senders(&house.ann.stream(), 80), ["ann", "second", "owner", "sales"]);
    let shop = SiteKey::try_from("shop".to_owned()).unwrap();
    for nowhere in [
        stream(visitor(9)),
        StreamId { audience: Audience::Internal, ..house.ann.stream() },
        StreamId { site: shop, ..house.ann.stream() },
    ] {
        assert!(house.senders(&nowhere, 80).is_empty(), "{nowhere:?}");
    }
    wants(&house.room.desk, &[file(80, &house.ann.stream()).digest], 4);
}

#[test]
fn threats_3_the_same_ids_on_another_site_are_somebody_else() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    drop(Room::with(setup()));
    let at = Location::File(folder.path().join("desk.db"));
    let db = deskbell_db::open(&at, None, MIGRATIONS).unwrap();
    db.execute("INSERT INTO sites (key) VALUES ('shop')", []).unwrap();
    drop(db);
    let mut room = Room::with(setup());
    let shop = SiteKey::try_from("shop".to_owned()).unwrap();
    let ann = room.visitor(1);
    let there = Identity::Visitor { site: shop.clone(), visitor_id: ann.visitor, token: token(1) };
    let conn = room.open();
    let hello = Hello { proto: PROTO, device_id: ann.device, who: there.clone(), cursors: vec![] };
    room.say(conn, ClientFrame::Hello(hello));
    assert!(room.bye(conn).is_none());
    let (elsewhere, new) = (FileVoice { who: there, device: ann.device }, file(90, &ann.stream()));
    let twin = StreamId { site: shop, ..ann.stream() };
    let place = room.create(&voice_of(1), &new).unwrap();
    assert_eq!(room.create(&elsewhere, &new).unwrap_err(), FileRefusal::Forbidden);
    assert_eq!(room.create(&voice_of(1), &file(91, &twin)).unwrap_err(), FileRefusal::Forbidden);
    assert_eq!(room.whole(&elsewhere, &place.secret), Err(FileRefusal::Expired));
    room.whole(&voice_of(1), &place.secret).unwrap();
    let other = room.create(&elsewhere, &file(90, &twin)).unwrap();
    assert_ne!(other.part, place.part);
    assert_eq!(room.carry(conn, &twin, 90), Err(NackCode::FileMissing), "its own is not whole");
    let message = room.carry(ann.conn, &ann.stream(), 90).unwrap();
    assert_eq!(room.read(&elsewhere, message), Err(FileRefusal::Forbidden));
    assert!(room.read(&voice_of(1), message).is_ok());
}

#[test]
fn threats_1_9_a_voice_that_is_not_right_hears_the_same_on_every_route() {
    let mut house = House::new();
    let [message, _] = house.sent();
    let secret = house.room.create(&voice_of(1), &file(90, &house.ann.stream())).unwrap().secret;
    for voice in strangers(&house) {
        refused_everywhere(&mut house, &voice, &secret, message);
    }
    assert_eq!(
        house.room.at(&voice_of(1), &secret).unwrap().stage,
        FileStage::UnderWay,
        "nothing was changed"
    );
    // Nobody came into being by asking.
    let nobody = Ask::Person { stream: stream(visitor(9)) };
    assert!(matches!(told(&mut house.room, house.owner.conn, nobody), Told::Refused { .. }));
}

#[test]
fn threats_1_no_other_id_leads_to_a_file() {
    let mut house = House::new();
    let [message, _] = house.sent();
    let log = house.room.log(house.ann.conn, &house.ann.stream());
    let others = log.iter().filter(|event| event.body.file().is_none()).map(|event| event.message_id.0);
    let (uid_of_it, device_of_it) = (uid(70).0, house.ann.device.0);
    let ids: Vec<Uuid> = others.chain([uid_of_it, device_of_it, Uuid::nil(), Uuid::max()]).collect();
    for id in ids {
        assert!(house.readers(MessageId(id)).is_empty());
    }
    assert_eq!(house.readers(message).len(), 4);
}

#[test]
fn threats_8_12_a_revoked_device_and_a_session_that_ended_have_no_voice_at_once() {
    let mut house = House::new();
    let [message, _] = house.sent();
    let second = voice(1, 11, 111);
    let secret = house.room.create(&second, &file(90, &house.ann.stream())).unwrap().secret;
    let revoke = Ask::Revoke { device: house.second.device };
    assert_eq!(told(&mut house.room, house.ann.conn, revoke), Told::Done {});
    refused_everywhere(&mut house, &second, &secret, message);
    let sales = house.sales.voice.clone();
    let secret = house.room.create(&sales, &file(91, &house.ann.stream())).unwrap().secret;
    house.room.say(house.sales.conn, ClientFrame::Ask { n: 9, ask: Ask::SignOut {} });
    refused_everywhere(&mut house, &sales, &secret, message);
    assert_eq!(house.readers(message), ["ann", "owner"]);
    // Signed in again on the same device, he goes on with what he had begun.
    house.room.pass(1_000);
    let again = clerk(&mut house.room, "sales", 61);
    assert_eq!(house.room.at(&again.voice, &secret).unwrap().stage, FileStage::UnderWay);
    assert!(house.room.read(&again.voice, message).is_ok());
}

#[test]
fn threats_40_a_secret_is_good_in_the_hands_of_its_own_device_alone() {
    let mut house = House::new();
    let new = file(90, &house.ann.stream());
    let place = house.room.create(&voice_of(1), &new).unwrap();
    let now = Timestamp(house.room.now);
    for (name, voice) in house.voices().into_iter().filter(|(name, _)| *name != "ann") {
        let room = &mut house.room;
        // The same as for a secret that leads nowhere.
        for secret in [&place.secret, &token(250)] {
            assert_eq!(room.at(&voice, secret).unwrap_err(), FileRefusal::Expired, "{name}");
            assert_eq!(room.whole(&voice, secret), Err(FileRefusal::Expired), "{name}");
            assert_eq!(room.desk.drop_file(&voice, secret, now), Err(FileRefusal::Expired), "{name}");
        }
    }
    let stand = house.room.at(&voice_of(1), &place.secret).unwrap();
    assert_eq!((stand.stage, stand.part), (FileStage::UnderWay, place.part), "nothing was changed");
    house.room.whole(&voice_of(1), &place.secret).unwrap();
    house.room.carry(house.ann.conn, &house.ann.stream(), 90).unwrap();
}

#[test]
fn threats_4_40_a_file_id_belongs_to_its_device_and_another_content_does_not_take_it_over() {
    let mut house = House::new();
    let new = file(90, &house.ann.stream());
    let place = house.room.create(&voice_of(1), &new).unwrap();
    let other = file(91, &house.ann.stream());
    for hijack in [
        NewFile { id: new.id, ..other },
        NewFile { size: SIZE + 1, ..new.clone() },
        NewFile { digest: FileDigest([9; 32]), ..new.clone() },
    ] {
        assert_eq!(house.room.create(&voice_of(1), &hijack).unwrap_err(), FileRefusal::Invalid);
    }
    let (owner, in_bens) = (house.owner.voice.clone(), file(90, &house.ben.stream()));
    let of_owner = house.room.create(&owner, &new).unwrap();
    assert_eq!(house.room.create(&owner, &in_bens).unwrap_err(), FileRefusal::Invalid, "another stream");
    // Others may use the same id; theirs is another upload.
    let second = house.room.create(&voice(1, 11, 111), &new).unwrap();
    let of_ben = house.room.create(&voice_of(2), &in_bens).unwrap();
    let mut parts = vec![place.part, second.part, of_ben.part, of_owner.part];
    parts.sort();
    parts.dedup();
    assert_eq!(parts.len(), 4);
    assert_eq!(house.room.at(&voice_of(1), &place.secret).unwrap().part, place.part);
    // What one device sent whole is not the other's to send.
    house.room.whole(&voice(1, 11, 111), &second.secret).unwrap();
    let stream = house.ann.stream();
    assert_eq!(house.room.carry(house.ann.conn, &stream, 90), Err(NackCode::FileMissing));
    house.room.carry(house.second.conn, &stream, 90).unwrap();
    assert_eq!(house.room.carry(house.ben.conn, &stream, 90), Err(NackCode::Forbidden));
}

#[test]
fn threats_3_40_a_file_goes_into_the_stream_for_which_it_was_announced() {
    let mut house = House::new();
    let owner = house.owner.clone();
    house.room.upload(&owner.voice, &file(90, &house.ann.stream()));
    let (anns, bens) = (house.ann.stream(), house.ben.stream());
    assert_eq!(house.room.carry(owner.conn, &bens, 90), Err(NackCode::FileMissing));
    let message = house.room.carry(owner.conn, &anns, 90).unwrap();
    assert_eq!(house.room.carry(owner.conn, &bens, 90), Err(NackCode::UidConflict));
    assert_eq!(house.readers(message), ["ann", "second", "owner", "sales"]);
}

#[test]
fn threats_40_who_claims_a_digest_gets_nothing_for_it() {
    let mut house = House::new();
    let [message, _] = house.sent();
    let known = file(70, &house.ann.stream()).digest;
    let claim = NewFile { digest: known, ..file(95, &house.ben.stream()) };
    let FilePlace { secret, stage, .. } = house.room.create(&voice_of(2), &claim).unwrap();
    assert_eq!(stage, FileStage::UnderWay, "all of it has to be sent");
    assert_eq!(house.room.carry(house.ben.conn, &house.ben.stream(), 95), Err(NackCode::FileMissing));
    assert_eq!(house.room.read(&voice_of(2), message), Err(FileRefusal::Forbidden));
    // Taking the claim back takes nothing from those who have the file.
    let Discard { parts, digests } =
        house.room.desk.drop_file(&voice_of(2), &secret, Timestamp(house.room.now)).unwrap();
    assert_eq!((parts.len(), digests.len()), (1, 0));
}

#[test]
fn threats_40_a_right_that_is_lost_midway_ends_the_upload_and_the_message() {
    // The chat goes to another group, or the operator does.
    for moves in [true, false] {
        let mut house = House::new();
        let (stream, sales) = (house.ann.stream(), house.sales.voice.clone());
        let secret = house.room.create(&sales, &file(90, &stream)).unwrap().secret;
        house.room.upload(&sales, &file(91, &stream));
        if moves {
            let moved = SendBody::Move { group: Some(GroupId(2)) };
            house.room.send(house.owner.conn, entry(&stream, 900, moved));
        } else {
            let (conn, id) = (house.owner.conn, house.sales.id);
            place(&mut house.room, conn, id, &[2]);
        }
        assert_eq!(house.room.at(&sales, &secret).unwrap_err(), FileRefusal::Forbidden);
        assert_eq!(house.room.whole(&sales, &secret), Err(FileRefusal::Forbidden));
        assert_eq!(house.room.carry(house.sales.conn, &stream, 91), Err(NackCode::Forbidden));
        assert_eq!(house.room.create(&sales, &file(90, &stream)).unwrap_err(), FileRefusal::Forbidden);
        assert!(house.room.log(house.ann.conn, &stream).iter().all(|event| event.body.file().is_none()));
        // He may still take it back, so that nothing of it stays.
        let gone = house.room.desk.drop_file(&sales, &secret, Timestamp(house.room.now)).unwrap();
        assert_eq!((gone.parts.len(), gone.digests.len()), (1, 1));
    }
}

#[test]
fn i14_an_operators_file_for_a_chat_that_ended_meanwhile_is_not_sent() {
    let mut house = House::new();
    let (stream, sales) = (house.ann.stream(), house.sales.voice.clone());
    house.room.upload(&sales, &file(90, &stream));
    house.room.send(house.ann.conn, entry(&stream, 5, SendBody::Close {}));
    assert_eq!(house.room.carry(house.sales.conn, &stream, 90), Err(NackCode::Stale));
    house.room.pass(25 * HOUR + 60_000);
    assert_eq!(house.room.sweep().0, 1, "nobody refers to it");
}
