//! What waits for what: words never for a file, files for those before them.

use deskbell_core::store::{OutboxState, Store as _};
use deskbell_core::{Order, Trouble};
use deskbell_testkit::events::{stream, uid};
use deskbell_wire::{FileRefusal, NackCode, SendBody};

use crate::kit::{Device, going, nack, orders, sent, the_upload};

#[test]
fn words_never_wait_for_a_file() {
    let mut visitor = Device::visitor();
    visitor.say(1);
    visitor.file(2);
    visitor.say(3);
    visitor.file(4);
    visitor.session.send(&stream(1), SendBody::Close {}, uid(5), visitor.now).unwrap();
    let outputs = visitor.connect();
    let expected = [(uid(1), None), (uid(3), Some(uid(1))), (uid(5), Some(uid(3)))];
    assert_eq!(sent(&outputs), expected);
    // Nor for one that failed, whatever it failed for.
    let run = going(&outputs)[0].clone();
    visitor.refused(&run, FileRefusal::TypeLies);
    assert_eq!(sent(&visitor.say(6)), [(uid(6), Some(uid(5)))]);
}

#[test]
fn i5_a_file_that_has_arrived_goes_out_behind_what_was_said_meanwhile() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(2));
    visitor.say(3);
    assert_eq!(sent(&visitor.whole(&run)), [(uid(2), Some(uid(3)))]);
    assert_eq!(visitor.outbox(), [(uid(3), OutboxState::Queued), (uid(2), OutboxState::Queued)]);
    // And so it does after a crash: the desk may have one of them.
    let mut visitor = visitor.restarted();
    assert_eq!(sent(&visitor.connect()), [(uid(3), None), (uid(2), Some(uid(3)))]);
}

#[test]
fn i5_files_of_one_send_keep_the_order_in_which_they_were_chosen() {
    let mut visitor = Device::visitor();
    visitor.files(&[1, 2, 3]);
    let runs = going(&visitor.connect());
    assert_eq!(sent(&visitor.whole(&runs[2])), []);
    assert_eq!(sent(&visitor.whole(&runs[1])), []);
    let outputs = visitor.whole(&runs[0]);
    assert_eq!(sent(&outputs), [(uid(1), None), (uid(2), Some(uid(1))), (uid(3), Some(uid(2)))]);
}

/// They know each other after a crash, too, when all that is known is on the disk.
#[test]
fn i5_files_of_one_send_keep_their_order_over_a_crash() {
    let mut visitor = Device::visitor();
    visitor.files(&[1, 2]);
    visitor.file(3);
    let runs = going(&visitor.connect());
    runs.iter().for_each(|run| drop(visitor.placed(run, run.n as u8)));
    assert_eq!(sent(&visitor.whole(&runs[1])), []);
    let mut visitor = visitor.restarted();
    let runs = going(&visitor.connect());
    assert_eq!(runs.iter().map(|run| run.n).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(sent(&visitor.whole(&runs[1])), [], "the first one carries the caption");
    assert_eq!(sent(&visitor.whole(&runs[2])), [(uid(3), None)]);
    assert_eq!(sent(&visitor.whole(&runs[0])), [(uid(1), Some(uid(3))), (uid(2), Some(uid(1)))]);
}

#[test]
fn files_of_different_sends_do_not_wait_for_each_other() {
    let mut visitor = Device::visitor();
    visitor.film(1);
    visitor.files(&[2, 3]);
    visitor.file(4);
    let runs = going(&visitor.connect());
    assert_eq!(sent(&visitor.whole(&runs[3])), [(uid(4), None)]);
    assert_eq!(sent(&visitor.whole(&runs[2])), [], "its first one is on its way");
    assert_eq!(sent(&visitor.whole(&runs[1])), [(uid(2), Some(uid(4))), (uid(3), Some(uid(2)))]);
    assert_eq!(visitor.outbox()[0], (uid(1), OutboxState::Queued));
    assert_eq!(sent(&visitor.whole(&runs[0])), [(uid(1), Some(uid(3)))]);
}

#[test]
fn a_small_file_does_not_wait_for_large_ones_that_have_or_have_not_begun() {
    let mut visitor = Device::visitor();
    (1..=5).for_each(|n| drop(visitor.film(n)));
    visitor.connect();
    let run = the_upload(&visitor.file(6));
    assert_eq!(run.n, 6, "it has the fourth place");
    assert_eq!(going(&visitor.file(7)), [], "there is one such place");
    let outputs = visitor.whole(&run);
    assert_eq!((sent(&outputs), the_upload(&outputs).n), (vec![(uid(6), None)], 7));
    // No large one ever takes it.
    visitor.session.cancel_file(uid(7), visitor.now).unwrap();
    assert_eq!(going(&visitor.drain()), []);
    assert!(visitor.sleeps());
    visitor.session.cancel_file(uid(1), visitor.now).unwrap();
    assert_eq!(the_upload(&visitor.drain()).n, 4);
    assert_eq!(the_upload(&visitor.file(8)).n, 8);
}

#[test]
fn a_file_waits_for_one_of_its_send_that_has_to_begin_anew() {
    use FileRefusal::{Checksum, Expired, Offset, Storage};
    for passes in [Expired, Offset, Checksum, Storage] {
        let mut visitor = Device::visitor();
        visitor.files(&[1, 2]);
        let runs = going(&visitor.connect());
        assert_eq!(sent(&visitor.whole(&runs[1])), []);
        assert_eq!(sent(&visitor.refused(&runs[0], passes)), [], "{passes:?}");
        let run = visitor.next_run();
        assert_eq!(sent(&visitor.whole(&run)), [(uid(1), None), (uid(2), Some(uid(1)))], "{passes:?}");
    }
}

#[test]
fn a_file_does_not_wait_for_one_that_is_paused_failed_kept_back_or_taken_back() {
    type Hinder = fn(&mut Device, &crate::kit::Going);
    let hinders: [Hinder; 4] = [
        |visitor, _| visitor.session.pause_file(uid(1), visitor.now).unwrap(),
        |visitor, run| drop(visitor.refused(run, FileRefusal::TooLarge)),
        |visitor, run| drop(visitor.refused(run, FileRefusal::NoSpace)),
        |visitor, _| visitor.session.cancel_file(uid(1), visitor.now).unwrap(),
    ];
    for (n, hinder) in hinders.iter().enumerate() {
        let mut visitor = Device::visitor();
        visitor.files(&[1, 2]);
        let runs = going(&visitor.connect());
        assert_eq!(sent(&visitor.whole(&runs[1])), []);
        hinder(&mut visitor, &runs[0]);
        visitor.pass(1);
        let gone = visitor.session.held(&stream(1)).unwrap().outbox.rows().map(|row| row.uid).last();
        assert_eq!(gone, Some(uid(2)), "{n}");
        assert_eq!(visitor.on_disk(2).unwrap().0, deskbell_core::store::UploadState::Whole, "{n}");
    }
}

#[test]
fn a_file_of_one_conversation_does_not_wait_for_one_of_another() {
    let mut operator = Device::operator();
    for n in [1, 2] {
        let file = deskbell_core::FileToSend {
            uid: uid(n),
            card: deskbell_testkit::events::card(n),
            text: String::new(),
            group: None,
            batch: uid(n),
        };
        operator.session.send_file(&stream(n as u32), file, operator.now).unwrap();
    }
    let runs = going(&operator.connect());
    assert_eq!(sent(&operator.whole(&runs[1])), [(uid(2), None)]);
}

#[test]
fn a_file_on_its_way_is_not_held_for_being_a_day_old() {
    let mut visitor = Device::visitor();
    visitor.file(2);
    visitor.say(3);
    visitor.pass(25 * 3_600 * 1_000);
    assert_eq!(visitor.outbox(), [(uid(2), OutboxState::Queued), (uid(3), OutboxState::Held)]);
    let run = the_upload(&visitor.connect());
    assert_eq!(sent(&visitor.whole(&run)), [(uid(2), None)]);
    // From here on it is as old as when it could have gone.
    visitor.lose();
    visitor.pass(23 * 3_600 * 1_000);
    assert_eq!(visitor.outbox()[1], (uid(2), OutboxState::Queued));
    visitor.pass(2 * 3_600 * 1_000);
    assert_eq!(visitor.outbox()[1], (uid(2), OutboxState::Held));
}

#[test]
fn c2_a_miss_does_not_hold_up_what_is_behind_it() {
    let mut visitor = Device::visitor();
    visitor.connect();
    let run = the_upload(&visitor.file(2));
    visitor.whole(&run);
    visitor.say(3);
    visitor.hear(nack(2, NackCode::FileMissing));
    visitor.hear(nack(3, NackCode::PrevUnknown));
    assert_eq!(sent(&visitor.pass(deskbell_core::outbox::NACK_PAUSE_MS)), [(uid(3), None)]);
}

#[test]
fn trouble_with_one_file_leaves_the_next_one_alone() {
    let mut visitor = Device::visitor();
    visitor.files(&[1, 2]);
    let runs = going(&visitor.connect());
    visitor.failed(&runs[0], Trouble::Lost);
    assert_eq!(sent(&visitor.whole(&runs[1])), [(uid(2), None)]);
}

/// Its row is the other's no longer: nothing of it goes on under this name, and the place is not given away.
#[test]
fn i13_what_another_operator_left_is_not_carried_under_this_ones_name() {
    let mut operator = Device::operator();
    operator.welcomed(1, 0, 7);
    let run = the_upload(&operator.file(2));
    operator.placed(&run, 1);
    operator.lose();
    let outputs = operator.welcomed(1, 0, 8);
    assert_eq!(orders(&outputs), Vec::<&Order>::new());
    assert_eq!(operator.outbox(), [(uid(2), OutboxState::Held)]);
    operator.session.resend(uid(2), operator.now).unwrap();
    assert_eq!(the_upload(&operator.drain()).place, None);
    assert_eq!(operator.session.store().uploads().unwrap()[0].place, None);
}
