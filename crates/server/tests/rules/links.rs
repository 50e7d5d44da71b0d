//! A visitor's devices: linking by a one-time code, the list, and rights that are taken away; in virtual time.

use std::net::{IpAddr, Ipv4Addr};

use crate::common::*;
use deskbell_server::desk::{ConnId, DeskSetup, Input};
use deskbell_server::{DeskLimits, Pace};
use deskbell_wire::limits::LINK_CODE_MS;
use deskbell_wire::*;

fn free() -> Room {
    let limits = DeskLimits { redeems: Pace::OFF, link_codes: Pace::OFF, ..DeskLimits::unpaced() };
    Room::with(DeskSetup { limits, ..DeskSetup::default() })
}

fn ask(room: &mut Room, conn: ConnId, ask: Ask) -> Option<Told> {
    room.clear();
    room.say(conn, ClientFrame::Ask { n: 7, ask });
    room.take(conn).into_iter().find_map(|frame| match frame {
        DeskFrame::Told { n: 7, told } => Some(told),
        _ => None,
    })
}

fn code(room: &mut Room, conn: ConnId) -> String {
    match ask(room, conn, Ask::LinkCode {}) {
        Some(Told::LinkCode { code, expires }) => {
            assert_eq!(expires, Timestamp(room.now + LINK_CODE_MS));
            code
        }
        other => panic!("{other:?}"),
    }
}

fn devices(room: &mut Room, conn: ConnId) -> Vec<DeviceRow> {
    match ask(room, conn, Ask::Devices {}) {
        Some(Told::Devices(rows)) => rows,
        other => panic!("{other:?}"),
    }
}

fn revoke(room: &mut Room, conn: ConnId, device: DeviceId) -> Option<Told> {
    ask(room, conn, Ask::Revoke { device })
}

fn refusal(told: Option<Told>) -> Option<Refusal> {
    match told {
        Some(Told::Refused { code, .. }) => Some(code),
        _ => None,
    }
}

fn redemption(d: u128, code: &str, t: u8) -> Redeem {
    let (device_id, code) = (device(d), Secretive(code.to_owned()));
    Redeem { proto: PROTO, device_id, site: SiteKey::main(), code, token: token(t) }
}

/// Tries a code on a new connection: that connection, and how it went.
fn redeem_from(room: &mut Room, address: IpAddr, redeem: Redeem) -> (ConnId, Result<VisitorId, ByeCode>) {
    let conn = room.open_from(address);
    room.say(conn, ClientFrame::Redeem(redeem));
    let answer = match room.take(conn).pop() {
        Some(DeskFrame::Linked(linked)) => Ok(linked.visitor_id),
        Some(DeskFrame::Bye(bye)) => Err(bye.code),
        other => panic!("{other:?}"),
    };
    (conn, answer)
}

fn redeem(room: &mut Room, d: u128, code: &str, t: u8) -> Result<VisitorId, ByeCode> {
    redeem_from(room, IpAddr::V4(Ipv4Addr::LOCALHOST), redemption(d, code, t)).1
}

/// Says hello as visitor `n` on device `d` with token `t`: the connection, or why not.
fn enter(room: &mut Room, n: u8, d: u128, t: u8) -> Result<ConnId, ByeCode> {
    let conn = room.open();
    room.say(conn, ClientFrame::Hello(hello(visitor(n.into()), device(d), token(t))));
    room.bye(conn).map_or(Ok(conn), |bye| Err(bye.code))
}

/// Visitor 1 on devices 1 (token 1) and 2 (token 2).
fn two_devices(room: &mut Room) -> (Device, ConnId) {
    let ann = room.visitor(1);
    let code = code(room, ann.conn);
    assert_eq!(redeem(room, 2, &code, 2), Ok(ann.visitor));
    let second = enter(room, 1, 2, 2).unwrap();
    (ann, second)
}

#[test]
fn a_code_links_a_device_and_the_same_connection_goes_on_as_the_visitor() {
    let mut room = free();
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("from the first")));
    let code = code(&mut room, ann.conn);
    assert_eq!(code.len(), 14, "{code}");
    let typed = code.to_lowercase().replace('-', " ");
    let (conn, answer) = redeem_from(&mut room, Ipv4Addr::LOCALHOST.into(), redemption(2, &typed, 2));
    assert_eq!(answer, Ok(ann.visitor));
    room.say(conn, ClientFrame::Hello(hello(ann.visitor, device(2), token(2))));
    assert!(matches!(room.take(conn)[0], DeskFrame::Welcome(_)));
    assert_eq!(words(&room.log(conn, &ann.stream())), ["from the first"]);
    room.clear();
    room.send(conn, entry(&ann.stream(), 1, text("from the second, with a uid that the first used")));
    assert_eq!(room.acks(conn).len(), 1);
    assert_eq!(room.events(ann.conn).len(), 1);
    assert!(!room.closed.contains(&ann.conn), "the first device stays");
}

#[test]
fn the_devices_are_listed_with_what_is_known_of_each() {
    let mut room = free();
    let ann = room.visitor(1);
    let alone = devices(&mut room, ann.conn);
    assert_eq!(alone.len(), 1);
    assert_eq!((alone[0].device_id, alone[0].connected), (device(1), true));
    // The row is written within a second; that is when the desk says it first saw the device.
    room.pass(1_000);
    room.pass(59_000);
    let code = code(&mut room, ann.conn);
    redeem(&mut room, 2, &code, 2).unwrap();
    let second = enter(&mut room, 1, 2, 2).unwrap();
    room.pass(5_000);
    room.close(second);
    let left = room.now;
    room.pass(60_000);
    let rows = devices(&mut room, ann.conn);
    let first = DeviceRow {
        device_id: device(1),
        linked: Timestamp(START + 1_000),
        seen: Timestamp(room.now),
        connected: true,
    };
    let second = DeviceRow {
        device_id: device(2),
        linked: Timestamp(START + 60_000),
        seen: Timestamp(left),
        connected: false,
    };
    assert_eq!(rows, [first, second]);
}

#[test]
fn linked_devices_and_their_tokens_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut room = Room::with(setup());
    let (ann, _) = two_devices(&mut room);
    let open = code(&mut room, ann.conn);
    room.desk.close(Timestamp(room.now)).unwrap();
    let mut room = Room::with(setup());
    assert!(enter(&mut room, 1, 1, 1).is_ok() && enter(&mut room, 1, 2, 2).is_ok());
    assert_eq!(redeem(&mut room, 3, &open, 3), Err(ByeCode::BadCode), "codes are in memory alone");
}

#[test]
fn threats_13_a_code_is_good_once() {
    let mut room = free();
    let ann = room.visitor(1);
    let code = code(&mut room, ann.conn);
    assert_eq!(redeem(&mut room, 2, &code, 2), Ok(ann.visitor));
    assert_eq!(redeem(&mut room, 2, &code, 2), Err(ByeCode::BadCode), "replayed by the same device");
    assert_eq!(redeem(&mut room, 3, &code, 3), Err(ByeCode::BadCode));
    assert_eq!(enter(&mut room, 1, 3, 3), Err(ByeCode::BadToken));
}

#[test]
fn threats_13_two_who_redeem_one_code_together_are_one_device() {
    let mut room = free();
    let ann = room.visitor(1);
    let code = code(&mut room, ann.conn);
    let (one, two) = (room.open(), room.open());
    let said = |conn, d, t| Input::Frame { conn, frame: ClientFrame::Redeem(redemption(d, &code, t)) };
    room.together(vec![said(one, 2, 2), said(two, 3, 3)]);
    assert!(matches!(room.take(one)[0], DeskFrame::Linked(_)));
    assert_eq!(room.bye(two).unwrap().code, ByeCode::BadCode);
    assert_eq!(devices(&mut room, ann.conn).len(), 2);
}

#[test]
fn threats_13_a_code_is_over_after_ten_minutes_and_a_new_one_replaces_it() {
    let mut room = free();
    let ann = room.visitor(1);
    let old = code(&mut room, ann.conn);
    room.pass(LINK_CODE_MS);
    assert_eq!(redeem(&mut room, 2, &old, 2), Err(ByeCode::BadCode), "ten minutes are over");
    let first = code(&mut room, ann.conn);
    let second = code(&mut room, ann.conn);
    assert_eq!(redeem(&mut room, 2, &first, 2), Err(ByeCode::BadCode), "replaced");
    room.pass(LINK_CODE_MS - 1);
    assert_eq!(redeem(&mut room, 2, &second, 2), Ok(ann.visitor), "to the last millisecond");
}

#[test]
fn threats_3_a_code_of_another_site_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("desk.db");
    let limits = DeskLimits { redeems: Pace::OFF, ..DeskLimits::unpaced() };
    let setup = || DeskSetup { file: Some(file.clone()), limits: limits.clone(), ..DeskSetup::default() };
    Room::with(setup()).desk.close(Timestamp(START)).unwrap();
    let desk = rusqlite::Connection::open(&file).unwrap();
    desk.execute("INSERT INTO sites (key) VALUES ('shop')", []).unwrap();
    drop(desk);
    let mut room = Room::with(setup());
    let ann = room.visitor(1);
    let code = code(&mut room, ann.conn);
    for (site, expected) in [("shop", ByeCode::BadCode), ("nowhere", ByeCode::NoSite)] {
        let elsewhere = Redeem { site: site.parse().unwrap(), ..redemption(2, &code, 2) };
        let (_, answer) = redeem_from(&mut room, Ipv4Addr::LOCALHOST.into(), elsewhere);
        assert_eq!(answer, Err(expected));
    }
    assert_eq!(redeem(&mut room, 2, &code, 2), Ok(ann.visitor), "the tries spent nothing");
}

#[test]
fn threats_10_a_storm_of_guesses_is_hopeless_and_stops_nobody_else() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    let code = code(&mut room, ann.conn);
    let eve = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));
    let (mut wrong, mut limited) = (0, 0);
    for n in 0..10_000_u32 {
        let guess: String =
            (0..12).map(|at| char::from(b'A' + u8::try_from((n >> at) & 7).unwrap())).collect();
        match redeem_from(&mut room, eve, redemption(9, &guess, 9)).1 {
            Err(ByeCode::BadCode) => wrong += 1,
            Err(ByeCode::Limit) => limited += 1,
            other => panic!("{other:?}"),
        }
        room.now += 50;
    }
    assert_eq!((wrong, limited), (6, 9_994), "five, and one more in the five minutes after them");
    let right = redeem_from(&mut room, eve, redemption(9, &code, 9)).1;
    assert_eq!(right, Err(ByeCode::Limit), "over the limit even the right one tells nothing");
    assert!(redeem(&mut room, 2, &code, 2).is_ok(), "from elsewhere it is good");
}

#[test]
fn threats_22_codes_are_made_at_a_pace() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    let made = (0..100).filter(|_| ask(&mut room, ann.conn, Ask::LinkCode {}).is_some_and(is_code)).count();
    assert!((1..=20).contains(&made), "{made}");
    assert_eq!(refusal(ask(&mut room, ann.conn, Ask::LinkCode {})), Some(Refusal::Rate));
    room.pass(60_000);
    assert!(ask(&mut room, ann.conn, Ask::LinkCode {}).is_some_and(is_code));
}

fn is_code(told: Told) -> bool {
    matches!(told, Told::LinkCode { .. })
}

#[test]
fn threats_23_a_visitor_has_ten_devices_at_most() {
    let mut room = free();
    let ann = room.visitor(1);
    for n in 2..=10 {
        let code = code(&mut room, ann.conn);
        redeem(&mut room, n.into(), &code, n).unwrap();
    }
    assert_eq!(refusal(ask(&mut room, ann.conn, Ask::LinkCode {})), Some(Refusal::Invalid));
    assert_eq!(revoke(&mut room, ann.conn, device(10)), Some(Told::Done {}));
    assert!(ask(&mut room, ann.conn, Ask::LinkCode {}).is_some_and(is_code));
}

#[test]
fn threats_12_a_token_is_good_for_its_own_device_alone() {
    let mut room = free();
    two_devices(&mut room);
    assert_eq!(enter(&mut room, 1, 9, 2), Err(ByeCode::BadToken), "copied to another device");
    assert_eq!(enter(&mut room, 1, 1, 2), Err(ByeCode::BadToken));
    assert_eq!(enter(&mut room, 1, 2, 1), Err(ByeCode::BadToken));
    assert_eq!(enter(&mut room, 1, 9, 1), Err(ByeCode::BadToken), "the first device's, too");
    assert!(enter(&mut room, 1, 1, 1).is_ok() && enter(&mut room, 1, 2, 2).is_ok());
}

#[test]
fn threats_12_with_the_first_link_a_copied_token_loses_its_connection() {
    let mut room = free();
    let (ann, copy) = (room.visitor(1), room.visitor_on(1, 9));
    let code = code(&mut room, ann.conn);
    room.clear();
    redeem(&mut room, 2, &code, 2).unwrap();
    assert_eq!(room.bye(copy.conn).unwrap().code, ByeCode::BadToken);
    assert!(!room.closed.contains(&ann.conn));
}

#[test]
fn threats_8_a_revoked_devices_live_socket_is_closed_at_once() {
    let mut room = free();
    let (ann, second) = two_devices(&mut room);
    room.clear();
    let at = room.now;
    room.together(vec![
        Input::Frame {
            conn: ann.conn,
            frame: ClientFrame::Ask { n: 1, ask: Ask::Revoke { device: device(2) } },
        },
        Input::Frame { conn: second, frame: ClientFrame::Send(entry(&ann.stream(), 5, text("too late"))) },
    ]);
    assert_eq!(room.now, at, "no second passes: not even a millisecond");
    assert_eq!(room.bye(second).unwrap().code, ByeCode::BadToken);
    assert!(room.closed.contains(&second));
    assert!(room.take(ann.conn).contains(&DeskFrame::Told { n: 1, told: Told::Done {} }));
    assert!(room.log(ann.conn, &ann.stream()).is_empty(), "what it says after that is not heard");
    assert_eq!(enter(&mut room, 1, 2, 2), Err(ByeCode::BadToken));
    assert_eq!(devices(&mut room, ann.conn).len(), 1);
}

#[test]
fn threats_8_a_right_that_was_taken_stays_taken_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut room = Room::with(setup());
    let (_, second) = two_devices(&mut room);
    assert_eq!(revoke(&mut room, second, device(1)), Some(Told::Done {}), "the first device, too");
    assert_eq!(enter(&mut room, 1, 1, 1), Err(ByeCode::BadToken));
    room.desk.close(Timestamp(room.now)).unwrap();
    let mut room = Room::with(setup());
    assert_eq!(enter(&mut room, 1, 1, 1), Err(ByeCode::BadToken));
    assert!(enter(&mut room, 1, 2, 2).is_ok());
}

#[test]
fn threats_8_a_revoked_device_cannot_come_back_with_a_code_that_it_still_shows() {
    let mut room = free();
    let (ann, second) = two_devices(&mut room);
    let kept = code(&mut room, second);
    assert_eq!(revoke(&mut room, ann.conn, device(2)), Some(Told::Done {}));
    assert_eq!(redeem(&mut room, 2, &kept, 2), Err(ByeCode::BadCode));
    let fresh = code(&mut room, ann.conn);
    assert_eq!(redeem(&mut room, 2, &fresh, 4), Ok(ann.visitor), "with a new code it may");
    assert_eq!(enter(&mut room, 1, 2, 2), Err(ByeCode::BadToken), "and not with its old token");
    assert!(enter(&mut room, 1, 2, 4).is_ok());
}

#[test]
fn a_device_revokes_neither_itself_nor_what_is_not_there() {
    let mut room = free();
    let ann = room.visitor(1);
    assert_eq!(refusal(revoke(&mut room, ann.conn, device(1))), Some(Refusal::Invalid), "the last one");
    let (ann, second) = two_devices(&mut room);
    assert_eq!(refusal(revoke(&mut room, second, device(2))), Some(Refusal::Invalid));
    assert_eq!(refusal(revoke(&mut room, second, device(77))), Some(Refusal::Invalid));
    let eve = room.visitor(5);
    assert_eq!(
        refusal(revoke(&mut room, eve.conn, device(2))),
        Some(Refusal::Invalid),
        "threats 1: not hers"
    );
    assert_eq!(devices(&mut room, ann.conn).len(), 2);
    let own = code(&mut room, ann.conn);
    assert_eq!(redeem(&mut room, 1, &own, 9), Err(ByeCode::BadCode), "its own code links it to nobody");
}

#[test]
fn threats_2_an_operator_asks_for_no_visitors_devices() {
    let mut room = free();
    let operator = room.operator(50);
    for question in [Ask::LinkCode {}, Ask::Devices {}, Ask::Revoke { device: device(1) }] {
        assert_eq!(refusal(ask(&mut room, operator, question)), Some(Refusal::Forbidden));
    }
}

#[test]
fn threats_2_a_code_is_redeemed_first_or_never() {
    let mut room = free();
    let ann = room.visitor(1);
    let code = code(&mut room, ann.conn);
    room.say(ann.conn, ClientFrame::Redeem(redemption(1, &code, 3)));
    assert_eq!(room.bye(ann.conn).unwrap().code, ByeCode::Protocol);
    let (conn, answer) = redeem_from(&mut room, Ipv4Addr::LOCALHOST.into(), redemption(2, &code, 2));
    assert_eq!(answer, Ok(ann.visitor));
    room.say(conn, ClientFrame::Ping { n: 1 });
    assert_eq!(room.bye(conn).unwrap().code, ByeCode::Protocol, "hello comes next");
}

#[test]
fn s5_a_link_that_was_not_written_is_not_told() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    let failing = Arc::new(AtomicBool::new(false));
    let hook = failing.clone();
    let faults = move || match hook.load(Ordering::Relaxed) {
        true => deskbell_server::Fault::Lost,
        false => deskbell_server::Fault::None,
    };
    let mut room = Room::with(DeskSetup { faults: Some(Arc::new(faults)), ..unpaced() });
    let ann = room.visitor(1);
    room.pass(2_000);
    let code = code(&mut room, ann.conn);
    failing.store(true, Ordering::Relaxed);
    assert_eq!(redeem(&mut room, 2, &code, 2), Err(ByeCode::Limit));
    failing.store(false, Ordering::Relaxed);
    room.pass(5_000);
    assert_eq!(enter(&mut room, 1, 2, 2), Err(ByeCode::BadToken));
    assert_eq!(redeem(&mut room, 2, &code, 2), Ok(ann.visitor), "and the code is not spent");
}
