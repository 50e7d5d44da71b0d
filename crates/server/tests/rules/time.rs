//! What time alone brings, in virtual time: rules, expiry, messages while a chat waits, chats that end; over restarts
//! and failed commits.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::common::*;
use crate::office::*;
use deskbell_server::desk::{ConnId, DeskSetup, Input};
use deskbell_server::{Fault, FaultHook};
use deskbell_wire::*;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600_000;

fn invite(name: &str, after_s: u32) -> Rule {
    let action = RuleAction::Invite { text: format!("{name}?") };
    Rule { name: name.into(), enabled: true, after_s, visits: 0, online: None, every_h: 0, action }
}

fn lead(name: &str, after_s: u32) -> Rule {
    Rule { action: RuleAction::Lead { form: LeadForm::CallGenerator }, ..invite(name, after_s) }
}

/// Lets time pass as the desk's thread does: from one wake to the next.
fn run(room: &mut Room, ms: i64) {
    let end = room.now + ms;
    for _ in 0..100_000 {
        room.together(vec![Input::Tick]);
        match room.desk.wakes_at() {
            Some(at) if at.0 <= end => room.now = room.now.max(at.0),
            _ => {
                room.now = end;
                room.together(vec![Input::Tick]);
                return;
            }
        }
    }
    panic!("the desk wakes without end");
}

/// A desk with these settings, its owner, and nobody else.
fn desk(setup: DeskSetup, change: impl FnOnce(&mut SiteSettings)) -> (Room, ConnId) {
    let mut room = Room::with(setup);
    let owner = room.operator(50);
    saved(&mut room, owner, change);
    (room, owner)
}

fn with_rules(rules: &[Rule]) -> (Room, ConnId) {
    desk(unpaced(), |site| site.rules = rules.to_vec())
}

/// The visitor's events without the chat's own, as `kind` or `message:words`.
fn story(room: &mut Room, ann: Device) -> Vec<String> {
    let log = room.log(ann.conn, &ann.stream());
    let told = log.into_iter().map(|event| match event.body {
        EventBody::Message { text, .. } => format!("{}:{text}", side(&event.author)),
        EventBody::Closed { reason } => format!("{reason:?}"),
        EventBody::InviteEnded { reason } => format!("invite {reason:?}"),
        EventBody::LeadEnded { reason } => format!("lead {reason:?}"),
        EventBody::Invited { text, operator: None, .. } => {
            assert_eq!(event.author, Author::System);
            text
        }
        other => other.kind().to_owned(),
    });
    told.collect()
}

fn side(author: &Author) -> &'static str {
    match author {
        Author::Visitor => "visitor",
        Author::Operator(_) => "operator",
        Author::System => "system",
    }
}

fn restarting(folder: &tempfile::TempDir) -> impl Fn() -> DeskSetup + use<> {
    let file = folder.path().join("desk.db");
    move || DeskSetup { file: Some(file.clone()), ..unpaced() }
}

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

fn retention(site: &mut SiteSettings) {
    let message = |after_s, text: &str| RetentionMessage { after_s, text: text.into() };
    // As somebody typed them, not as they come.
    let messages = vec![message(20, "two"), message(10, "one"), message(60, "three")];
    site.form.retention = Retention { messages, way: Some(Way::OfflineMessage), way_after_s: 40 };
}

#[test]
fn an_operator_who_takes_a_chat_without_a_word_stops_the_timed_messages_until_he_leaves() {
    let (mut room, owner) = desk(unpaced(), retention);
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("hello")));
    room.send(owner, entry(&ann.stream(), 1, SendBody::Join {}));
    run(&mut room, 60 * SECOND);
    assert_eq!(story(&mut room, ann), ["opened", "visitor:hello", "joined"]);
    assert_eq!(state(&room, ann.conn).retention, None);
    room.send(owner, entry(&ann.stream(), 2, SendBody::Leave {}));
    run(&mut room, 10 * SECOND);
    assert_eq!(story(&mut room, ann).last().unwrap(), "system:one", "it waits again");
}

#[test]
fn showchatretentionaction_follows_the_timed_messages_and_an_answer_stops_them() {
    let (mut room, owner) = desk(unpaced(), retention);
    let [ann, bob] = [1, 2].map(|n| room.visitor(n));
    for device in [ann, bob] {
        room.send(device.conn, entry(&device.stream(), 1, text("hello")));
    }
    run(&mut room, 10 * SECOND - 1);
    assert_eq!(story(&mut room, ann), ["opened", "visitor:hello"]);
    run(&mut room, 1);
    assert_eq!(story(&mut room, ann).last().unwrap(), "system:one");
    room.send(owner, entry(&bob.stream(), 1, text("I am here")));
    run(&mut room, 30 * SECOND - 1);
    assert_eq!(state(&room, ann.conn).retention, None);
    run(&mut room, 1);
    assert_eq!(state(&room, ann.conn).retention, Some(Way::OfflineMessage));
    run(&mut room, 60 * SECOND);
    assert_eq!(
        story(&mut room, ann),
        ["opened", "visitor:hello", "system:one", "system:two", "system:three"],
        "in order, each once"
    );
    assert_eq!(
        story(&mut room, bob)[2..],
        ["system:one".to_owned(), "joined".into(), "operator:I am here".into()]
    );
    assert_eq!(state(&room, bob.conn).retention, None);
    // A visitor's device that comes now is told of the other way, too; the answer takes it back.
    let second = room.visitor_on(1, 9);
    assert_eq!(state(&room, second.conn).retention, Some(Way::OfflineMessage));
    room.send(owner, entry(&ann.stream(), 2, text("sorry")));
    assert_eq!(state(&room, ann.conn).retention, None);
    // Left by the operator it waits again, from the beginning.
    room.send(owner, entry(&ann.stream(), 3, SendBody::Leave {}));
    run(&mut room, 10 * SECOND);
    assert_eq!(story(&mut room, ann).last().unwrap(), "system:one");
}

#[test]
fn i1_timed_messages_come_once_over_a_desk_that_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let setup = restarting(&folder);
    let (mut room, _) = desk(setup(), retention);
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("hello")));
    run(&mut room, 10 * SECOND);
    let now = room.now;
    drop(room);
    let mut room = Room::with(setup());
    room.now = now + 45 * SECOND;
    let ann = room.visitor(1);
    run(&mut room, 0);
    assert_eq!(story(&mut room, ann)[2..], ["system:one".to_owned(), "system:two".into()]);
    assert_eq!(state(&room, ann.conn).retention, Some(Way::OfflineMessage), "time alone brings it back");
    run(&mut room, HOUR / 2);
    assert_eq!(story(&mut room, ann)[4..], ["system:three".to_owned()]);
}

#[test]
fn what_the_desk_says_while_a_chat_waits_is_nobodys_last_words_after_a_restart_either() {
    let folder = tempfile::tempdir().unwrap();
    let setup = restarting(&folder);
    let (mut room, _) = desk(setup(), retention);
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("hello")));
    run(&mut room, 10 * SECOND);
    assert_eq!(story(&mut room, ann).last().unwrap(), "system:one");
    let now = room.now;
    drop(room);
    let mut room = Room::with(setup());
    room.now = now;
    let owner = room.operator(77);
    room.say(owner, ClientFrame::Watch(Watch { list: ListName::Visitors, limit: 10 }));
    run(&mut room, SECOND);
    let mut rows = room.inbox.get(&owner).into_iter().flatten().filter_map(|frame| match frame {
        DeskFrame::List(list) => list.rows.first().and_then(|row| row.last.clone()),
        _ => None,
    });
    let last = rows.next_back().expect("a row with words");
    assert_eq!((last.text.as_str(), last.side), ("hello", Side::Visitor));
}

#[test]
fn statechange_follows_a_chat_that_is_closed_by_timeout() {
    let (mut room, owner) = desk(unpaced(), |site| site.times.idle_s = 60);
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    run(&mut room, 59 * SECOND);
    room.send(owner, entry(&ann.stream(), 1, text("b")));
    run(&mut room, 59 * SECOND);
    room.send(ann.conn, entry(&ann.stream(), 2, text("c")));
    run(&mut room, 60 * SECOND - 1);
    assert_eq!(state(&room, ann.conn).visitor_state, VisitorState::Chat, "every word counts");
    run(&mut room, 1);
    assert_eq!(state(&room, ann.conn).visitor_state, VisitorState::Available);
    assert_eq!(story(&mut room, ann).last().unwrap(), "ClosedByTimeout");
    run(&mut room, HOUR);
    assert_eq!(story(&mut room, ann).len(), 6, "once");
    // A chat without a word ends, too; 0 says never.
    room.send(ann.conn, entry(&ann.stream(), 3, SendBody::Start {}));
    run(&mut room, 60 * SECOND);
    assert_eq!(story(&mut room, ann).last().unwrap(), "ClosedByTimeout");
    saved(&mut room, owner, |site| site.times.idle_s = 0);
    room.send(ann.conn, entry(&ann.stream(), 4, text("d")));
    run(&mut room, 1_000 * HOUR);
    assert_eq!(story(&mut room, ann).last().unwrap(), "visitor:d");
}

#[test]
fn a_chat_whose_visitor_is_gone_is_closed_visitor_disconnected_and_a_restart_gives_him_his_time() {
    let folder = tempfile::tempdir().unwrap();
    let setup = restarting(&folder);
    let (mut room, owner) = desk(setup(), |site| site.times.gone_s = 120);
    let ann = room.visitor(1);
    room.send(ann.conn, entry(&ann.stream(), 1, text("a")));
    room.close(ann.conn);
    run(&mut room, 119 * SECOND);
    let ann = room.visitor(1);
    run(&mut room, 300 * SECOND);
    assert_eq!(story(&mut room, ann).len(), 2, "back in time");
    room.close(ann.conn);
    run(&mut room, 119 * SECOND);
    assert_eq!(room.log(owner, &ann.stream()).len(), 2);
    let now = room.now;
    drop(room);
    // Who was there all the time cannot know that the desk was not.
    let mut room = Room::starting_at(setup(), now + HOUR / 2);
    run(&mut room, 119 * SECOND);
    let owner = room.operator(50);
    assert_eq!(room.log(owner, &ann.stream()).len(), 2);
    run(&mut room, SECOND);
    let log = room.log(owner, &ann.stream());
    assert_eq!(log.last().unwrap().body, EventBody::Closed { reason: CloseReason::VisitorDisconnected });
}

#[test]
fn s1_s5_what_the_desk_does_by_itself_happens_once_whatever_the_disk_says() {
    for fault in [Fault::Lost, Fault::Kept, Fault::Full] {
        let folder = tempfile::tempdir().unwrap();
        let failing = Arc::new(AtomicUsize::new(0));
        let hook: FaultHook = {
            let failing = failing.clone();
            Arc::new(move || {
                let left = failing.load(Ordering::SeqCst);
                failing.store(left.saturating_sub(1), Ordering::SeqCst);
                if left > 0 { fault } else { Fault::None }
            })
        };
        let setup = DeskSetup { faults: Some(hook), ..restarting(&folder)() };
        let (mut room, owner) = desk(setup, |site| {
            retention(site);
            site.rules = vec![Rule { every_h: 24, ..invite("Help", 30) }];
            site.times.invite_s = 60;
        });
        let [ann, bob] = [1, 2].map(|n| room.visitor(n));
        room.send(bob.conn, entry(&bob.stream(), 1, text("hello")));
        run(&mut room, 5 * SECOND);
        for _ in 0..10 {
            failing.store(2, Ordering::SeqCst);
            run(&mut room, 20 * SECOND);
        }
        assert_eq!(story(&mut room, ann), ["Help?", "invite Expired"], "{fault:?}");
        let told = ["opened", "visitor:hello", "system:one", "system:two", "system:three"];
        assert_eq!(story(&mut room, bob), told, "{fault:?}");
        // What was pushed agrees with what is there.
        let seqs: BTreeSet<(VisitorId, Seq)> =
            room.events(owner).iter().map(|event| (event.stream.visitor, event.seq)).collect();
        assert!(seqs.len() <= 7 && room.events(owner).len() == seqs.len(), "{fault:?}: nothing twice");
    }
}

#[test]
fn s5_what_is_due_while_the_disk_refuses_is_done_when_it_takes_again() {
    let folder = tempfile::tempdir().unwrap();
    let failing = Arc::new(AtomicUsize::new(0));
    let hook: FaultHook = {
        let failing = failing.clone();
        Arc::new(move || match failing.swap(0, Ordering::SeqCst) {
            0 => Fault::None,
            _ => Fault::Full,
        })
    };
    let setup = DeskSetup { faults: Some(hook), ..restarting(&folder)() };
    let (mut room, _) = desk(setup, |site| site.rules = vec![invite("Help", 1)]);
    room.pass(5 * SECOND);
    // Somebody who reads keeps the desk from making the log durable: it does not recover before he has done.
    let reader = rusqlite::Connection::open(folder.path().join("desk.db")).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    reader.query_row("SELECT count(*) FROM visitors", [], |_| Ok(())).unwrap();
    let [ann, bob] = [1, 2].map(|n| room.visitor(n));
    room.send(bob.conn, entry(&bob.stream(), 1, text("a")));
    failing.store(1, Ordering::SeqCst);
    room.send(bob.conn, entry(&bob.stream(), 2, text("b")));
    assert_eq!(room.nacks(bob.conn)[0].code, NackCode::Storage);
    for _ in 0..5 {
        room.pass(SECOND);
    }
    assert_eq!(state(&room, ann.conn).visitor_state, VisitorState::Available);
    drop(reader);
    run(&mut room, 2 * SECOND);
    assert_eq!(story(&mut room, ann), ["Help?"]);
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
