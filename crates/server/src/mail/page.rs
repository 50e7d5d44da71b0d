//! What both parts of a letter say, before one writes it as text and the other as HTML.
//!
//! What must always hold: both parts come from here alone, so that they cannot say different things.

use super::clean;
use super::moment::{Moment, Zone};
use super::transcript::{Line, Transcript, Who};
use super::words::{Phrase, Words, phrase, words};

/// The most messages in one letter. Of more the newest stay, and the letter says how many are missing.
pub const LINES: usize = 2_000;
/// The most bytes of messages in one letter: with HTML and its encoding it stays far below what servers take (10 MB).
const BYTES: usize = 512 * 1024;
/// The most characters of a name.
const NAME_CHARS: usize = 200;
/// The most characters of a site's title.
const SITE_CHARS: usize = 120;

/// A letter's contents.
pub(super) struct Page {
    pub(super) title: Phrase,
    /// The greeting, what this is, and from when to when.
    pub(super) lead: Vec<Phrase>,
    /// What was left out, or that there is nothing.
    pub(super) notes: Vec<Phrase>,
    pub(super) days: Vec<Day>,
    pub(super) foot: Vec<Phrase>,
}

/// The messages of one day.
pub(super) struct Day {
    pub(super) date: String,
    pub(super) said: Vec<Said>,
}

/// A message.
pub(super) struct Said {
    pub(super) side: Side,
    pub(super) who: Phrase,
    pub(super) time: String,
    /// Cleaned; `\n` parts its lines.
    pub(super) text: String,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Visitor,
    Operator,
    System,
}

impl Page {
    pub(super) fn of(transcript: &Transcript) -> Self {
        let words = words(transcript.locale);
        let kept = newest(&transcript.lines);
        let left_out = transcript.before + transcript.lines.len() - kept.len();
        let days = days(transcript, kept, words);
        Self {
            title: phrase(&words.title, &[("site", &site(transcript))]),
            lead: lead(transcript, words),
            notes: notes(left_out, days.is_empty(), words),
            days,
            foot: vec![phrase(&words.mistake, &[]), phrase(&words.automatic, &[])],
        }
    }
}

/// The subject, ready for a header.
pub(super) fn subject(transcript: &Transcript) -> String {
    let subject = phrase(&words(transcript.locale).subject, &[("site", &site(transcript))]);
    clean::header(&subject.text(), SITE_CHARS + 80)
}

fn site(transcript: &Transcript) -> String {
    let site = clean::one_line(&transcript.site, SITE_CHARS);
    if site.is_empty() { words(transcript.locale).nameless_site.clone() } else { site }
}

fn lead(transcript: &Transcript, words: &Words) -> Vec<Phrase> {
    let zone = Zone::new(transcript.zone_minutes);
    let told = |moment: Moment| format!("{}, {}", moment.date(words), moment.time());
    let opened = told(zone.moment(transcript.opened.0));
    let zone_name = zone.name();
    let span = match transcript.closed {
        Some(closed) => {
            let closed = told(zone.moment(closed.0));
            phrase(&words.span, &[("opened", &opened), ("closed", &closed), ("zone", &zone_name)])
        }
        None => phrase(&words.span_open, &[("opened", &opened), ("zone", &zone_name)]),
    };
    let greeting = named(&transcript.visitor, &words.greeting, &words.nameless_greeting);
    vec![greeting, phrase(&words.lead, &[]), span]
}

fn notes(left_out: usize, empty: bool, words: &Words) -> Vec<Phrase> {
    let left_out = (left_out > 0).then(|| phrase(&words.left_out, &[("count", &left_out.to_string())]));
    left_out.into_iter().chain(empty.then(|| phrase(&words.empty, &[]))).collect()
}

fn days(transcript: &Transcript, lines: &[Line], words: &Words) -> Vec<Day> {
    let zone = Zone::new(transcript.zone_minutes);
    let mut days: Vec<Day> = Vec::new();
    let mut last = None;
    // A message may hold nothing that can be read: marks alone, or what only programs see.
    let readable = |line: &&Line| !clean::lines(&line.text).trim().is_empty();
    for line in lines.iter().filter(readable) {
        let moment = zone.moment(line.at.0);
        if last.replace(moment.day) != Some(moment.day) {
            days.push(Day { date: moment.date(words), said: Vec::new() });
        }
        if let Some(day) = days.last_mut() {
            day.said.push(said(line, moment, &transcript.visitor, words));
        }
    }
    days
}

fn said(line: &Line, moment: Moment, visitor: &str, words: &Words) -> Said {
    let (side, who) = match &line.who {
        Who::Visitor => (Side::Visitor, named(visitor, &words.visitor, &words.nameless_visitor)),
        Who::Operator { name } => (Side::Operator, named(name, &words.operator, &words.nameless_operator)),
        Who::System => (Side::System, phrase(&words.system, &[])),
    };
    Said { side, who, time: moment.time(), text: clean::lines(&line.text).trim_matches('\n').to_owned() }
}

fn named(name: &str, sentence: &str, nameless: &str) -> Phrase {
    let name = clean::one_line(name, NAME_CHARS);
    if name.is_empty() { phrase(nameless, &[]) } else { phrase(sentence, &[("name", &name)]) }
}

/// The newest messages that fit.
fn newest(lines: &[Line]) -> &[Line] {
    let mut bytes = 0;
    let fit = lines.iter().rev().take(LINES).take_while(|line| {
        bytes += line.text.len();
        bytes <= BYTES
    });
    let count = fit.count();
    lines.get(lines.len() - count..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use deskbell_wire::Timestamp;

    use super::*;

    fn line(n: usize, bytes: usize) -> Line {
        let at = Timestamp(i64::try_from(n).unwrap() * 60_000);
        Line { at, who: Who::Visitor, text: "x".repeat(bytes) }
    }

    #[test]
    fn a_long_conversation_keeps_its_newest_messages_and_says_how_many_are_missing() {
        let many: Vec<_> = (0..LINES + 7).map(|n| line(n, 1)).collect();
        assert_eq!(newest(&many).len(), LINES);
        assert_eq!(newest(&many).last(), many.last());
        let large: Vec<_> = (0..100).map(|n| line(n, 8_000)).collect();
        assert_eq!(newest(&large).len(), BYTES / 8_000);
        let page = Page::of(&Transcript { lines: large, ..Transcript::default() });
        assert_eq!(page.notes[0].text(), "Earlier messages that did not fit into this letter: 35.");
        assert!(newest(&[]).is_empty());
    }

    #[test]
    fn messages_stand_under_their_days_in_the_visitors_zone() {
        let lines = vec![line(0, 1), line(1_260, 1), line(1_261, 1)];
        let days = |zone_minutes| {
            let page = Page::of(&Transcript { lines: lines.clone(), zone_minutes, ..Transcript::default() });
            page.days.iter().map(|day| (day.date.clone(), day.said.len())).collect::<Vec<_>>()
        };
        assert_eq!(days(0), [("1 January 1970".to_owned(), 3)]);
        assert_eq!(days(180), [("1 January 1970".to_owned(), 1), ("2 January 1970".to_owned(), 2)]);
    }

    #[test]
    fn a_message_without_a_readable_mark_is_no_message() {
        let blank = |text: &str| Line { text: text.to_owned(), ..line(0, 0) };
        let lines = vec![blank(""), blank(" \r\n\0 "), blank("\u{202e}")];
        let page = Page::of(&Transcript { lines, ..Transcript::default() });
        assert!(page.days.is_empty());
        assert_eq!(page.notes[0].text(), "Nothing was written in this conversation.");
    }

    #[test]
    fn without_names_it_says_what_they_are() {
        let lines = [Who::Visitor, Who::Operator { name: " \u{202e} ".to_owned() }, Who::System];
        let line = |who| Line { at: Timestamp(0), who, text: "x".to_owned() };
        let page = Page::of(&Transcript { lines: lines.map(line).to_vec(), ..Transcript::default() });
        let who: Vec<_> = page.days[0].said.iter().map(|said| said.who.text()).collect();
        assert_eq!(who, ["You", "Operator", "Notice"]);
        assert_eq!(page.title.text(), "Conversation with our support");
    }
}
