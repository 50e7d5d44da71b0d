//! Chats that wait, and chats that end by themselves.

use deskbell_wire::*;

use super::*;
use crate::office::*;

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
