//! Cuts, restarts, and what a person does to a file on its way.

use deskbell_api::dto::{MessageStatus, TransferState};
use deskbell_api::profile::Keep;
use deskbell_testkit::proxy::{Rules, Way};

use crate::people::{Desk, Operator, Visitor, file, key, noise, put, secrets, wait};

#[test]
fn i14_a_file_arrives_over_a_line_that_is_cut_again_and_again_both_ways() {
    let (desk, folder) = (Desk::start(), tempfile::tempdir().unwrap());
    let (visitor, operator) = (Visitor::passing(&desk), Operator::start(&desk));
    let bytes = noise(6, 1_500_000);
    // Who begins anew each time never ends.
    desk.line.set(Rules::cut(Way::Up, 400_000));
    visitor.send(&[put(folder.path(), "up.dat", &bytes)], "");
    visitor.until_sent(1);
    assert!(desk.line.accepted() >= 5, "{} connections", desk.line.accepted());
    let came = operator.until_came(visitor.id, 1);
    desk.line.set(Rules::cut(Way::Down, 400_000));
    assert_eq!(operator.bytes(key(&came[0])), bytes);
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
}

#[test]
fn i14_what_was_being_sent_goes_on_after_a_restart_of_the_app_and_one_of_the_desk() {
    let (desk, folder, profile) = (Desk::start(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (secrets, operator) = (secrets(), Operator::start(&desk));
    let keep = Keep::Disk { folder: profile.path().to_owned() };
    let visitor = Visitor::start(&desk, &secrets, keep.clone());
    let (first, second) = (noise(7, 2_000_000), noise(8, 300_000));
    desk.line.set(Rules::cut(Way::Up, 600_000));
    let path = put(folder.path(), "first.dat", &first);
    let line = visitor.send(&[path.clone(), put(folder.path(), "second.dat", &second)], "Both").remove(0);
    // What was chosen is the app's now.
    std::fs::remove_file(path).unwrap();
    wait("a part of it is there", || {
        visitor.wake();
        file_done(&visitor, key(&line)).is_none_or(|done| done > 0)
    });
    desk.cut();
    visitor.app.stop();
    let desk = desk.again();
    desk.heal();
    let visitor = Visitor::start(&desk, &secrets, keep);
    let sent = visitor.until_sent(2);
    assert_eq!(sent.len(), 2);
    let came = operator.until_came(visitor.id, 2);
    let bytes: Vec<_> = came.iter().map(|line| (line.text.clone(), operator.bytes(key(line)))).collect();
    let (both, none) = (String::from("Both"), String::new());
    let mut wanted = vec![(both, first), (none, second)];
    wanted.sort();
    let mut bytes = bytes;
    bytes.sort();
    assert!(bytes == wanted, "they are what they were, each once");
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
}

fn file_done(visitor: &Visitor, key: &str) -> Option<u64> {
    visitor.app.file(key).unwrap().transfer.map(|transfer| transfer.done)
}

#[test]
fn a_file_is_paused_resumed_and_taken_back_and_words_do_not_wait_for_it() {
    let (desk, folder) = (Desk::start(), tempfile::tempdir().unwrap());
    let (visitor, operator) = (Visitor::passing(&desk), Operator::start(&desk));
    let bytes = noise(9, 1_000_000);
    visitor.app.send("First words", None).unwrap();
    desk.line.set(Rules::cut(Way::Up, 200_000));
    let lines = visitor.send(
        &[put(folder.path(), "kept.dat", &bytes), put(folder.path(), "gone.dat", &noise(10, 900_000))],
        "",
    );
    for line in &lines {
        visitor.app.file_pause(key(line)).unwrap();
        let paused = visitor.app.file(key(line)).unwrap().transfer.unwrap();
        assert_eq!((paused.up, paused.state), (true, TransferState::Paused));
    }
    desk.heal();
    visitor.app.send("Words", None).unwrap();
    wait("words have come", || {
        visitor.wake();
        let lines = visitor.app.history(None).unwrap().messages;
        lines.iter().any(|line| line.text == "Words" && line.status == MessageStatus::Sent)
    });
    visitor.app.file_cancel(key(&lines[1])).unwrap();
    assert_eq!(visitor.app.file(key(&lines[1])).unwrap_err().code, "invalid");
    visitor.app.file_resume(key(&lines[0])).unwrap();
    visitor.until_sent(1);
    let came = operator.until_came(visitor.id, 1);
    assert_eq!((came.len(), file(&came[0]).name.as_str()), (1, "kept.dat"));
    desk.line.set(Rules::half_open());
    operator.app.file_fetch(key(&came[0])).unwrap();
    operator.app.file_pause(key(&came[0])).unwrap();
    assert!(operator.app.file(key(&came[0])).unwrap().transfer.is_none());
    assert_eq!(operator.app.file_blob(key(&came[0])).unwrap_err().code, "file_not_here");
    desk.heal();
    desk.line.reset();
    assert_eq!(operator.bytes(key(&came[0])), bytes);
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
}
