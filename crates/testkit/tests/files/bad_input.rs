//! What cannot be sent says so in a sentence, and what is behind it goes on.

use deskbell_api::dto::{NewPiece, StagedFile};

use crate::people::{Desk, Operator, Visitor, file, key, noise, put};

fn piece(name: &str, size: u64) -> NewPiece {
    NewPiece { name: name.to_owned(), size, media: String::new() }
}

#[test]
fn what_cannot_be_sent_is_refused_in_words_and_the_rest_goes_on() {
    let (desk, folder) = (Desk::start(), tempfile::tempdir().unwrap());
    let (visitor, operator) = (Visitor::passing(&desk), Operator::start(&desk));
    let large = folder.path().join("large.bin");
    std::fs::File::create(&large).unwrap().set_len(26 * 1024 * 1024).unwrap();
    let good = noise(11, 40_000);
    let paths = vec![
        put(folder.path(), "empty.txt", b""),
        folder.path().to_owned(),
        folder.path().join("never was.txt"),
        large,
        put(folder.path(), "picture.png", b"MZ\x90\x00 this is a program"),
        put(folder.path(), "good.dat", &good),
    ];
    visitor.app.file_stage_paths(paths).unwrap();
    let staged = visitor.staged(6);
    let codes: Vec<_> = staged.iter().map(|file| file.code.as_deref().unwrap_or("-")).collect();
    let wanted = ["file_empty", "file_folder", "file_gone", "file_too_large", "file_type_lies", "-"];
    assert_eq!(codes, wanted);
    let said: Vec<&StagedFile> = staged.iter().filter(|file| file.sentence.is_some()).collect();
    assert!(said.iter().all(|file| !file.ready && !file.sentence.as_ref().unwrap().contains(['{', '}'])));
    assert!(said[3].sentence.as_ref().unwrap().contains("25 MB"), "{:?}", said[3].sentence);
    let all: Vec<_> = staged.iter().map(|file| file.id.clone()).collect();
    assert_eq!(visitor.app.file_send(&all, "", None).unwrap_err().code, "file_empty");
    // They are read about until the good one goes.
    assert_eq!(visitor.staged_now().len(), 6);
    visitor.app.file_send(&all[5..], "The good one", None).unwrap();
    assert!(visitor.staged(0).is_empty());
    let came = operator.until_came(visitor.id, 1);
    assert_eq!(
        (came.len(), came[0].text.as_str(), file(&came[0]).name.as_str()),
        (1, "The good one", "good.dat")
    );
    assert_eq!(operator.bytes(key(&came[0])), good);
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
}

#[test]
fn a_page_that_says_one_thing_and_hands_over_another_sends_nothing() {
    let desk = Desk::start();
    let visitor = Visitor::passing(&desk);
    let refused = |file: NewPiece| visitor.app.file_begin(&file).unwrap_err();
    assert_eq!(refused(piece("a.txt", 0)).code, "file_empty");
    let too_large = refused(piece("a.txt", 26 * 1024 * 1024));
    assert_eq!(too_large.code, "file_too_large");
    assert!(too_large.message.contains("25 MB"), "{}", too_large.message);
    let more = visitor.app.file_begin(&piece("more.txt", 3)).unwrap();
    assert_eq!(visitor.app.file_piece(&more, b"four").unwrap_err().code, "file_changed");
    assert_eq!(visitor.app.file_piece(&more, b"x").unwrap_err().code, "invalid");
    let less = visitor.app.file_begin(&piece("less.txt", 30)).unwrap();
    visitor.app.file_piece(&less, b"a few").unwrap();
    assert_eq!(
        visitor.app.file_send(std::slice::from_ref(&less), "", None).unwrap_err().code,
        "file_reading"
    );
    assert_eq!(visitor.app.file_end(&less).unwrap_err().code, "file_changed");
    let lies = visitor.app.file_begin(&piece("picture.png", 4)).unwrap();
    visitor.app.file_piece(&lies, b"MZ\x90\x00").unwrap();
    assert_eq!(visitor.app.file_end(&lies).unwrap_err().code, "file_type_lies");
    let whole = vec![0; 1024 * 1024 + 1];
    let big = visitor.app.file_begin(&piece("big.bin", 2_000_000)).unwrap();
    assert_eq!(visitor.app.file_piece(&big, &whole).unwrap_err().code, "invalid");
    assert_eq!(visitor.app.file_piece("no id", b"x").unwrap_err().code, "invalid");
    // One is there; those that were refused take no place.
    for n in 1..10 {
        visitor.app.file_begin(&piece(&format!("{n}.txt"), 3)).unwrap();
    }
    let limit = refused(piece("eleventh.txt", 3));
    assert_eq!(
        (limit.code.as_str(), limit.message.contains("10 ")),
        ("file_limit", true),
        "{}",
        limit.message
    );
    visitor.app.stop();
    desk.stop();
}
