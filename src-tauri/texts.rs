//! What the shell itself says where no page can: in dialogs of the system, in its tray and its notifications.

use std::collections::HashMap;

use deskbell_api::dto::Locale;
use serde::Deserialize;

const EN: &str = include_str!("../ui/locales/en/shell.json");
const RU: &str = include_str!("../ui/locales/ru/shell.json");

/// A text, or its forms by number as the pages' catalogues have them.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Text {
    One(String),
    Forms(HashMap<String, String>),
}

fn catalogue(locale: Locale) -> HashMap<String, Text> {
    let catalogue = match locale {
        Locale::En => EN,
        Locale::Ru => RU,
    };
    serde_json::from_str(catalogue).unwrap_or_default()
}

/// The text of a key; the key where there is none, which a test rules out.
pub(crate) fn text(key: &str, locale: Locale) -> String {
    match catalogue(locale).remove(key) {
        Some(Text::One(text)) => text,
        _ => key.to_owned(),
    }
}

/// The text of a key in the form that goes with the number, which stands where the text says `{count}`.
pub(crate) fn counted(key: &str, count: u64, locale: Locale) -> String {
    let Some(Text::Forms(mut forms)) = catalogue(locale).remove(key) else { return key.to_owned() };
    let form = forms.remove(form(count, locale)).or_else(|| forms.remove("other"));
    form.map_or_else(|| key.to_owned(), |form| form.replace("{count}", &count.to_string()))
}

/// Unicode's rules for whole numbers.
const fn form(count: u64, locale: Locale) -> &'static str {
    match (locale, count, count % 10, count % 100) {
        (Locale::En, 1, ..) => "one",
        (Locale::En, ..) => "other",
        (Locale::Ru, _, _, 11..=14) => "many",
        (Locale::Ru, _, 1, _) => "one",
        (Locale::Ru, _, 2..=4, _) => "few",
        (Locale::Ru, ..) => "many",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_text_in_both_languages() {
        let [en, ru] = [Locale::En, Locale::Ru].map(catalogue);
        assert!(en.len() > 10);
        for (key, text) in &en {
            match (text, ru.get(key).unwrap_or_else(|| panic!("{key}"))) {
                (Text::One(en), Text::One(ru)) => assert_ne!(en, ru, "{key}"),
                (Text::Forms(en), Text::Forms(ru)) => {
                    assert!(["one", "other"].iter().all(|form| en.contains_key(*form)), "{key}");
                    assert!(["one", "few", "many"].iter().all(|form| ru.contains_key(*form)), "{key}");
                }
                _ => panic!("{key}: one language counts and the other does not"),
            }
        }
        assert!(ru.keys().all(|key| en.contains_key(key)));
    }

    #[test]
    fn a_number_has_its_form() {
        for (count, en, ru) in [
            (1, "one", "one"),
            (2, "other", "few"),
            (5, "other", "many"),
            (11, "other", "many"),
            (21, "other", "one"),
        ] {
            assert_eq!((form(count, Locale::En), form(count, Locale::Ru)), (en, ru), "{count}");
        }
    }
}
