//! A message's file comes to this device.

use deskbell_core::{CarrierReport, DiskTrouble, Order, Output, TransferStand, Trouble};
use deskbell_testkit::events::{answered, card, filed, stream};
use deskbell_wire::{DeskFrame, FileRefusal, MessageId};

use crate::kit::{Device, message, orders, stands};

/// A visitor on a line who holds words at 1 and files from 2 on.
fn reader(files: u64) -> (Device, Vec<MessageId>) {
    let mut visitor = Device::visitor();
    visitor.connect();
    visitor.hear(DeskFrame::Event(answered(&stream(1), 1)));
    let events: Vec<_> = (2..2 + files).map(|seq| filed(&stream(1), seq, None, seq)).collect();
    let messages = events.iter().map(message).collect();
    events.into_iter().for_each(|event| drop(visitor.hear(DeskFrame::Event(event))));
    (visitor, messages)
}

fn fetch(visitor: &mut Device, message: MessageId) -> Vec<Output> {
    assert_eq!(visitor.session.fetch_file(&stream(1), message, visitor.now), Ok(true));
    visitor.drain()
}

fn runs(outputs: &[Output]) -> Vec<(MessageId, u64)> {
    let run = |order: &Order| match order {
        Order::Fetch { message, run, .. } => Some((*message, *run)),
        _ => None,
    };
    orders(outputs).into_iter().filter_map(run).collect()
}

fn failed((message, run): (MessageId, u64), why: Trouble) -> CarrierReport {
    CarrierReport::FetchFailed { message, run, why }
}

#[test]
fn a_file_is_fetched_by_its_message_and_told_to_be_here() {
    let (mut visitor, messages) = reader(1);
    let outputs = fetch(&mut visitor, messages[0]);
    let Some(Order::Fetch { message, run, card: what, .. }) = orders(&outputs).first().copied() else {
        panic!("{outputs:?}")
    };
    assert_eq!((*message, what), (messages[0], &card(2)));
    let (message, run) = (*message, *run);
    let told = visitor.report(CarrierReport::Fetched { message, run, done: 120 });
    assert_eq!(stands(&told), [TransferStand::Going { done: 120 }]);
    assert_eq!(fetch(&mut visitor, message).len(), 1, "asked for twice, it is told and goes on");
    let told = visitor.report(CarrierReport::Here { message, run });
    assert_eq!(stands(&told), [TransferStand::Whole]);
    assert_eq!(visitor.session.download(message), None);
    assert_eq!(visitor.report(CarrierReport::Here { message, run }), []);
}

#[test]
fn i13_only_a_file_that_is_held_in_that_conversation_is_asked_for() {
    let (mut visitor, messages) = reader(1);
    let words = answered(&stream(1), 1).message_id;
    for (at, message) in [(1, words), (2, messages[0]), (1, filed(&stream(1), 50, None, 1).message_id)] {
        assert_eq!(visitor.session.fetch_file(&stream(at), message, visitor.now), Ok(false));
    }
    assert_eq!(visitor.drain(), []);
}

#[test]
fn three_come_at_once_in_the_order_asked_for_and_wait_for_the_line() {
    let (mut visitor, messages) = reader(5);
    visitor.lose();
    for message in &messages {
        let told = fetch(&mut visitor, *message);
        assert_eq!(stands(&told), [TransferStand::Waiting { done: 0, why: None }]);
    }
    let outputs = visitor.welcomed(1, 6, 7);
    let going = runs(&outputs);
    assert_eq!(going.iter().map(|run| run.0).collect::<Vec<_>>(), messages[..3]);
    assert!(visitor.sleeps());
    let (message, run) = going[1];
    assert_eq!(runs(&visitor.report(CarrierReport::Here { message, run }))[0].0, messages[3]);
    let outputs = visitor.lose();
    assert!(orders(&outputs).contains(&&Order::HangUp));
    assert_eq!(runs(&visitor.welcomed(1, 6, 7)).len(), 3);
}

#[test]
fn trouble_is_waited_out_or_told() {
    use FileRefusal as R;
    let again = [
        Trouble::Line,
        Trouble::Refused(R::Busy),
        Trouble::Refused(R::Storage),
        Trouble::Refused(R::Checksum),
    ];
    let over = [
        Trouble::Refused(R::Forbidden),
        Trouble::Refused(R::Invalid),
        Trouble::Disk(DiskTrouble::Full),
        Trouble::Disk(DiskTrouble::Other),
    ];
    for (why, goes_on) in again.map(|why| (why, true)).into_iter().chain(over.map(|why| (why, false))) {
        let (mut visitor, messages) = reader(1);
        let run = runs(&fetch(&mut visitor, messages[0]))[0];
        let told = visitor.report(failed(run, why));
        let stand = match goes_on {
            true => TransferStand::Waiting { done: 0, why: Some(why) },
            false => TransferStand::Failed(why),
        };
        assert_eq!(stands(&told), [stand]);
        let next = runs(&visitor.pass(30_000));
        assert_eq!(next.len(), usize::from(goes_on), "{why:?}");
        assert_eq!(visitor.report(failed(run, Trouble::Lost)), [], "of a run that is over");
        assert_eq!(runs(&fetch(&mut visitor, messages[0])).len(), usize::from(!goes_on));
    }
}

#[test]
fn a_file_that_keeps_arriving_as_another_is_given_up() {
    let (mut visitor, messages) = reader(1);
    let mut outputs = fetch(&mut visitor, messages[0]);
    let why = Trouble::Refused(FileRefusal::Checksum);
    for _ in 0..2 {
        let run = runs(&outputs)[0];
        visitor.report(failed(run, why));
        outputs = visitor.pass(30_000);
    }
    let run = runs(&outputs)[0];
    assert_eq!(stands(&visitor.report(failed(run, why))), [TransferStand::Failed(why)]);
}

#[test]
fn the_person_stops_it() {
    let (mut visitor, messages) = reader(1);
    let run = runs(&fetch(&mut visitor, messages[0]))[0];
    visitor.session.stop_fetch(messages[0], visitor.now);
    let outputs = visitor.drain();
    assert_eq!(orders(&outputs), [&Order::StopFetch { message: messages[0] }]);
    assert_eq!(stands(&outputs), [TransferStand::Stopped]);
    assert_eq!(visitor.report(CarrierReport::Here { message: run.0, run: run.1 }), []);
    visitor.session.stop_fetch(messages[0], visitor.now);
    assert_eq!(visitor.drain(), []);
}
