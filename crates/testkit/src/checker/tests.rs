//! Each promise, broken once.

use deskbell_wire::{Author, NackCode, SendBody, Timestamp};

use super::*;
use crate::events::{answered, closed, epoch, event, stream, uid};

/// The visitor's words at `seq`, with the n-th uid.
fn said(seq: Seq, n: u64) -> Event {
    let body = EventBody::Message { text: words(uid(n), "good day"), file: None };
    event(&stream(0), seq, Author::Visitor, body)
}

fn queued(n: u64) -> Told {
    Told::Queued { stream: stream(0), uid: uid(n), message: true }
}

fn acked(n: u64, seq: Seq) -> Told {
    Told::Acked { stream: stream(0), uid: uid(n), epoch: epoch(1), seq }
}

fn reached(base: Seq, seq: Seq) -> Told {
    Told::Reached { stream: stream(0), epoch: epoch(1), base, seq }
}

fn row(n: u64, state: OutboxState) -> OutboxRow {
    let body = SendBody::message(words(uid(n), "good day"));
    OutboxRow { uid: uid(n), stream: stream(0), body, created_at: Timestamp(0), state }
}

fn held(events: Vec<Event>) -> Held {
    let base = events.first().map_or(0, |event| event.seq - 1);
    let newest = events.last().map(|event| (event.seq, event.message_id));
    let cursor = newest.map(|(seq, message_id)| Cursor { epoch: epoch(1), seq, message_id });
    Held { stream: stream(0), base, cursor, events }
}

/// A sound run: two questions, an answer, the end.
fn sound() -> History {
    let events = vec![said(1, 1), answered(&stream(0), 2), said(3, 2), closed(&stream(0), 4)];
    let journal = vec![queued(1), acked(1, 1), reached(0, 2), queued(2), acked(2, 3), reached(0, 4)];
    let visitor = Device {
        name: "visitor".to_owned(),
        journal,
        outbox: Vec::new(),
        held: vec![held(events.clone())],
        follows: vec![stream(0)],
        ..Device::default()
    };
    History {
        logs: vec![Log { stream: stream(0), epoch: epoch(1), events }],
        devices: vec![visitor],
        files: Files::default(),
    }
}

/// Which promises a change to the sound run breaks.
fn broken(change: impl FnOnce(&mut History)) -> Vec<Invariant> {
    let mut history = sound();
    change(&mut history);
    let mut found: Vec<_> = history.violations().iter().map(|violation| violation.invariant).collect();
    // The sound run is about frames: its chat has no beginning. States are judged below.
    found.retain(|invariant| *invariant != Invariant::States);
    found.sort();
    found.dedup();
    found
}

fn forget(history: &mut History, seq: Seq) {
    let shift = |events: &mut Vec<Event>| {
        events.retain(|event| event.seq != seq);
        events.iter_mut().filter(|event| event.seq > seq).for_each(|event| event.seq -= 1);
    };
    shift(&mut history.logs[0].events);
    history.devices[0].held[0] = held(history.logs[0].events.clone());
}

#[test]
fn a_sound_run_breaks_nothing() {
    assert_eq!(broken(|_| {}), []);
}

#[test]
fn i1_what_was_queued_and_is_nowhere_is_lost() {
    let lose = |history: &mut History| {
        forget(history, 3);
        history.devices[0].journal.retain(|told| *told != acked(2, 3) && *told != reached(0, 4));
    };
    assert_eq!(broken(lose), [Invariant::I1]);
    for state in [OutboxState::Held, OutboxState::Failed(NackCode::Stale)] {
        let shown = |history: &mut History| {
            lose(history);
            history.devices[0].outbox.push(row(2, state));
        };
        assert_eq!(broken(shown), []);
    }
    let taken_back = |history: &mut History| {
        lose(history);
        history.devices[0].journal.push(Told::Discarded(uid(2)));
    };
    assert_eq!(broken(taken_back), []);
}

#[test]
fn i2_a_uid_twice_in_the_log_and_a_message_twice_on_a_device() {
    let twice = |history: &mut History| {
        history.logs[0].events[2] = said(3, 1);
        history.devices[0].held[0] = held(history.logs[0].events.clone());
        history.devices[0].journal.retain(|told| *told == queued(1));
    };
    assert_eq!(broken(twice), [Invariant::I2, Invariant::I5]);
    let shown_twice = |history: &mut History| {
        let held = &mut history.devices[0].held[0];
        held.events[1].message_id = held.events[0].message_id;
    };
    assert_eq!(broken(shown_twice), [Invariant::I2, Invariant::I6]);
}

#[test]
fn i3_acknowledged_and_not_there() {
    assert_eq!(broken(|history| history.devices[0].journal.push(acked(2, 4))), [Invariant::I3]);
    assert_eq!(broken(|history| history.devices[0].journal.push(acked(9, 9))), [Invariant::I3]);
    let of_another_life = |history: &mut History| {
        let mut told = acked(9, 9);
        if let Told::Acked { epoch: life, .. } = &mut told {
            *life = epoch(7);
        }
        history.devices[0].journal.push(told);
    };
    assert_eq!(broken(of_another_life), []);
}

#[test]
fn i4_a_hole_in_the_log() {
    let hole = |history: &mut History| {
        history.logs[0].events.iter_mut().skip(3).for_each(|event| event.seq = 5);
        history.devices[0].held.clear();
        history.devices[0].follows.clear();
    };
    assert_eq!(broken(hole), [Invariant::I4]);
}

#[test]
fn i5_the_authors_order() {
    let swapped = |history: &mut History| {
        history.devices[0].journal = vec![queued(2), queued(1)];
    };
    assert_eq!(broken(swapped), [Invariant::I5]);
    let sent_again = |history: &mut History| {
        history.devices[0].journal = vec![queued(2), queued(1), Told::Requeued(uid(2))];
    };
    assert_eq!(broken(sent_again), []);
}

#[test]
fn i5_files_that_were_sent_together_go_out_in_their_order_or_for_a_reason() {
    let went = |order: [Told; 3]| {
        broken(|history| {
            let journal = &mut history.devices[0].journal;
            journal.extend([Told::Together(vec![uid(7), uid(8)]), queued(7), queued(8)]);
            journal.extend(order);
            history.devices[0].outbox.extend([7, 8].map(|n| row(n, OutboxState::Held)));
        })
    };
    let (first, second) = (Told::Arrived(uid(7)), Told::Arrived(uid(8)));
    assert_eq!(went([first.clone(), second.clone(), first.clone()]), []);
    assert_eq!(went([second.clone(), first.clone(), second.clone()]), [Invariant::I5]);
    for reason in [Told::Hindered(uid(7)), Told::Discarded(uid(7))] {
        assert_eq!(went([reason.clone(), second.clone(), first.clone()]), []);
        assert_eq!(went([second.clone(), reason, first.clone()]), [Invariant::I5]);
    }
}

#[test]
fn i6_a_replica_that_differs() {
    let other_words = |history: &mut History| {
        history.devices[0].held[0].events[1].body =
            EventBody::Message { text: "other words".to_owned(), file: None };
    };
    assert_eq!(broken(other_words), [Invariant::I6]);
    let own_uid = |history: &mut History| history.devices[0].held[0].events[0].uid = Some(uid(1));
    assert_eq!(broken(own_uid), []);
}

#[test]
fn i7_a_hole_in_a_replica_and_a_cursor_that_falls() {
    let hole = |history: &mut History| drop(history.devices[0].held[0].events.remove(1));
    assert_eq!(broken(hole), [Invariant::I7]);
    assert_eq!(broken(|history| history.devices[0].journal.push(reached(0, 3))), [Invariant::I7]);
    assert_eq!(broken(|history| history.devices[0].journal.push(reached(1, 4))), [Invariant::I7]);
    let reset = |history: &mut History| {
        history.devices[0].journal.extend([Told::Replaced(stream(0)), reached(1, 3)]);
    };
    assert_eq!(broken(reset), []);
    let another_life = |history: &mut History| {
        let told = Told::Reached { stream: stream(0), epoch: epoch(2), base: 1, seq: 3 };
        history.devices[0].journal.push(told);
    };
    assert_eq!(broken(another_life), []);
}

#[test]
fn i10_a_cursor_of_another_life() {
    let old = |history: &mut History| history.logs[0].epoch = epoch(2);
    assert_eq!(broken(old), [Invariant::I10]);
}

#[test]
fn i11_what_still_waits_and_who_is_behind() {
    let waits = |history: &mut History| history.devices[0].outbox.push(row(3, OutboxState::Queued));
    assert_eq!(broken(waits), [Invariant::I11]);
    let behind = |history: &mut History| {
        let events = history.logs[0].events[..3].to_vec();
        history.devices[0].held[0] = held(events);
    };
    assert_eq!(broken(behind), [Invariant::I11]);
}

#[test]
fn a_line_of_a_journal_survives_its_text() {
    let lines = [
        queued(1),
        Told::Queued { stream: stream(3), uid: uid(2), message: false },
        Told::Requeued(uid(1)),
        Told::Discarded(uid(1)),
        Told::Together(vec![uid(1), uid(2)]),
        Told::Hindered(uid(1)),
        Told::Arrived(uid(1)),
        acked(1, 7),
        reached(3, 9),
        Told::Replaced(stream(0)),
    ];
    for told in lines {
        assert_eq!(told.to_string().parse(), Ok(told));
    }
    assert_eq!("queued half a li".parse::<Told>(), Err(BadLine));
}

/// Which events of a log cannot follow those before them.
fn impossible(bodies: Vec<EventBody>) -> usize {
    let make = |(body, seq)| event(&stream(0), seq, Author::Visitor, body);
    let found = Standing::of(&bodies.into_iter().zip(1..).map(make).collect::<Vec<_>>()).1;
    // Made-up events always name a chat.
    found.iter().filter(|says| !says.ends_with("it names another chat")).count()
}

#[test]
fn a_log_that_the_machine_of_states_cannot_have_written_is_named() {
    use deskbell_wire::{CloseReason, LeadForm, OpenedBy};
    let opened = || EventBody::Opened { by: OpenedBy::Start, group: None };
    let closed = || EventBody::Closed { reason: CloseReason::ClosedByVisitor };
    let invited = || EventBody::Invited { text: "x".to_owned(), operator: None, expires: None };
    let lead = || EventBody::LeadShown { form: LeadForm::CallGenerator };
    assert_eq!(impossible(vec![opened(), closed(), opened()]), 0);
    for bodies in [
        vec![opened(), opened()],
        vec![opened(), closed(), closed()],
        vec![opened(), invited()],
        vec![invited(), lead()],
        vec![lead(), opened()],
        vec![EventBody::Banned { banned: true }, opened()],
    ] {
        assert_eq!(impossible(bodies.clone()), 1, "{bodies:?}");
    }
}
