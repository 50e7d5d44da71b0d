//! What is wrong with a pack, as one sentence in the person's language.
//!
//! What must always hold: a sentence stays short and on one line, whatever a file or an engine says.

use deskbell_pack::{Flaw, FlawKind, Place, steers};

use crate::dto::{Locale, Problem};
use crate::problem::{problem, sentence};

/// The longest quotation of a file's or an engine's own words, in characters.
const QUOTE_CHARS: usize = 200;

/// The sentence of a flaw; its code is [`FlawKind::code`].
pub fn flaw_problem(flaw: &Flaw, locale: Locale) -> Problem {
    let mut problem = problem(flaw.kind.code(), locale);
    let what = what(&flaw.kind, locale);
    if what.is_empty() {
        // The engine said no word.
        problem.message = problem.message.replace(": {what}", "");
    }
    // What is quoted may hold braces of its own: it is looked at no more.
    let parts: Vec<String> =
        problem.message.split("{at}").map(|part| part.replace("{what}", &what)).collect();
    problem.message = parts.join(&at(flaw, locale));
    problem
}

/// Where it is, in brackets; empty where it is about the pack as a whole.
fn at(flaw: &Flaw, locale: Locale) -> String {
    if flaw.file.is_empty() {
        return String::new();
    }
    let place = match flaw.place {
        None => sentence("pack_at_file", locale),
        Some(Place { line, column: 0 }) => {
            sentence("pack_at_line", locale).replace("{line}", &line.to_string())
        }
        Some(Place { line, column }) => sentence("pack_at_place", locale)
            .replace("{line}", &line.to_string())
            .replace("{column}", &column.to_string()),
    };
    place.replace("{file}", &quote(&flaw.file))
}

fn what(kind: &FlawKind, locale: Locale) -> String {
    const MIB: u64 = 1024 * 1024;
    match kind {
        FlawKind::TooLarge(bytes) if *bytes >= MIB => {
            sentence("pack_megabytes", locale).replace("{count}", &bytes.div_ceil(MIB).to_string())
        }
        // The sentence has its own full stop.
        kind => quote(&kind.what()).trim_end_matches('.').to_owned(),
    }
}

/// Somebody else's words on one line, and not too many.
fn quote(words: &str) -> String {
    let shown = words.chars().map(|letter| if steers(letter) { ' ' } else { letter });
    let line: String = shown.take(QUOTE_CHARS + 1).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTE_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> Vec<FlawKind> {
        let what = || "what".to_owned();
        vec![
            FlawKind::Unreadable(what()),
            FlawKind::NoMapping,
            FlawKind::Missing(what()),
            FlawKind::Outside(what()),
            FlawKind::NotText,
            FlawKind::TooLarge(16 * 1024 * 1024),
            FlawKind::TooMany(2_000),
            FlawKind::Json(what()),
            FlawKind::Template(what()),
            FlawKind::Script(what()),
            FlawKind::Network(what()),
            FlawKind::Eval,
            FlawKind::Hangs(10),
            FlawKind::Crashed,
            FlawKind::NoController(what()),
            FlawKind::Digest,
        ]
    }

    fn flaw(kind: FlawKind, file: &str, place: Option<(u32, u32)>) -> Flaw {
        let place = place.map(|(line, column)| Place { line, column });
        Flaw { file: file.to_owned(), place, kind }
    }

    #[test]
    fn every_flaw_has_a_sentence_of_its_own_in_both_languages() {
        for locale in [Locale::En, Locale::Ru] {
            let general = sentence("unexpected", locale);
            for kind in every() {
                let problem = flaw_problem(&flaw(kind.clone(), "chat/chat.js", Some((12, 7))), locale);
                assert_eq!(problem.code, kind.code());
                assert_ne!(problem.message, general, "{kind:?}");
                assert!(!problem.message.contains(['{', '}']), "{}", problem.message);
                assert!(problem.message.contains(&what(&kind, locale)), "{}", problem.message);
            }
        }
    }

    #[test]
    fn a_sentence_names_the_file_and_the_line_where_they_are_known() {
        let said = |file, place| {
            flaw_problem(&flaw(FlawKind::Script("boom".into()), file, place), Locale::En).message
        };
        let all = said("chat/chat.js", Some((12, 7)));
        assert_eq!(all, "A script of the chat form failed (chat/chat.js, line 12, column 7): boom.");
        assert_eq!(
            said("chat/chat.js", Some((12, 0))),
            "A script of the chat form failed (chat/chat.js, line 12): boom."
        );
        assert_eq!(said("chat/chat.js", None), "A script of the chat form failed (chat/chat.js): boom.");
        assert_eq!(said("", None), "A script of the chat form failed: boom.");
        let silent = flaw(FlawKind::Template(String::new()), "chat.html", None);
        let message = flaw_problem(&silent, Locale::En).message;
        assert_eq!(message, "A template of the chat form cannot be used (chat.html).");
    }

    #[test]
    fn a_limit_is_said_in_a_unit_that_the_person_reads() {
        let said = |bytes, locale| flaw_problem(&flaw(FlawKind::TooLarge(bytes), "", None), locale).message;
        assert!(said(deskbell_pack::PACK_BYTES, Locale::En).contains(" 16 MB "));
        assert!(said(deskbell_pack::PACK_BYTES, Locale::Ru).contains(" 16 МБ"));
        assert!(said(deskbell_pack::ARCHIVE_BYTES, Locale::En).contains(" 18 MB "));
    }

    #[test]
    fn what_a_script_says_cannot_become_a_wall_of_text_or_fill_places() {
        let said = |what: &str| {
            let kind = FlawKind::Script(what.to_owned());
            flaw_problem(&flaw(kind, "{what}.js", None), Locale::En).message
        };
        assert!(said(&"x".repeat(1_000_000)).chars().count() < 500);
        assert!(!said("a\nb\u{7}\r\nc").contains(['\n', '\r', '\u{7}']));
        assert!(said("a\u{202e}b\u{2028}c").ends_with(": a b c."), "nothing turns the line around");
        assert!(said("{at} {line}").ends_with(" ({what}.js): {at} {line}."), "{}", said("{at} {line}"));
    }
}
