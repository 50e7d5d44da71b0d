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
    /// The newest that was told; `None` before the first list.
    newest: Option<Timestamp>,
    listed: bool,
}

impl RequestPile {
    /// The list, or its changes.
    pub(super) fn heard(
        &mut self,
        reporter: &Reporter,
        session: &mut Session<SqliteStore>,
        (requests, me): (&Requests, OperatorId),
    ) {
        let first = !std::mem::replace(&mut self.listed, true);
        let key = format!("desktop.requests.{me}");
        if first {
            let kept = session.store().setting(&key).ok().flatten();
            self.newest = kept.and_then(|text| text.parse().ok()).map(Timestamp);
        }
        for id in &requests.gone {
            reporter.over(Over::Subject(Subject::Request(*id)));
        }
        for row in &requests.rows {
            let new = self.known.insert(row.id)
                && self.newest.is_some_and(|newest| is_later(row.ts, newest, first));
            match &row.done_by {
                Some(_) => reporter.over(Over::Subject(Subject::Request(row.id))),
                None if new => reporter.occasion(occasion(row, session.since())),
                None => {}
            }
        }
        self.keep(&requests.rows, session, &key);
    }

    fn keep(&mut self, rows: &[RequestRow], session: &mut Session<SqliteStore>, key: &str) {
        // An empty list is a list as well.
        let newest = rows.iter().map(|row| row.ts).chain(self.newest).max().unwrap_or(Timestamp(0));
        if self.newest.replace(newest) == Some(newest) {
            return;
        }
        if let Err(error) = session.store_mut().set_setting(key, &newest.0.to_string()) {
            tracing::warn!(%error, "which requests were told is not kept");
        }
    }
}

/// Of one that was told before the program began, only the time is known.
fn is_later(ts: Timestamp, newest: Timestamp, first: bool) -> bool {
    ts > newest || (ts == newest && !first)
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
