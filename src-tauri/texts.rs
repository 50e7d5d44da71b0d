//! What the shell itself says where no page can: in dialogs of the system, in notifications, in the tray.

use std::collections::HashMap;
use std::sync::LazyLock;

use deskbell_api::dto::Locale;
use serde::Deserialize;

static EN: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("../ui/locales/en/shell.json")));
static RU: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("../ui/locales/ru/shell.json")));

/// Texts by key.
type Catalogue = HashMap<String, Text>;

/// A text of a catalogue.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    /// The same for every number.
    Plain(String),
    /// By plural form, named as Unicode does; `other` where a number has none of its own.
    Forms(HashMap<String, String>),
}

impl Text {
    fn of(&self, form: &str) -> Option<&str> {
        match self {
            Self::Plain(text) => Some(text),
            Self::Forms(forms) => forms.get(form).or_else(|| forms.get("other")).map(String::as_str),
        }
    }
}

/// The text of a key; the key where there is none, which a test rules out.
pub(crate) fn text(key: &str, locale: Locale) -> String {
    find(key, "other", locale)
}

/// The text of a key for so many, with `{count}` filled in.
pub(crate) fn counted(key: &str, count: u64, locale: Locale) -> String {
    find(key, plural(count, locale), locale).replace("{count}", &count.to_string())
}

fn find(key: &str, form: &str, locale: Locale) -> String {
    catalogue(locale).get(key).and_then(|text| text.of(form)).unwrap_or(key).to_owned()
}

fn catalogue(locale: Locale) -> &'static Catalogue {
    match locale {
        Locale::En => &EN,
        Locale::Ru => &RU,
    }
}

/// A test rules out that one cannot be read.
fn read(catalogue: &str) -> Catalogue {
    serde_json::from_str(catalogue).unwrap_or_default()
}

/// The plural form of a whole number.
const fn plural(count: u64, locale: Locale) -> &'static str {
    match (locale, count % 10, count % 100) {
        (Locale::En, ..) if count == 1 => "one",
        (Locale::En, ..) => "other",
        (Locale::Ru, 1, tens) if tens != 11 => "one",
        (Locale::Ru, 2..=4, tens) if !matches!(tens, 12..=14) => "few",
        (Locale::Ru, ..) => "many",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_text_in_both_languages() {
        let [en, ru] = [Locale::En, Locale::Ru].map(catalogue);
        assert!(en.len() > 10 && en.len() == ru.len());
        for (key, en) in en {
            match (en, ru.get(key)) {
                (Text::Plain(en), Some(Text::Plain(ru))) => assert!(en != ru || en == "{who}", "{key}"),
                (Text::Forms(_), Some(Text::Forms(_))) => {}
                _ => panic!("{key} is missing or counts in one language alone"),
            }
        }
    }

    #[test]
    fn every_plural_has_the_forms_of_its_language() {
        for (locale, forms) in [(Locale::En, &["one", "other"][..]), (Locale::Ru, &["one", "few", "many"])] {
            for (key, text) in catalogue(locale) {
                if let Text::Forms(texts) = text {
                    assert!(forms.iter().all(|form| texts.contains_key(*form)), "{key}");
                }
            }
        }
    }

    #[test]
    fn numbers_have_their_form() {
        let said = |count, locale| counted("alert_waiting_many", count, locale);
        assert_eq!(said(1, Locale::En), "1 visitor is waiting");
        assert_eq!(said(0, Locale::En), "0 visitors are waiting");
        for (count, text) in [
            (1, "1 посетитель ждёт ответа"),
            (3, "3 посетителя ждут ответа"),
            (5, "5 посетителей ждут ответа"),
            (11, "11 посетителей ждут ответа"),
            (12, "12 посетителей ждут ответа"),
            (21, "21 посетитель ждёт ответа"),
            (112, "112 посетителей ждут ответа"),
        ] {
            assert_eq!(said(count, Locale::Ru), text);
        }
    }
}
