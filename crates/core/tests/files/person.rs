//! What the person does: pause, go on, take back, try again.

use deskbell_core::store::{OutboxRow, OutboxState, UploadState};
use deskbell_core::{Order, SendRefused, TransferStand};
use deskbell_testkit::events::{card, file_entry, stream, uid};
use deskbell_wire::{BodyFlaw, DeskFrame, FileId, FileRefusal, NackCode, SendBody};

use crate::kit::{Device, ack, going, nack, orders, place, sent, stands, the_upload};

#[test]
fn a_pause_lasts_until_the_person_ends_it_also_over_a_crash() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.placed(&run, 1);
    visitor.session.pause_file(uid(3), visitor.now).unwrap();
    let outputs = visitor.drain();
    assert_eq!(orders(&outputs), [&Order::Stop { uid: uid(3) }]);
    assert_eq!(stands(&outputs).last(), Some(&TransferStand::Paused { done: 0 }));
    assert_eq!(visitor.whole(&run), [], "it came too late to count");
    let mut visitor = visitor.restarted();
    assert_eq!(going(&visitor.connect()), []);
    assert!(visitor.sleeps());
    visitor.session.resume_file(uid(3), visitor.now).unwrap();
    let run = the_upload(&visitor.drain());
    assert_eq!(run.place, Some(place(1)));
    assert_eq!(sent(&visitor.whole(&run)), [(uid(3), None)]);
}

#[test]
fn a_pause_does_not_wait_for_the_pause_before() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let mut run = the_upload(&visitor.file(3));
    for _ in 0..9 {
        visitor.refused(&run, FileRefusal::Busy);
        visitor.session.pause_file(uid(3), visitor.now).unwrap();
        visitor.session.resume_file(uid(3), visitor.now).unwrap();
        run = the_upload(&visitor.drain());
    }
}

#[test]
fn a_file_is_taken_back_while_the_desk_does_not_have_it_whole() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.placed(&run, 1);
    visitor.say(4);
    visitor.session.cancel_file(uid(3), visitor.now).unwrap();
    let outputs = visitor.drain();
    let told = orders(&outputs);
    assert_eq!(told[0], &Order::Stop { uid: uid(3) });
    assert!(matches!(told[1], Order::Leave { place: left, .. } if *left == place(1)), "{told:?}");
    assert_eq!((visitor.outbox(), visitor.on_disk(3)), (vec![(uid(4), OutboxState::Queued)], None));
    assert_eq!(visitor.whole(&run), []);
}

#[test]
fn what_is_on_its_way_as_an_entry_is_not_taken_back() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.whole(&run);
    visitor.session.cancel_file(uid(3), visitor.now).unwrap();
    assert_eq!(visitor.drain(), []);
    visitor.hear(nack(3, NackCode::Forbidden));
    visitor.session.cancel_file(uid(3), visitor.now).unwrap();
    assert_eq!((visitor.outbox(), visitor.on_disk(3)), (vec![], None));
}

#[test]
fn discard_takes_a_failed_file_back_too() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.session.discard(uid(3), visitor.now).unwrap();
    assert_eq!(visitor.outbox().len(), 1, "it is on its way");
    visitor.refused(&run, FileRefusal::TooLarge);
    visitor.session.discard(uid(3), visitor.now).unwrap();
    assert_eq!((visitor.outbox(), visitor.on_disk(3)), (vec![], None));
}

#[test]
fn i5_a_failed_file_begins_again_behind_everything() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.placed(&run, 1);
    visitor.refused(&run, FileRefusal::Quota);
    visitor.say(4);
    visitor.session.resend(uid(3), visitor.now).unwrap();
    let run = the_upload(&visitor.drain());
    assert_eq!(run.place, None);
    assert_eq!(visitor.outbox(), [(uid(4), OutboxState::Queued), (uid(3), OutboxState::Queued)]);
    assert_eq!(sent(&visitor.whole(&run)), [(uid(3), Some(uid(4)))]);
}

#[test]
fn c1_a_file_that_waits_for_consent_is_kept_and_begins_after_it() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let (row, _) = file_entry(&stream(1), 3, "look");
    let state = OutboxState::Failed(NackCode::Consent);
    visitor.session.keep_file(OutboxRow { state, ..row }, card(3), uid(3)).unwrap();
    assert_eq!(going(&visitor.pass(1)), [], "not before the person agrees");
    let mut visitor = visitor.restarted();
    assert_eq!(visitor.stand(3), TransferStand::Refused { code: NackCode::Consent, refusal: None });
    visitor.connect();
    visitor.session.send(&stream(1), SendBody::Consent { version: 1 }, uid(4), visitor.now).unwrap();
    visitor.session.resend(uid(3), visitor.now).unwrap();
    let outputs = visitor.drain();
    assert_eq!((sent(&outputs), going(&outputs)), (vec![(uid(4), None)], vec![]), "consent first");
    assert!(visitor.sleeps());
    let run = the_upload(&visitor.hear(ack(4, 1)));
    assert_eq!(sent(&visitor.whole(&run)), [(uid(3), Some(uid(4)))]);
}

#[test]
fn an_entry_names_its_own_file_and_nothing_else() {
    let mut visitor = Device::visitor();
    let (row, _) = file_entry(&stream(1), 3, "");
    let of_another = SendBody::Message { text: String::new(), group: None, file: Some(FileId(uid(9).0)) };
    let long = SendBody::Message { text: "x".repeat(8_001), group: None, file: Some(FileId(uid(3).0)) };
    let invalid = SendRefused::Flaw(BodyFlaw::Invalid);
    for (body, refused) in [
        (of_another, invalid.clone()),
        (SendBody::message("words"), invalid.clone()),
        (long, SendRefused::TooLong(8_000)),
    ] {
        let wrong = OutboxRow { body, ..row.clone() };
        assert_eq!(visitor.session.keep_file(wrong, card(3), uid(3)), Err(refused));
    }
    assert_eq!(visitor.session.keep_file(row, card(0), uid(3)), Err(invalid), "an empty file");
    assert_eq!((visitor.outbox(), visitor.on_disk(3)), (vec![], None));
}

#[test]
fn paused_whole_and_unknown_files_are_left_alone() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(3));
    visitor.whole(&run);
    visitor.session.pause_file(uid(3), visitor.now).unwrap();
    visitor.session.pause_file(uid(77), visitor.now).unwrap();
    visitor.session.resume_file(uid(3), visitor.now).unwrap();
    visitor.session.cancel_file(uid(77), visitor.now).unwrap();
    assert_eq!(visitor.drain(), []);
    assert_eq!(visitor.on_disk(3).unwrap().0, UploadState::Whole);
    visitor.hear(DeskFrame::Pong { n: 1, heads: Vec::new() });
}
