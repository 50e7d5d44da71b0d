//! The disk of the device refuses, or its power fails, in the middle of it (I9, C1).

use deskbell_core::store::{OutboxState, UploadState};
use deskbell_core::{FileToSend, Output};
use deskbell_testkit::crash_store::Fault;
use deskbell_testkit::events::{card, stream, uid};
use deskbell_wire::{FileRefusal, NackCode};

use crate::kit::{Device, going, nack, place, sent, the_upload};

const REFUSALS: [Fault; 3] = [Fault::Full, Fault::RefusedLost, Fault::RefusedKept];

#[test]
fn c1_i9_a_file_that_the_disk_refused_does_not_turn_up_later() {
    for fault in REFUSALS {
        let mut visitor = Device::visitor();
        visitor.connect();
        visitor.disk.fail_next(fault);
        let file = FileToSend { uid: uid(3), card: card(3), text: String::new(), group: None, batch: uid(3) };
        assert!(visitor.session.send_file(&stream(1), file, visitor.now).is_err());
        assert_eq!(going(&visitor.drain()), []);
        let mut visitor = visitor.restarted();
        assert_eq!(going(&visitor.connect()), [], "{fault:?}");
    }
}

#[test]
fn i9_what_arrived_while_the_disk_refused_goes_out_once_when_it_takes_again() {
    for fault in REFUSALS {
        let mut visitor = Device::visitor();
        visitor.connect();
        let run = the_upload(&visitor.file(3));
        visitor.say(4);
        visitor.disk.fail_next(fault);
        let outputs = visitor.whole(&run);
        assert_eq!(sent(&outputs), [], "{fault:?}");
        assert!(outputs.contains(&Output::HangUp), "{fault:?}");
        let outputs = visitor.connect();
        let mut gone = sent(&outputs);
        for run in going(&outputs) {
            gone.extend(sent(&visitor.whole(&run)));
        }
        assert_eq!(gone, [(uid(4), None), (uid(3), Some(uid(4)))], "{fault:?}");
    }
}

#[test]
fn i9_a_crash_as_it_arrives_leaves_it_to_be_asked_for_or_to_be_sent() {
    for fault in [Fault::CrashBefore, Fault::CrashTorn, Fault::CrashAfter] {
        let mut visitor = Device::visitor();
        visitor.connect();
        let run = the_upload(&visitor.file(3));
        visitor.placed(&run, 1);
        visitor.disk.fail_next(fault);
        visitor.whole(&run);
        let mut visitor = visitor.restarted();
        let outputs = visitor.connect();
        let mut gone = sent(&outputs);
        for run in going(&outputs) {
            assert_eq!(run.place, Some(place(1)));
            gone.extend(sent(&visitor.whole(&run)));
        }
        assert_eq!(gone, [(uid(3), None)], "{fault:?}");
    }
}

#[test]
fn i9_a_refusal_that_cannot_be_noted_is_heard_again() {
    for fault in REFUSALS {
        let mut visitor = Device::visitor();
        visitor.connect();
        let run = the_upload(&visitor.file(3));
        visitor.disk.fail_next(fault);
        visitor.refused(&run, FileRefusal::Banned);
        for run in going(&visitor.connect()) {
            visitor.refused(&run, FileRefusal::Banned);
        }
        assert_eq!(visitor.outbox(), [(uid(3), OutboxState::Failed(NackCode::Banned))], "{fault:?}");
    }
}

#[test]
fn i9_a_miss_that_cannot_be_noted_is_heard_again() {
    for fault in REFUSALS {
        let mut visitor = Device::visitor();
        visitor.connect();
        let run = the_upload(&visitor.file(3));
        visitor.whole(&run);
        visitor.disk.fail_next(fault);
        visitor.hear(nack(3, NackCode::FileMissing));
        let mut outputs = visitor.connect();
        if sent(&outputs) == [(uid(3), None)] {
            outputs = visitor.hear(nack(3, NackCode::FileMissing));
            outputs.extend(visitor.pass(30_000));
        }
        let run = the_upload(&outputs);
        assert_eq!(sent(&visitor.whole(&run)), [(uid(3), None)], "{fault:?}");
    }
}

#[test]
fn a_place_that_the_disk_does_not_take_is_asked_for_again() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.disk.fail_next(Fault::RefusedLost);
    visitor.placed(&run, 1);
    assert_eq!(visitor.on_disk(3), Some((UploadState::Going, None)));
    assert_eq!(the_upload(&visitor.connect()).place, None);
}

#[test]
fn a_pause_and_a_retry_that_the_disk_refuses_are_told_to_the_person() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.disk.fail_next(Fault::Full);
    assert!(visitor.session.pause_file(uid(3), visitor.now).is_err());
    visitor.refused(&run, FileRefusal::Quota);
    visitor.disk.fail_next(Fault::Full);
    assert!(visitor.session.resend(uid(3), visitor.now).is_err());
    visitor.disk.fail_next(Fault::Full);
    assert!(visitor.session.cancel_file(uid(3), visitor.now).is_err());
    assert_eq!(visitor.outbox(), [(uid(3), OutboxState::Failed(NackCode::Quota))]);
    assert_eq!(going(&visitor.drain()), []);
}
