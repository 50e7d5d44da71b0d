//! A conversation, settings, and a letter read back by another library.

use std::path::PathBuf;

use deskbell_server::mail::{Letter, Line, Locale, Login, MailSettings, Security, Transcript, Who};
use deskbell_wire::Timestamp;
use mailparse::ParsedMail;
use uuid::Uuid;
use zeroize::Zeroizing;

/// 22 November 2026, 10:05 UTC.
pub(crate) const NOW: i64 = 1_795_341_900_000;
pub(crate) const ID: Uuid = Uuid::from_u128(7);

pub(crate) fn line(minute: i64, who: Who, text: &str) -> Line {
    Line { at: Timestamp(NOW + minute * 60_000), who, text: text.to_owned() }
}

pub(crate) fn operator(name: &str) -> Who {
    Who::Operator { name: name.to_owned() }
}

/// A short conversation in Russian.
pub(crate) fn talk() -> Transcript {
    Transcript {
        site: "Кофейня «Зерно»".to_owned(),
        locale: Locale::Ru,
        visitor: "Анна".to_owned(),
        opened: Timestamp(NOW),
        closed: Some(Timestamp(NOW + 600_000)),
        zone_minutes: 180,
        before: 0,
        lines: vec![
            line(0, Who::Visitor, "Где мой заказ?\nЖду с утра."),
            line(1, operator("Пётр"), "Едет: 5 > 3 & \"скоро\"."),
            line(2, Who::System, "Чат завершён."),
        ],
    }
}

pub(crate) fn settings(port: u16, security: Security, ca_file: Option<PathBuf>) -> MailSettings {
    MailSettings {
        host: "localhost".to_owned(),
        port,
        security,
        login: None,
        from: "desk@post.test".to_owned(),
        from_name: "Зерно, поддержка".to_owned(),
        ca_file,
        plain_elsewhere: false,
    }
}

pub(crate) fn login(password: &str) -> Option<Login> {
    Some(Login { name: "desk".to_owned(), password: Zeroizing::new(password.to_owned()) })
}

/// The conversation as a letter that needs no server.
pub(crate) fn letter(talk: &Transcript) -> Letter {
    letter_to(talk, "ann@post.test")
}

pub(crate) fn letter_to(talk: &Transcript, to: &str) -> Letter {
    talk.letter(&settings(25, Security::StartTls, None), to, ID, Timestamp(NOW)).unwrap()
}

/// What a mail program makes of a letter.
pub(crate) struct Read {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) html: String,
}

pub(crate) fn read(raw: &[u8]) -> Read {
    let mail = mailparse::parse_mail(raw).unwrap();
    let kinds: Vec<_> = mail.subparts.iter().map(|part| part.ctype.mimetype.clone()).collect();
    assert_eq!(mail.ctype.mimetype, "multipart/alternative");
    assert_eq!(kinds, ["text/plain", "text/html"], "the richest comes last");
    let body = |part: &ParsedMail<'_>| {
        assert_eq!(part.ctype.charset, "utf-8");
        String::from_utf8(part.get_body_raw().unwrap()).unwrap().replace("\r\n", "\n")
    };
    Read {
        headers: mail
            .get_headers()
            .into_iter()
            .map(|header| (header.get_key(), header.get_value()))
            .collect(),
        text: body(&mail.subparts[0]),
        html: body(&mail.subparts[1]),
    }
}

impl Read {
    /// The one header of this name.
    pub(crate) fn header(&self, name: &str) -> &str {
        let values: Vec<_> =
            self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).collect();
        assert_eq!(values.len(), 1, "{name}");
        &values[0].1
    }
}

/// What a reader sees of HTML: elements become spaces, escapes what they stand for.
pub(crate) fn seen(html: &str) -> String {
    let body = &html[html.find("<body").unwrap()..];
    let mut text = String::new();
    let mut rest = body;
    while let Some(start) = rest.find('<') {
        text += &rest[..start];
        text.push(' ');
        rest = &rest[start + rest[start..].find('>').unwrap() + 1..];
    }
    text += rest;
    for (escape, mark) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
        text = text.replace(escape, mark);
    }
    text
}

/// The elements of HTML, one after the other, with all that is in them.
pub(crate) fn skeleton(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .map(|rest| rest.split_once('>').unwrap_or_else(|| panic!("{rest:?} is open")).0)
        .collect()
}

/// Words alone: what parts them, and the marks that only order them, left out.
pub(crate) fn words(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
