//! Addresses that a mail server can be told: ASCII, whatever script a domain was written in.

use deskbell_wire::is_email;
use lettre::Address;

/// Can a letter be sent to this? Stricter than [`is_email`] where a domain is not ASCII: it must be one of IDNA.
pub fn is_address(text: &str) -> bool {
    parse(text).is_some()
}

/// The address with its domain in ASCII: no server needs to know SMTPUTF8 for it.
pub(super) fn parse(text: &str) -> Option<Address> {
    if !is_email(text) {
        return None;
    }
    let (local, domain) = text.rsplit_once('@')?;
    let domain = idna::domain_to_ascii(domain).ok()?;
    // Again: as ASCII it may be longer, or hold other marks.
    is_email(&format!("{local}@{domain}")).then(|| Address::new(local, domain).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORPUS: &str = include_str!("../../../wire/tests/contacts.json");

    fn corpus(list: &str) -> Vec<String> {
        let lists: serde_json::Value = serde_json::from_str(CORPUS).unwrap();
        serde_json::from_value(lists[list].clone()).unwrap()
    }

    #[test]
    fn every_address_of_the_corpus_can_be_told_to_a_server() {
        for text in corpus("emails") {
            let address = parse(&text).unwrap_or_else(|| panic!("{text:?}"));
            assert!(address.to_string().is_ascii(), "{text:?}");
        }
        for text in corpus("no_emails") {
            assert!(!is_address(&text), "{text:?}");
        }
    }

    #[test]
    fn a_domain_of_another_script_is_written_in_ascii() {
        assert_eq!(parse("ann@пример.испытание").unwrap().to_string(), "ann@xn--e1afmkfd.xn--80akhbyknj4f");
        assert_eq!(parse("ann@Bücher.example").unwrap().domain(), "xn--bcher-kva.example");
    }

    #[test]
    fn what_idna_refuses_or_lengthens_past_the_limit_is_none() {
        // Far apart in the table of characters, so that each takes several digits.
        let label = |chars: u32| {
            (0..chars).filter_map(|n| char::from_u32(0x4e00 + n * 7_919 % 0x5000)).collect::<String>()
        };
        let long_label = format!("ann@{}.test", label(21));
        let long_whole = format!("{}@{}testing", "a".repeat(64), (label(10) + ".").repeat(5));
        for text in ["ann@exa\u{2488}mple.test".to_owned(), long_label, long_whole] {
            assert!(is_email(&text) && !is_address(&text), "{text:?}");
        }
    }
}
