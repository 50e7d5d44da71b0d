//! What counts as an e-mail address and as a telephone number.
//!
//! Why in here: the form that asks, the client that keeps and the desk that stores must agree, so there is one check.
//! What must always hold: it is conservative (what passes can be written into a letter's header, shown and dialled);
//! no table of countries or domains, which would age.

/// The longest e-mail address, in bytes (RFC 5321's path without its brackets).
pub const EMAIL_BYTES: usize = 254;
/// The longest telephone number as it is written, in Unicode scalar values.
pub const PHONE_CHARS: usize = 40;

/// The longest part before the `@`, in bytes.
const LOCAL_BYTES: usize = 64;
/// The longest part of a domain between two dots, in bytes.
const LABEL_BYTES: usize = 63;
/// Digits of a telephone number.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 5..=20;
/// What may stand in the local part besides letters, digits and single dots.
const LOCAL_MARKS: &[u8] = b"!#$%&'*+-/=?^_`{|}~";

/// Is this an e-mail address that a stranger may give: `name@domain`, at most [`EMAIL_BYTES`]?
///
/// The name is plain ASCII without quotes; the domain has at least two parts and may hold letters of any script.
/// Spaces around it are the caller's to cut.
pub fn is_email(text: &str) -> bool {
    text.len() <= EMAIL_BYTES
        && text.rsplit_once('@').is_some_and(|(local, domain)| is_local(local) && is_domain(domain))
}

/// Is this a telephone number: 5 to 20 digits, with spaces, hyphens, dots, parentheses and a leading `+`, at most
/// [`PHONE_CHARS`]?
pub fn is_phone(text: &str) -> bool {
    let number = text.strip_prefix('+').unwrap_or(text);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    text.len() <= PHONE_CHARS
        && PHONE_DIGITS.contains(&digits)
        && number.bytes().all(|byte| byte.is_ascii_digit() || b" -.()".contains(&byte))
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && is_paired(number)
}

fn is_local(local: &str) -> bool {
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || LOCAL_MARKS.contains(&b));
    local.len() <= LOCAL_BYTES && local.split('.').all(|part| !part.is_empty() && plain(part))
}

fn is_domain(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.') && domain.split('.').all(is_label) && !last.bytes().all(|b| b.is_ascii_digit())
}

fn is_label(label: &str) -> bool {
    (1..=LABEL_BYTES).contains(&label.len())
        && label.chars().all(|c| c == '-' || c.is_alphanumeric())
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Every parenthesis is closed before the next one opens.
fn is_paired(number: &str) -> bool {
    let mut open = false;
    number.bytes().all(|byte| match byte {
        b'(' => !std::mem::replace(&mut open, true),
        b')' => std::mem::replace(&mut open, false),
        _ => true,
    }) && !open
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The corpus is a file, so that the pages' own check can be held against it, too.
    const CORPUS: &str = include_str!("../tests/contacts.json");

    fn corpus(list: &str) -> Vec<String> {
        let lists: serde_json::Value = serde_json::from_str(CORPUS).unwrap();
        let texts = lists[list].as_array().unwrap();
        texts.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn addresses_that_people_have_pass() {
        for text in corpus("emails") {
            assert!(is_email(&text), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_address_does_not_pass() {
        for text in corpus("no_emails") {
            assert!(!is_email(&text), "{text:?}");
        }
    }

    #[test]
    fn numbers_that_people_have_pass() {
        for text in corpus("phones") {
            assert!(is_phone(&text), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_number_does_not_pass() {
        for text in corpus("no_phones") {
            assert!(!is_phone(&text), "{text:?}");
        }
    }

    #[test]
    fn an_address_is_long_up_to_its_limits() {
        let long = |bytes: usize| {
            let (local, label) = ("a".repeat(LOCAL_BYTES), "b".repeat(LABEL_BYTES));
            let head = format!("{local}@{label}.{label}.");
            let last = "c".repeat(bytes - head.len());
            head + &last
        };
        assert!(is_email(&long(EMAIL_BYTES)));
        assert!(!is_email(&long(EMAIL_BYTES + 1)));
        assert!(is_email(&format!("{}@example.test", "a".repeat(64))));
        assert!(!is_email(&format!("{}@example.test", "a".repeat(65))));
        assert!(is_email(&format!("a@{}.test", "b".repeat(63))));
        assert!(!is_email(&format!("a@{}.test", "b".repeat(64))));
    }

    proptest::proptest! {
        /// Whatever it says yes to can be put into a header as it is.
        #[test]
        fn what_passes_holds_no_control_space_or_quote(text in "\\PC{0,40}|[a-z@.\\r\\n\"<> ()+0-9-]{0,40}") {
            if is_email(&text) || is_phone(&text) {
                assert!(!text.contains(['\r', '\n', '"', '<', '>', ',', ';', '\\', '\0']), "{text:?}");
            }
        }
    }
}
