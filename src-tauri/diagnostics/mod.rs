//! How each part of the program stands: looked at now, not remembered.
//!
//! What must always hold: no look takes longer than [`PATIENCE`], whatever hangs behind it; what a check says a person can
//! act on.

mod desktop;
mod session;

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use deskbell_api::dto::{Check, CheckPart, CheckState, Locale};
use tauri::{AppHandle, Manager};

use crate::shell::Shell;
use crate::texts::text;

/// How long a look may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a look found: how it stands, and the text that says so. What to do about it is the text of the same name with
/// `_advice`, where there is one.
pub(crate) struct Finding {
    state: CheckState,
    key: &'static str,
    /// Stands for `{name}` in the text.
    name: String,
}

impl Finding {
    fn new(state: CheckState, key: &'static str) -> Self {
        Self { state, key, name: String::new() }
    }

    fn good(key: &'static str) -> Self {
        Self::new(CheckState::Good, key)
    }

    fn warn(key: &'static str) -> Self {
        Self::new(CheckState::Warn, key)
    }

    fn bad(key: &'static str) -> Self {
        Self::new(CheckState::Bad, key)
    }

    fn about(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }
}

/// Looks at a part. Waits, so not on the main thread.
pub(crate) fn look(app: &AppHandle, part: CheckPart) -> Check {
    let (asked, locale) = (app.clone(), app.state::<Shell>().locale());
    let found = within(PATIENCE, move || find(&asked, part));
    said(part, &found.unwrap_or_else(|| Finding::new(CheckState::Unknown, "check_silent")), locale)
}

fn find(app: &AppHandle, part: CheckPart) -> Finding {
    let shell = app.state::<Shell>();
    match part {
        CheckPart::Connection => session::connection(&shell),
        CheckPart::Store => session::store(&shell),
        CheckPart::Hosting => session::hosting(&shell),
        CheckPart::Keyring => desktop::keyring(&shell),
        CheckPart::Tray => desktop::tray(app),
        CheckPart::Notifications => desktop::notifications(),
        CheckPart::Sound => desktop::sound(),
    }
}

fn said(part: CheckPart, found: &Finding, locale: Locale) -> Check {
    let advice = format!("{}_advice", found.key);
    let words = text(&advice, locale);
    Check {
        part,
        state: found.state,
        sentence: text(found.key, locale).replace("{name}", &found.name),
        advice: Some(words).filter(|words| *words != advice),
    }
}

/// Does it on a thread that may hang for ever; `None`: it took too long.
fn within<T: Send + 'static>(limit: Duration, look: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, found) = mpsc::channel();
    let thread = thread::Builder::new().name("check".to_owned());
    thread.spawn(move || drop(done.send(look()))).ok()?;
    found.recv_timeout(limit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_hangs_is_waited_for_no_longer_than_said() {
        let forever = || loop {
            thread::park();
        };
        assert_eq!(within(Duration::from_millis(20), forever), None::<()>);
        assert_eq!(within(Duration::from_secs(5), || 7), Some(7));
    }

    #[test]
    fn a_check_says_what_it_found_and_gives_advice_where_there_is_some() {
        for locale in [Locale::En, Locale::Ru] {
            let good = said(CheckPart::Store, &Finding::good("check_store_good"), locale);
            assert!(good.advice.is_none() && !good.sentence.starts_with("check_"));
            let bad = said(CheckPart::Store, &Finding::bad("check_store_damaged"), locale);
            assert!(bad.advice.is_some_and(|advice| !advice.starts_with("check_")));
            let named = Finding::good("check_notifications_good").about("dunst");
            assert!(said(CheckPart::Notifications, &named, locale).sentence.contains("dunst"));
        }
    }
}
