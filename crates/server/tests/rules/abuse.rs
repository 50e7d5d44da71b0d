//! What is tried against a desk (design: threats), on the machine itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::common::*;
use deskbell_server::desk::{DeskSetup, Input};
use deskbell_server::{DeskLimits, Pace};
use deskbell_wire::*;
use proptest::prelude::*;

#[test]
fn threats_1_a_foreign_stream_looks_like_one_that_is_not_there() {
    let mut room = Room::new();
    let (ann, eve) = (room.visitor(1), room.visitor(2));
    room.send(ann.conn, entry(&ann.stream(), 1, text("private")));
    let missing = stream(visitor(99));
    let internal = StreamId { audience: Audience::Internal, ..eve.stream() };
    let elsewhere = StreamId { site: "shop".parse().unwrap(), ..ann.stream() };
    room.clear();
    for target in [ann.stream(), missing, internal, elsewhere] {
        room.say(eve.conn, ClientFrame::Snapshot(Snapshot { stream: target.clone(), tail: 10 }));
        let fetch = Fetch { stream: target.clone(), from: Bound::After(0), limit: 10 };
        room.say(eve.conn, ClientFrame::Fetch(fetch));
        let empty =
            Page { stream: target.clone(), epoch: room.desk.epoch(), base: 0, events: vec![], head: 0 };
        assert_eq!(room.take(eve.conn), [DeskFrame::Page(empty.clone()), DeskFrame::Page(empty)]);
        for body in [text("x"), SendBody::Start {}, SendBody::Close {}] {
            room.send(eve.conn, entry(&target, 7, body));
            assert_eq!(room.nacks(eve.conn)[0].code, NackCode::Forbidden);
            room.clear();
        }
        room.say(eve.conn, ClientFrame::Mark(Mark { stream: target.clone(), kind: MarkKind::Read, seq: 1 }));
        room.say(
            eve.conn,
            ClientFrame::Ephemeral(Ephemeral { stream: target, typing: true, text: "x".into() }),
        );
        assert!(room.inbox.is_empty());
    }
    let cursor = Cursor { epoch: room.desk.epoch(), seq: 1, message_id: MessageId(uuid::Uuid::nil()) };
    let spy = room.open();
    let cursors = vec![StreamCursor { stream: ann.stream(), cursor }];
    room.say(spy, ClientFrame::Hello(Hello { cursors, ..hello(visitor(2), device(8), token(2)) }));
    let frames = room.take(spy);
    let DeskFrame::Welcome(welcome) = &frames[0] else { panic!("{frames:?}") };
    assert_eq!(welcome.heads.len(), 1, "his own stream alone");
}

#[test]
fn threats_2_a_visitor_has_no_operators_verbs() {
    let mut room = Room::new();
    for frame in [
        ClientFrame::Watch(Watch { list: ListName::Visitors, limit: 10 }),
        ClientFrame::Status(OperatorStatus::Online),
        ClientFrame::Hello(hello(visitor(1), device(1), token(1))),
    ] {
        let eve = room.visitor(1);
        room.say(eve.conn, frame);
        assert_eq!(room.bye(eve.conn).unwrap().code, ByeCode::Protocol);
    }
}

#[test]
fn threats_4_anothers_uid_tells_nothing() {
    let mut room = Room::new();
    let operator = room.operator(50);
    let (ann, eve) = (room.visitor(1), room.visitor_on(2, 1));
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    // Eve even has a device of the same id.
    room.send(eve.conn, entry(&eve.stream(), 1, text("a")));
    let ack = &room.acks(eve.conn)[0];
    assert_eq!((ack.dup, ack.stream.clone()), (false, eve.stream()));
    assert!(room.events(operator).iter().all(|event| event.uid.is_none()), "uids go to their authors alone");
    let own: Vec<_> = room.events(ann.conn).iter().filter_map(|event| event.uid).collect();
    assert_eq!(own, [uid(1)]);
    let twin = room.visitor_on(1, 9);
    assert!(room.log(twin.conn, &ann.stream()).iter().all(|event| event.uid.is_none()));
}

#[test]
fn threats_4_a_foreign_token_is_refused() {
    let mut room = Room::new();
    room.visitor(1);
    let eve = room.open();
    room.say(eve, ClientFrame::Hello(hello(visitor(1), device(9), token(2))));
    assert_eq!(room.bye(eve).unwrap().code, ByeCode::BadToken);
    let eve = room.open();
    let who = Identity::Operator { token: token(1) };
    room.say(eve, ClientFrame::Hello(Hello { who, ..hello(visitor(1), device(9), token(2)) }));
    assert_eq!(room.bye(eve).unwrap().code, ByeCode::BadToken, "a visitor's token is no operator's");
}

#[test]
fn threats_4_a_registration_survives_a_restart_and_is_idempotent() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut room = Room::with(setup());
    room.visitor(1);
    room.visitor(1);
    room.pass(1_000);
    let mut room = Room::with(setup());
    let eve = room.open();
    room.say(eve, ClientFrame::Hello(hello(visitor(1), device(9), token(2))));
    assert_eq!(room.bye(eve).unwrap().code, ByeCode::BadToken);
    let ann = room.visitor(1);
    assert!(room.bye(ann.conn).is_none());
}

#[test]
fn threats_6_author_and_time_are_the_desks() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    room.now += 5_000;
    let forged = Entry { created_at: Timestamp(0), ..entry(&ann.stream(), 1, text("a")) };
    room.send(ann.conn, forged);
    for event in room.log(ann.conn, &ann.stream()) {
        assert_eq!((event.author, event.ts), (Author::Visitor, Timestamp(START + 5_000)));
    }
}

#[test]
fn i13_s10_threats_8_another_password_ends_all_sessions_at_once() {
    let mut room = Room::new();
    room.desk.add_operator("Ann", "ann", "$hash", Timestamp(room.now)).unwrap();
    let first = room.operator(50);
    let second = room.operator(51);
    let (_, token) = room.desk.local_session(device(52), Timestamp(room.now)).unwrap();
    let ann = room.visitor(1);
    room.clear();
    room.desk.set_password("ann", "$other", Timestamp(room.now)).unwrap();
    room.together(vec![Input::Frame {
        conn: first,
        frame: ClientFrame::Send(entry(&ann.stream(), 1, SendBody::Close {})),
    }]);
    for conn in [first, second] {
        assert_eq!(room.bye(conn).unwrap().code, ByeCode::BadToken);
    }
    room.clear();
    let stolen = room.operator_with(52, token, vec![]);
    assert_eq!(room.bye(stolen).unwrap().code, ByeCode::BadToken);
    room.send(ann.conn, entry(&ann.stream(), 1, text("secret")));
    assert!(!room.inbox.contains_key(&first) && !room.inbox.contains_key(&second));
}

fn sign_in(login: &str, password: &str) -> ClientFrame {
    let (login, password) = (login.to_owned(), password.to_owned());
    ClientFrame::SignIn(SignIn { proto: PROTO, device_id: device(1), login, password })
}

/// What came of a try: `None` when the password was compared.
fn attempt(room: &mut Room, from: IpAddr, login: &str, right: bool) -> Option<ByeCode> {
    let conn = room.open_from(from);
    room.say(conn, sign_in(login, "x"));
    if let Some(bye) = room.bye(conn) {
        return Some(bye.code);
    }
    assert_eq!(room.verify.pop().unwrap().0, conn);
    room.together(vec![Input::Verified { conn, right: Some(right) }]);
    let outcome = room.take(conn);
    if right {
        assert!(matches!(outcome[0], DeskFrame::SignedIn(_)));
    } else {
        assert!(matches!(&outcome[0], DeskFrame::Bye(bye) if bye.code == ByeCode::BadCredentials));
    }
    room.close(conn);
    None
}

#[test]
fn threats_10_guessing_is_slow_and_the_owner_still_enters() {
    let mut room = Room::new();
    room.desk.add_operator("Ann", "ann", "$hash", Timestamp(room.now)).unwrap();
    let home = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));
    assert_eq!(attempt(&mut room, home, "ann", true), None);
    // 10,000 tries from 2,000 addresses: the account lets five through, and then one in five minutes.
    let mut compared = 0;
    for n in 0..10_000_u32 {
        let from = IpAddr::V4(Ipv4Addr::from(0x0a00_0000 + n / 5));
        compared += u32::from(attempt(&mut room, from, "ann", false).is_none());
        room.now += 60;
    }
    assert!((5..=4 + 1 + 2).contains(&compared), "{compared} passwords were compared in ten minutes");
    assert_eq!(attempt(&mut room, home, "ann", true), None, "never a hard lock");
    // From one address, over many accounts: five, and then one in five minutes.
    let from = IpAddr::V6("2001:db8::".parse().unwrap());
    let tries = (0..50).filter(|n| attempt(&mut room, from, &format!("login{n}"), false).is_none());
    assert_eq!(tries.count(), 5);
    let neighbour = IpAddr::V6("2001:db8::ffff".parse().unwrap());
    assert_eq!(attempt(&mut room, neighbour, "other", false), Some(ByeCode::Limit), "a /64 is one address");
    room.now += 300_000;
    assert_eq!(attempt(&mut room, from, "login1", false), None);
}

#[test]
fn threats_10_guessing_from_where_the_owner_is_known_is_bounded_too() {
    let mut room = Room::new();
    room.desk.add_operator("Ann", "ann", "$hash", Timestamp(room.now)).unwrap();
    let home = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));
    assert_eq!(attempt(&mut room, home, "ann", true), None);
    let compared = (0..100).filter(|_| attempt(&mut room, home, "ann", false).is_none()).count();
    assert!(compared <= 20, "{compared}");
}

#[test]
fn threats_11_an_unknown_account_is_answered_like_a_wrong_password() {
    let mut room = Room::new();
    room.desk.add_operator("Ann", "ann", "$argon2id$known", Timestamp(room.now)).unwrap();
    room.desk.add_operator("Owner", "", "", Timestamp(room.now)).unwrap();
    for login in ["ann", "nobody", ""] {
        let conn = room.open();
        room.say(conn, sign_in(login, "x"));
        let (_, password, hash) = room.verify.pop().unwrap();
        assert_eq!(
            (password.as_str(), &hash[..9]),
            ("x", "$argon2id"),
            "{login:?}: always compared, always argon2id"
        );
        // Even if the comparison said yes for an account that is not there.
        let right = login != "ann";
        room.together(vec![Input::Verified { conn, right: Some(right) }]);
        let frames = room.take(conn);
        let same = Bye { code: ByeCode::BadCredentials, retry_after: None, moved: None };
        assert_eq!(frames, [DeskFrame::Bye(same)]);
    }
}

#[test]
fn threats_9_what_goes_in_and_out_hides_its_secrets() {
    let mut room = Room::new();
    let conn = room.open();
    let mut inputs = vec![Input::Frame { conn, frame: sign_in("login-canary", "password-canary") }];
    let mut shown = format!("{inputs:?}");
    shown += &format!("{:?}", room.desk.handle(&mut inputs, Timestamp(room.now)).collect::<Vec<_>>());
    let ann = room.visitor(1);
    let mut inputs = vec![Input::Frame {
        conn: ann.conn,
        frame: ClientFrame::Send(entry(&ann.stream(), 1, text("word-canary"))),
    }];
    shown += &format!("{inputs:?}");
    shown += &format!("{:?}", room.desk.handle(&mut inputs, Timestamp(room.now)).collect::<Vec<_>>());
    assert!(shown.contains("Verify") && shown.contains("Frame") && !shown.contains("canary"), "{shown}");
}

#[test]
fn threats_10_only_so_many_passwords_wait() {
    let mut room = Room::new();
    let conn = room.open();
    room.say(conn, sign_in("ann", "x"));
    room.together(vec![Input::Verified { conn, right: None }]);
    assert_eq!(room.bye(conn).unwrap().code, ByeCode::Limit);
    assert!(room.bye(conn).unwrap().retry_after.is_some());
}

#[test]
fn threats_22_a_flood_is_slowed_per_visitor_and_per_address() {
    let limits = DeskLimits {
        visitor_entries: Pace::new(10, 1_000),
        address_entries: Pace::new(25, 100),
        ..DeskLimits::unpaced()
    };
    let mut room = Room::with(DeskSetup { limits, ..unpaced() });
    let ann = room.visitor(1);
    let mut taken = 0;
    for n in 0..1_000 {
        room.now += 1;
        room.send(ann.conn, entry(&ann.stream(), n, text("x")));
    }
    assert_eq!(room.acks(ann.conn).len(), 10);
    let nack = room.nacks(ann.conn).pop().unwrap();
    assert_eq!((nack.code, nack.fatal), (NackCode::Rate, false));
    assert!((1..=1_000).contains(&nack.retry_after.unwrap()), "{nack:?}");
    room.now += 1_000;
    room.clear();
    room.send(ann.conn, entry(&ann.stream(), 2_000, text("x")));
    // What is known already costs nothing.
    for _ in 0..20 {
        room.send(ann.conn, entry(&ann.stream(), 0, text("x")));
    }
    assert_eq!(room.acks(ann.conn).len(), 21);
    // Many visitors of one address share what the address may.
    for v in 10..30 {
        let conn = room.visitor(v);
        for n in 0..5 {
            room.send(conn.conn, entry(&conn.stream(), n, text("x")));
        }
        taken += room.acks(conn.conn).len();
    }
    assert!(taken <= 25, "{taken}");
}

#[test]
fn threats_23_one_address_registers_so_many_visitors() {
    let limits = DeskLimits { registrations: Pace::new(5, 1_000), ..DeskLimits::unpaced() };
    let mut room = Room::with(DeskSetup { limits, ..unpaced() });
    let (mut let_in, from) = (0, IpAddr::V6(Ipv6Addr::LOCALHOST));
    for n in 0..20 {
        let conn = room.open_from(from);
        room.say(conn, ClientFrame::Hello(hello(visitor(n), device(n), token(1))));
        let_in += usize::from(room.bye(conn).is_none());
    }
    assert_eq!(let_in, 5);
    let known = room.open_from(from);
    room.say(known, ClientFrame::Hello(hello(visitor(0), device(0), token(1))));
    assert!(room.bye(known).is_none(), "who is known comes in");
}

#[test]
fn threats_limits_of_devices() {
    let mut room = Room::new();
    for d in 0..3 {
        let device = room.visitor_on(1, d);
        assert!(room.bye(device.conn).is_none());
    }
    let fourth = room.visitor_on(1, 4);
    assert_eq!(room.bye(fourth.conn).unwrap().code, ByeCode::Limit);
    assert!(room.bye(fourth.conn).unwrap().retry_after.is_some());
    let again = room.visitor_on(1, 2);
    assert!(room.bye(again.conn).is_none(), "a device that comes back takes its own place");
    let operators: Vec<_> = (50..56).map(|d| room.operator(d)).collect();
    let refused: Vec<_> = operators.iter().map(|conn| room.closed.contains(conn)).collect();
    assert_eq!(refused, [false, false, false, false, false, true]);
}

#[test]
fn threats_24_what_is_out_of_order_or_no_frame_ends_the_connection() {
    let mut room = Room::new();
    let strangers: Vec<ClientFrame> = vec![
        ClientFrame::Ping { n: 1 },
        ClientFrame::Send(entry(&stream(visitor(1)), 1, text("x"))),
        ClientFrame::Fetch(Fetch { stream: stream(visitor(1)), from: Bound::After(0), limit: 1 }),
    ];
    for frame in strangers {
        let conn = room.open();
        room.say(conn, frame);
        assert_eq!(room.bye(conn).unwrap().code, ByeCode::Protocol);
    }
    let conn = room.open();
    room.together(vec![Input::Malformed { conn }]);
    assert_eq!(room.bye(conn).unwrap().code, ByeCode::Protocol);
    for (hello, code) in [
        (Hello { proto: 99, ..hello(visitor(1), device(1), token(1)) }, ByeCode::Version),
        (
            Hello {
                who: Identity::Visitor {
                    site: "shop".parse().unwrap(),
                    visitor_id: visitor(1),
                    token: token(1),
                },
                ..hello(visitor(1), device(1), token(1))
            },
            ByeCode::NoSite,
        ),
    ] {
        let conn = room.open();
        room.say(conn, ClientFrame::Hello(hello));
        assert_eq!(room.bye(conn).unwrap().code, code);
    }
    assert_eq!(room.desk.connections(), 0);
}

#[test]
fn threats_25_strangers_strings_are_only_ever_values() {
    let mut room = Room::new();
    let ann = room.visitor(1);
    let corpus = [
        "'; DROP TABLE messages; --",
        "\" OR 1=1",
        "%_%",
        "\u{202e}txt.exe",
        "<script>",
        "\u{1F514}",
        "a\r\nb",
    ];
    for (n, words) in corpus.iter().enumerate() {
        room.send(ann.conn, entry(&ann.stream(), n as u128, text(words)));
    }
    assert_eq!(words(&room.log(ann.conn, &ann.stream())), corpus);
    let conn = room.open();
    room.say(conn, sign_in("' OR login <> '' --", "x"));
    assert_eq!(&room.verify[0].2[..9], "$argon2id", "compared with what fits nothing");
}

/// Everything that a client may do, from any device, in any order.
fn any_step() -> impl Strategy<Value = (u8, u8, u8, bool)> {
    (0..4_u8, 0..9_u8, 0..6_u8, any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// I2, I4, I6, I8: whatever comes, in whatever batches, logs are dense and alike, and no uid is in them twice.
    #[test]
    fn i2_i4_i6_any_order_of_frames_leaves_one_dense_log(steps in proptest::collection::vec(any_step(), 1..120)) {
        let mut room = Room::new();
        let operator = room.operator(50);
        let mut devices = [room.visitor_on(1, 1), room.visitor_on(1, 2), room.visitor_on(2, 1)];
        let mut waiting: Vec<Input> = vec![];
        for (who, what, n, together) in steps {
            let target = devices[usize::from(n) % 3].stream();
            let conn = devices.get(usize::from(who)).map_or(operator, |device| device.conn);
            let own = devices.get(usize::from(who)).map_or(target, Device::stream);
            let body = match what {
                0..=3 => text(&format!("{who}{n}")),
                4 => SendBody::Start {},
                _ => SendBody::Close {},
            };
            let frame = match what {
                6 => ClientFrame::Mark(Mark { stream: own, kind: MarkKind::Read, seq: n.into() }),
                7 => ClientFrame::Snapshot(Snapshot { stream: own, tail: n.into() }),
                8 if usize::from(who) < 3 => {
                    room.together(std::mem::take(&mut waiting));
                    let old = devices[usize::from(who)];
                    let owner = if who == 2 { 2 } else { 1 };
                    devices[usize::from(who)] = room.visitor_on(owner, old.device.0.as_u128() - 0x2000);
                    continue;
                }
                _ => {
                    let prev_uid = (n % 2 == 1).then(|| uid(u128::from(what) * 10 + u128::from(n) - 1));
                    ClientFrame::Send(Entry { prev_uid, ..entry(&own, u128::from(what) * 10 + u128::from(n), body) })
                }
            };
            waiting.push(Input::Frame { conn, frame });
            if !together {
                room.together(std::mem::take(&mut waiting));
            }
        }
        room.together(waiting);
        for (device, twin) in [(devices[0], devices[1]), (devices[2], devices[2])] {
            let log = room.log(device.conn, &device.stream());
            let strip = |log: Vec<Event>| log.into_iter().map(|event| Event { uid: None, ..event }).collect::<Vec<_>>();
            let uids: Vec<Uid> = log.iter().filter_map(|event| event.uid).collect();
            let unique: std::collections::BTreeSet<Uid> = uids.iter().copied().collect();
            prop_assert_eq!(uids.len(), unique.len());
            let other = room.log(twin.conn, &device.stream());
            let theirs = room.log(operator, &device.stream());
            prop_assert_eq!(strip(log.clone()), strip(other));
            prop_assert_eq!(strip(log), strip(theirs));
        }
    }
}
