//! Schedules of one device where the line, the disk or the person comes at the wrong moment.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use deskbell_core::store::{OutboxState, Store};
use deskbell_core::{Closed, Config, EntryStatus, LinkPhase, Notice, Now, Output, Role, Session, StopReason};
use deskbell_testkit::crash_store::{CrashStore, Disk, Fault};
use deskbell_testkit::events::{epoch, event, operator as card, stream, uid};
use deskbell_wire::{
    Author, ChatId, ClientFrame, DeskFrame, DeviceId, Event, EventBody, Limits, List, ListName, MarkKind,
    Marks, Nack, NackCode, OperatorCard, OperatorId, OperatorStatus, Page, Secret, SendBody, Seq, Side,
    StreamHead, Timestamp, Uid, VisitorRow, VisitorStatus, Welcome,
};
use uuid::Uuid;

struct Device {
    disk: Disk,
    session: Session<CrashStore>,
    now: Now,
}

fn visitor(n: u32) -> Config {
    config(Role::Visitor { stream: stream(n), token: Secret::new([7; 32]) })
}

fn operator() -> Config {
    config(Role::Operator { token: Some(Secret::new([7; 32])) })
}

fn config(role: Role) -> Config {
    Config { device_id: DeviceId(Uuid::from_u128(5)), role, seed: 1 }
}

impl Device {
    fn new(config: Config) -> Self {
        let disk = Disk::new();
        let session = Session::open(config, disk.open()).unwrap();
        Self { disk, session, now: Now { mono: 0, wall: Timestamp(1_000_000) } }
    }

    fn restarted(self, config: Config) -> Self {
        let session = Session::open(config, self.disk.open()).unwrap();
        Self { session, ..self }
    }

    /// Up to the hello.
    fn greet(&mut self) -> Vec<Output> {
        self.now = self.now.plus(60_000);
        self.session.tick(self.now);
        self.session.opened(self.now);
        self.drain()
    }

    fn connect(&mut self, head: Seq) -> Vec<Output> {
        self.greet();
        self.hear(welcome(1, head, false))
    }

    fn work(&mut self) -> Vec<Output> {
        self.greet();
        self.hear(to_work())
    }

    fn lose(&mut self) {
        self.session.closed(Closed::Lost, self.now);
        self.drain();
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
}

fn greeting(life: u8, heads: Vec<StreamHead>) -> Welcome {
    let (limits, now) = (Limits::default(), Timestamp(0));
    Welcome { epoch: epoch(life), limits, heads, operator: None, status: None, now }
}

fn welcome(life: u8, head: Seq, reset: bool) -> DeskFrame {
    DeskFrame::Welcome(greeting(life, vec![StreamHead { stream: stream(1), head, reset }]))
}

fn to_work() -> DeskFrame {
    let (operator, status) = (Some(card()), Some(OperatorStatus::Online));
    DeskFrame::Welcome(Welcome { operator, status, ..greeting(1, vec![]) })
}

fn list(head: Seq) -> DeskFrame {
    let row = VisitorRow {
        stream: stream(1),
        name: None,
        status: VisitorStatus::Waiting,
        since: Timestamp(0),
        connected: true,
        chat_id: Some(ChatId(Uuid::from_u128(4))),
        operator: None,
        group: None,
        head,
        last: None,
        unread: 0,
    };
    let (list, gone) = (ListName::Visitors, vec![]);
    DeskFrame::List(List { list, whole: true, version: 1, rows: vec![row], gone, total: 1 })
}

fn said_in(visitor: u32, seq: Seq) -> Event {
    let body = EventBody::Message { text: format!("event {seq}"), file: None };
    event(&stream(visitor), seq, Author::Visitor, body)
}

fn said(seq: Seq, own: Option<u64>) -> Event {
    Event { uid: own.map(uid), ..said_in(1, seq) }
}

fn page(base: Seq, events: Vec<Event>, head: Seq) -> DeskFrame {
    DeskFrame::Page(Page { stream: stream(1), epoch: epoch(1), base, events, head })
}

fn nack(n: u64, code: NackCode, retry_after: Option<u64>) -> DeskFrame {
    DeskFrame::Nack(Nack { uid: uid(n), code, fatal: !code.retryable(), retry_after })
}

fn marks(visitor: u32, side: Side, delivered: Seq, read: Seq) -> DeskFrame {
    DeskFrame::Marks(Marks { stream: stream(visitor), side, delivered, read })
}

fn sent(outputs: &[Output]) -> Vec<Uid> {
    let entry = |output: &Output| match output {
        Output::Transmit(ClientFrame::Send(entry)) => Some(entry.uid),
        _ => None,
    };
    outputs.iter().filter_map(entry).collect()
}

fn marked(outputs: &[Output]) -> Vec<(MarkKind, Seq)> {
    let mark = |output: &Output| match output {
        Output::Transmit(ClientFrame::Mark(mark)) => Some((mark.kind, mark.seq)),
        _ => None,
    };
    outputs.iter().filter_map(mark).collect()
}

#[test]
fn c2_a_stopped_queue_wakes_nobody_until_the_person_decides() {
    let mut visitor = Device::new(visitor(1));
    visitor.connect(0);
    visitor.say(1);
    visitor.say(2);
    visitor.hear(nack(1, NackCode::Stale, None));
    visitor.hear(nack(2, NackCode::PrevUnknown, None));
    visitor.now = visitor.now.plus(20_000);
    visitor.session.tick(visitor.now);
    visitor.drain();
    assert!(visitor.session.deadline() > Some(visitor.now.mono), "{:?}", visitor.session.deadline());
}

#[test]
fn c2_a_full_window_after_a_pause_wakes_nobody() {
    let mut visitor = Device::new(visitor(1));
    visitor.connect(0);
    (1..=12).for_each(|n| drop(visitor.say(n)));
    visitor.hear(nack(1, NackCode::Busy, None));
    visitor.now = visitor.now.plus(10_000);
    visitor.session.tick(visitor.now);
    assert_eq!(sent(&visitor.drain()).len(), 8);
    assert!(visitor.session.deadline() > Some(visitor.now.mono), "{:?}", visitor.session.deadline());
}

#[test]
fn c2_entries_refused_because_of_the_one_before_do_not_change_its_pause() {
    let mut visitor = Device::new(visitor(1));
    visitor.connect(0);
    (1..=8).for_each(|n| drop(visitor.say(n)));
    visitor.hear(nack(1, NackCode::Rate, Some(1_000)));
    (2..=8).for_each(|n| drop(visitor.hear(nack(n, NackCode::PrevUnknown, None))));
    let at = visitor.now.plus(999);
    visitor.session.tick(at);
    assert_eq!(sent(&visitor.drain()), []);
    visitor.session.tick(at.plus(1));
    assert_eq!(sent(&visitor.drain()).len(), 8);
}

#[test]
fn a_verb_that_waited_for_a_day_is_refused_and_not_held_where_nobody_sees_it() {
    let mut visitor = Device::new(visitor(1));
    visitor.session.send(&stream(1), SendBody::Close {}, uid(1), visitor.now).unwrap();
    visitor.now = visitor.now.plus(25 * 3_600 * 1_000);
    visitor.session.tick(visitor.now);
    let refused = |output: &Output| matches!(output, Output::Tell(Notice::Refused(_, NackCode::Stale)));
    assert!(visitor.drain().iter().any(refused));
    assert_eq!(visitor.outbox(), []);
}

#[test]
fn c5_own_words_that_an_older_page_names_are_told_as_sent() {
    let mut visitor = Device::new(visitor(1));
    visitor.say(1);
    visitor.connect(5);
    visitor.hear(page(3, vec![said(4, None), said(5, None)], 5));
    let told = visitor.hear(page(0, vec![said(1, Some(1)), said(2, None), said(3, None)], 5));
    let place = |output: &Output| match output {
        Output::Tell(Notice::Status { status: EntryStatus::Sent(place), .. }) => Some(place.seq),
        _ => None,
    };
    assert_eq!(told.iter().filter_map(place).collect::<Vec<_>>(), [1]);
}

#[test]
fn c4_a_list_that_is_behind_its_stream_does_not_start_the_stream_over() {
    let mut operator = Device::new(operator());
    operator.work();
    operator.hear(list(1));
    operator.hear(page(0, vec![said(1, None)], 1));
    operator.hear(DeskFrame::Event(said(2, None)));
    operator.session.open_stream(&stream(1), operator.now);
    assert_eq!(operator.drain(), []);
}

#[test]
fn what_is_on_the_disk_is_marked_delivered_also_after_a_crash_before_the_mark() {
    let mut device = Device::new(visitor(1));
    device.connect(0);
    device.hear(DeskFrame::Event(said(1, None)));
    let mut device = device.restarted(visitor(1));
    assert_eq!(marked(&device.connect(1)), [(MarkKind::Delivered, 1)]);
}

#[test]
fn i10_receipts_of_another_life_are_not_given_to_this_one() {
    let mut visitor = Device::new(visitor(1));
    visitor.connect(0);
    (1..=3).for_each(|seq| drop(visitor.hear(DeskFrame::Event(said(seq, None)))));
    visitor.session.read(&stream(1), 3).unwrap();
    visitor.lose();
    visitor.greet();
    assert_eq!(marked(&visitor.hear(welcome(2, 9, true))), []);
}

#[test]
fn i12_a_welcome_is_not_answered_with_a_mark_for_every_stream_ever_held() {
    let mut operator = Device::new(operator());
    operator.work();
    for n in 1..=1_000 {
        operator.hear(DeskFrame::Event(said_in(n, 1)));
        operator.session.read(&stream(n), 1).unwrap();
        operator.hear(marks(n, Side::Operator, 1, 1));
    }
    operator.lose();
    assert_eq!(marked(&operator.work()), []);
}

#[test]
fn a_receipt_given_without_a_line_is_given_at_the_next_welcome() {
    let mut operator = Device::new(operator());
    operator.work();
    operator.hear(DeskFrame::Event(said(1, None)));
    operator.hear(marks(1, Side::Operator, 1, 0));
    operator.lose();
    operator.session.read(&stream(1), 1).unwrap();
    operator.drain();
    assert!(marked(&operator.work()).contains(&(MarkKind::Read, 1)));
}

#[test]
fn a_receipt_that_the_disk_refused_is_tried_again() {
    let mut visitor = Device::new(visitor(1));
    visitor.connect(0);
    visitor.hear(DeskFrame::Event(said(1, None)));
    visitor.disk.fail_next(Fault::Full);
    assert!(visitor.session.read(&stream(1), 1).is_err());
    visitor.drain();
    visitor.session.read(&stream(1), 1).unwrap();
    assert_eq!(marked(&visitor.drain()), [(MarkKind::Read, 1)]);
    visitor.disk.fail_next(Fault::Full);
    assert_eq!(visitor.hear(marks(1, Side::Operator, 1, 0)), []);
    assert_eq!(visitor.hear(marks(1, Side::Operator, 1, 0)).len(), 1);
}

#[test]
fn threats_3_a_visitor_names_and_sends_nothing_of_another_sites_stream() {
    let mut first = Device::new(visitor(1));
    first.connect(0);
    first.hear(DeskFrame::Event(said(1, None)));
    first.lose();
    first.say(1);
    let mut second = first.restarted(visitor(2));
    let hello = second.greet();
    let cursors = |output: &Output| match output {
        Output::Transmit(ClientFrame::Hello(hello)) => Some(hello.cursors.len()),
        _ => None,
    };
    assert_eq!(hello.iter().find_map(cursors), Some(0));
    let head = StreamHead { stream: stream(2), head: 0, reset: false };
    let outputs = second.hear(DeskFrame::Welcome(greeting(1, vec![head])));
    assert_eq!((sent(&outputs), marked(&outputs)), (vec![], vec![]));
    let mut back = second.restarted(visitor(1));
    assert_eq!(sent(&back.connect(1)), [uid(1)]);
}

#[test]
fn what_an_operator_wished_without_a_line_is_what_is_shown_and_sent() {
    let mut operator = Device::new(operator());
    operator.work();
    operator.lose();
    operator.session.set_status(OperatorStatus::Away);
    operator.drain();
    let outputs = operator.work();
    assert!(outputs.contains(&Output::Transmit(ClientFrame::Status(OperatorStatus::Away))));
    assert!(outputs.contains(&Output::Tell(Notice::Welcomed(card(), OperatorStatus::Away))));
    assert_eq!(operator.session.me(), Some(&(card(), OperatorStatus::Away)));
    operator.session.sign_out();
    operator.session.adopt(Secret::new([8; 32]), operator.now);
    let outputs = operator.work();
    assert!(outputs.contains(&Output::Tell(Notice::Welcomed(card(), OperatorStatus::Online))));
}

#[test]
fn signing_in_again_is_told_as_a_first_try_and_not_as_one_that_failed() {
    let mut operator = Device::new(operator());
    operator.work();
    operator.session.sign_out();
    operator.drain();
    operator.session.sign_in("a".into(), "b".into(), operator.now);
    let outputs = operator.drain();
    assert!(outputs.contains(&Output::Tell(Notice::Link(LinkPhase::Connecting))), "{outputs:?}");
    assert!(!outputs.contains(&Output::Tell(Notice::Link(LinkPhase::Waiting))), "{outputs:?}");
}

#[test]
fn threats_10_a_password_is_sent_once_and_not_again_when_the_line_was_lost() {
    let mut operator = Device::new(config(Role::Operator { token: None }));
    let signs_in = |output: &Output| matches!(output, Output::Transmit(ClientFrame::SignIn(_)));
    operator.session.sign_in("a".into(), "b".into(), operator.now);
    operator.session.opened(operator.now);
    assert!(operator.drain().iter().any(signs_in));
    operator.session.closed(Closed::Lost, operator.now);
    assert!(operator.drain().contains(&Output::Tell(Notice::Link(LinkPhase::Waiting))));
    assert!(!operator.greet().iter().any(signs_in), "each try counts: it is the person's");
    assert_eq!(operator.session.link(), LinkPhase::Stopped(StopReason::NoToken));
    operator.session.sign_in("a".into(), "c".into(), operator.now);
    operator.session.opened(operator.now);
    assert!(operator.drain().iter().any(signs_in));
}

#[test]
fn what_another_operator_left_behind_is_held_and_never_sent_under_this_name() {
    let mut device = Device::new(operator());
    device.work();
    device.lose();
    device.say(1);
    let somebody = OperatorCard { id: OperatorId(Uuid::from_u128(99)), ..card() };
    device.greet();
    let DeskFrame::Welcome(welcome) = to_work() else { unreachable!() };
    let outputs = device.hear(DeskFrame::Welcome(Welcome { operator: Some(somebody), ..welcome }));
    assert_eq!(sent(&outputs), []);
    assert_eq!(device.outbox(), [(uid(1), OutboxState::Held)]);
}
