//! What a row hears in the visitor's page, and what is switched off there.

use deskbell_tests::App;
use serde_json::{Value, json};

/// The method or event that does nothing in this run: `startChat`, `invite`. Only tests can switch one off.
const OFF: &str = "DESKBELL_CONFORMANCE_OFF";
/// The contract's methods and events, one a line.
pub(super) const ROWS: &str = include_str!("rows.txt");
const RECORDER: &str = include_str!("recorder.js");

/// An event as the page heard it.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub(super) struct Heard {
    pub(super) event: String,
    /// `null` where there was none.
    pub(super) payload: Value,
    /// The getters at that moment: `state`, `unread`, `available`.
    pub(super) now: Value,
}

/// Puts the recorder into the page.
pub(super) async fn record(visitor: &App) {
    let events: Vec<&str> = ROWS
        .lines()
        .filter_map(|row| row.strip_prefix("event "))
        .filter_map(|row| row.split(' ').next())
        .collect();
    let script = RECORDER
        .replace("= OFF;", &format!("= {};", off()))
        .replace("of EVENTS)", &format!("of {})", json!(events)));
    let _: Value = visitor.page().script(&format!("{script}\nreturn null")).await;
}

/// What is switched off, with its kind: the answer to a method is an event of almost the same name.
fn off() -> Value {
    let name = std::env::var(OFF).unwrap_or_default();
    let row = ROWS.lines().find(|row| row.split(' ').nth(1) == Some(&name));
    let kind = row.and_then(|row| row.split(' ').next()).unwrap_or_default();
    assert_eq!(name.is_empty(), row.is_none(), "{OFF} names no row: {name:?}");
    json!({ "kind": kind, "name": name })
}
