//! The gate against a corpus (`links.txt`), and the pace of its questions.

use std::time::{Duration, Instant};

use super::*;

const CORPUS: &str = include_str!("links.txt");

fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut whole = parts.next().unwrap().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').unwrap();
        whole.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        whole.push_str(rest);
    }
    whole
}

fn corpus() -> Vec<(&'static str, String)> {
    let lines = CORPUS.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once('\t').unwrap()).map(|(place, link)| (place, unescaped(link))).collect()
}

#[test]
fn threats_29_nothing_but_the_web_and_letters_passes_the_gate() {
    let corpus = corpus();
    assert!(corpus.len() >= 200, "{}", corpus.len());
    for (place, link) in corpus {
        let expected = (place != "-").then_some(place);
        let read = Outward::read(&link);
        assert_eq!(read.as_ref().ok().map(Outward::place), expected, "{link:?}");
    }
}

#[test]
fn threats_28_29_what_is_opened_says_nothing_to_a_shell_and_is_the_same_link_again() {
    for (_, link) in corpus() {
        let Ok(outward) = Outward::read(&link) else { continue };
        let url = outward.url();
        let starts = ["http://", "https://", "mailto:"].iter().any(|start| url.starts_with(start));
        assert!(starts && url.is_ascii(), "{link:?}: {url}");
        assert!(!url.contains(|c: char| c.is_whitespace() || "\"'`\\|<>{}^".contains(c)), "{link:?}: {url}");
        assert_eq!(Outward::read(url).as_ref(), Ok(&outward), "{link:?}");
    }
}

#[test]
fn threats_29_a_letter_begins_with_a_subject_and_a_text_at_most() {
    let link = "mailto:a@example.org?attach=/etc/passwd&Subject=x&bcc=b@evil.test&body=y%0Az";
    assert_eq!(Outward::read(link).unwrap().url(), "mailto:a@example.org?Subject=x&body=y%0Az");
}

#[test]
fn threats_30_a_host_is_shown_in_letters_that_cannot_be_mistaken() {
    for (_, link) in corpus() {
        let Ok(outward) = Outward::read(&link) else { continue };
        assert!(outward.place().is_ascii() && !outward.place().contains('%'), "{link:?}");
    }
    assert_eq!(Outward::read("https://\u{430}pple.com/").unwrap().url(), "https://xn--pple-43d.com/");
}

#[test]
fn threats_29_a_link_has_an_end() {
    let long = |bytes: usize| format!("https://example.org/{}", "x".repeat(bytes - 20));
    assert!(Outward::read(&long(LINK_BYTES)).is_ok());
    assert_eq!(Outward::read(&long(LINK_BYTES + 1)), Err(Refused));
}

#[test]
fn threats_29_one_question_at_a_time_and_a_seconds_rest() {
    let (mut pace, start) = (Pace::default(), Instant::now());
    let after = |millis| start + Duration::from_millis(millis);
    assert!(pace.begin(start));
    assert!(!pace.begin(after(60_000)), "the first one is not answered");
    pace.end(after(60_000));
    assert!(!pace.begin(after(60_999)));
    assert!(pace.begin(after(61_000)));
}
