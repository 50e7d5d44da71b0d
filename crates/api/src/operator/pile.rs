//! Requests that were left, as the desktop is told of them.
//!
//! What must always hold: a request is told once, also over restarts: those that are older than the newest that was
//! ever told are not news. On a device that has never seen the list, none of it is.

use std::collections::HashSet;

use deskbell_core::Session;
use deskbell_core::store::Store;
use deskbell_store::SqliteStore;
use deskbell_wire::{MessageId, OperatorId, Request, RequestRow, Requests, Timestamp};

use crate::desktop::{Occasion, Over, Reporter, Subject};

/// What was told of the list.
#[derive(Debug, Default)]
pub(super) struct RequestPile {
    known: HashSet<MessageId>,
    /// The newest that was known before the program began; `None` before the first list.
    before: Option<Timestamp>,
    newest: Option<Timestamp>,
}

impl RequestPile {
    /// The list, or its changes.
    pub(super) fn heard(
        &mut self,
        reporter: &Reporter,
        session: &mut Session<SqliteStore>,
        (requests, me): (&Requests, OperatorId),
    ) {
        let key = format!("desktop.requests.{me}");
        let before = *self.before.get_or_insert_with(|| {
            let kept = session.store().setting(&key).ok().flatten();
            let kept = kept.and_then(|text| text.parse().ok()).map(Timestamp);
            kept.unwrap_or(Timestamp(session.since().0.saturating_sub(1)))
        });
        for id in &requests.gone {
            reporter.over(Over::Subject(Subject::Request(*id)));
        }
        for row in &requests.rows {
            let new = self.known.insert(row.id) && row.ts > before;
            match &row.done_by {
                Some(_) => reporter.over(Over::Subject(Subject::Request(row.id))),
                None if new => reporter.occasion(occasion(row, session.since())),
                None => {}
            }
        }
        self.keep(&requests.rows, session, &key);
    }

    fn keep(&mut self, rows: &[RequestRow], session: &mut Session<SqliteStore>, key: &str) {
        let newest = rows.iter().map(|row| row.ts).chain(self.before).chain(self.newest).max();
        let Some(newest) = newest.filter(|newest| self.newest != Some(*newest)) else { return };
        self.newest = Some(newest);
        if let Err(error) = session.store_mut().set_setting(key, &newest.0.to_string()) {
            tracing::warn!(%error, "which requests were told is not kept");
        }
    }
}

fn occasion(row: &RequestRow, since: Timestamp) -> Occasion {
    let (name, words) = match &row.request {
        Request::Offline { name, text, .. } => (Some(name), Some(text.clone())),
        Request::Callback { name, phone, .. } => (Some(name), Some(phone.clone())),
        Request::Lead { .. } => (None, None),
    };
    let named = name.filter(|name| !name.trim().is_empty()).cloned();
    Occasion {
        subject: Subject::Request(row.id),
        event: Some(row.id),
        seq: None,
        who: named.or_else(|| row.visitor.clone()),
        words,
        live: row.ts >= since,
        ts: row.ts,
    }
}
