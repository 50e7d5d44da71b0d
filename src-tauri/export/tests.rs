//! What an export does on the disk.

use std::fs;
use std::io;

use deskbell_wire::{FileCard, FileDigest};

use super::*;

#[test]
fn a_moment_is_said_where_the_person_is() {
    let zone = TimeZone::fixed(jiff::tz::offset(3));
    let said = moment(1_700_000_000_000, &zone);
    assert_eq!((said.date, said.time.as_str()), ((2023, 11, 15), "01:13"));
    assert_eq!(said.exact, "2023-11-15T01:13:20+03:00");
    assert_eq!(
        moment(i64::MIN, &TimeZone::UTC).date.0,
        1970,
        "a time out of all bounds is no reason to stop"
    );
}

fn card(name: &str, what: u8) -> FileCard {
    FileCard::tidied(name, 5, "application/octet-stream", FileDigest([what; 32]))
}

fn beside(export: &Path) -> Folder {
    Folder::beside(export, "{name} files".to_owned())
}

fn put(folder: &mut Folder, card: &FileCard) -> io::Result<String> {
    folder.add(card, |file| file.write_all(b"words"))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn threats_36_each_file_has_a_name_of_its_own_with_its_true_extension_and_the_same_one_is_there_once() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = beside(&place.path().join("talk.html"));
    let sent = ["photo.jpg", "Photo.JPG", "photo.jpg", "photo (2).jpg", "a.tar.gz", "a.tar.gz", "notes"];
    let mut paths: Vec<_> =
        (0..).zip(sent).map(|(what, name)| put(&mut folder, &card(name, what)).unwrap()).collect();
    assert_eq!(put(&mut folder, &card("photo.jpg", 0)).unwrap(), "talk files/photo.jpg", "sent twice");
    let hostile = card("../../\u{202E}gpj.exe", 9);
    paths.push(put(&mut folder, &hostile).unwrap());
    let expected = [
        "photo.jpg",
        "Photo (2).JPG",
        "photo (3).jpg",
        "photo (2) (2).jpg",
        "a.tar.gz",
        "a.tar (2).gz",
        "notes",
        "gpj.exe",
    ];
    assert_eq!(paths, expected.map(|name| format!("talk files/{name}")));
    folder.settle().unwrap();
    let folder = folder.keep().unwrap();
    assert_eq!(names(&folder).len(), expected.len());
    for path in paths {
        assert_eq!(fs::read(place.path().join(path)).unwrap(), b"words");
    }
}

#[test]
fn threats_36_a_long_name_keeps_its_extension_and_finds_room() {
    let place = tempfile::tempdir().unwrap();
    let export = place.path().join(format!("{}.html", "ё".repeat(120)));
    let mut folder = beside(&export);
    let long = format!("{}.pdf", "ж".repeat(4_000));
    for what in 0..12 {
        let path = put(&mut folder, &card(&long, what)).unwrap();
        assert!(path.ends_with(".pdf"), "{path}");
    }
    folder.settle().unwrap();
    assert_eq!(names(&folder.keep().unwrap()).len(), 12);
}

#[cfg(unix)]
#[test]
fn threats_44_files_beside_an_export_are_their_owners_alone_and_cannot_be_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    let mut folder = beside(&place.path().join("talk.html"));
    let path = place.path().join(put(&mut folder, &card("a.sh", 1)).unwrap());
    folder.settle().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&folder.keep().unwrap())), (0o600, 0o700));
}

#[test]
fn a_folder_has_its_name_when_it_is_whole_and_goes_with_an_export_that_does_not_come_to_be() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = beside(&place.path().join("talk.html"));
    assert_eq!(names(place.path()), [""; 0], "there is none without a file");
    put(&mut folder, &card("a.pdf", 1)).unwrap();
    assert_eq!(names(place.path()), ["talk files.part"]);
    drop(folder);
    assert_eq!(names(place.path()), [""; 0]);

    let mut folder = beside(&place.path().join("talk.html"));
    put(&mut folder, &card("a.pdf", 1)).unwrap();
    folder.settle().unwrap();
    assert_eq!(names(place.path()), ["talk files"]);
    drop(folder);
    assert_eq!(names(place.path()), [""; 0], "the file beside it was not written");
}

#[test]
fn what_is_there_already_is_neither_written_to_nor_removed() {
    let place = tempfile::tempdir().unwrap();
    let old = place.path().join("talk files");
    fs::create_dir(&old).unwrap();
    fs::write(old.join("mine.txt"), "mine").unwrap();
    let mut folder = beside(&place.path().join("talk.html"));
    assert_eq!(put(&mut folder, &card("a.pdf", 1)).unwrap(), "talk files (2)/a.pdf");
    folder.settle().unwrap();
    drop(folder);
    assert_eq!(
        (names(place.path()), names(&old)),
        (vec!["talk files".to_owned()], vec!["mine.txt".to_owned()])
    );

    let mut folder = beside(&place.path().join("talk.html"));
    put(&mut folder, &card("a.pdf", 1)).unwrap();
    fs::create_dir(place.path().join("talk files (2)")).unwrap();
    assert_eq!(folder.settle().unwrap_err().kind(), io::ErrorKind::AlreadyExists, "it came meanwhile");
    drop(folder);
    assert_eq!(names(place.path()), ["talk files", "talk files (2)"]);
}

#[test]
fn threats_43_half_a_file_is_none_and_the_disk_is_told() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = beside(&place.path().join("talk.html"));
    let torn = folder.add(&card("a.pdf", 1), |file| {
        file.write_all(b"wo")?;
        Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull))
    });
    assert_eq!(torn.unwrap_err().kind(), io::ErrorKind::StorageFull);
    put(&mut folder, &card("b.pdf", 2)).unwrap();
    folder.settle().unwrap();
    assert_eq!(names(&folder.keep().unwrap()), ["b.pdf"]);
}

#[test]
fn a_folder_that_went_meanwhile_is_told() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = beside(&place.path().join("stick").join("talk.html"));
    let error = put(&mut folder, &card("a.pdf", 1)).unwrap_err();
    for locale in [deskbell_api::dto::Locale::En, deskbell_api::dto::Locale::Ru] {
        assert_eq!(dialogs::not_saved(&error, locale).code, "folder_gone");
    }
}

#[test]
fn nothing_more_is_written_of_an_export_that_nobody_wants() {
    let place = tempfile::tempdir().unwrap();
    let exports = Exports::default();
    let running = exports.begin().unwrap();
    let all = FileSum { count: 2, bytes: 10 };
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = told.clone();
    let mut going =
        Going::new(running.wish(), all, Box::new(move |progress| heard.lock().unwrap().push(progress)));
    let mut folder = beside(&place.path().join("talk.html"));
    let mut add = |what: u8, going: &mut Going| {
        folder.add(&card("a.pdf", what), |to| going::Counted { to, going }.write_all(b"words"))
    };
    add(1, &mut going).unwrap();
    going.file(5);
    assert_eq!(going.done(), FileSum { count: 1, bytes: 5 });
    exports.cancel();
    add(2, &mut going).unwrap_err();
    let first = told.lock().unwrap()[0];
    assert_eq!((first.all, first.done.bytes), (all, 5), "one is told as it goes on");
    drop(folder);
    assert_eq!(names(place.path()), [""; 0]);
}
