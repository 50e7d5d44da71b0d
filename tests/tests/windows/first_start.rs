//! A first start, as a new user meets it.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use deskbell_tests::desk::PASSWORD;
use deskbell_tests::process::{free_port, limit, processes_naming};
use deskbell_tests::{App, Desk, World};

use crate::conversation::{hosting, open_first_visitor};

#[tokio::test]
async fn an_operator_makes_the_first_account_in_the_window_and_signs_in_with_it_later() {
    let world = World::new();
    let address = format!("127.0.0.1:{}", free_port());
    let operator = App::operator(&world, "operator", &["--host", "--listen", &address]).await;
    let page = operator.page();
    page.type_into("setup-name", "Anna Berg").await;
    page.type_into("setup-login", "anna").await;
    page.type_into("setup-password", "short").await;
    page.click("setup-submit").await;
    page.wait_until("the short password is refused", "document.querySelector('[aria-invalid=true]')").await;
    page.clear("setup-password").await;
    page.type_into("setup-password", PASSWORD).await;
    page.click("setup-submit").await;
    page.wait_for("status-switch").await;

    page.click("sign-out").await;
    page.click("sign-out-confirm").await;
    page.type_into("sign-in-login", "anna").await;
    page.type_into("sign-in-password", PASSWORD).await;
    page.click("sign-in-submit").await;
    page.wait_for("status-switch").await;
}

#[tokio::test]
async fn a_visitor_without_an_address_is_asked_for_one_and_talks() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = App::visitor(&world, "visitor", &[]).await;
    visitor.page().type_into("join-address", "not a desk").await;
    visitor.page().click("join-submit").await;
    visitor.page().wait_for_text("neither a deskbell:// link nor an address").await;
    visitor.page().clear("join-address").await;
    visitor.page().type_into("join-address", &address).await;
    visitor.page().click("join-submit").await;
    // The chat's window keeps what forms store apart from other desks', and the driver of the first one cannot enter it.
    open_first_visitor(&operator).await;
    wait_for_title(visitor.data(), "Deskbell: chat").await;
    visitor.kill();

    // The second start remembers.
    let visitor = App::visitor(&world, "visitor", &[]).await;
    visitor.page().say("found you").await;
    operator.page().wait_for_words(&[("visitor", "found you")]).await;
}

#[tokio::test]
async fn a_profile_taken_to_another_desk_tells_it_nothing_of_the_first() {
    let world = World::new();
    let (mut one, mut two) = (Desk::new(&world), Desk::new_at(&world, "second"));
    let visitor = App::visitor(&world, "visitor", &["--desk", &one.address()]).await;
    visitor.page().say("for the first desk alone").await;
    visitor.page().wait_for_status("for the first desk alone", &["queued"]).await;
    visitor.kill();
    two.start();
    let visitor = App::visitor(&world, "visitor", &["--desk", &two.address()]).await;
    visitor.page().say("for the second").await;
    visitor.page().wait_for_status("for the second", &["sent"]).await;
    visitor.page().wait_for_words(&[("visitor", "for the second")]).await;
    visitor.kill();
    one.start();
    let visitor = App::visitor(&world, "visitor", &["--desk", &one.address()]).await;
    visitor.page().wait_for_status("for the first desk alone", &["sent"]).await;
    visitor.page().wait_for_words(&[("visitor", "for the first desk alone")]).await;
}

/// Waits until an app's visible window has this title.
async fn wait_for_title(data: &Path, title: &str) {
    let until = Instant::now() + limit();
    while !titles(data).iter().any(|one| one == title) {
        assert!(Instant::now() < until, "no window is called {title}: {:?}", titles(data));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn titles(data: &Path) -> Vec<String> {
    let told = |words: &[&str]| {
        let told = Command::new("xdotool").args(words).output().unwrap();
        String::from_utf8_lossy(&told.stdout).trim().to_owned()
    };
    let windows = |pid: u32| told(&["search", "--onlyvisible", "--pid", &pid.to_string()]);
    let windows: Vec<String> = processes_naming(data).into_iter().map(windows).collect();
    windows.iter().flat_map(|ids| ids.lines()).map(|id| told(&["getwindowname", id])).collect()
}
