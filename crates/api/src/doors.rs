//! What comes in from outside, for the shell: links, a company's file, and whether a desk answers at all.
//!
//! What must always hold: looking for a desk says nothing to it and changes nothing here.

use deskbell_client::find;
use deskbell_core::Closed;
pub use deskbell_core::desktop::link::{BadDeepLink, DEEP_LINK_CHARS, DeepLink, SCHEME, read_desk};
pub use deskbell_core::desktop::site_file::{Accent, BadSiteFile, SITE_FILE_BYTES, SiteFile};
use deskbell_wire::JoinLink;

use crate::dto::{Locale, Problem};
use crate::problem::{link_code, problem};

/// Does a desk answer there, with the right key?
///
/// # Errors
/// In plain words: nobody, somebody with another key, or something else than a desk.
pub async fn find_desk(link: &JoinLink, locale: Locale) -> Result<(), Problem> {
    let code = match find(link).await {
        Ok(()) => return Ok(()),
        Err(Closed::Certificate) if link.pin.is_none() => "found_untrusted",
        Err(Closed::Certificate) => "found_other_key",
        Err(Closed::NotADesk) => "found_no_desk",
        Err(Closed::Unreachable | Closed::Lost) => "found_nobody",
    };
    Err(about(code, &link.authority(), locale))
}

/// Why a link cannot be used.
pub fn link_problem(bad: BadDeepLink, locale: Locale) -> Problem {
    let code = match bad {
        BadDeepLink::TooLong => "link_long",
        BadDeepLink::Foreign => "link_foreign",
        BadDeepLink::Unknown => "link_unknown",
        BadDeepLink::Shape => "link_parts",
        BadDeepLink::Visitor => "link_visitor",
        BadDeepLink::Desk(bad) => link_code(bad),
    };
    problem(code, locale)
}

/// What is wrong with the company's file at this place.
pub fn site_file_problem(bad: &BadSiteFile, file: &str, locale: Locale) -> Problem {
    let (code, parts) = match bad {
        BadSiteFile::TooLong => ("site_file_long", vec![]),
        BadSiteFile::Json { line, column } => {
            ("site_file_json", vec![("{line}", line.to_string()), ("{column}", column.to_string())])
        }
        BadSiteFile::Newer => ("site_file_newer", vec![]),
        BadSiteFile::Part(part) => ("site_file_part", vec![("{part}", part.clone())]),
        BadSiteFile::Unknown(part) => ("site_file_unknown", vec![("{part}", part.clone())]),
        BadSiteFile::Desk(_) => ("site_file_desk", vec![]),
    };
    let Problem { code, message } = problem(code, locale);
    let message = parts.iter().fold(message, |message, (name, value)| message.replace(name, value));
    // The file's name last: it may hold braces of its own.
    Problem { code, message: message.replace("{name}", file) }
}

fn about(code: &str, name: &str, locale: Locale) -> Problem {
    let Problem { code, message } = problem(code, locale);
    Problem { code, message: message.replace("{name}", name) }
}
