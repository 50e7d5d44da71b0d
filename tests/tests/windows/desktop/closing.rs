//! What closing a window does, and where windows are when they come back.

use std::time::Duration;

use deskbell_tests::notifications::{Ear, Standing};
use deskbell_tests::screen::Screen;
use deskbell_tests::tray_host::TrayHost;
use deskbell_tests::xdg::until;
use deskbell_tests::{App, World, keys};

use super::tray::desk;

async fn visitor(world: &World, address: &str) -> App {
    let app = App::visitor(world, "visitor", &["--desk", address]).await;
    app.page().wait_for("composer").await;
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_keeps_the_program_in_the_tray_and_says_so_once() {
    let world = World::new();
    let (host, screen, desk) = (TrayHost::start(&world), Screen::here(), desk());
    let (ear, _shown) = (Ear::at(&world), Standing::start(&world, Duration::ZERO));
    let app = visitor(&world, &desk.address().to_string()).await;
    let window = screen.window(&app, "chat");
    host.until_entry("Nobody is there at the moment");
    for open in ["the menu", "the left click"] {
        screen.close(window);
        screen.until_shown(window, false);
        if open == "the menu" {
            host.click("Open Deskbell")
        } else {
            host.activate()
        }
        screen.until_shown(window, true);
    }
    app.page().say("still here").await;
    app.page().wait_for_status("still here", &["sent", "delivered", "read"]).await;
    let told = || ear.notes().iter().filter(|note| note.summary == "Still running in the tray").count();
    ear.until("it says so", |note| note.summary == "Still running in the tray").await;
    assert_eq!(told(), 1);

    screen.close(window);
    screen.until_shown(window, false);
    // Nobody would find it without a panel.
    host.stop();
    screen.until_shown(window, true);
    assert_eq!(told(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_tray_closing_asks_and_remembers_the_answer() {
    let world = World::new();
    let (screen, desk) = (Screen::here(), desk());
    let address = desk.address().to_string();
    let app = visitor(&world, &address).await;
    let window = screen.window(&app, "chat");
    screen.close(window);
    // The way out of a dialog is to do nothing.
    keys::press(question(&screen, &app), &["Escape"]);
    until_gone(&screen, &app).await;
    assert!(screen.is_shown(window));

    screen.close(window);
    let dialog = question(&screen, &app);
    let (_, _, width, height) = screen.place(dialog);
    // The button in the middle of the three at its lower edge.
    keys::click(dialog, i32::from(width) / 2, i32::from(height) - 16);
    let mut app = app;
    app.until_ended().await;

    let mut again = visitor(&world, &address).await;
    screen.close(screen.window(&again, "chat"));
    again.until_ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_is_where_it_was() {
    let world = World::new();
    let (screen, desk) = (Screen::here(), desk());
    let address = desk.address().to_string();
    let app = visitor(&world, &address).await;
    let place = (140, 60, 480, 600);
    screen.put(screen.window(&app, "chat"), place);
    // Then the app has heard of it, too.
    app.page().wait_until("the page has the size", "innerWidth === 480 && innerHeight === 600").await;
    app.close().await;
    let app = visitor(&world, &address).await;
    let window = screen.window(&app, "chat");
    screen.until_shown(window, true);
    screen.until_at(window, place);
}

/// The question, once it is on the screen.
fn question(screen: &Screen, app: &App) -> u32 {
    until("the question", || screen.has(app, "Keep Deskbell running?"));
    screen.window(app, "Keep Deskbell running?")
}

async fn until_gone(screen: &Screen, app: &App) {
    app.page().wait_until("the page goes on", "true").await;
    until("the question is gone", || !screen.has(app, "Keep Deskbell running?"));
}
