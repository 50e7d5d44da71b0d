//! Error codes and their sentences, from the same catalogue as the pages' (`ui/locales/*/problems.json`).

use std::collections::HashMap;
use std::sync::OnceLock;

use deskbell_core::store::StoreError;
use deskbell_core::{Closed, SendRefused, StopReason};
use deskbell_store::DbError;
use deskbell_vault::VaultError;
use deskbell_wire::{BadLink, BodyFlaw, ByeCode, NackCode};

use crate::dto::{Locale, Problem};

const EN: &str = include_str!("../../../ui/locales/en/problems.json");
const RU: &str = include_str!("../../../ui/locales/ru/problems.json");

/// A code with its sentence. A code without a sentence of its own gets the general one.
pub fn problem(code: &str, locale: Locale) -> Problem {
    Problem { code: code.to_owned(), message: sentence(code, locale) }
}

/// The sentence of a code.
pub fn sentence(code: &str, locale: Locale) -> String {
    let sentences = sentences(locale);
    sentences.get(code).or_else(|| sentences.get("unexpected")).cloned().unwrap_or_else(|| code.to_owned())
}

fn sentences(locale: Locale) -> &'static HashMap<String, String> {
    static CATALOGUES: [OnceLock<HashMap<String, String>>; 2] = [OnceLock::new(), OnceLock::new()];
    let [en, ru] = &CATALOGUES;
    // The catalogues are part of the program, and a test reads them: a broken one cannot be shipped.
    let read = |text| serde_json::from_str(text).unwrap_or_default();
    match locale {
        Locale::En => en.get_or_init(|| read(EN)),
        Locale::Ru => ru.get_or_init(|| read(RU)),
    }
}

/// The code of an entry that was not taken.
pub(crate) fn refused_code(refused: &SendRefused) -> &'static str {
    match refused {
        SendRefused::Empty => "empty",
        SendRefused::TooLong(_) => "too_large",
        SendRefused::Store(error) => store_code(error),
        SendRefused::Flaw(flaw) => match flaw {
            BodyFlaw::Email => "invalid_email",
            BodyFlaw::Phone => "invalid_phone",
            BodyFlaw::Mark => "invalid_mark",
            BodyFlaw::Empty => "empty",
            BodyFlaw::TooLarge => "too_large",
            BodyFlaw::Invalid => "invalid",
        },
    }
}

/// The code of a store's error.
pub(crate) fn store_code(error: &StoreError) -> &'static str {
    match error {
        StoreError::Full => "disk_full",
        StoreError::Corrupt => "store_corrupt",
        StoreError::Gap | StoreError::Io(_) => "store_io",
    }
}

/// The code of a database that does not open.
pub(crate) fn db_code(error: &DbError) -> &'static str {
    match error {
        DbError::Full => "disk_full",
        DbError::Corrupt => "store_corrupt",
        DbError::Newer { .. } => "store_newer",
        DbError::WrongKey => "store_key",
        DbError::InUse => "profile_in_use",
        DbError::Denied => "store_denied",
        _ => "store_io",
    }
}

/// The code of files that cannot be kept.
pub(crate) fn vault_code(error: &VaultError) -> &'static str {
    match error {
        VaultError::Full => "disk_full",
        VaultError::Denied => "store_denied",
        VaultError::Corrupt | VaultError::Digest | VaultError::Io(_) => "store_io",
    }
}

/// The code of a link that is none.
pub fn link_code(bad: BadLink) -> &'static str {
    match bad {
        BadLink::Shape => "link_shape",
        BadLink::Port => "link_port",
        BadLink::Pin => "link_pin",
        BadLink::Site => "link_site",
    }
}

/// The code of a refused entry, apart from codes of the line.
pub(crate) fn nack_code(code: NackCode) -> &'static str {
    code.name()
}

/// The code of a connection that ended.
pub(crate) fn closed_code(how: Closed) -> &'static str {
    match how {
        Closed::Unreachable => "unreachable",
        Closed::Certificate => "certificate",
        Closed::NotADesk => "not_a_desk",
        Closed::Lost => "lost",
    }
}

/// The code of a line that stopped.
pub(crate) fn stop_code(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Certificate => "certificate",
        StopReason::NoToken => "signed_out",
        StopReason::Bye(code) => bye_code(code),
    }
}

fn bye_code(code: ByeCode) -> &'static str {
    match code {
        ByeCode::Version => "version",
        ByeCode::BadCredentials => "bad_credentials",
        ByeCode::BadToken => "bad_token",
        ByeCode::Protocol => "protocol",
        ByeCode::Replaced => "replaced",
        ByeCode::Limit => "limit",
        ByeCode::Slow => "lost",
        ByeCode::Stopping => "stopping",
        ByeCode::NoSite => "no_site",
        ByeCode::BadCode => "bad_code",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_sentence_in_both_languages() {
        let codes = [
            "unexpected",
            "empty",
            "too_large",
            "disk_full",
            "store_corrupt",
            "store_io",
            "store_newer",
            "store_key",
            "store_denied",
            "profile_in_use",
            "link_shape",
            "link_port",
            "link_pin",
            "link_site",
            "unreachable",
            "certificate",
            "not_a_desk",
            "lost",
            "signed_out",
            "version",
            "bad_credentials",
            "bad_token",
            "protocol",
            "replaced",
            "limit",
            "stopping",
            "no_site",
            "prev_unknown",
            "uid_conflict",
            "rate",
            "busy",
            "storage",
            "stale",
            "forbidden",
            "invalid",
            "stopped",
            "unknown_visitor",
            "no_random",
            "invalid_email",
            "invalid_phone",
            "invalid_mark",
            "no_invite",
            "consent",
            "banned",
            "unavailable",
            "bad_code",
            "offline",
            "settings_invalid",
            "settings_stale",
            "desk_storage",
            "mail_server",
            "mail_delayed",
            "mail_refused",
            "queued",
            "unsent",
            "linking",
            "revoked",
            "devices_full",
            "link_not_kept",
            "not_confirmed",
            "file_empty",
            "file_folder",
            "file_too_large",
            "file_type",
            "file_type_lies",
            "file_off",
            "file_quota",
            "file_changed",
            "file_gone",
            "file_unreadable",
            "file_no_space",
            "file_no_space_desk",
            "file_lost",
            "file_missing",
            "file_damaged",
            "file_forbidden",
            "file_limit",
            "file_reading",
            "file_details",
            "file_not_here",
            "quota",
        ];
        for locale in [Locale::En, Locale::Ru] {
            for code in codes {
                assert!(sentences(locale).contains_key(code), "{locale:?} lacks {code}");
            }
        }
        assert_eq!(sentences(Locale::En).len(), sentences(Locale::Ru).len());
    }
}
