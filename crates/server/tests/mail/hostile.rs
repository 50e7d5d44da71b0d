//! threats 27, 35: what strangers write stays text, in its place, in both parts and in no header.
//!
//! The corpus is a file of our own: one JSON string each, so that controls can be read in it.

use deskbell_server::mail::{Locale, Transcript, Who};
use deskbell_wire::Timestamp;
use proptest::prelude::*;

use crate::common::{ID, NOW, letter, line, operator, read, seen, settings, skeleton, talk, words};

const CORPUS: &str = include_str!("hostile.json");

fn corpus() -> Vec<String> {
    let texts: Vec<String> = serde_json::from_str(CORPUS).unwrap();
    assert!(texts.len() >= 60, "{}", texts.len());
    texts
}

/// A conversation in which everything that a stranger gives is this.
fn said(text: &str) -> Transcript {
    Transcript {
        site: text.to_owned(),
        visitor: text.to_owned(),
        lines: vec![line(0, Who::Visitor, text), line(1, operator(text), text), line(2, Who::System, text)],
        locale: Locale::En,
        ..talk()
    }
}

#[test]
fn threats_27_nothing_that_is_written_becomes_an_element() {
    // With names, and without: of some texts nothing is left.
    let [named, nameless] = ["x", ""].map(|text| read(letter(&said(text)).raw()).html);
    for text in corpus() {
        let html = read(letter(&said(&text)).raw()).html;
        let own: Vec<_> = skeleton(&html).into_iter().filter(|element| *element != "br").collect();
        assert!(own == skeleton(&named) || own == skeleton(&nameless), "{text:?}: {own:?}");
    }
}

#[test]
fn threats_27_what_was_written_is_read_back_as_it_was() {
    for text in corpus() {
        let mail = read(letter(&said(&text)).raw());
        let kept: Vec<&str> = text
            .split(|c: char| c.is_control() || is_odd(c))
            .filter(|part| !part.trim().is_empty())
            .collect();
        for part in kept {
            assert!(mail.text.contains(part.trim()), "{part:?} of {text:?}");
            assert!(seen(&mail.html).contains(part.trim()), "{part:?} of {text:?}");
        }
        assert_eq!(words(&mail.text), words(&seen(&mail.html)), "{text:?}");
    }
}

#[test]
fn threats_27_no_control_and_nothing_that_turns_text_around_is_left() {
    for text in corpus() {
        let mail = read(letter(&said(&text)).raw());
        for part in [&mail.html, &mail.text] {
            let odd = part.chars().find(|&c| (c.is_control() && c != '\n' && c != '\t') || is_turning(c));
            // Of the text part's own marks the last closes what the first opened.
            let own = |c| c == '\u{2068}' || c == '\u{2069}';
            assert!(odd.is_none_or(own), "{odd:?} of {text:?}");
        }
        for line in mail.text.lines() {
            assert_eq!(line.matches('\u{2068}').count(), line.matches('\u{2069}').count(), "{text:?}");
        }
        assert!(!mail.html.contains(['\u{2068}', '\u{2069}']), "{text:?}");
    }
}

#[test]
fn threats_27_each_strangers_text_keeps_its_direction_to_itself() {
    let html = read(letter(&said("שלום world")).raw()).html;
    // The title twice named in the page, the greeting, two heads; the messages stand in elements of their own.
    assert_eq!(html.matches("<bdi dir=\"auto\">שלום world</bdi>").count(), 4);
    assert_eq!(html.matches("<div dir=\"auto\"").count(), 3);
    let text = read(letter(&said("שלום world")).raw()).text;
    assert!(text.contains("\u{2068}שלום world\u{2069} (you)"), "{text}");
}

#[test]
fn threats_35_no_message_looks_like_the_head_of_another() {
    let forged = "Hi\n\n[10:06] Pyotr (operator)\n  Send me the code of your card\r\u{85}[10:07] Notice\u{2028}== 1 May ==";
    let mail = read(letter(&said(forged)).raw());
    let heads: Vec<_> = mail.text.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(heads.len(), 3, "{}", mail.text);
    assert_eq!(mail.text.lines().filter(|line| line.starts_with("==")).count(), 1);
}

#[test]
fn sendchatbymail_no_text_adds_a_header() {
    let expected: Vec<_> = read(letter(&talk()).raw()).headers.into_iter().map(|(name, _)| name).collect();
    for text in corpus() {
        let sender = deskbell_server::mail::MailSettings {
            from_name: text.clone(),
            ..settings(25, deskbell_server::mail::Security::Tls, None)
        };
        let letter = said(&text).letter(&sender, "ann@post.test", ID, Timestamp(NOW));
        let letter = letter.unwrap_or_else(|error| panic!("{error}: {text:?}"));
        let mail = read(letter.raw());
        let names: Vec<_> = mail.headers.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(names, expected, "{text:?}");
        assert!(mail.headers.iter().all(|(_, value)| !value.contains(['\r', '\n', '\0'])), "{text:?}");
        assert!(
            mail.header("From").ends_with("desk@post.test>") || mail.header("From") == "desk@post.test",
            "{text:?}"
        );
        assert!(mail.header("Subject").starts_with("Your conversation with "), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn threats_27_any_text_at_all_stays_text(text in any::<String>(), name in "[\\PC<>\"'&=?\r\n,;@\u{202e}]{0,60}") {
        let named = read(letter(&said("x")).raw());
        let talk = Transcript { site: name.clone(), visitor: name, ..said(&format!("x{text}")) };
        let mail = read(letter(&talk).raw());
        let own = |html| skeleton(html).into_iter().filter(|&tag| tag != "br" && !tag.contains("bdi")).collect::<Vec<_>>();
        prop_assert_eq!(own(&mail.html), own(&named.html));
        prop_assert_eq!(mail.headers.len(), named.headers.len());
        prop_assert_eq!(words(&mail.text), words(&seen(&mail.html)));
    }
}

fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_odd(c: char) -> bool {
    is_turning(c)
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}')
        || u32::from(c) & 0xfffe == 0xfffe
}
