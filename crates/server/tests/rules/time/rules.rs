//! Rules, and the invitations and lead forms that come by them.

use std::collections::BTreeSet;

use deskbell_server::desk::{ConnId, Input};
use deskbell_wire::*;

use super::*;
use crate::office::*;

#[test]
fn invite_comes_by_a_rule_after_its_time_in_the_app_and_expires() {
    let (mut room, owner) = with_rules(&[invite("Help", 30)]);
    room.say(owner, ClientFrame::Watch(Watch { list: ListName::Visitors, limit: 10 }));
    let ann = room.visitor(1);
    run(&mut room, 30 * SECOND - 1);
    assert_eq!(state(&room, ann.conn).visitor_state, VisitorState::Available);
    run(&mut room, 1);
    let present = state(&room, ann.conn);
    assert_eq!(present.visitor_state, VisitorState::Invite);
    let invite = present.invite.unwrap();
    let until = Some(Timestamp(room.now + 300 * SECOND));
    assert_eq!((invite.text.as_str(), invite.operator, invite.expires), ("Help?", None, until));
    assert_eq!(kinds(&room.events(owner)), ["invited"]);
    let status = |room: &mut Room| {
        run(room, SECOND);
        let frames = room.inbox.get(&owner).into_iter().flatten();
        let mut rows = frames.filter_map(|frame| match frame {
            DeskFrame::List(list) => list.rows.last().map(|row| row.status),
            _ => None,
        });
        rows.next_back()
    };
    assert_eq!(status(&mut room), Some(VisitorStatus::Invited));
    run(&mut room, 299 * SECOND);
    assert_eq!(state(&room, ann.conn).visitor_state, VisitorState::Available);
    assert_eq!(status(&mut room), Some(VisitorStatus::OnSite));
    run(&mut room, HOUR);
    assert_eq!(story(&mut room, ann), ["Help?", "invite Expired"], "once per visit");
    // Half an hour away: another visit.
    room.close(ann.conn);
    run(&mut room, HOUR);
    let ann = room.visitor(1);
    run(&mut room, 30 * SECOND);
    assert_eq!(story(&mut room, ann).len(), 3);
}

#[test]
fn a_rule_looks_at_visits_and_at_who_is_there() {
    let often = Rule { visits: 2, ..invite("Again", 0) };
    let nobody = Rule { online: Some(false), ..lead("Nobody", 5) };
    let somebody = Rule { online: Some(true), ..invite("Somebody", 5) };
    let off = Rule { enabled: false, ..invite("Off", 0) };
    let (mut room, owner) = with_rules(&[off, often, nobody, somebody]);
    room.say(owner, ClientFrame::Status(OperatorStatus::Away));
    let ann = room.visitor(1);
    run(&mut room, 4 * SECOND);
    room.say(owner, ClientFrame::Status(OperatorStatus::Online));
    run(&mut room, SECOND);
    assert_eq!(story(&mut room, ann), ["Somebody?"]);
    let bob = room.visitor(2);
    room.say(owner, ClientFrame::Status(OperatorStatus::Away));
    run(&mut room, 5 * SECOND);
    assert_eq!(story(&mut room, bob), ["lead_shown"]);
    assert_eq!(state(&room, bob.conn).lead, Some(LeadForm::CallGenerator));
    room.close(bob.conn);
    run(&mut room, HOUR);
    let bob = room.visitor(2);
    run(&mut room, 0);
    assert_eq!(
        story(&mut room, bob),
        ["lead_shown", "lead Expired", "Again?"],
        "at once on the second visit"
    );
    // Nothing but somebody's coming makes it fit.
    let (mut room, owner) = with_rules(&[Rule { online: Some(true), ..invite("Somebody", 5) }]);
    room.say(owner, ClientFrame::Status(OperatorStatus::Away));
    let cleo = room.visitor(3);
    run(&mut room, HOUR / 4);
    room.say(owner, ClientFrame::Status(OperatorStatus::Online));
    run(&mut room, 0);
    assert_eq!(story(&mut room, cleo), ["Somebody?"]);
}

#[test]
fn the_first_rule_that_fits_acts_and_one_at_a_time() {
    let (mut room, _) = with_rules(&[invite("Late", 20), lead("Early", 10), invite("Same", 20)]);
    let ann = room.visitor(1);
    run(&mut room, 10 * SECOND);
    assert_eq!(state(&room, ann.conn).visitor_state, VisitorState::Lead);
    run(&mut room, 20 * SECOND);
    assert_eq!(story(&mut room, ann), ["lead_shown"], "nothing while a form is shown");
    room.send(ann.conn, entry(&ann.stream(), 1, SendBody::CancelLead {}));
    run(&mut room, 0);
    assert_eq!(story(&mut room, ann), ["lead_shown", "lead Cancelled", "Late?"]);
}

#[test]
fn a_rule_never_reaches_who_is_in_a_chat_kept_out_or_away() {
    let (mut room, owner) = with_rules(&[invite("Help", 10)]);
    let [talking, banned, away] = [1, 2, 3].map(|n| room.visitor(n));
    room.send(talking.conn, entry(&talking.stream(), 1, text("a")));
    room.send(owner, entry(&banned.stream(), 1, SendBody::Ban { banned: true }));
    room.close(away.conn);
    run(&mut room, 60 * SECOND);
    for ann in [talking, banned] {
        assert!(!story(&mut room, ann).contains(&"Help?".to_owned()));
    }
    room.send(owner, entry(&banned.stream(), 2, SendBody::Ban { banned: false }));
    run(&mut room, 0);
    assert_eq!(story(&mut room, banned), ["banned", "banned", "Help?"]);
    let away = room.visitor(3);
    run(&mut room, 0);
    assert_eq!(story(&mut room, away), ["Help?"], "the same visit goes on");
}

#[test]
fn once_in_so_many_hours_holds_over_visits_and_over_a_desk_that_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let setup = restarting(&folder);
    let daily = Rule { every_h: 24, ..invite("Daily", 10) };
    let (mut room, _) = desk(setup(), |site| site.rules = vec![daily]);
    let ann = room.visitor(1);
    run(&mut room, 10 * SECOND);
    let acted = room.now;
    assert_eq!(story(&mut room, ann), ["Daily?"]);
    for hours in [2, 23] {
        // Killed: nothing is written at the end.
        drop(room);
        room = Room::with(setup());
        room.now = acted + hours * HOUR;
        let ann = room.visitor(1);
        run(&mut room, 60 * SECOND);
        assert_eq!(story(&mut room, ann), ["Daily?", "invite Expired"], "after {hours} hours");
    }
    let ann = room.visitor_on(1, 1);
    run(&mut room, 24 * HOUR);
    assert_eq!(story(&mut room, ann)[2..], ["Daily?".to_owned(), "invite Expired".into()]);
}

#[test]
fn an_invitation_that_expired_while_the_desk_was_away_is_not_shown_to_who_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let setup = restarting(&folder);
    let (mut room, owner) = desk(setup(), |_| {});
    let ann = room.visitor(1);
    room.send(owner, entry(&ann.stream(), 1, SendBody::Invite { text: "Hello?".into() }));
    run(&mut room, 100 * SECOND);
    let now = room.now;
    drop(room);
    let mut room = Room::with(setup());
    room.now = now + 100 * SECOND;
    let ann = room.visitor(1);
    assert_eq!(state(&room, ann.conn).visitor_state, VisitorState::Invite, "still in time");
    drop(room);
    let mut room = Room::with(setup());
    room.now = now + HOUR;
    let ann = room.visitor(1);
    let frames = room.inbox.get(&ann.conn).into_iter().flatten();
    let states = frames.filter_map(|frame| match frame {
        DeskFrame::State(state) => Some(state.visitor_state),
        _ => None,
    });
    assert_eq!(states.collect::<Vec<_>>(), [VisitorState::Available]);
    assert_eq!(story(&mut room, ann), ["invited", "invite Expired"]);
}

#[test]
fn an_invitation_of_somebody_who_left_long_ago_has_expired_before_he_is_told_anything() {
    const OTHERS: u128 = 2_100;
    let (mut room, owner) = desk(unpaced(), |_| {});
    let ann = room.visitor(1);
    room.send(owner, entry(&ann.stream(), 1, SendBody::Invite { text: "Hello?".into() }));
    room.close(ann.conn);
    room.now += SECOND;
    // So many come and go after her that she is no longer in memory.
    for n in 0..OTHERS {
        let conn = ConnId(1_000 + n as u64);
        let (id, who) = (visitor(1_000 + n), device(1_000 + n));
        let start = entry(&stream(id), n, SendBody::Start {});
        let end = Entry { prev_uid: Some(uid(n)), ..entry(&stream(id), OTHERS + n, SendBody::Close {}) };
        room.together(vec![
            Input::Opened { conn, address: [127, 0, 0, 1].into() },
            Input::Frame { conn, frame: ClientFrame::Hello(hello(id, who, token(1))) },
            Input::Frame { conn, frame: ClientFrame::Send(start) },
            Input::Frame { conn, frame: ClientFrame::Send(end) },
            Input::Closed { conn },
        ]);
    }
    run(&mut room, HOUR);
    let ann = room.visitor(1);
    let frames = room.inbox.get(&ann.conn).into_iter().flatten();
    let states = frames.filter_map(|frame| match frame {
        DeskFrame::State(state) => Some(state.visitor_state),
        _ => None,
    });
    assert_eq!(states.collect::<Vec<_>>(), [VisitorState::Available]);
    assert_eq!(story(&mut room, ann), ["invited", "invite Expired"]);
}

#[test]
fn ten_thousand_visitors_whose_time_comes_together_are_dealt_with_in_parts_and_once_each() {
    const VISITORS: u32 = 10_000;
    let (mut room, _) = with_rules(&[invite("Help", 60)]);
    let mut inputs = Vec::new();
    for n in 0..VISITORS {
        let conn = ConnId(1_000 + u64::from(n));
        let id = u128::from(n) + 100_000;
        let hello = hello(visitor(id), device(id), token((n % 250) as u8));
        inputs.push(Input::Opened { conn, address: [127, 0, 0, 1].into() });
        inputs.push(Input::Frame { conn, frame: ClientFrame::Hello(hello) });
    }
    room.together(inputs);
    run(&mut room, 59 * SECOND);
    room.clear();
    room.now += SECOND;
    let mut invited = BTreeSet::new();
    let mut rounds = 0;
    while room.desk.wakes_at().is_some_and(|at| at.0 <= room.now) {
        rounds += 1;
        room.together(vec![Input::Tick]);
        let events = room.order.drain(..).filter_map(|(conn, frame, _)| match frame {
            DeskFrame::Event(event) if conn.0 >= 1_000 => Some(event),
            _ => None,
        });
        let before = invited.len();
        for event in events {
            assert_eq!(event.body.kind(), "invited");
            assert!(invited.insert(event.stream.visitor), "once each");
        }
        assert!(invited.len() - before <= 200, "nobody waits for all of them");
        room.inbox.clear();
    }
    assert_eq!(invited.len(), VISITORS as usize);
    assert!((50..60).contains(&rounds), "{rounds}");
}
