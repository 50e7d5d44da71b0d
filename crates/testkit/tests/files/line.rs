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

/// A day without the person, and the desk has forgotten what was half there: it begins anew, and comes whole, once.
#[test]
fn i14_what_the_desk_forgot_while_the_app_was_off_begins_anew_and_arrives_once() {
    let (mut desk, folder, profile) =
        (Desk::start(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (secrets, keep) = (secrets(), Keep::Disk { folder: profile.path().to_owned() });
    let visitor = Visitor::start(&desk, &secrets, keep.clone());
    let (first, second) = (noise(21, 2_000_000), noise(22, 900));
    desk.line.set(Rules::cut(Way::Up, 600_000));
    let paths = [put(folder.path(), "first.dat", &first), put(folder.path(), "second.dat", &second)];
    let line = visitor.send(&paths, "Both").remove(0);
    wait("a part of the first one is there, and the second one whole", || {
        visitor.wake();
        file_done(&visitor, key(&line)).is_some_and(|done| done > 0) && blobs(desk.folder()) == 1
    });
    desk.cut();
    visitor.app.stop();
    assert_eq!(desk.parts(), 1, "the first one's");
    for hours in [20, 6] {
        desk = desk.again_after(hours * 3_600_000);
        let kept = usize::from(hours == 20);
        wait("what nobody asked for within a day is gone, and nothing before", || desk.parts() == kept);
    }
    desk.heal();
    let visitor = Visitor::start(&desk, &secrets, keep);
    let operator = Operator::start(&desk);
    assert_eq!(visitor.until_sent(2).len(), 2);
    let came = operator.until_came(visitor.id, 2);
    let seen: Vec<_> = came.iter().map(|line| (line.text.as_str(), file(line).name.as_str())).collect();
    assert_eq!(seen, [("Both", "first.dat"), ("", "second.dat")], "in their order, each once");
    assert!(operator.bytes(key(&came[0])) == first && operator.bytes(key(&came[1])) == second);
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
}

/// What is taken back, or sent without what it says, is not on the person's disk; what is chosen still is.
#[test]
fn the_bytes_of_a_file_that_is_taken_back_are_gone_at_once() {
    let (desk, folder, profile) = (Desk::start(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let keep = Keep::Disk { folder: profile.path().to_owned() };
    let visitor = Visitor::start(&desk, &secrets(), keep);
    desk.cut();
    let (one, other) = (noise(23, 40_000), noise(24, 50_000));
    let paths = [put(folder.path(), "one.dat", &one), put(folder.path(), "other.dat", &other)];
    let lines = visitor.send(&paths, "");
    // The same bytes once more, chosen and not sent.
    visitor.app.file_stage_paths(vec![paths[1].clone()]).unwrap();
    let chosen = visitor.staged(1).remove(0).id;
    assert_eq!(blobs(profile.path()), 2);
    lines.iter().for_each(|line| visitor.app.file_cancel(key(line)).unwrap());
    wait("the one that nobody needs is gone", || blobs(profile.path()) == 1);
    visitor.app.file_unstage(&chosen).unwrap();
    wait("nothing is left", || blobs(profile.path()) == 0);
    visitor.app.stop();
    desk.stop();
}

/// Sealed files below a profile.
fn blobs(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let count = |path: std::path::PathBuf| match path.is_dir() {
        true => blobs(&path),
        false => usize::from(path.components().any(|part| part.as_os_str() == "blobs")),
    };
    entries.map(|entry| count(entry.path())).sum()
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
