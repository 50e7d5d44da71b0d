//! What a person takes along, and what is left of a person who leaves: nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use deskbell_tests::bus::Keyring;
use deskbell_tests::desk::{Desk, PASSWORD};
use deskbell_tests::process::program;
use deskbell_tests::{App, Page, World};
use serde_json::Value;

use crate::conversation::{hosting, open_first_visitor};
use crate::files::ground::type_place;
use crate::packs::links::{Answer, answer, wait};

/// Signs Bob in at the desk.
async fn signed_in(world: &World, desk: &Desk<'_>) -> App {
    let operator = App::operator(world, "operator", &["--desk", &desk.address()]).await;
    sign_in(&operator.page(), "bob", PASSWORD).await;
    operator.page().wait_for("status-switch").await;
    operator
}

async fn sign_in(page: &Page<'_>, login: &str, password: &str) {
    page.type_into("sign-in-login", login).await;
    page.type_into("sign-in-password", password).await;
    page.click("sign-in-submit").await;
}

/// Every file and folder below these.
fn listing(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.to_vec();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok) {
            open.push(entry.path());
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

/// What the keyring has of this program.
fn in_keyring(world: &World) -> String {
    let mut search = world.command(Path::new("secret-tool"));
    let found = search.args(["search", "--all", "service", "deskbell"]).output().unwrap();
    String::from_utf8_lossy(&found.stdout).into_owned() + &String::from_utf8_lossy(&found.stderr)
}

#[tokio::test]
async fn who_leaves_takes_the_conversations_along_and_leaves_nothing_behind() {
    let world = World::new();
    let mut desk = Desk::new(&world);
    desk.add_operator("Bob", "bob");
    desk.start();
    let mut operator = signed_in(&world, &desk).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &desk.address()]).await;
    visitor.page().say("<b>zanzibar</b> & co").await;
    open_first_visitor(&operator).await;
    operator.page().wait_for_text("zanzibar").await;
    assert!(in_keyring(&world).contains("operator@"), "the keyring has an entry");

    operator.page().click("program-settings").await;
    let page = operator.enter("app").await;
    page.click("section-general").await;
    page.type_into("autostart", " ").await;
    let autostart = world.path("config").join("autostart");
    wait("it starts by itself", || !listing(std::slice::from_ref(&autostart)).is_empty()).await;

    page.click("section-data").await;
    for (format, name) in [("html", "talk.html"), ("json", "talk.json")] {
        page.click(&format!("export-{format}")).await;
        type_place("Save the conversations", &world.path(name), false).await;
        wait("the file is there", || world.path(name).exists()).await;
    }
    let html = std::fs::read_to_string(world.path("talk.html")).unwrap();
    assert!(html.contains("&lt;b&gt;zanzibar&lt;/b&gt; &amp; co") && !html.contains("<b>"), "i15");
    let json: Value = serde_json::from_slice(&std::fs::read(world.path("talk.json")).unwrap()).unwrap();
    let lines = json["conversations"][0]["lines"].as_array().unwrap();
    assert!(lines.iter().any(|line| line["text"] == "<b>zanzibar</b> & co"));

    // Somebody who thinks better of it loses nothing.
    page.click("erase").await;
    answer("Remove all data", Answer::Stay).await;
    page.click("erase").await;
    answer("Remove all data", Answer::Enter).await;
    assert!(operator.data().join("operator").join("lock").exists());
    operator.click_without_waiting("erase").await;
    answer("Remove all data", Answer::Open).await;
    operator.until_ended().await;
    wait("the folder is gone", || !operator.data().join("operator").exists()).await;

    assert_eq!(listing(std::slice::from_ref(operator.data())), [] as [PathBuf; 0]);
    let places = ["config", "cache", "runtime", "data"].map(|name| world.path(name));
    // What the desktop itself keeps: folders that it shares, and the list of files that were saved.
    let shared = ["autostart", "gtk-3.0", "recently-used.xbel", "dconf", "user"];
    let names = listing(&places).into_iter().filter_map(|path| path.file_name()?.to_str().map(str::to_owned));
    let left: Vec<_> = names.filter(|name| !shared.contains(&name.as_str())).collect();
    assert_eq!(left, [] as [String; 0]);
    assert!(listing(std::slice::from_ref(&autostart)).is_empty());
    assert!(!in_keyring(&world).contains("operator@"), "{}", in_keyring(&world));
}

#[tokio::test]
async fn a_forgotten_desk_is_asked_for_again_and_the_rest_of_the_profile_stays() {
    let world = World::new();
    let mut desk = Desk::new(&world);
    desk.add_operator("Bob", "bob");
    desk.start();
    let mut operator = signed_in(&world, &desk).await;
    let folder = operator.data().join("operator");
    let histories = |folder: &Path| {
        let names = listing(&[folder.to_owned()]);
        names.iter().filter(|path| path.to_string_lossy().contains("client-")).count()
    };
    assert!(histories(&folder) > 0);
    operator.page().click("program-settings").await;
    operator.enter("app").await.click("section-data").await;
    operator.click_without_waiting("forget").await;
    answer("Forget this desk", Answer::Open).await;
    operator.until_ended().await;
    wait("the history is gone", || histories(&folder) == 0).await;
    assert!(folder.join("lock").exists(), "the profile is still there");
    let again = App::operator(&world, "operator", &[]).await;
    again.page().wait_for_text("Welcome to Deskbell").await;
}

#[tokio::test]
async fn quitting_a_desk_says_who_is_connected_and_goes_on_where_the_person_stays() {
    let world = World::with(Keyring::None);
    let (mut operator, address) = hosting(&world, &["--session-only"]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address, "--session-only"]).await;
    visitor.page().wait_for("composer").await;
    operator.page().wait_for("visitor-row").await;
    operator.page().click("program-settings").await;
    let page = operator.enter("app").await;
    page.click("section-desk").await;
    page.wait_until(
        "the visitor is named",
        "/visitor/i.test(document.querySelector('[data-test=connected]').textContent)",
    )
    .await;
    let quit = "window.__TAURI_INTERNALS__.invoke('app_quit')";
    page.script::<Value>(quit).await;
    answer("Quit, and stop the desk", Answer::Stay).await;
    visitor.page().say("still here").await;
    visitor.page().wait_for_status("still here", &["sent", "delivered"]).await;
    page.script::<Value>(quit).await;
    answer("Quit, and stop the desk", Answer::Open).await;
    operator.until_ended().await;
}

#[tokio::test]
async fn threats_8_a_password_that_an_administrator_resets_ends_the_others_sessions_within_a_second() {
    let world = World::new();
    let mut desk = Desk::new(&world);
    desk.add_operator("Anna", "anna");
    desk.add_operator("Bob", "bob");
    desk.start();
    let bob = signed_in(&world, &desk).await;
    let anna = App::operator(&world, "anna", &["--desk", &desk.address()]).await;
    sign_in(&anna.page(), "anna", PASSWORD).await;
    anna.page().wait_for("status-switch").await;
    anna.page().click("view-settings").await;
    anna.page().click("part-people").await;
    anna.page().click("reset-password").await;
    anna.page().type_into("new-password", "another horse battery").await;
    bob.page()
        .script::<Value>(
            "window.ended = null; new MutationObserver(() => { \
        if (document.querySelector('[data-test=sign-in-login]')) window.ended ??= Date.now(); \
        }).observe(document.body, { childList: true, subtree: true }); return null",
        )
        .await;
    anna.page().click("new-password-submit").await;
    anna.page()
        .wait_until("it is done", "document.querySelector('[data-test=reset-done]').textContent.trim()")
        .await;
    let done: f64 = anna.page().script("return Date.now()").await;
    bob.page().wait_for("sign-in-login").await;
    let ended: f64 = bob.page().script("return window.ended").await;
    assert!(ended - done < 1_000.0, "{} ms", ended - done);
    sign_in(&bob.page(), "bob", "another horse battery").await;
    bob.page().wait_for("status-switch").await;
}

#[tokio::test]
async fn a_desk_is_copied_while_it_runs_and_the_copy_is_a_desk() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    operator.page().click("program-settings").await;
    let page = operator.enter("app").await;
    page.click("section-desk").await;
    page.click("reach").await;
    page.wait_for("reach-list").await;
    assert!(page.text().await.contains(&format!("--listen 0.0.0.0:{}", address.rsplit(':').next().unwrap())));
    let (copy, key) = (world.path("copy"), world.path("copy.key"));
    page.click("backup").await;
    type_place("Save a copy of the desk", &copy, false).await;
    answer("Save the key", Answer::Open).await;
    type_place("The key of the copy", &key, false).await;
    page.wait_for("backup-done").await;
    // The desk goes on, and the copy opens without the app, its profile or its keyring.
    assert!(operator.data().join("operator/desk/desk.db").exists());
    let mut list = Command::new(program("deskbell-server"));
    list.args(["operator", "list", "--data"]).arg(&copy).arg("--key-file").arg(&key).env_clear();
    let listed = list.output().unwrap();
    let said = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(said.contains("Anna Berg"), "{said}{}", String::from_utf8_lossy(&listed.stderr));
}
