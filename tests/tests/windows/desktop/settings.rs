//! The program's own settings, opened from the workplace in a window beside it.

use deskbell_tests::xdg::until;
use deskbell_tests::{App, Page, World};
use serde_json::Value;

use crate::conversation::hosting;
use crate::packs::links::{dialogs, wait};

/// What the operator's profile keeps of the person's choices.
fn kept(operator: &App) -> Value {
    let file = operator.data().join("operator").join("preferences.json");
    let text = std::fs::read_to_string(file).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

async fn is_on(page: &Page<'_>, name: &str) -> bool {
    page.wait_for(name).await;
    page.script(&format!("return document.querySelector('[data-test={name}]').checked")).await
}

/// Presses a switch as the keyboard does.
async fn press(page: &Page<'_>, name: &str) {
    page.type_into(name, " ").await;
}

#[tokio::test]
async fn what_is_chosen_in_the_settings_is_kept_at_once_and_shown_after_a_restart() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    operator.page().click("program-settings").await;
    let page = operator.enter("app").await;
    assert!(is_on(&page, "show-waiting").await && is_on(&page, "sound-waiting").await);
    press(&page, "show-waiting").await;
    press(&page, "hide-words").await;
    until("the alert is off on the disk", || kept(&operator)["alerts"]["kinds"]["waiting"]["show"] == false);
    until("the words are hidden", || kept(&operator)["alerts"]["hide_words"] == true);
    page.type_into("section-alerts", "\u{E00C}").await;
    operator.until_alone().await;
    operator.enter("operator").await.wait_for("status-switch").await;
    operator.close().await;

    let operator = App::operator(&world, "operator", &["--host", "--listen", &address]).await;
    operator.page().wait_for("status-switch").await;
    operator.page().type_into("program-settings", "\u{E009},").await;
    let page = operator.enter("app").await;
    assert!(!is_on(&page, "show-waiting").await && is_on(&page, "sound-waiting").await);
    assert!(is_on(&page, "hide-words").await);
    page.click("section-diagnostics").await;
    page.wait_until(
        "the store is looked at",
        "document.querySelector('[data-test=check-store][data-state=good]')",
    )
    .await;
}

#[tokio::test]
async fn a_visitor_reaches_the_settings_from_above_the_form() {
    let world = World::new();
    let (_operator, address) = hosting(&world, &[]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    visitor.page().wait_for("composer").await;
    visitor.page().click("menu-open").await;
    visitor.page().click("settings-open").await;
    // The chat's window keeps what forms store apart, so the driver cannot enter the other one.
    wait("the settings", || dialogs("Deskbell: settings").len() == 1).await;
    visitor.page().say("still here").await;
    visitor.page().wait_for_status("still here", &["sent", "delivered", "read"]).await;
}
