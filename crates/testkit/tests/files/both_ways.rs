//! What is sent arrives whole, once, and to nobody else.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use deskbell_api::dto::{FileKind, MessageStatus, NewPiece, Opening, Preview, VisitorUpdate};
use deskbell_api::profile::Keep;

use crate::people::{Desk, Operator, Visitor, file, key, noise, put, secrets};

#[test]
fn i14_files_go_from_a_visitor_to_an_operator_and_back_and_are_what_they_were() {
    let (desk, folder) = (Desk::start(), tempfile::tempdir().unwrap());
    let (visitor, operator) = (Visitor::passing(&desk), Operator::start(&desk));
    let (small, text, large) = (noise(1, 1), b"Three words, \xD0\xAF.".to_vec(), noise(2, 3_000_000));
    let paths = [
        put(folder.path(), "one.bin", &small),
        put(folder.path(), "words.txt", &text),
        put(folder.path(), "many.dat", &large),
    ];
    let lines = visitor.send(&paths, "Here they are");
    assert_eq!(lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["Here they are", "", ""]);
    assert!(lines.iter().all(|line| line.status == MessageStatus::Queued && file(line).here));
    let came = operator.until_came(visitor.id, 3);
    for (line, (name, bytes)) in
        came.iter().zip([("one.bin", &small), ("words.txt", &text), ("many.dat", &large)])
    {
        let view = file(line);
        assert_eq!((view.name.as_str(), view.size, view.here), (name, bytes.len() as u64, false));
        assert_eq!(&operator.bytes(key(line)), bytes);
        assert!(operator.app.file(key(line)).unwrap().transfer.is_none());
    }
    let words = file(&came[1]);
    assert_eq!((words.kind, words.opening, words.preview), (FileKind::Text, Opening::Plain, Preview::Words));
    assert_eq!(operator.app.file_words(key(&came[1])).unwrap().text, "Three words, Я.");
    let back = noise(3, 700_000);
    operator.send(visitor.id, &[put(folder.path(), "back.dat", &back)], "");
    let all = visitor.until_sent(4);
    assert_eq!(visitor.bytes(key(&all[3])), back);
    assert_eq!(operator.until_came(visitor.id, 4).len(), 4, "none twice");
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
}

#[test]
fn threats_36_a_page_hands_its_own_file_over_in_pieces_and_hears_how_far_it_is() {
    let desk = Desk::start();
    let (visitor, operator) = (Visitor::passing(&desk), Operator::start(&desk));
    let bytes = noise(4, 2_500_000);
    let name = format!("{}\u{202E}gpj.{}exe.dat", "ы".repeat(3_990), ".");
    let piece = NewPiece { name, size: bytes.len() as u64, media: String::new() };
    let id = visitor.app.file_begin(&piece).unwrap();
    for piece in bytes.chunks(1024 * 1024) {
        assert!(!visitor.staged_now()[0].ready);
        visitor.app.file_piece(&id, piece).unwrap();
    }
    visitor.app.file_end(&id).unwrap();
    assert!(!visitor.app.file_words(&id).unwrap().text.is_empty(), "it can be looked at before it is sent");
    let line = visitor.app.file_send(std::slice::from_ref(&id), "", None).unwrap().remove(0);
    let name = file(&line).name.clone();
    assert!(name.chars().count() <= 200 && name.ends_with(".dat") && !name.contains('\u{202E}'), "{name}");
    let came = operator.until_came(visitor.id, 1);
    assert_eq!(file(&came[0]).name, name);
    assert_eq!(operator.bytes(key(&came[0])), bytes);
    let went = visitor.told.until("it went on and ended", |told| {
        let news = told.iter().filter_map(|update| match update {
            VisitorUpdate::File { news } => Some(news.file.clone()),
            _ => None,
        });
        let news: Vec<_> = news.collect();
        news.last().is_some_and(|last| last.transfer.is_none()).then_some(news)
    });
    let done: Vec<_> =
        went.iter().filter_map(|file| file.transfer.as_ref()).map(|going| going.done).collect();
    assert!(done.is_sorted() && done.iter().any(|done| *done > 0), "{done:?}");
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
}

#[test]
fn i14_a_stranger_gets_no_byte_and_learns_nothing() {
    let (desk, folder) = (Desk::start(), tempfile::tempdir().unwrap());
    let (visitor, operator) = (Visitor::passing(&desk), Operator::start(&desk));
    let secrets = secrets();
    let stranger = Visitor::start(&desk, &secrets, Keep::SessionOnly);
    visitor.send(&[put(folder.path(), "mine.dat", &noise(5, 5_000))], "");
    let came = operator.until_came(visitor.id, 1);
    let id = came[0].message_id.clone().unwrap();
    assert_eq!(stranger.app.file(&id).unwrap_err().code, "invalid");
    assert_eq!(stranger.app.file_blob(&id).unwrap_err().code, "invalid");
    let link = desk.link();
    let (who, token) =
        secrets.visitor_at(&deskbell_api::profile::DeskKey::of(&link), &deskbell_wire::SiteKey::main());
    let ask = |message: &str| {
        let mut line = TcpStream::connect(desk.desk.address()).unwrap();
        write!(
            line,
            "GET /v1/files/{message} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nDeskbell-Device: {}\r\n\
             Deskbell-Visitor: main/{who}\r\nConnection: close\r\n\r\n",
            desk.desk.address(),
            token.to_hex(),
            secrets.device_id
        )
        .unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).unwrap();
        answer
    };
    let (theirs, nobodys) = (ask(&id), ask(&uuid::Uuid::now_v7().to_string()));
    assert!(theirs.starts_with("HTTP/1.1 403 "), "{theirs}");
    let body = |answer: &str| answer.split("\r\n\r\n").nth(1).map(str::to_owned);
    assert_eq!(body(&theirs), body(&nobodys), "whether there is such a file is nobody's to know");
    [visitor.app, stranger.app].into_iter().for_each(deskbell_api::visitor::VisitorApp::stop);
    operator.app.stop();
    desk.stop();
}
