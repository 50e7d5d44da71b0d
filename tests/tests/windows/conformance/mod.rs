//! The consultant API in the real visitor's window against the real desk: a test for each method and event of the
//! contract, named after it. `cargo xtask conformance` writes docs/conformance.md from them.
//!
//! What must always hold: a method's effect is looked for on the other side, and an event is caused there; a row calls
//! the one method, or listens to the one event, that it is named after, and `hand` for everything else. Therefore
//! whatever is switched off turns its own row red and no other.

mod events;
mod ground;
mod habits;
mod methods;
mod recorder;
mod speed;
mod stage;
mod strangers;

/// Nothing is offered to controllers that no row speaks of.
#[tokio::test]
async fn every_method_of_the_widget_is_a_row() {
    let stage = stage::Stage::open().await;
    let offered = "return Object.getOwnPropertyNames(Object.getPrototypeOf(chat)).filter((name) => name !== 'constructor')";
    let mut offered: Vec<String> = stage.visitor.page().script(offered).await;
    let mut rows: Vec<&str> = recorder::ROWS
        .lines()
        .filter_map(|row| row.strip_prefix("method "))
        .filter_map(|row| row.split(' ').next())
        .collect();
    offered.sort();
    rows.sort_unstable();
    assert_eq!(offered, rows);
}
