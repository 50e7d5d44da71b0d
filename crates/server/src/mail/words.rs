//! What a letter says besides what people wrote, from the catalogue of the pages (`ui/locales/*/mail.json`).

use std::sync::OnceLock;

use deskbell_wire::Lang;
use serde::Deserialize;

const EN: &str = include_str!("../../../../ui/locales/en/mail.json");
const RU: &str = include_str!("../../../../ui/locales/ru/mail.json");

/// The language of a letter: the visitor's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
}

/// A language's sentences; `{name}` stands where [`phrase`] puts something in.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) title: String,
    pub(super) nameless_site: String,
    pub(super) greeting: String,
    pub(super) nameless_greeting: String,
    pub(super) lead: String,
    pub(super) span: String,
    pub(super) span_open: String,
    pub(super) visitor: String,
    pub(super) nameless_visitor: String,
    pub(super) operator: String,
    pub(super) nameless_operator: String,
    pub(super) system: String,
    pub(super) file: String,
    pub(super) empty: String,
    pub(super) left_out: String,
    pub(super) mistake: String,
    pub(super) automatic: String,
    pub(super) months: Vec<String>,
}

/// A sentence, in pieces: ours, and what others gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Phrase(pub(super) Vec<Piece>);

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Ours(String),
    Theirs(String),
}

impl Locale {
    /// As HTML and `Content-Language` write it.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }
}

impl From<Lang> for Locale {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Ru => Self::Ru,
        }
    }
}

/// The sentences of a language.
pub(super) fn words(locale: Locale) -> &'static Words {
    static CATALOGUES: [OnceLock<Words>; 2] = [OnceLock::new(), OnceLock::new()];
    let [en, ru] = &CATALOGUES;
    // The catalogues are part of the program, and a test reads them: a broken one cannot be shipped.
    let read = |text| serde_json::from_str(text).unwrap_or_default();
    match locale {
        Locale::En => en.get_or_init(|| read(EN)),
        Locale::Ru => ru.get_or_init(|| read(RU)),
    }
}

/// A sentence with things put in. What is put in is never looked at for further names.
pub(super) fn phrase(sentence: &str, put_in: &[(&str, &str)]) -> Phrase {
    let mut pieces = Vec::new();
    let mut rest = sentence;
    while let Some((before, named)) = rest.split_once('{') {
        let (name, after) = named.split_once('}').unwrap_or((named, ""));
        let value = put_in.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        pieces.push(Piece::Ours(before.to_owned()));
        pieces.push(Piece::Theirs(value.to_owned()));
        rest = after;
    }
    pieces.push(Piece::Ours(rest.to_owned()));
    pieces.retain(|piece| !piece.text().is_empty());
    Phrase(pieces)
}

impl Phrase {
    /// All of it, one after the other.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(Piece::text).collect()
    }
}

impl Piece {
    fn text(&self) -> &str {
        match self {
            Self::Ours(text) | Self::Theirs(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn sentences(text: &str) -> BTreeMap<String, String> {
        let all: BTreeMap<String, serde_json::Value> = serde_json::from_str(text).unwrap();
        let one = |value: serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        all.into_iter().map(|(name, value)| (name, one(value))).collect()
    }

    fn names(sentence: &str) -> Vec<String> {
        let mut names: Vec<_> =
            sentence.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn both_languages_say_the_same_with_the_same_put_in() {
        serde_json::from_str::<Words>(EN).unwrap();
        serde_json::from_str::<Words>(RU).unwrap();
        let (en, ru) = (sentences(EN), sentences(RU));
        assert_eq!(en.keys().collect::<Vec<_>>(), ru.keys().collect::<Vec<_>>());
        for (name, sentence) in &en {
            assert!(!sentence.is_empty() && !ru[name].is_empty(), "{name}");
            assert_eq!(names(sentence), names(&ru[name]), "{name}");
        }
        for locale in [Locale::En, Locale::Ru] {
            assert_eq!(words(locale).months.len(), 12);
        }
    }

    #[test]
    fn what_is_put_in_is_not_filled_again() {
        let said = phrase("A {one} B {two}", &[("one", "{two}"), ("two", "x")]);
        assert_eq!(said.text(), "A {two} B x");
        assert_eq!(said.0[1], Piece::Theirs("{two}".to_owned()));
    }
}
