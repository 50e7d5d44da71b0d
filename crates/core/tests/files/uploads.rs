//! A file goes to the desk, and its entry after it.

use deskbell_core::store::{OutboxState, UploadState};
use deskbell_core::{CarrierReport, Order, Output, TransferStand, Trouble};
use deskbell_testkit::events::{card, filed, stream, uid};
use deskbell_wire::{DeskFrame, FileId, FileRefusal, Identity, NackCode, SendBody};

use crate::kit::{Device, going, nack, orders, page, place, sent, stands, the_upload};

#[test]
fn c1_a_file_and_its_entry_survive_a_crash_and_nothing_is_carried_without_a_line() {
    let mut visitor = Device::visitor();
    assert_eq!(orders(&visitor.file(3)), Vec::<&Order>::new());
    let mut visitor = visitor.restarted();
    assert_eq!(visitor.on_disk(3), Some((UploadState::Going, None)));
    let outputs = visitor.connect();
    assert_eq!(sent(&outputs), []);
    let Some(Order::Upload { voice, stream: to, card: what, group, .. }) = orders(&outputs).first().copied()
    else {
        panic!("{outputs:?}")
    };
    assert!(matches!(&voice.who, Identity::Visitor { visitor_id, .. } if *visitor_id == stream(1).visitor));
    assert_eq!((to, what, group), (&stream(1), &card(3), &None));
}

#[test]
fn i14_the_entry_goes_out_when_the_desk_has_the_file_and_not_before() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.placed(&run, 1);
    let half = CarrierReport::Sent { uid: uid(3), run: run.run, done: 150 };
    assert_eq!(stands(&visitor.report(half)), [TransferStand::Going { done: 150 }]);
    let all = CarrierReport::Sent { uid: uid(3), run: run.run, done: 300 };
    assert_eq!(sent(&visitor.report(all)), [], "every byte is there, and nobody has checked them");
    let outputs = visitor.whole(&run);
    assert_eq!(sent(&outputs), [(uid(3), None)]);
    assert_eq!(stands(&outputs).last(), Some(&TransferStand::Whole));
    let body = visitor.session.held(&stream(1)).unwrap().outbox.get(uid(3)).unwrap().body.clone();
    assert_eq!(body, SendBody::Message { text: String::new(), group: None, file: Some(FileId(uid(3).0)) });
    visitor.hear(DeskFrame::Event(filed(&stream(1), 1, Some(3), 3)));
    assert_eq!((visitor.outbox(), visitor.on_disk(3)), (vec![], None), "C3: both leave with the event");
    assert!(visitor.session.upload(uid(3)).is_none());
}

#[test]
fn an_upload_goes_on_where_the_desk_has_it_and_at_once_when_the_line_is_back() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let first = the_upload(&visitor.file(3));
    visitor.placed(&first, 1);
    let outputs = visitor.lose();
    assert!(orders(&outputs).contains(&&Order::HangUp), "{outputs:?}");
    assert_eq!(stands(&outputs), [TransferStand::Waiting { done: 0, why: None }]);
    let again = the_upload(&visitor.connect());
    assert_eq!(again.place, Some(place(1)));
    // The same over a crash.
    let mut visitor = visitor.restarted();
    assert_eq!(the_upload(&visitor.connect()).place, Some(place(1)));
}

#[test]
fn a_report_of_a_run_that_is_over_changes_nothing() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let first = the_upload(&visitor.file(3));
    visitor.lose();
    let again = the_upload(&visitor.connect());
    assert!(again.run != first.run);
    let mut late = visitor.placed(&first, 1);
    late.extend(visitor.whole(&first));
    late.extend(visitor.refused(&first, FileRefusal::Banned));
    assert_eq!(late, []);
    assert_eq!(visitor.on_disk(3), Some((UploadState::Going, None)));
    assert_eq!(sent(&visitor.whole(&again)), [(uid(3), None)]);
}

#[test]
fn three_large_ones_go_at_once_in_the_order_of_the_outbox() {
    let mut visitor = Device::visitor();
    (1..=5).for_each(|n| drop(visitor.film(n)));
    let first = going(&visitor.connect());
    assert_eq!(first.iter().map(|run| run.n).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(visitor.sleeps());
    // One that has trouble makes room for the next one.
    assert_eq!(the_upload(&visitor.refused(&first[1], FileRefusal::NoSpace)).n, 4);
    assert_eq!(the_upload(&visitor.whole(&first[0])).n, 5);
}

#[test]
fn c7_after_trouble_it_waits_with_jitter_and_no_longer_than_half_a_minute() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let mut run = the_upload(&visitor.file(3));
    let (mut longest, mut waited) = (0, 0);
    for tries in 0..40 {
        let outputs = visitor.refused(&run, FileRefusal::Busy);
        assert_eq!(going(&outputs), [], "never at once");
        let why = Some(Trouble::Refused(FileRefusal::Busy));
        assert_eq!(stands(&outputs), [TransferStand::Waiting { done: 0, why }]);
        let mut pause = 0;
        run = loop {
            let next = visitor.session.deadline().unwrap() - visitor.now.mono;
            pause += next;
            let outputs = visitor.pass(next);
            if let Some(run) = going(&outputs).pop() {
                break run;
            }
        };
        assert!(pause <= (500 << tries.min(10)).min(30_000), "{pause} ms after {tries}");
        (longest, waited) = (longest.max(pause), waited + pause);
    }
    assert!(longest > 15_000 && waited > 200_000, "{longest} {waited}");
}

#[test]
fn what_only_waited_for_the_line_goes_at_once_when_it_is_back_and_what_the_desk_keeps_back_does_not() {
    for (why, at_once) in [(Trouble::Line, true), (Trouble::Refused(FileRefusal::NoSpace), false)] {
        let mut visitor = Device::visitor();
        visitor.connect();
        let mut run = the_upload(&visitor.file(3));
        visitor.failed(&run, why);
        for _ in 0..9 {
            run = visitor.next_run();
            visitor.failed(&run, why);
        }
        visitor.lose();
        assert_eq!(going(&visitor.connect_again()).len(), usize::from(at_once), "{why:?}");
    }
}

#[test]
fn what_went_on_before_it_broke_is_tried_again_soon() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let mut run = the_upload(&visitor.file(9));
    for done in 1..=12 {
        visitor.report(CarrierReport::Sent { uid: uid(9), run: run.run, done: done * 50 });
        visitor.failed(&run, Trouble::Line);
        run = the_upload(&visitor.pass(500));
    }
}

#[test]
fn each_refusal_of_the_desk_is_waited_out_or_told_and_the_queue_goes_on() {
    use FileRefusal as R;
    let told = [
        (R::Forbidden, Some(NackCode::Forbidden)),
        (R::Invalid, Some(NackCode::Invalid)),
        (R::Empty, Some(NackCode::Invalid)),
        (R::TooLarge, Some(NackCode::TooLarge)),
        (R::Quota, Some(NackCode::Quota)),
        (R::TypeNotAllowed, Some(NackCode::FileType)),
        (R::TypeLies, Some(NackCode::FileType)),
        (R::Off, Some(NackCode::FileType)),
        (R::Consent, Some(NackCode::Consent)),
        (R::Banned, Some(NackCode::Banned)),
        (R::NoSpace, None),
        (R::Busy, None),
        (R::Expired, None),
        (R::Offset, None),
        (R::Checksum, None),
        (R::Storage, None),
    ];
    for (refusal, code) in told {
        let mut visitor = Device::visitor();
        visitor.connect();
        let run = the_upload(&visitor.file(3));
        visitor.refused(&run, refusal);
        let state = code.map_or(OutboxState::Queued, OutboxState::Failed);
        assert_eq!(visitor.outbox(), [(uid(3), state)], "{refusal:?}");
        if let Some(code) = code {
            let refused = TransferStand::Refused { code, refusal: Some(refusal) };
            assert_eq!(visitor.stand(3), refused);
            assert_eq!(visitor.disk_says(3), refused);
        }
        assert_eq!(sent(&visitor.say(4)), [(uid(4), None)], "{refusal:?}");
        assert_eq!(going(&visitor.pass(30_000)).len(), usize::from(code.is_none()), "{refusal:?}");
    }
}

/// What the person was told why a file does not go, he is told after a restart too; and no longer than it is so.
#[test]
fn what_the_desk_said_of_a_file_outlives_a_restart_and_is_forgotten_when_it_goes() {
    use FileRefusal as R;
    for refusal in [R::NoSpace, R::Busy, R::Storage] {
        let mut visitor = Device::visitor();
        visitor.connect();
        let run = the_upload(&visitor.file(3));
        visitor.refused(&run, refusal);
        let waits = TransferStand::Waiting { done: 0, why: Some(Trouble::Refused(refusal)) };
        assert_eq!(visitor.stand(3), waits);
        let mut visitor = visitor.restarted();
        assert_eq!(visitor.stand(3), waits);
        let run = the_upload(&visitor.connect());
        visitor.report(CarrierReport::Sent { uid: uid(3), run: run.run, done: 9 });
        let mut visitor = visitor.restarted();
        assert_eq!(visitor.stand(3), TransferStand::Waiting { done: 0, why: None }, "it went on");
        visitor.connect();
    }
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.refused(&run, R::TypeLies);
    visitor.session.resend(uid(3), visitor.now).unwrap();
    assert_eq!(visitor.disk_says(3), TransferStand::Waiting { done: 0, why: None }, "it is tried again");
}

#[test]
fn an_expired_place_is_forgotten_and_the_file_begins_anew() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.placed(&run, 1);
    visitor.refused(&run, FileRefusal::Expired);
    assert_eq!(visitor.on_disk(3), Some((UploadState::Going, None)));
    assert_eq!(visitor.next_run().place, None);
}

/// A desk that was restored does not know the place: it says what it says to a stranger.
#[test]
fn c5_a_place_that_is_lost_is_asked_for_once_more_and_a_right_that_is_lost_is_told() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.placed(&run, 1);
    visitor.lose();
    let run = the_upload(&visitor.connect());
    visitor.refused(&run, FileRefusal::Forbidden);
    let run = visitor.next_run();
    assert_eq!(run.place, None);
    visitor.placed(&run, 2);
    visitor.refused(&run, FileRefusal::Forbidden);
    assert_eq!(visitor.outbox(), [(uid(3), OutboxState::Failed(NackCode::Forbidden))]);
}

#[test]
fn bytes_that_arrive_as_others_are_sent_anew_but_not_for_ever() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let mut run = the_upload(&visitor.file(3));
    for _ in 0..2 {
        visitor.placed(&run, 1);
        visitor.refused(&run, FileRefusal::Checksum);
        run = visitor.next_run();
        assert_eq!(run.place, None);
    }
    visitor.refused(&run, FileRefusal::Checksum);
    assert_eq!(visitor.outbox(), [(uid(3), OutboxState::Failed(NackCode::Invalid))]);
}

#[test]
fn bytes_that_are_lost_here_are_told_as_lost() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.failed(&run, Trouble::Lost);
    assert_eq!(visitor.stand(3), TransferStand::Refused { code: NackCode::FileLost, refusal: None });
}

#[test]
fn a_file_that_the_desk_misses_goes_again_and_its_entry_after_it() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let mut run = the_upload(&visitor.file(3));
    for _ in 1..deskbell_core::transfers::MISSES {
        assert_eq!(sent(&visitor.whole(&run)), [(uid(3), None)]);
        assert_eq!(going(&visitor.hear(nack(3, NackCode::FileMissing))), [], "not in a loop");
        assert_eq!(visitor.on_disk(3), Some((UploadState::Going, None)));
        run = visitor.next_run();
        assert_eq!(run.place, None);
    }
    visitor.whole(&run);
    visitor.hear(nack(3, NackCode::FileMissing));
    assert_eq!(visitor.outbox(), [(uid(3), OutboxState::Failed(NackCode::FileMissing))]);
    assert_eq!(going(&visitor.pass(30_000)), []);
    visitor.session.resend(uid(3), visitor.now).unwrap();
    assert_eq!(going(&visitor.drain()).len(), 1, "the person may try as often");
}

#[test]
fn a_miss_that_is_heard_again_does_not_stop_what_has_begun() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.whole(&run);
    visitor.hear(nack(3, NackCode::FileMissing));
    let run = visitor.next_run();
    assert_eq!(visitor.hear(nack(3, NackCode::FileMissing)), Vec::<Output>::new());
    assert_eq!(sent(&visitor.whole(&run)), [(uid(3), None)]);
}

#[test]
fn a_refused_entry_keeps_its_file_and_goes_again_without_it() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.whole(&run);
    visitor.hear(nack(3, NackCode::Consent));
    assert_eq!(visitor.outbox(), [(uid(3), OutboxState::Failed(NackCode::Consent))]);
    let refused = TransferStand::Refused { code: NackCode::Consent, refusal: None };
    assert_eq!((visitor.stand(3), visitor.disk_says(3)), (refused, refused));
    assert_eq!(sent(&visitor.say(4)), [(uid(4), None)], "words do not stop for a file");
    visitor.session.resend(uid(3), visitor.now).unwrap();
    let outputs = visitor.drain();
    assert_eq!((going(&outputs), sent(&outputs)), (vec![], vec![(uid(3), Some(uid(4)))]));
}

#[test]
fn what_the_log_has_is_not_carried_any_further() {
    let mut visitor = Device::visitor();
    visitor.connect();
    the_upload(&visitor.file(3));
    let outputs = visitor.hear(DeskFrame::Event(filed(&stream(1), 1, Some(3), 3)));
    assert_eq!(orders(&outputs), [&Order::Stop { uid: uid(3) }]);
    assert_eq!(visitor.on_disk(3), None);
}

#[test]
fn c5_a_file_that_a_restored_desk_lost_is_held_and_goes_again_from_here() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.whole(&run);
    visitor.hear(DeskFrame::Event(filed(&stream(1), 1, Some(3), 3)));
    visitor.lose();
    visitor.welcomed(2, 0, 7);
    let outputs = visitor.hear(page(2, 0, Vec::new(), 0));
    assert_eq!((going(&outputs), sent(&outputs)), (vec![], vec![]), "the person decides");
    assert_eq!(visitor.outbox(), [(uid(3), OutboxState::Held)]);
    visitor.session.resend(uid(3), visitor.now).unwrap();
    let run = the_upload(&visitor.drain());
    assert_eq!((run.n, run.place.clone()), (3, None));
    assert_eq!(sent(&visitor.whole(&run)), [(uid(3), None)]);
}
