//! New passwords by whoever looks after the desk, and devices that sign out.

use crate::common::*;
use crate::office::*;
use deskbell_server::desk::{ConnId, HashTicket, Input};
use deskbell_wire::*;
use uuid::Uuid;
use zeroize::Zeroizing;

fn reset(operator: OperatorId, password: &str) -> Ask {
    Ask::SetPassword { operator, password: Secretive(password.to_owned()) }
}

/// Asks for a new password, and has it hashed.
fn given(room: &mut Room, admin: ConnId, operator: OperatorId, hash: Option<&str>) -> Told {
    room.say(admin, ClientFrame::Ask { n: 9, ask: reset(operator, "long enough") });
    let (ticket, password) = room.hashes.pop().expect("a password to be hashed");
    assert_eq!((ticket, password.as_str()), (HashTicket { conn: admin, n: 9, operator }, "long enough"));
    let hash = hash.map(|hash| Zeroizing::new(hash.to_owned()));
    room.together(vec![Input::Hashed { ticket, hash }]);
    let told = room.inbox.get(&admin).into_iter().flatten().rev().find_map(|frame| match frame {
        DeskFrame::Told { n: 9, told } => Some(told.clone()),
        _ => None,
    });
    told.expect("an answer")
}

#[test]
fn threats_8_a_reset_password_ends_every_session_and_every_try_with_the_old_one() {
    let mut room = Room::new();
    let owner = room.operator(50);
    let (bob, id) = colleague(&mut room, "bob", 51);
    let (again, _) = colleague(&mut room, "bob", 52);
    let (carl, _) = colleague(&mut room, "carl", 53);
    // Somebody types the old password while it is being replaced.
    let late = room.open();
    let sign_in = SignIn { proto: PROTO, device_id: device(54), login: "bob".into(), password: "old".into() };
    room.say(late, ClientFrame::SignIn(sign_in));
    assert_eq!(given(&mut room, owner, id, Some("$new")), Told::Done {});
    room.together(vec![Input::Verified { conn: late, right: Some(true) }]);
    for gone in [bob, again, late] {
        assert_eq!(room.bye(gone).unwrap().code, ByeCode::BadToken);
        assert!(room.closed.contains(&gone));
    }
    assert!(room.bye(owner).is_none() && room.bye(carl).is_none(), "nobody else's");
    let next = room.open();
    let sign_in = SignIn { proto: PROTO, device_id: device(51), login: "bob".into(), password: "x".into() };
    room.say(next, ClientFrame::SignIn(sign_in));
    assert_eq!(room.verify.pop().unwrap().2, "$new", "compared with the new one from now on");
}

#[test]
fn threats_2_a_password_is_reset_by_who_looks_after_the_desk_alone() {
    let mut room = Room::new();
    let owner = room.operator(50);
    let (bob, id) = colleague(&mut room, "bob", 51);
    let ann = room.visitor(1);
    for conn in [bob, ann.conn] {
        let told = ask(&mut room, conn, reset(id, "long enough"));
        assert_eq!(refusal(&told).0, Refusal::Forbidden);
    }
    assert!(room.hashes.is_empty() && room.bye(bob).is_none());
    // Too short, nobody, and the owner, who has no login.
    let own = site(&room, owner).operators.iter().find(|seat| seat.card.id != id).unwrap().card.id;
    for (operator, password) in
        [(id, "short"), (OperatorId(Uuid::nil()), "long enough"), (own, "long enough")]
    {
        let told = ask(&mut room, owner, reset(operator, password));
        assert_eq!(refusal(&told).0, Refusal::Invalid);
    }
    assert!(room.hashes.is_empty());
}

#[test]
fn threats_2_8_a_right_that_was_lost_meanwhile_resets_nothing() {
    let mut room = Room::new();
    let owner = room.operator(50);
    let (bob, id) = colleague(&mut room, "bob", 51);
    room.say(owner, ClientFrame::Ask { n: 9, ask: reset(id, "long enough") });
    let (ticket, _) = room.hashes.pop().unwrap();
    room.together(vec![Input::Closed { conn: owner }]);
    room.together(vec![Input::Hashed { ticket, hash: Some(Zeroizing::new("$new".to_owned())) }]);
    assert!(room.bye(bob).is_none());
    let owner = room.operator(50);
    assert_eq!(refusal(&given(&mut room, owner, id, None)).0, Refusal::Rate, "too many wait for a processor");
    assert!(room.bye(bob).is_none());
}

#[test]
fn threats_8_10_who_signs_out_has_a_token_that_is_good_for_nothing() {
    let mut room = Room::new();
    room.operator(50);
    room.desk.add_operator("bob", "bob", "$hash", Timestamp(room.now)).unwrap();
    let (_, token) = {
        let conn = room.open();
        let sign_in =
            SignIn { proto: PROTO, device_id: device(51), login: "bob".into(), password: "x".into() };
        room.say(conn, ClientFrame::SignIn(sign_in));
        room.together(vec![Input::Verified { conn, right: Some(true) }]);
        let Some(DeskFrame::SignedIn(SignedIn { operator, token })) = room.take(conn).pop() else { panic!() };
        (operator, token)
    };
    let (here, copied) =
        (room.operator_with(51, token.clone(), vec![]), room.operator_with(52, token.clone(), vec![]));
    let (elsewhere, _) = colleague(&mut room, "bob", 53);
    assert_eq!(ask(&mut room, here, Ask::SignOut {}), Told::Done {});
    assert_eq!(room.bye(copied).unwrap().code, ByeCode::BadToken);
    assert!(room.bye(elsewhere).is_none(), "another session of the same person goes on");
    let back = room.operator_with(51, token, vec![]);
    assert_eq!(room.bye(back).unwrap().code, ByeCode::BadToken);
    // Where Bob has signed in before, nobody can shut him out by guessing.
    let stranger = std::net::IpAddr::from([192, 0, 2, 7]);
    for _ in 0..20 {
        let conn = room.open_from(stranger);
        let sign_in =
            SignIn { proto: PROTO, device_id: device(60), login: "bob".into(), password: "y".into() };
        room.say(conn, ClientFrame::SignIn(sign_in));
    }
    room.verify.clear();
    let (home, _) = colleague(&mut room, "bob", 51);
    assert!(room.bye(home).is_none());
}

#[test]
fn the_host_knows_who_is_connected_besides_itself() {
    let mut room = Room::new();
    let owner = room.operator(50);
    colleague(&mut room, "bob", 51);
    colleague(&mut room, "bob", 52);
    let ann = room.visitor(1);
    room.visitor(2);
    let card = SendBody::Card { name: Some("Ann".into()), emails: vec![], phones: vec![] };
    room.send(ann.conn, entry(&ann.stream(), 1, card));
    let there: Vec<_> =
        room.desk.attendants(device(50)).into_iter().map(|one| (one.operator, one.name)).collect();
    let named = |name: &str| Some(name.to_owned());
    assert_eq!(there, [(true, named("bob")), (false, named("Ann")), (false, None)]);
    assert!(room.bye(owner).is_none());
    assert!(!format!("{:?}", room.desk.attendants(device(50))).contains("Ann"));
}
