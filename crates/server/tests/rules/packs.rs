//! Packs: who is told of one, who gets its bytes, how fast, and what settings have to do with it.

use std::sync::Arc;

use deskbell_server::desk::{Class, ConnId, DeskSetup, Input, SitePack};
use deskbell_server::{DeskLimits, Pace};
use deskbell_wire::limits::{FRAME_BYTES, PACK_BYTES, PACK_PART_BYTES};
use deskbell_wire::pack::decode_part;
use deskbell_wire::*;
use uuid::Uuid;

use crate::common::*;
use crate::office::*;

/// A pack of so many bytes; the machine believes who verified it.
fn pack(n: u8, bytes: usize) -> SitePack {
    let bytes: Vec<u8> = (0..bytes).map(|at| (at % 251) as u8 ^ n).collect();
    SitePack { digest: PackDigest([n; 32]), bytes: bytes.into() }
}

fn install(room: &mut Room, site: &str, pack: Option<SitePack>) {
    room.together(vec![Input::Pack { site: site.parse().unwrap(), pack }]);
}

/// What the visitor's form was told of the pack, frame by frame.
fn told(room: &Room, conn: ConnId) -> Vec<Option<u8>> {
    let frames = room.inbox.get(&conn).into_iter().flatten();
    let forms = frames.filter_map(|frame| match frame {
        DeskFrame::Form(form) => Some(form.pack.map(|pack| pack.digest.0[0])),
        _ => None,
    });
    forms.collect()
}

fn part(room: &mut Room, conn: ConnId, n: u8, from: usize) -> Result<Vec<u8>, Refusal> {
    let digest = PackDigest([n; 32]);
    let answer = ask(room, conn, Ask::Pack { digest, from: u32::try_from(from).unwrap() });
    match answer {
        Told::Pack { part, .. } => Ok(decode_part(&part).unwrap()),
        Told::Refused { code, .. } => Err(code),
        other => panic!("{other:?}"),
    }
}

/// The whole pack, part by part.
fn fetched(room: &mut Room, conn: ConnId, n: u8, bytes: usize) -> Vec<u8> {
    let mut have = vec![];
    while have.len() < bytes {
        have.extend(part(room, conn, n, have.len()).unwrap());
    }
    have
}

fn paced() -> Room {
    let limits = DeskLimits { visitor_parts: DeskLimits::default().visitor_parts, ..DeskLimits::unpaced() };
    Room::with(DeskSetup { limits, ..DeskSetup::default() })
}

#[test]
fn a_pack_is_told_to_who_is_there_and_to_who_comes_and_its_parts_make_it_whole() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    assert_eq!(told(&room, ann.conn), [None]);
    let first = pack(1, 2 * PACK_PART_BYTES + 5);
    install(&mut room, "main", Some(first.clone()));
    let late = room.visitor(2);
    assert_eq!((told(&room, ann.conn), told(&room, late.conn)), (vec![None, Some(1)], vec![Some(1)]));
    for conn in [ann.conn, late.conn] {
        assert_eq!(fetched(&mut room, conn, 1, first.bytes.len()), *first.bytes);
    }
    // From anywhere in it, not only from where a part of the desk's ends.
    assert_eq!(part(&mut room, ann.conn, 1, 7).unwrap(), first.bytes[7..7 + PACK_PART_BYTES]);
    assert_eq!(part(&mut room, ann.conn, 1, first.bytes.len() - 1).unwrap().len(), 1);
}

#[test]
fn the_pack_that_was_there_already_is_told_to_nobody_again_and_one_that_is_gone_at_once() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    install(&mut room, "main", Some(pack(1, 10)));
    install(&mut room, "main", Some(pack(1, 10)));
    room.pass(1_000);
    assert_eq!(told(&room, ann.conn), [None, Some(1)]);
    install(&mut room, "main", None);
    install(&mut room, "main", None);
    assert_eq!(told(&room, ann.conn), [None, Some(1), None]);
    assert_eq!(part(&mut room, ann.conn, 1, 0), Err(Refusal::Stale));
}

#[test]
fn another_pack_than_the_sites_own_is_stale_and_a_place_outside_it_invalid() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    assert_eq!(part(&mut room, ann.conn, 1, 0), Err(Refusal::Stale), "there is none");
    install(&mut room, "main", Some(pack(1, 100)));
    assert_eq!(part(&mut room, ann.conn, 2, 0), Err(Refusal::Stale));
    for from in [100, 101, u32::MAX as usize] {
        assert_eq!(part(&mut room, ann.conn, 1, from), Err(Refusal::Invalid), "{from}");
    }
    assert_eq!(part(&mut room, ann.conn, 1, 0).unwrap().len(), 100);
    install(&mut room, "main", Some(pack(2, 50)));
    assert_eq!(part(&mut room, ann.conn, 1, 0), Err(Refusal::Stale), "in the middle of fetching it");
    assert_eq!(part(&mut room, ann.conn, 2, 0).unwrap().len(), 50);
}

#[test]
fn s10_a_pack_is_given_to_visitors_alone() {
    let mut room = Room::new();
    install(&mut room, "main", Some(pack(1, 100)));
    let owner = room.operator(50);
    assert_eq!(part(&mut room, owner, 1, 0), Err(Refusal::Forbidden));
    let stranger = room.open();
    let question = Ask::Pack { digest: PackDigest([1; 32]), from: 0 };
    room.say(stranger, ClientFrame::Ask { n: 1, ask: question });
    assert_eq!(room.bye(stranger).unwrap().code, ByeCode::Protocol, "before hello");
}

/// A desk with a second site, `shop`.
fn two_sites(folder: &tempfile::TempDir) -> Room {
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    Room::with(setup()).desk.close(Timestamp(START)).unwrap();
    let desk = rusqlite::Connection::open(folder.path().join("desk.db")).unwrap();
    desk.execute("INSERT INTO sites (key) VALUES ('shop')", []).unwrap();
    drop(desk);
    Room::with(setup())
}

#[test]
fn threats_3_a_pack_is_told_and_given_to_visitors_of_its_own_site_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut room = two_sites(&folder);
    let ann = room.visitor(1);
    let ben = room.open();
    let (site, visitor_id, token) = ("shop".parse().unwrap(), visitor(2), token(2));
    let who = Identity::Visitor { site, visitor_id, token };
    room.say(ben, ClientFrame::Hello(Hello { proto: PROTO, device_id: device(2), who, cursors: vec![] }));
    install(&mut room, "shop", Some(pack(2, PACK_BYTES)));
    room.pass(250);
    assert_eq!((told(&room, ann.conn), told(&room, ben)), (vec![None], vec![None, Some(2)]));
    assert_eq!(
        part(&mut room, ann.conn, 2, 0),
        Err(Refusal::Stale),
        "she knows the digest, and is not of the shop"
    );
    // Two new packs at the same time: each is told its own.
    install(&mut room, "main", Some(pack(3, PACK_BYTES)));
    install(&mut room, "shop", Some(pack(4, PACK_BYTES)));
    room.pass(250);
    room.pass(250);
    assert_eq!(told(&room, ann.conn), [None, Some(3)]);
    assert_eq!(told(&room, ben), [None, Some(2), Some(4)]);
    assert!(part(&mut room, ann.conn, 3, 0).is_ok() && part(&mut room, ben, 4, 0).is_ok());
    assert_eq!(part(&mut room, ben, 3, 0), Err(Refusal::Stale));
    install(&mut room, "main", None);
    assert_eq!((told(&room, ann.conn).last(), told(&room, ben).last()), (Some(&None), Some(&Some(4))));
}

#[test]
fn threats_3_a_pack_of_a_site_that_the_desk_does_not_have_is_told_and_given_to_nobody() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    install(&mut room, "other", Some(pack(1, 100)));
    install(&mut room, "other", None);
    install(&mut room, "other", Some(pack(1, 100)));
    assert_eq!(told(&room, ann.conn), [None]);
    assert_eq!(part(&mut room, ann.conn, 1, 0), Err(Refusal::Stale));
}

#[test]
fn threats_2_settings_neither_set_a_pack_nor_lose_it_and_operators_are_not_told_of_it() {
    let mut room = Room::new();
    let (owner, ann) = (room.operator(50), room.visitor(1));
    let forged = Some(PackRef { digest: PackDigest([9; 32]), bytes: 1 });
    saved(&mut room, owner, |site| site.form.pack = forged);
    assert_eq!(told(&room, ann.conn), [None, None]);
    install(&mut room, "main", Some(pack(1, 100)));
    saved(&mut room, owner, |site| site.form.title = "Ask us".into());
    saved(&mut room, owner, |site| site.form.pack = forged);
    assert_eq!(told(&room, ann.conn), [None, None, Some(1), Some(1), Some(1)]);
    assert_eq!(settings(&room, owner).form.pack, None);
    assert_eq!(settings(&room, owner).form.title, "Ask us");
}

#[test]
fn threats_23_the_largest_pack_is_fetched_at_once_and_again_only_at_the_pace() {
    let mut room = paced();
    let ann = room.visitor(1);
    install(&mut room, "main", Some(pack(1, PACK_BYTES)));
    room.clear();
    assert_eq!(fetched(&mut room, ann.conn, 1, PACK_BYTES).len(), PACK_BYTES);
    // For ten seconds as fast as can be: what is left of the burst, and one every 20 ms.
    let mut bytes = 0;
    for _ in 0..10_000 {
        room.now += 1;
        bytes += part(&mut room, ann.conn, 1, 0).map_or(0, |part| part.len());
        room.clear();
    }
    let (left, more) = (600 - PACK_BYTES.div_ceil(PACK_PART_BYTES), 10_000 / 20);
    assert!((more..=left + more + 1).contains(&(bytes / PACK_PART_BYTES)), "{bytes} bytes");
    assert_eq!(part(&mut room, ann.conn, 1, 0), Err(Refusal::Rate));
    // Another visitor is not kept waiting by that, and neither are other questions.
    let bob = room.visitor(2);
    assert_eq!(part(&mut room, bob.conn, 1, 0).unwrap().len(), PACK_PART_BYTES);
    assert!(matches!(ask(&mut room, ann.conn, Ask::Devices {}), Told::Devices(_)));
}

#[test]
fn threats_23_what_is_refused_costs_as_much_as_what_is_given_and_a_new_connection_frees_nothing() {
    let limits = DeskLimits { visitor_parts: Pace::new(3, 1_000), ..DeskLimits::unpaced() };
    let mut room = Room::with(DeskSetup { limits, ..DeskSetup::default() });
    install(&mut room, "main", Some(pack(1, 100)));
    let ann = room.visitor(1);
    assert_eq!(part(&mut room, ann.conn, 2, 0), Err(Refusal::Stale));
    assert_eq!(part(&mut room, ann.conn, 1, 100), Err(Refusal::Invalid));
    assert!(part(&mut room, ann.conn, 1, 0).is_ok());
    assert_eq!(part(&mut room, ann.conn, 1, 0), Err(Refusal::Rate));
    let again = room.visitor(1);
    let second = room.visitor_on(1, 9);
    for conn in [again.conn, second.conn] {
        assert_eq!(part(&mut room, conn, 1, 0), Err(Refusal::Rate));
    }
    room.pass(1_000);
    assert!(part(&mut room, again.conn, 1, 0).is_ok());
}

#[test]
fn threats_23_all_visitors_of_an_address_share_a_pace_and_other_addresses_have_their_own() {
    let limits = DeskLimits { address_parts: Pace::new(3, 1_000), ..DeskLimits::unpaced() };
    let mut room = Room::with(DeskSetup { limits, ..DeskSetup::default() });
    install(&mut room, "main", Some(pack(1, 100)));
    for n in 1..=3 {
        let one = room.visitor(n);
        assert!(part(&mut room, one.conn, 1, 0).is_ok());
        // Who leaves and never wrote is forgotten; what was taken is not.
        room.close(one.conn);
    }
    let fourth = room.visitor(4);
    assert_eq!(part(&mut room, fourth.conn, 1, 0), Err(Refusal::Rate));
    let elsewhere = room.open_from("203.0.113.7".parse().unwrap());
    room.say(elsewhere, ClientFrame::Hello(hello(visitor(5), device(5), token(5))));
    assert!(part(&mut room, elsewhere, 1, 0).is_ok());
}

#[test]
fn threats_43_a_part_fits_into_a_frame_and_counts_as_an_answer() {
    let mut room = Room::new();
    install(&mut room, "main", Some(pack(1, PACK_BYTES)));
    let ann = room.visitor(1);
    room.clear();
    let question = Ask::Pack { digest: PackDigest([1; 32]), from: 0 };
    room.say(ann.conn, ClientFrame::Ask { n: u64::MAX, ask: question });
    let (_, frame, class) = room.order.pop().unwrap();
    assert!(encode(&frame).unwrap().len() <= FRAME_BYTES);
    assert_eq!(class, Class::Answer, "where even answers do not fit, the connection ends: memory is bounded");
}

/// So many visitors, each on a connection.
fn crowd(room: &mut Room, most: u128) -> Vec<ConnId> {
    let come = |n| {
        let conn = room.open();
        let visitor = VisitorId(Uuid::from_u128(0x9000 + n));
        room.say(conn, ClientFrame::Hello(hello(visitor, device(0x9000 + n), token(1))));
        conn
    };
    (0..most).map(come).collect()
}

#[test]
fn threats_23_a_new_pack_is_told_to_a_crowd_in_waves_and_to_everybody_once() {
    let mut room = Room::new();
    let all = crowd(&mut room, 300);
    let bytes = 2 * 1024 * 1024;
    room.clear();
    install(&mut room, "main", Some(pack(1, bytes)));
    let heard = |room: &Room| all.iter().filter(|conn| !told(room, **conn).is_empty()).count();
    let mut known = heard(&room);
    assert!((1..=3).contains(&known), "{known} at once");
    let began = room.now;
    while known < all.len() {
        let wakes = room.desk.wakes_at().expect("somebody is still to be told").0;
        assert!((room.now..=room.now + 250).contains(&wakes), "{} ms", wakes - room.now);
        room.pass(wakes - room.now);
        let more = heard(&room) - known;
        assert!(more * bytes <= 2 * 4 * 1024 * 1024, "{more} in one wave");
        known += more;
    }
    let seconds = (room.now - began) / 1_000;
    assert!((30..=40).contains(&seconds), "300 visitors and 2 MiB took {seconds} s");
    room.pass(10_000);
    assert!(all.iter().all(|conn| told(&room, *conn) == [Some(1)]), "everybody once");
}

#[test]
fn a_small_pack_reaches_a_crowd_at_once_and_one_that_is_replaced_meanwhile_is_not_told_any_more() {
    let mut room = Room::new();
    let all = crowd(&mut room, 100);
    room.clear();
    install(&mut room, "main", Some(pack(1, 20_000)));
    assert!(all.iter().all(|conn| told(&room, *conn) == [Some(1)]));
    room.clear();
    room.pass(250);
    install(&mut room, "main", Some(pack(2, PACK_BYTES)));
    // Who is gone by then holds nobody up.
    room.close(all[50]);
    install(&mut room, "main", Some(pack(3, 20_000)));
    room.pass(250);
    let last: Vec<_> = all.iter().filter(|conn| **conn != all[50]).map(|conn| told(&room, *conn)).collect();
    let once = |heard: &Vec<_>| heard.iter().filter(|pack| **pack == Some(3)).count() == 1;
    assert!(last.iter().all(|heard| once(heard) && heard.last() == Some(&Some(3))), "{last:?}");
    assert_eq!(last.iter().flatten().filter(|heard| **heard == Some(2)).count(), 1, "one had heard of it");
}

#[test]
fn threats_23_settings_that_are_saved_meanwhile_do_not_make_everybody_fetch_at_once() {
    let mut room = Room::new();
    let owner = room.operator(50);
    let all = crowd(&mut room, 20);
    install(&mut room, "main", Some(pack(1, 1_000)));
    install(&mut room, "main", Some(pack(2, PACK_BYTES)));
    room.pass(250);
    let has_heard = |room: &Room, conn: &ConnId| told(room, *conn).contains(&Some(2));
    let (knows, waits): (Vec<ConnId>, Vec<_>) = all.iter().partition(|conn| has_heard(&room, conn));
    assert_eq!((knows.len(), waits.len()), (1, 19));
    saved(&mut room, owner, |site| site.form.title = "Ask us".into());
    assert!(told(&room, knows[0]).ends_with(&[Some(2), Some(2)]));
    for conn in &waits {
        assert_eq!(told(&room, *conn), [None, Some(1), Some(1)], "the settings now, the pack in his turn");
    }
    for _ in 0..waits.len() {
        room.pass(250);
    }
    assert!(all.iter().all(|conn| told(&room, *conn).last() == Some(&Some(2))));
    install(&mut room, "main", None);
    saved(&mut room, owner, |site| site.form.title = "Ask me".into());
    assert!(all.iter().all(|conn| told(&room, *conn).ends_with(&[None, None])));
}

#[test]
fn a_clock_that_was_set_back_does_not_keep_a_pack_from_anybody() {
    let mut room = Room::new();
    let all = crowd(&mut room, 3);
    room.clear();
    install(&mut room, "main", Some(pack(1, PACK_BYTES)));
    room.now -= 3_600_000;
    for _ in 0..3 {
        room.pass(250);
    }
    assert!(all.iter().all(|conn| told(&room, *conn) == [Some(1)]));
}

#[test]
fn threats_9_a_packs_bytes_stand_in_no_log() {
    let pack = SitePack { digest: PackDigest([1; 32]), bytes: Arc::from(&b"secret words"[..]) };
    let input = Input::Pack { site: SiteKey::main(), pack: Some(pack) };
    let said = format!("{input:?}");
    assert!(!said.contains("secret") && !said.contains("115") && said.contains("12 bytes"), "{said}");
}
