//! What a letter says.

use deskbell_server::mail::{LetterError, Locale, Security, Transcript, Who};
use deskbell_wire::Timestamp;

use crate::common::{ID, NOW, letter, letter_to, line, operator, read, seen, settings, talk, words};

#[test]
fn sendchatbymail_says_it_in_the_visitors_language() {
    let letter = letter(&talk());
    let mail = read(letter.raw());
    assert_eq!(mail.header("Subject"), "Ваша переписка: Кофейня «Зерно»");
    assert_eq!(mail.header("Content-Language"), "ru");
    assert!(mail.text.contains("Здравствуйте, Анна!"), "{}", mail.text);
    assert!(mail.text.contains("С 22 ноября 2026, 13:05 до 22 ноября 2026, 13:15. Время указано по UTC+3."));
    assert!(mail.text.contains("[13:05] Анна (вы)\n  Где мой заказ?\n  Жду с утра.\n"), "{}", mail.text);
    assert!(mail.text.contains("[13:06] Пётр (оператор)\n  Едет: 5 > 3 & \"скоро\".\n"));
    assert!(mail.html.starts_with("<!doctype html>\n<html lang=\"ru\""));
    let english = Transcript { locale: Locale::En, ..talk() };
    let mail = read(crate::common::letter(&english).raw());
    assert_eq!(mail.header("Subject"), "Your conversation with Кофейня «Зерно»");
    assert!(mail.text.contains("Hello, Анна."));
}

#[test]
fn sendchatbymail_has_the_headers_of_a_letter_by_a_program() {
    let mail = read(letter(&talk()).raw());
    assert_eq!(mail.header("From"), "Зерно, поддержка <desk@post.test>");
    assert_eq!(mail.header("To"), "ann@post.test");
    assert_eq!(mail.header("Date"), "Sun, 22 Nov 2026 10:05:00 +0000");
    assert_eq!(mail.header("Message-ID"), "<00000000000000000000000000000007@post.test>");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert_eq!(mail.header("MIME-Version"), "1.0");
    assert_eq!(letter(&talk()).raw(), letter(&talk()).raw(), "written again for another try it is the same");
}

#[test]
fn sendchatbymail_says_the_same_in_both_parts() {
    let parting = Transcript { lines: Vec::new(), closed: None, ..talk() };
    let rtl = Transcript { visitor: "شيماء".to_owned(), site: "חנות".to_owned(), ..talk() };
    for talk in [talk(), parting, rtl, Transcript::default()] {
        let mail = read(letter(&talk).raw());
        assert_eq!(words(&mail.text), words(&seen(&mail.html)));
    }
}

#[test]
fn sendchatbymail_every_server_can_take_its_bytes() {
    let long = "ж".repeat(8_000);
    let wide = "w".repeat(8_000);
    let lines = vec![
        line(0, Who::Visitor, &long),
        line(1, operator(&wide), &wide),
        line(2, Who::System, "\n.\n..\n"),
    ];
    let letter = letter(&Transcript { lines, site: wide, ..talk() });
    let raw = std::str::from_utf8(letter.raw()).unwrap();
    assert!(raw.is_ascii() && !raw.contains('\0'));
    assert!(raw.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
    let mail = read(letter.raw());
    assert!(mail.text.contains(&long) && seen(&mail.html).contains(&long), "a long word stays whole");
    assert!(mail.html.contains("overflow-wrap:anywhere") && mail.html.contains("table-layout:fixed"));
}

#[test]
fn sendchatbymail_a_domain_of_another_script_is_reached_without_smtputf8() {
    let mail = read(letter_to(&talk(), "ann@почта.испытание").raw());
    assert_eq!(mail.header("To"), "ann@xn--80a1acny.xn--80akhbyknj4f");
}

#[test]
fn sendchatbymail_an_address_that_is_none_is_refused() {
    let good = settings(25, Security::StartTls, None);
    for to in
        ["", "ann", "ann@post.test\r\nBcc: bob@post.test", "ann@post.test, bob@post.test", "<ann@post.test>"]
    {
        assert_eq!(
            talk().letter(&good, to, ID, Timestamp(NOW)).unwrap_err(),
            LetterError::Recipient,
            "{to:?}"
        );
    }
    let bad = deskbell_server::mail::MailSettings { from: "desk".to_owned(), ..good };
    assert_eq!(talk().letter(&bad, "a@b.test", ID, Timestamp(NOW)).unwrap_err(), LetterError::Sender);
}

#[test]
fn sendchatbymail_is_readable_in_the_dark_and_fetches_nothing() {
    let mail = read(letter(&talk()).raw());
    assert!(mail.html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
    assert!(mail.html.contains("@media (prefers-color-scheme:dark)"));
    for bad in ["http", "//", "url(", "@import", "<img", "<link", "<script", "<a ", "src=", "href="] {
        assert!(!mail.html.contains(bad), "{bad}");
    }
    // An element with a colour has its ground, or stands on that of the card.
    let bubbles = mail.html.matches("class=\"own\"").count() + mail.html.matches("class=\"theirs\"").count();
    assert_eq!(bubbles, 2);
}

#[test]
fn sendchatbymail_a_letter_is_written_whatever_time_the_clock_tells() {
    let good = settings(25, Security::StartTls, None);
    for ms in [i64::MIN, -1, 0, i64::MAX] {
        let at = Timestamp(ms);
        let lines = vec![deskbell_server::mail::Line { at, who: Who::Visitor, text: String::new() }];
        let talk = Transcript { opened: at, closed: Some(at), zone_minutes: i32::MIN, lines, ..talk() };
        read(talk.letter(&good, "ann@post.test", ID, at).unwrap().raw());
    }
}

#[test]
fn threats_9_debug_shows_neither_words_nor_addresses() {
    let shown = format!("{:?} {:?} {:?}", talk(), talk().lines, letter(&talk()));
    for word in ["Анна", "Зерно", "заказ", "Пётр", "ann@"] {
        assert!(!shown.contains(word), "{shown}");
    }
}
