//! How a file is named: in lists, in letters, and to everybody who gets it.

use super::shop::Shop;
use super::uploads::*;
use crate::common::*;
use deskbell_server::desk::DeskSetup;
use deskbell_wire::*;

#[test]
fn threats_36_a_name_is_made_harmless_and_shows_its_true_extension() {
    let mut shop = Shop::new();
    for (n, (name, media, shown)) in [
        ("photo\u{202e}gnp.exe", "image/png", "photognp.exe"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\temp\\CON.png", "image/png", "_CON.png"),
        ("", "image/png", "file.png"),
        ("a\0b\nc.pdf. . ", "not a type at all", "abc.pdf"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut new = file(n as u128 + 1, &shop.ann.stream());
        (new.name, new.media) = (name.into(), media.into());
        let place = shop.room.create(&voice_of(1), &new).unwrap();
        let stand = shop.room.at(&voice_of(1), &place.secret).unwrap();
        let known = if media.contains(' ') { "application/octet-stream" } else { media };
        assert_eq!((stand.card.name.replace(' ', ""), stand.card.media.as_str()), (shown.to_owned(), known));
    }
    let mut long = file(9, &shop.ann.stream());
    long.name = "x".repeat(4_000) + ".png";
    let place = shop.room.create(&voice_of(1), &long).unwrap();
    let name = shop.room.at(&voice_of(1), &place.secret).unwrap().card.name;
    assert!(name.chars().count() <= 200 && name.ends_with("x.png"));
}

#[test]
fn the_lists_and_what_is_unread_show_a_file_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut shop = Shop::with(setup());
    let row = |room: &mut Room, operator| {
        room.say(operator, ClientFrame::Watch(Watch { list: ListName::Visitors, limit: 100 }));
        room.pass(200);
        let mut lists = room.take(operator).into_iter().filter_map(|frame| match frame {
            DeskFrame::List(list) => list.rows.into_iter().find(|row| row.stream.visitor == visitor(1)),
            _ => None,
        });
        lists.next_back().map(|row| (row.last.map(|last| last.text), row.unread)).expect("a row")
    };
    shop.upload(1);
    shop.carry(1).unwrap();
    let named = |name: &str, unread| (Some(name.to_owned()), unread);
    assert_eq!(row(&mut shop.room, shop.owner.conn), named("file 1.png", 1));
    shop.upload(2);
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 2, carrying(2, "the lamp")));
    assert_eq!(row(&mut shop.room, shop.owner.conn), named("the lamp", 2));
    shop.upload(3);
    shop.carry(3).unwrap();
    let clock = shop.room.now;
    drop(shop);
    let mut room = Room::starting_at(setup(), clock);
    let operator = room.operator(50);
    assert_eq!(row(&mut room, operator), named("file 3.png", 3), "over a restart, too");
}

#[test]
fn an_operators_file_answers_the_chat_and_retention_ends() {
    let mut shop = Shop::new();
    shop.saved(|site| {
        site.form.retention = Retention {
            messages: vec![RetentionMessage { after_s: 10, text: "Soon.".into() }],
            way: None,
            way_after_s: 0,
        };
    });
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 1, text("hello")));
    let voice = shop.owner.voice.clone();
    shop.room.upload(&voice, &file(900, &shop.ann.stream()));
    shop.room.carry(shop.owner.conn, &shop.ann.stream(), 900).unwrap();
    shop.room.pass(60_000);
    let log = shop.room.log(shop.ann.conn, &shop.ann.stream());
    assert_eq!(kinds(&log), ["opened", "message", "joined", "message"]);
}

#[test]
fn a_letter_names_the_files_of_a_conversation() {
    let mut shop = Shop::new();
    shop.saved(|site| {
        site.mail = Some(MailSettings {
            host: "127.0.0.1".into(),
            port: 2525,
            security: MailSecurity::None,
            login: String::new(),
            password: None,
            ca_file: String::new(),
            from: "desk@shop.example".into(),
            from_name: "Shop".into(),
        });
    });
    shop.upload(1);
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 1, carrying(1, "the lamp")));
    shop.upload(2);
    shop.carry(2).unwrap();
    let ask = SendBody::Transcript { email: "anna@home.example".into(), lang: Lang::En, zone_min: 0 };
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 3, ask));
    let parcel = shop.room.mails.pop().expect("a letter");
    let mail = mailparse::parse_mail(parcel.letter.raw()).unwrap();
    let plain = mail.subparts[0].get_body().unwrap().replace("\r\n", "\n");
    assert!(plain.contains("  the lamp\n  File: file 1.png (1000 B)\n"), "{plain}");
    assert!(plain.contains("  File: file 2.png (1000 B)\n"), "{plain}");
    assert!(mail.subparts[1].get_body().unwrap().contains("the lamp<br>File: file 1.png (1000 B)"));
    assert_eq!(mail.subparts.len(), 2, "it carries none");
}
