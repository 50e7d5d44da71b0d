//! A first start on a desktop: what a company ships beside the installer, what a person pastes, and how long it takes.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use deskbell_tests::desk::PASSWORD;
use deskbell_tests::process::{free_port, limit};
use deskbell_tests::xdg::until;
use deskbell_tests::{App, Desk, Page, World, keys};

use crate::conversation::open_first_visitor;

/// What a person has the patience for.
const MINUTE: Duration = Duration::from_secs(60);

fn site_file(world: &World, text: &str) -> PathBuf {
    let file = world.path("site.json");
    std::fs::write(&file, text).unwrap();
    file
}

fn xdotool(words: &[&str]) -> String {
    let done = Command::new("xdotool").args(words).output().unwrap();
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

/// Waits for the app's visible window with this title; its number.
fn window(app: &App, title: &str) -> String {
    let mut found = None;
    until(&format!("a window {title:?}"), || {
        let windows = |pid: u32| xdotool(&["search", "--onlyvisible", "--pid", &pid.to_string()]);
        let ids: Vec<_> = app.pids().into_iter().map(windows).collect();
        let mut ids = ids.iter().flat_map(|ids| ids.lines());
        found = ids.find(|id| xdotool(&["getwindowname", id]) == title).map(str::to_owned);
        found.is_some()
    });
    found.unwrap()
}

/// Types until the operator sees these words as they are typed: a page that is not there yet hears no key.
async fn type_seen(operator: &Page<'_>, window: u32, words: &str) {
    let seen = format!(
        "return [...document.querySelectorAll('[data-test=typing]')].some((one) => one.textContent.includes('{words}'))"
    );
    let until = Instant::now() + limit();
    while !operator.script::<bool>(&seen).await {
        assert!(Instant::now() < until, "nobody sees what is typed: {}", operator.text().await);
        keys::press(window, &["ctrl+a", "BackSpace"]);
        keys::type_words(window, words);
        let soon = Instant::now() + Duration::from_secs(3);
        while Instant::now() < soon && !operator.script::<bool>(&seen).await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn remembered(data: &Path) -> String {
    std::fs::read_to_string(data.join("visitor").join("profile.json")).unwrap_or_default()
}

#[tokio::test]
async fn a_new_operator_and_a_new_visitor_are_in_a_chat_in_under_a_minute() {
    let world = World::new();
    let port = free_port();
    // Where the desk listens is no question to a person; other tests have the usual port.
    let profile = world.path("operator").join("operator");
    std::fs::create_dir_all(&profile).unwrap();
    std::fs::write(profile.join("profile.json"), format!(r#"{{ "listen": "127.0.0.1:{port}" }}"#)).unwrap();
    let site = format!(r#"{{ "version": 1, "name": "Lamp House", "desk": "127.0.0.1:{port}" }}"#);
    let site = site_file(&world, &site);
    let began = Instant::now();

    let operator = App::operator(&world, "operator", &[]).await;
    operator.page().click("host-submit").await;
    let page = operator.enter("operator").await;
    page.type_into("setup-name", "Anna Berg").await;
    page.type_into("setup-login", "anna").await;
    page.type_into("setup-password", PASSWORD).await;
    page.click("setup-submit").await;
    page.wait_for("status-switch").await;

    let visitor = App::visitor(&world, "visitor", &["--site", site.to_str().unwrap()]).await;
    visitor.page().wait_for_text("Lamp House says where its desk is").await;
    visitor.page().click("join-submit").await;
    let window = window(&visitor, "Lamp House: chat");
    open_first_visitor(&operator).await;
    // The chat keeps its things apart from the first window's, out of the driver's reach: a keyboard is not.
    type_seen(&page, window.parse().unwrap(), "Hello").await;
    keys::press(window.parse().unwrap(), &["Return"]);
    page.wait_for_words(&[("visitor", "Hello")]).await;
    page.say("Good day").await;
    page.wait_for_status("Good day", &["delivered", "read"]).await;
    let took = began.elapsed();
    println!("a first start on both sides took {took:?}");
    assert!(took < MINUTE, "{took:?}");
}

#[tokio::test]
async fn a_company_that_names_its_desk_with_its_key_takes_the_visitor_there_and_shows_where() {
    let world = World::new();
    let mut desk = Desk::new(&world);
    desk.start_encrypted();
    let link = desk.join_link();
    let site = format!(r#"{{ "version": 1, "name": "Lamp House", "desk": "{link}" }}"#);
    let site = site_file(&world, &site);
    let visitor = App::visitor(&world, "visitor", &["--site", site.to_str().unwrap()]).await;
    window(&visitor, "Lamp House: chat");
    until("it is remembered", || remembered(visitor.data()).contains("pin="));
    drop(visitor);

    // Another one has the address: a plain sentence, nothing kept, and a way on.
    let pin = link.split("pin=").nth(1).unwrap().split('&').next().unwrap();
    let forged = link.replace(pin, &"ab".repeat(32));
    let site = site_file(&world, &format!(r#"{{ "version": 1, "name": "Lamp House", "desk": "{forged}" }}"#));
    let visitor = App::visitor(&world, "other", &["--site", site.to_str().unwrap()]).await;
    let page = visitor.page();
    page.wait_for_text("Lamp House could not be reached").await;
    page.wait_for_text("has another key than the one in the link").await;
    assert_eq!(remembered(visitor.data()), "");
    page.click("straight-other").await;
    // The text of a QR code, as a mail program wraps it.
    page.type_into("join-address", &format!("  <{link}> ")).await;
    page.wait_for("desk-place").await;
    page.click("join-submit").await;
    window(&visitor, "Lamp House: chat");
}

#[tokio::test]
async fn a_damaged_file_of_the_company_is_said_and_the_first_start_goes_on() {
    let world = World::new();
    let site = site_file(&world, "{\n  \"version\": 1,\n  \"desk\": \"desk.example\",\n}");
    let visitor = App::visitor(&world, "visitor", &["--site", site.to_str().unwrap()]).await;
    let page = visitor.page();
    page.wait_for_text("cannot be read from line 4, column 1 on").await;
    page.wait_for_text(site.to_str().unwrap()).await;
    let nobody = format!("127.0.0.1:{}", free_port());
    page.type_into("join-address", &nobody).await;
    page.click("join-submit").await;
    page.wait_for_text("Nobody answers at").await;
    assert_eq!(remembered(visitor.data()), "", "a slip of the pen is not kept");
    let filled: String = page.script("return document.querySelector('[data-test=join-address]').value").await;
    assert_eq!(filled, nobody, "and can be mended");
}
