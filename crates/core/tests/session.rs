//! The client's rules, one schedule each. Random schedules against a real desk are testkit's.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use deskbell_core::store::{OutboxRow, OutboxState, Store};
use deskbell_core::{
    Config, EntryStatus, LinkPhase, Notice, Now, Output, Role, SendRefused, Session, StopReason,
};
use deskbell_testkit::crash_store::{CrashStore, Disk, Fault};
use deskbell_testkit::events::{epoch, event, stream, uid};
use deskbell_wire::{
    Ack, Author, Bound, Bye, ByeCode, ClientFrame, DeskFrame, DeviceId, Event, EventBody, Limits, Nack,
    NackCode, OpenedBy, Page, Request, Secret, SendBody, Seq, StreamHead, Timestamp, Uid, Welcome,
};
use uuid::Uuid;

struct Visitor {
    disk: Disk,
    session: Session<CrashStore>,
    now: Now,
}

fn config() -> Config {
    let role = Role::Visitor { stream: stream(1), token: Secret::new([7; 32]) };
    Config { device_id: DeviceId(Uuid::from_u128(5)), role, seed: 1 }
}

impl Visitor {
    fn new() -> Self {
        let disk = Disk::new();
        let session = Session::open(config(), disk.open()).unwrap();
        Self { disk, session, now: Now { mono: 0, wall: Timestamp(1_000_000) } }
    }

    fn restarted(self) -> Self {
        let session = Session::open(config(), self.disk.open()).unwrap();
        Self { session, ..self }
    }

    fn connect(&mut self, head: Seq, reset: bool) -> Vec<Output> {
        self.now = self.now.plus(60_000);
        self.session.tick(self.now);
        self.session.opened(self.now);
        self.welcome(1, head, reset)
    }

    fn welcome(&mut self, life: u8, head: Seq, reset: bool) -> Vec<Output> {
        self.hear(DeskFrame::Welcome(Welcome {
            epoch: epoch(life),
            limits: Limits::default(),
            heads: vec![StreamHead { stream: stream(1), head, reset }],
            operator: None,
            status: None,
            now: self.now.wall,
        }))
    }

    fn hear(&mut self, frame: DeskFrame) -> Vec<Output> {
        self.session.frame(frame, self.now);
        self.drain()
    }

    fn drain(&mut self) -> Vec<Output> {
        std::iter::from_fn(|| self.session.poll()).collect()
    }

    fn say(&mut self, n: u64) -> Vec<Output> {
        let body = SendBody::message(format!("words {n}"));
        self.session.send(&stream(1), body, uid(n), self.now).unwrap();
        self.drain()
    }

    fn outbox(&self) -> Vec<(Uid, OutboxState)> {
        self.session.store().outbox().unwrap().iter().map(|row| (row.uid, row.state)).collect()
    }

    fn cursor(&self) -> Seq {
        self.session.held(&stream(1)).map_or(0, deskbell_core::replica::Replica::seq)
    }
}

fn sent(outputs: &[Output]) -> Vec<(Uid, Option<Uid>)> {
    let entry = |output: &Output| match output {
        Output::Transmit(ClientFrame::Send(entry)) => Some((entry.uid, entry.prev_uid)),
        _ => None,
    };
    outputs.iter().filter_map(entry).collect()
}

fn asked(outputs: &[Output]) -> Vec<String> {
    let request = |output: &Output| match output {
        Output::Transmit(ClientFrame::Fetch(fetch)) => Some(match fetch.from {
            Bound::After(seq) => format!("after {seq}"),
            Bound::Before(seq) => format!("before {seq}"),
        }),
        Output::Transmit(ClientFrame::Snapshot(_)) => Some("snapshot".to_owned()),
        _ => None,
    };
    outputs.iter().filter_map(request).collect()
}

fn said(seq: Seq, own: Option<u64>) -> Event {
    let body = EventBody::Message { text: format!("event {seq}"), file: None };
    Event { uid: own.map(uid), ..event(&stream(1), seq, Author::Visitor, body) }
}

fn page(life: u8, base: Seq, events: Vec<Event>, head: Seq) -> DeskFrame {
    DeskFrame::Page(Page { stream: stream(1), epoch: epoch(life), base, events, head })
}

fn ack(n: u64, seq: Seq) -> DeskFrame {
    let message_id = said(seq, None).message_id;
    DeskFrame::Ack(Ack { uid: uid(n), stream: stream(1), seq, message_id, ts: Timestamp(1), dup: false })
}

fn nack(n: u64, code: NackCode) -> DeskFrame {
    DeskFrame::Nack(Nack { uid: uid(n), code, fatal: !code.retryable(), retry_after: None })
}

#[test]
fn c1_words_are_on_the_disk_before_they_are_sent_and_survive_a_crash() {
    let mut visitor = Visitor::new();
    assert_eq!(sent(&visitor.say(1)), []);
    visitor.say(2);
    let mut visitor = visitor.restarted();
    assert_eq!(visitor.outbox().len(), 2);
    assert_eq!(sent(&visitor.connect(0, false)), [(uid(1), None), (uid(2), Some(uid(1)))]);
}

#[test]
fn c1_what_the_disk_refuses_is_neither_shown_nor_sent() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    visitor.disk.fail_next(Fault::Full);
    let body = SendBody::message("words");
    let refused = visitor.session.send(&stream(1), body, uid(1), visitor.now);
    assert!(matches!(refused, Err(SendRefused::Store(_))));
    assert_eq!(sent(&visitor.drain()), []);
    assert_eq!(sent(&visitor.say(2)), [(uid(2), None)]);
}

#[test]
fn i9_what_the_disk_kept_and_called_refused_does_not_turn_up_later() {
    let mut visitor = Visitor::new();
    visitor.disk.fail_next(Fault::RefusedKept);
    let body = SendBody::message("words");
    assert!(visitor.session.send(&stream(1), body, uid(1), visitor.now).is_err());
    let mut visitor = visitor.restarted();
    assert_eq!(sent(&visitor.connect(0, false)), []);
}

#[test]
fn i9_events_that_the_disk_kept_and_called_refused_are_not_asked_for_again() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    visitor.say(1);
    visitor.disk.fail_next(Fault::RefusedKept);
    let told = visitor.hear(DeskFrame::Event(said(1, Some(1))));
    assert!(told.contains(&Output::HangUp), "{told:?}");
    assert_eq!(asked(&visitor.connect(2, false)), ["after 1"]);
    visitor.hear(page(1, 1, vec![said(2, None)], 2));
    assert_eq!((visitor.cursor(), visitor.outbox()), (2, vec![]));
}

#[test]
fn c2_a_lost_line_sends_again_from_the_first_unacknowledged_under_the_same_uid() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    (1..=3).for_each(|n| drop(visitor.say(n)));
    visitor.hear(ack(1, 1));
    visitor.session.closed(deskbell_core::Closed::Lost, visitor.now);
    let again = visitor.connect(1, false);
    assert_eq!(sent(&again), [(uid(2), Some(uid(1))), (uid(3), Some(uid(2)))]);
}

#[test]
fn c2_a_refused_message_stops_the_queue_until_the_person_discards_it() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    visitor.say(1);
    visitor.say(2);
    let told = visitor.hear(nack(1, NackCode::Invalid));
    let failed = EntryStatus::Failed(NackCode::Invalid);
    let notice = Notice::Status { stream: stream(1), uid: uid(1), status: failed };
    assert!(told.contains(&Output::Tell(notice)));
    visitor.hear(nack(2, NackCode::PrevUnknown));
    visitor.now = visitor.now.plus(20_000);
    visitor.session.tick(visitor.now);
    assert_eq!(sent(&visitor.drain()), []);
    visitor.session.discard(uid(1), visitor.now).unwrap();
    assert_eq!(sent(&visitor.drain()), [(uid(2), None)]);
}

/// The terms were changed while the words were on their way.
#[test]
fn c2_consent_goes_before_the_words_that_were_refused_without_it() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    assert_eq!(sent(&visitor.say(1)), [(uid(1), None)]);
    visitor.say(2);
    visitor.hear(nack(1, NackCode::Consent));
    visitor.hear(nack(2, NackCode::PrevUnknown));
    let consent = |visitor: &mut Visitor| {
        visitor.session.send(&stream(1), SendBody::Consent { version: 1 }, uid(3), visitor.now).unwrap();
        visitor.now = visitor.now.plus(10_000);
        visitor.session.tick(visitor.now);
        visitor.drain()
    };
    assert_eq!(sent(&consent(&mut visitor)), [(uid(3), None)]);
    visitor.session.resend(uid(1), visitor.now).unwrap();
    assert_eq!(sent(&visitor.drain()), [(uid(1), Some(uid(3))), (uid(2), Some(uid(1)))]);
    // Whatever the line does: it goes first again.
    visitor.session.closed(deskbell_core::Closed::Lost, visitor.now);
    visitor.drain();
    let outputs = visitor.connect(0, false);
    assert_eq!(sent(&outputs), [(uid(3), None), (uid(1), Some(uid(3))), (uid(2), Some(uid(1)))]);
}

#[test]
fn c3_an_event_takes_its_outbox_row_with_it_and_a_late_ack_is_ignored() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    visitor.say(1);
    visitor.hear(DeskFrame::Event(said(1, Some(1))));
    assert_eq!((visitor.outbox(), visitor.cursor()), (vec![], 1));
    assert_eq!(visitor.hear(ack(1, 1)), []);
    assert_eq!(visitor.hear(DeskFrame::Event(said(1, Some(1)))), []);
}

#[test]
fn c3_an_ack_alone_removes_nothing() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    visitor.say(1);
    visitor.hear(ack(1, 1));
    assert_eq!(visitor.outbox(), [(uid(1), OutboxState::Queued)]);
}

#[test]
fn c3_a_gap_is_fetched_and_not_applied() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    let outputs = visitor.hear(DeskFrame::Event(said(1, None)));
    assert_eq!(asked(&outputs), Vec::<String>::new());
    assert_eq!(asked(&visitor.hear(DeskFrame::Event(said(4, None)))), ["after 1"]);
    assert_eq!(visitor.cursor(), 1);
    visitor.hear(page(1, 1, (2..=4).map(|seq| said(seq, None)).collect(), 4));
    assert_eq!(visitor.cursor(), 4);
}

#[test]
fn c3_a_store_that_refuses_an_event_takes_the_line_down_and_loses_nothing() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    visitor.disk.fail_next(Fault::Full);
    let outputs = visitor.hear(DeskFrame::Event(said(1, None)));
    assert!(
        outputs.contains(&Output::HangUp)
            && outputs.contains(&Output::Tell(Notice::Link(LinkPhase::Waiting)))
    );
    assert_eq!(visitor.cursor(), 0);
    assert_eq!(asked(&visitor.connect(1, false)), ["snapshot"]);
}

#[test]
fn c4_a_head_above_the_cursor_is_fetched() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    visitor.hear(DeskFrame::Event(said(1, None)));
    let head = StreamHead { stream: stream(1), head: 2, reset: false };
    assert_eq!(asked(&visitor.hear(DeskFrame::Pong { n: 1, heads: vec![head] })), ["after 1"]);
}

#[test]
fn c5_a_restored_desk_replaces_the_cache_and_brings_back_what_it_lost_as_held() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    (1..=3).for_each(|n| drop(visitor.say(n)));
    visitor.hear(DeskFrame::Event(said(1, Some(1))));
    visitor.hear(DeskFrame::Event(said(2, Some(2))));
    visitor.session.closed(deskbell_core::Closed::Lost, visitor.now);
    visitor.now = visitor.now.plus(60_000);
    visitor.session.tick(visitor.now);
    visitor.session.opened(visitor.now);
    let outputs = visitor.welcome(2, 1, true);
    assert_eq!((asked(&outputs), sent(&outputs)), (vec!["snapshot".to_owned()], vec![]));
    let outputs = visitor.hear(page(2, 0, vec![said(1, Some(1))], 1));
    assert!(outputs.contains(&Output::Tell(Notice::Replaced(stream(1)))));
    assert_eq!(visitor.cursor(), 1);
    assert!(visitor.outbox().contains(&(uid(2), OutboxState::Held)), "{:?}", visitor.outbox());
    assert_eq!(sent(&outputs), [(uid(3), None)]);
}

#[test]
fn c5_an_ack_of_a_life_that_was_lost_is_worth_nothing() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    visitor.say(1);
    visitor.hear(ack(1, 1));
    visitor.session.closed(deskbell_core::Closed::Lost, visitor.now);
    visitor.now = visitor.now.plus(60_000);
    visitor.session.tick(visitor.now);
    visitor.session.opened(visitor.now);
    assert_eq!(sent(&visitor.welcome(2, 0, false)), [(uid(1), None)]);
}

#[test]
fn s9_an_ack_that_the_log_contradicts_is_worth_nothing() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    visitor.say(1);
    visitor.hear(ack(1, 3));
    visitor.session.closed(deskbell_core::Closed::Lost, visitor.now);
    assert_eq!(sent(&visitor.connect(2, false)), [(uid(1), None)]);
    visitor.hear(ack(1, 3));
    let outputs = visitor.hear(page(1, 0, (1..=3).map(|seq| said(seq, None)).collect(), 3));
    assert_eq!(sent(&outputs), [(uid(1), None)]);
}

#[test]
fn i10_an_event_of_another_life_never_continues_this_one() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    visitor.hear(DeskFrame::Event(said(1, None)));
    visitor.session.closed(deskbell_core::Closed::Lost, visitor.now);
    visitor.now = visitor.now.plus(60_000);
    visitor.session.tick(visitor.now);
    visitor.session.opened(visitor.now);
    assert_eq!(asked(&visitor.welcome(2, 5, false)), ["snapshot"]);
    visitor.hear(DeskFrame::Event(said(2, None)));
    assert_eq!(visitor.cursor(), 1);
}

#[test]
fn what_waited_for_a_day_is_held_and_goes_out_again_when_the_person_says_so() {
    let mut visitor = Visitor::new();
    visitor.say(1);
    visitor.now = visitor.now.plus(25 * 3_600 * 1_000);
    assert_eq!(sent(&visitor.connect(0, false)), []);
    assert_eq!(visitor.outbox(), [(uid(1), OutboxState::Held)]);
    visitor.session.resend(uid(1), visitor.now).unwrap();
    assert_eq!(sent(&visitor.drain()), [(uid(1), None)]);
}

#[test]
fn i1_sendrequest_waits_for_a_line_as_long_as_it_takes_and_startchat_does_not() {
    let mut visitor = Visitor::new();
    let (name, phone) = (String::new(), "12345".to_owned());
    let request = Request::Callback { name, phone, group: None, at: None };
    let card = SendBody::Card { name: Some("Ann".to_owned()), emails: vec![], phones: vec![] };
    for (body, n) in [SendBody::Request(request), SendBody::Start {}, card].into_iter().zip(1..) {
        visitor.session.send(&stream(1), body, uid(n), visitor.now).unwrap();
    }
    visitor.now = visitor.now.plus(25 * 3_600 * 1_000);
    let told = visitor.connect(0, false);
    let refused = |output: &Output| match output {
        Output::Tell(Notice::Refused(row, code)) => Some((row.uid, *code)),
        _ => None,
    };
    assert_eq!(told.iter().filter_map(refused).collect::<Vec<_>>(), [(uid(2), NackCode::Stale)]);
    assert_eq!(sent(&told), [(uid(1), None), (uid(3), Some(uid(1)))]);
}

#[test]
fn a_verb_whose_effect_was_there_before_leaves_with_its_ack() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    visitor.hear(DeskFrame::Event(said(1, None)));
    visitor.session.send(&stream(1), SendBody::Start {}, uid(9), visitor.now).unwrap();
    visitor.drain();
    let outputs = visitor.hear(ack(9, 1));
    assert!(matches!(outputs.first(), Some(Output::Tell(Notice::Done(_)))), "{outputs:?}");
    assert_eq!(visitor.outbox(), []);
}

/// The page is asked for before the verb goes out again: its ack comes too late to tell anybody.
#[test]
fn c3_a_verb_whose_ack_was_lost_is_done_when_its_event_is_held_and_that_is_said_once() {
    for reset in [false, true] {
        let mut visitor = Visitor::new();
        visitor.connect(0, false);
        visitor.session.send(&stream(1), SendBody::Start {}, uid(1), visitor.now).unwrap();
        visitor.drain();
        visitor.session.closed(deskbell_core::Closed::Lost, visitor.now);
        visitor.drain();
        visitor.connect(1, reset);
        let opened = EventBody::Opened { by: OpenedBy::Start, group: None };
        let opened = Event { uid: Some(uid(1)), ..event(&stream(1), 1, Author::Visitor, opened) };
        let mut told = visitor.hear(page(1, 0, vec![opened], 1));
        told.extend(visitor.hear(ack(1, 1)));
        let done = |output: &&Output| matches!(output, Output::Tell(Notice::Done(row)) if row.uid == uid(1));
        assert_eq!(told.iter().filter(done).count(), 1, "reset {reset}: {told:?}");
        assert_eq!(visitor.outbox(), []);
    }
}

#[test]
fn older_pages_follow_until_the_whole_history_is_here() {
    let mut visitor = Visitor::new();
    let outputs = visitor.connect(5, false);
    assert_eq!(asked(&outputs), ["snapshot"]);
    let outputs = visitor.hear(page(1, 3, vec![said(4, None), said(5, None)], 5));
    assert_eq!(asked(&outputs), ["before 4"]);
    visitor.hear(page(1, 0, (1..=3).map(|seq| said(seq, None)).collect(), 5));
    let seqs: Vec<_> =
        visitor.session.store().before(&stream(1), 100, 20).unwrap().iter().map(|e| e.seq).collect();
    assert_eq!(seqs, [5, 4, 3, 2, 1]);
}

#[test]
fn c3_an_acknowledged_message_stays_in_the_outbox_until_its_event_is_held() {
    let mut visitor = Visitor::new();
    visitor.say(1);
    visitor.connect(5, false);
    visitor.hear(page(1, 3, vec![said(4, None), said(5, None)], 5));
    visitor.hear(ack(1, 2));
    visitor.hear(DeskFrame::Event(said(6, None)));
    assert_eq!(visitor.outbox(), [(uid(1), OutboxState::Queued)]);
    visitor.hear(page(1, 0, vec![said(1, None), said(2, Some(1)), said(3, None)], 6));
    assert_eq!(visitor.outbox(), []);
}

#[test]
fn c3_an_own_entry_that_an_older_page_names_is_not_sent_again() {
    let mut visitor = Visitor::new();
    visitor.say(1);
    visitor.connect(5, false);
    visitor.hear(page(1, 3, vec![said(4, None), said(5, None)], 5));
    visitor.hear(page(1, 0, vec![said(1, Some(1)), said(2, None), said(3, None)], 5));
    let held = visitor.session.held(&stream(1)).unwrap();
    assert!(held.outbox.is_empty());
    assert_eq!(visitor.outbox(), []);
}

#[test]
fn a_refused_token_stops_the_line_for_good() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    let bye = Bye { code: ByeCode::BadToken, retry_after: None, moved: None };
    visitor.hear(DeskFrame::Bye(bye));
    assert_eq!(visitor.session.link(), LinkPhase::Stopped(StopReason::Bye(ByeCode::BadToken)));
    visitor.now = visitor.now.plus(3_600_000);
    visitor.session.tick(visitor.now);
    assert!(!visitor.drain().contains(&Output::Dial));
}

#[test]
fn c1_words_that_wait_for_consent_survive_a_crash_and_go_out_after_it() {
    let mut visitor = Visitor::new();
    visitor.connect(0, false);
    let (body, created_at) = (SendBody::message("words"), visitor.now.wall);
    let state = OutboxState::Failed(NackCode::Consent);
    visitor.session.keep(OutboxRow { uid: uid(1), stream: stream(1), body, created_at, state }).unwrap();
    assert_eq!(sent(&visitor.drain()), [], "not before the person agrees");
    let mut visitor = visitor.restarted();
    assert_eq!(visitor.outbox(), [(uid(1), state)]);
    assert_eq!(sent(&visitor.connect(0, false)), []);
    visitor.session.send(&stream(1), SendBody::Consent { version: 1 }, uid(2), visitor.now).unwrap();
    visitor.session.resend(uid(1), visitor.now).unwrap();
    assert_eq!(sent(&visitor.drain()), [(uid(2), None), (uid(1), Some(uid(2)))], "consent first");
}
