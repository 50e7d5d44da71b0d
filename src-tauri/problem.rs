//! What the shell itself has to say when something is wrong: on the terminal before there is a window, as a
//! [`Problem`] after.

use std::process::ExitCode;

use deskbell_api::dto::{Locale, Problem};

use crate::profile::ProfileError;

/// The sentence for a code.
pub(crate) fn say(code: &str, locale: Locale) -> Problem {
    deskbell_api::problem(code, locale)
}

/// The sentence for a code, about something that has a name.
pub(crate) fn say_of(code: &str, name: &str, locale: Locale) -> Problem {
    let Problem { code, message } = say(code, locale);
    Problem { code, message: message.replace("{name}", name) }
}

/// Why the profile does not open.
pub(crate) fn of_profile(error: &ProfileError, name: &str, locale: Locale) -> Problem {
    match error {
        ProfileError::Name => say("profile_name", locale),
        ProfileError::Open => say_of("profile_open", name, locale),
        ProfileError::Folder(error) => {
            tracing::error!(%error, "the profile's folder");
            say("data_folder", locale)
        }
    }
}

/// One sentence on the terminal; `code` is the program's exit code.
pub(crate) fn on_terminal(problem: &Problem, code: u8) -> ExitCode {
    eprintln!("deskbell: {}", problem.message);
    ExitCode::from(code)
}
