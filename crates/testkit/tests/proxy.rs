//! The product's client and desk over a line that fails (C2, C7, S2, S7, S8, I1, I2, I5, I12).
#![cfg(feature = "pair")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

use std::time::Duration;

use deskbell_core::LinkPhase;
use deskbell_testkit::events::stream;
use deskbell_testkit::people::{Person, desk, until};
use deskbell_testkit::proxy::{Proxy, Rules, Way};
use deskbell_wire::Uid;

fn says(visitor: &Person, many: usize) -> Vec<Uid> {
    (0..many).map(|n| visitor.say(&stream(0), &format!("words {n}"))).collect()
}

/// A new device sees exactly these, in this order.
#[track_caller]
fn sees(desk: &deskbell_server::RunningDesk, said: &[Uid]) {
    let operator = Person::operator(9, desk, desk.address());
    operator.open(&stream(0));
    until("a new device has it", || operator.uids(&stream(0)).len() >= said.len());
    assert_eq!(operator.uids(&stream(0)), said);
}

fn is_live(person: &Person) -> bool {
    person.ask(|session, _| session.link() == LinkPhase::Live)
}

#[test]
fn i1_i2_i5_a_line_cut_at_any_byte_delivers_everything_once_and_in_order() {
    for (way, byte) in
        [Way::Up, Way::Down].into_iter().flat_map(|way| (150..2_600).step_by(211).map(move |at| (way, at)))
    {
        println!("cut at byte {byte} {way:?}");
        let desk = desk();
        let proxy = Proxy::start(desk.address());
        // Every line is cut there until the third: then the network is whole again.
        proxy.set(Rules::cut(way, byte));
        let visitor = Person::visitor(0, proxy.address());
        let said = says(&visitor, 5);
        until("all is sent", || {
            if proxy.accepted() >= 3 {
                proxy.set(Rules::default());
            }
            visitor.has_sent_all()
        });
        assert_eq!(visitor.uids(&stream(0)), said);
        sees(&desk, &said);
    }
}

#[test]
fn c2_i2_resets_in_the_middle_of_a_conversation_double_nothing() {
    let desk = desk();
    let proxy = Proxy::start(desk.address());
    let visitor = Person::visitor(0, proxy.address());
    let mut said = Vec::new();
    for round in 0..6 {
        said.extend(says(&visitor, 7));
        until("some of it is there", || visitor.has_sent_all() || visitor.uids(&stream(0)).len() > 7 * round);
        proxy.reset();
    }
    until("all is sent", || visitor.has_sent_all());
    assert!(proxy.accepted() > 1, "no reset met a line");
    assert_eq!(visitor.uids(&stream(0)), said);
    sees(&desk, &said);
}

#[test]
fn c7_refused_connections_are_tried_again() {
    let desk = desk();
    let proxy = Proxy::start(desk.address());
    proxy.set(Rules { refuses: true, ..Rules::default() });
    let visitor = Person::visitor(0, proxy.address());
    let said = says(&visitor, 3);
    until("it tried twice", || proxy.accepted() >= 2);
    proxy.set(Rules::default());
    until("all is sent", || visitor.has_sent_all());
    sees(&desk, &said);
}

#[test]
fn s8_a_new_hello_ends_the_half_open_line_of_the_same_device() {
    let desk = desk();
    let proxy = Proxy::start(desk.address());
    let visitor = Person::visitor(0, proxy.address());
    until("it is live", || is_live(&visitor));
    proxy.set(Rules::half_open());
    let lost = visitor.say(&stream(0), "into the void");
    visitor.0.stop();
    assert_eq!(desk.connections().unwrap(), 1, "the desk does not know yet");
    let again = Person::visitor(0, desk.address());
    until("it is live again", || is_live(&again));
    assert_eq!(desk.connections().unwrap(), 1);
    let said = says(&again, 2);
    until("all is sent", || again.has_sent_all());
    sees(&desk, &said);
    assert!(!again.uids(&stream(0)).contains(&lost), "the first device's memory went with it");
}

#[test]
fn s7_i12_a_reader_that_stalls_delays_nobody_and_catches_up() {
    let desk = desk();
    let proxy = Proxy::start(desk.address());
    let stalled = Person::operator(1, &desk, proxy.address());
    until("the operator is live", || is_live(&stalled));
    stalled.open(&stream(0));
    proxy.set(Rules { stalled: vec![Way::Down], ..Rules::default() });
    let visitor = Person::visitor(0, desk.address());
    let long = "long words ".repeat(600);
    let said: Vec<Uid> = (0..600).map(|_| visitor.say(&stream(0), &long)).collect();
    until("the visitor's words are sent", || visitor.has_sent_all());
    sees(&desk, &said);
    assert!(stalled.uids(&stream(0)).len() < said.len());
    proxy.set(Rules::default());
    until("the stalled one caught up", || stalled.uids(&stream(0)).len() >= said.len());
    assert_eq!(stalled.uids(&stream(0)), said);
}

#[test]
fn c2_a_slow_line_keeps_the_order() {
    let desk = desk();
    let proxy = Proxy::start(desk.address());
    proxy.set(Rules { latency: Duration::from_millis(30), ..Rules::default() });
    let visitor = Person::visitor(0, proxy.address());
    let said = says(&visitor, 30);
    until("all is sent", || visitor.has_sent_all());
    assert_eq!(visitor.uids(&stream(0)), said);
    sees(&desk, &said);
}
