//! A device that is being linked by a one-time code: what goes out, what does not, and how it ends.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use deskbell_core::store::Store;
use deskbell_core::{Closed, Config, LinkPhase, Notice, Now, Output, Role, Session, StopReason};
use deskbell_testkit::crash_store::{CrashStore, Disk};
use deskbell_testkit::events::{epoch, stream, uid};
use deskbell_wire::limits::HELLO_MS;
use deskbell_wire::{
    Ask, Bye, ByeCode, ClientFrame, DeskFrame, DeviceId, Limits, Linked, PROTO, Redeem, Refusal, Secret,
    Secretive, SendBody, SiteKey, StreamHead, Timestamp, Told, VisitorId, Welcome,
};
use uuid::Uuid;

const DEVICE: DeviceId = DeviceId(Uuid::from_u128(5));

struct Device {
    session: Session<CrashStore>,
    now: Now,
}

impl Device {
    fn new() -> Self {
        let role = Role::Visitor { stream: stream(1), token: Secret::new([7; 32]) };
        let config = Config { device_id: DEVICE, role, seed: 1 };
        let session = Session::open(config, Disk::new().open()).unwrap();
        Self { session, now: Now { mono: 0, wall: Timestamp(1_000_000) } }
    }

    fn live() -> Self {
        let mut device = Self::new();
        device.pass(60_000);
        device.session.opened(device.now);
        device.hear(DeskFrame::Welcome(Welcome {
            epoch: epoch(1),
            limits: Limits::default(),
            heads: vec![StreamHead { stream: stream(1), head: 0, reset: false }],
            operator: None,
            status: None,
            now: device.now.wall,
        }));
        assert_eq!(device.session.link(), LinkPhase::Live);
        device
    }

    /// A code was typed, and the new socket is open.
    fn redeeming() -> (Self, Vec<Output>) {
        let mut device = Self::live();
        device.session.redeem(SiteKey::main(), "ABCD".into(), Secret::new([9; 32]), device.now);
        assert!(device.drain().contains(&Output::HangUp));
        device.session.opened(device.now);
        let said = device.drain();
        (device, said)
    }

    fn pass(&mut self, ms: u64) -> Vec<Output> {
        self.now = self.now.plus(ms);
        self.session.tick(self.now);
        self.drain()
    }

    fn hear(&mut self, frame: DeskFrame) -> Vec<Output> {
        self.session.frame(frame, self.now);
        self.drain()
    }

    fn drain(&mut self) -> Vec<Output> {
        std::iter::from_fn(|| self.session.poll()).collect()
    }

    /// Everything that is said once the line is tried again.
    fn said_on_the_next_socket(&mut self) -> Vec<Output> {
        while !self.pass(1_000).contains(&Output::Dial) {
            assert!(self.now.mono < 1_000_000, "it never dials");
        }
        self.session.opened(self.now);
        self.drain()
    }
}

fn is_redeem(output: &Output) -> bool {
    matches!(output, Output::Transmit(ClientFrame::Redeem(_)))
}

fn is_hello(output: &Output) -> bool {
    matches!(output, Output::Transmit(ClientFrame::Hello(_)))
}

fn bye(code: ByeCode) -> DeskFrame {
    DeskFrame::Bye(Bye { code, retry_after: None, moved: None })
}

#[test]
fn a_code_is_the_first_word_on_a_new_socket_and_the_answer_is_told() {
    let (mut device, said) = Device::redeeming();
    let (site, code, token) = (SiteKey::main(), Secretive("ABCD".into()), Secret::new([9; 32]));
    let redeem = Redeem { proto: PROTO, device_id: DEVICE, site, code, token: token.clone() };
    assert_eq!(said, [Output::Transmit(ClientFrame::Redeem(redeem))]);
    let visitor = VisitorId(Uuid::from_u128(77));
    let told = device.hear(DeskFrame::Linked(Linked { visitor_id: visitor }));
    assert_eq!(told, [Output::Tell(Notice::Linked(visitor, token))]);
    let again = device.hear(DeskFrame::Linked(Linked { visitor_id: visitor }));
    assert!(again.is_empty(), "a desk that says it twice changes nothing");
}

#[test]
fn threats_10_a_refused_code_stops_the_line_with_the_reason_and_is_never_tried_again() {
    for code in [ByeCode::BadCode, ByeCode::Limit, ByeCode::NoSite, ByeCode::Version] {
        let (mut device, _) = Device::redeeming();
        let told = device.hear(bye(code));
        let stopped = LinkPhase::Stopped(StopReason::Bye(code));
        assert!(told.contains(&Output::Tell(Notice::Link(stopped))), "{told:?}");
        assert!(device.pass(3_600_000).is_empty(), "nothing by itself");
        device.session.reconnect(device.now);
        device.drain();
        device.session.opened(device.now);
        let said = device.drain();
        assert!(said.iter().any(is_hello) && !said.iter().any(is_redeem), "as who it was: {said:?}");
    }
}

#[test]
fn threats_10_a_try_without_an_answer_is_not_repeated_and_the_device_goes_on_as_who_it_was() {
    for silent in [true, false] {
        let (mut device, _) = Device::redeeming();
        if silent {
            assert!(device.pass(HELLO_MS).contains(&Output::HangUp));
        } else {
            device.session.closed(Closed::Lost, device.now);
            device.drain();
        }
        assert_eq!(device.session.link(), LinkPhase::Waiting);
        let said = device.said_on_the_next_socket();
        assert!(said.iter().any(is_hello) && !said.iter().any(is_redeem), "{said:?}");
    }
}

#[test]
fn a_person_who_reconnects_meanwhile_does_not_repeat_the_code() {
    let (mut device, _) = Device::redeeming();
    device.session.reconnect(device.now);
    device.drain();
    device.session.opened(device.now);
    let said = device.drain();
    assert!(said.iter().any(is_hello) && !said.iter().any(is_redeem), "{said:?}");
}

#[test]
fn i1_what_waits_is_neither_sent_for_the_other_visitor_nor_lost() {
    let (mut device, _) = Device::redeeming();
    device.session.send(&stream(1), SendBody::message("mine"), uid(1), device.now).unwrap();
    let visitor = VisitorId(Uuid::from_u128(77));
    let mut outputs = device.drain();
    outputs.extend(device.hear(DeskFrame::Linked(Linked { visitor_id: visitor })));
    assert!(!outputs.iter().any(|output| matches!(output, Output::Transmit(_))), "{outputs:?}");
    assert_eq!(device.session.store().outbox().unwrap().len(), 1);
}

#[test]
fn every_question_is_answered_when_the_line_goes_down_for_a_code() {
    let mut device = Device::live();
    let n = device.session.ask(Ask::Devices {});
    device.session.redeem(SiteKey::main(), "ABCD".into(), Secret::new([9; 32]), device.now);
    let offline = Told::Refused { code: Refusal::Offline, detail: None };
    assert!(device.drain().contains(&Output::Tell(Notice::Told(n, offline.clone()))));
    let n = device.session.ask(Ask::Devices {});
    assert_eq!(device.drain(), [Output::Tell(Notice::Told(n, offline))], "and without a line at once");
}
