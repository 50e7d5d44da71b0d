//! What both faces need when they start.

use std::time::{SystemTime, UNIX_EPOCH};

use deskbell_client::{Audience, Client, Stopped};
use deskbell_core::{Config, Session};
use deskbell_store::SqliteStore;
use deskbell_vault::Vault;
use deskbell_wire::{JoinLink, Uid};
use uuid::Uuid;

use crate::dto::{Locale, Problem};
use crate::problem::{problem, store_code};

/// Opens the session over its store and starts the driver.
pub(crate) fn start<A: Audience<SqliteStore>>(
    link: JoinLink,
    config: Config,
    (store, vault): (SqliteStore, Vault),
    audience: A,
    locale: Locale,
) -> Result<Client<SqliteStore, A>, Problem> {
    let session = Session::open(config, store).map_err(|error| problem(store_code(&error), locale))?;
    Client::start(link, session, audience, vault).map_err(|_| problem("unexpected", locale))
}

/// The driver has ended: the program closes.
pub(crate) fn stopped(_: Stopped, locale: Locale) -> Problem {
    problem("stopped", locale)
}

/// A fresh name for an entry.
pub(crate) fn new_uid() -> Uid {
    Uid(Uuid::new_v4())
}

/// A page's text for an entry's name.
pub(crate) fn parse_uid(text: &str, locale: Locale) -> Result<Uid, Problem> {
    text.parse().map_err(|_| problem("invalid", locale))
}

/// NUL has no glyph and no place in a text; what a person typed stays as long as it was.
pub(crate) fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// Unix milliseconds.
pub(crate) fn wall_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    i64::try_from(since).unwrap_or(i64::MAX)
}

/// A seed for the jitter of reconnections.
pub(crate) fn seed() -> u64 {
    getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()))
}
