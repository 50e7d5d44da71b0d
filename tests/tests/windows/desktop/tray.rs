//! The icon in the panel: what a panel reads of it over D-Bus, and what its clicks do.

use std::net::SocketAddr;

use deskbell_api::dto::{OperatorWish, VisitorWish};
use deskbell_server::{DeskLimits, DeskOptions, RunningDesk};
use deskbell_tests::operator::Operator;
use deskbell_tests::screen::Screen;
use deskbell_tests::tray_host::TrayHost;
use deskbell_tests::visitor::Visitor;
use deskbell_tests::{App, World};

use crate::conversation::hosting;

/// A desk in the test itself.
pub(super) fn desk() -> RunningDesk {
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let limits = DeskLimits::unpaced();
    let desk = deskbell_server::start(DeskOptions { listen, limits, ..DeskOptions::default() }).unwrap();
    desk.add_owner("Anna Berg").unwrap();
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_accepts_an_invitation_in_the_tray_and_writes() {
    let world = World::new();
    let (host, screen, desk) = (TrayHost::start(&world), Screen::here(), desk());
    let operator = Operator::start(&desk);
    let app = App::visitor(&world, "visitor", &["--desk", &desk.address().to_string()]).await;
    app.page().wait_for("composer").await;
    host.until_entry("Somebody is there for you");
    let plain = host.picture();
    let window = screen.window(&app, "chat");
    screen.close(window);
    screen.until_shown(window, false);

    let id: String = app.page().script("return CallGear.getVisitorId()").await;
    operator.until_row("the visitor is there", &id, |row| row["connected"] == true);
    let invite = |text: &str| operator.verbs().want(&id, OperatorWish::Invite { text: text.into() }).unwrap();
    invite("May I help?");
    host.until_entry("Anna Berg invites you to a chat");
    assert_ne!(host.picture(), plain);
    assert!(!host.sentence().contains("Anna"), "{}", host.sentence());
    let old = host.until_entry("Accept");
    host.click("Decline");
    host.until("the invitation is gone", |menu| !menu.iter().any(|entry| entry.label == "Accept"));
    operator.until_row("declined", &id, |row| row["chatting"] == false);

    invite("Really not?");
    host.until_entry("Accept");
    host.click_number(old.id);
    host.click("Accept");
    operator.until_row("a chat is open", &id, |row| row["chatting"] == true);
    screen.until_shown(window, true);
    let focused = "document.activeElement === document.querySelector('[data-test=composer]')";
    app.page().wait_until("ready to write in", focused).await;
    host.click("Quit");
    let mut app = app;
    app.until_ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_opens_who_waits_and_goes_away_in_the_tray() {
    let world = World::new();
    let host = TrayHost::start(&world);
    let (operator, address) = hosting(&world, &[]).await;
    host.until_entry("You take chats");
    let visitor = Visitor::start(&address.parse().unwrap());
    let name = VisitorWish::Card { name: Some("<b>Eve_1</b>".into()), emails: vec![], phones: vec![] };
    visitor.verbs().want("5b0f4ad2-5c2e-4a6f-9b33-0c2f5d1e7a01", name).unwrap();
    visitor.verbs().send("Is anybody there?", None).unwrap();
    host.until_entry("1 visitor waits");
    assert!(host.sentence().ends_with("1 visitor waits"), "{}", host.sentence());

    // One underscore, which a panel would take for the mark of a key.
    host.click("<b>Eve__1</b>");
    operator.page().wait_for_text("Is anybody there?").await;
    host.click("Take chats");
    host.until("away", |menu| menu.iter().any(|entry| entry.label.starts_with("You are away")));
    assert_eq!(host.until_entry("Take chats").checked, Some(false));
    operator.page().wait_until("the page says so", AWAY).await;

    host.click("Pause alerts for an hour");
    host.until("paused", |menu| menu.iter().any(|entry| entry.label.starts_with("Resume alerts")));
    assert!(host.sentence().contains("Alerts are paused until"), "{}", host.sentence());
}

const AWAY: &str =
    "document.querySelector('[data-test=status-switch]').getAttribute('aria-checked') === 'false'";
