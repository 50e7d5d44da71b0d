//! What the shell itself says where no page can: in dialogs of the system.

use std::collections::HashMap;

use deskbell_api::dto::Locale;

const EN: &str = include_str!("../ui/locales/en/shell.json");
const RU: &str = include_str!("../ui/locales/ru/shell.json");

/// The text of a key; the key where there is none, which a test rules out.
pub(crate) fn text(key: &str, locale: Locale) -> String {
    let catalogue = match locale {
        Locale::En => EN,
        Locale::Ru => RU,
    };
    let texts: HashMap<String, String> = serde_json::from_str(catalogue).unwrap_or_default();
    texts.get(key).cloned().unwrap_or_else(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_text_in_both_languages() {
        let keys: HashMap<String, String> = serde_json::from_str(EN).unwrap();
        for key in
            keys.keys().map(String::as_str).chain(["link_site", "deed_code", "deed_link", "deed_revoke"])
        {
            let [en, ru] = [Locale::En, Locale::Ru].map(|locale| text(key, locale));
            assert!(en != key && ru != key && en != ru, "{key}");
        }
    }
}
