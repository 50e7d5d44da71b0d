//! Questions of a page to the desk, and whoever waits for the answers.
//!
//! What must always hold: nobody waits for ever: the core answers each question, at the latest when the line ends.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use deskbell_core::Session;
use deskbell_core::session::AskId;
use deskbell_core::store::Store;
use deskbell_wire::{Ask, Refusal, Told};

use crate::dto::{Locale, Problem};
use crate::problem::problem;

/// A mail server may take its time; a desk answers at once.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whoever waits.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    waiting: HashMap<AskId, SyncSender<Told>>,
}

impl Questions {
    /// Asks; [`answer_of`] waits.
    pub(crate) fn ask<S: Store>(&mut self, session: &mut Session<S>, ask: Ask) -> Receiver<Told> {
        let (answer, wait) = sync_channel(1);
        self.waiting.insert(session.ask(ask), answer);
        wait
    }

    /// The desk answered.
    pub(crate) fn told(&mut self, n: AskId, told: Told) {
        if let Some(waiting) = self.waiting.remove(&n) {
            // The page may have given up waiting.
            let _ = waiting.try_send(told);
        }
    }
}

/// Waits for the answer, and takes it where it is the one that was asked for.
pub(crate) fn answer_of<T>(
    wait: &Receiver<Told>,
    locale: Locale,
    take: impl FnOnce(Told) -> Option<T>,
) -> Result<T, Problem> {
    match wait.recv_timeout(PATIENCE) {
        Ok(Told::Refused { code, detail }) => Err(refused(code, detail, locale)),
        Ok(told) => take(told).ok_or_else(|| problem("unexpected", locale)),
        Err(_) => Err(problem("unreachable", locale)),
    }
}

/// The detail is a field's path, or a server's own words: it stands behind the sentence.
fn refused(code: Refusal, detail: Option<String>, locale: Locale) -> Problem {
    let mut problem = problem(refusal_code(code), locale);
    if let Some(detail) = detail {
        problem.message = format!("{} ({detail})", problem.message);
    }
    problem
}

fn refusal_code(code: Refusal) -> &'static str {
    match code {
        Refusal::Offline => "offline",
        Refusal::Forbidden => "forbidden",
        Refusal::Invalid => "settings_invalid",
        Refusal::Stale => "settings_stale",
        Refusal::Unavailable => "unavailable",
        Refusal::Storage => "desk_storage",
        Refusal::Mail => "mail_server",
        Refusal::Rate => "rate",
    }
}
