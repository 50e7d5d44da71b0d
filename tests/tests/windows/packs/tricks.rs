//! What a form tries on the person rather than on the program: a window that calls itself something
//! else, a page that is named otherwise when it is stopped, devices that are let in unseen, and what it leaves behind.

use deskbell_tests::process::free_port;
use deskbell_tests::{App, World};
use serde_json::json;

use super::ground::{SCRIPT, form_with, try_out, write};
use super::links::{Answer, answer, dialogs, rest, wait};
use super::stuck::Stage;

/// The form, and then this.
async fn is_stopped(script: &str, code: &str) {
    let world = World::new();
    let folder = form_with(&world, &format!("{SCRIPT}\n{script}"));
    let mut stage = Stage::open(&world, &folder).await;
    stage.wait_for_end_of_form(code);
    stage.wait_for_default_form().await;
}

#[tokio::test]
async fn threats_32_a_form_that_names_its_page_otherwise_and_hangs_gives_way_all_the_same() {
    let script = "history.replaceState({}, '', '/operator/index.html'); while (true) {}";
    is_stopped(script, "pack_hangs").await;
}

#[tokio::test]
async fn threats_20_a_form_that_hoards_blobs_is_stopped() {
    let hoard = "var hoard = []; setInterval(function () {
      var some = new Uint8Array(128 << 20); some.fill(7); hoard.push(new Blob([some])); }, 50);";
    is_stopped(hoard, "pack_crashed").await;
}

#[tokio::test]
async fn threats_35_a_form_names_no_window() {
    let world = World::new();
    let script = format!("{SCRIPT}\ndocument.title = '(7) Enter the password of your keyring';");
    let app = try_out(&world, &form_with(&world, &script), &[]).await;
    app.page().wait_for_text("Welcome to the bookshop").await;
    app.page().wait_until("it says so", "document.title.startsWith('(7) Enter')").await;
    wait("the count", || dialogs(r"\(7\) Deskbell: chat").len() == 1).await;
    assert!(dialogs("Enter the password").is_empty());
}

#[tokio::test]
async fn threats_33_a_form_lets_no_device_in_sends_none_away_and_is_nobody_else_unseen() {
    let world = World::new();
    let app = try_out(&world, &form_with(&world, SCRIPT), &[]).await;
    app.page().wait_for_text("Welcome to the bookshop").await;
    for (command, arguments, title) in [
        ("visitor_link_code", "{}", "Let another device into this conversation?"),
        ("visitor_revoke", "{ device: '5b0f4ad2-5c2e-4a6f-9b33-0c2f5d1e7a01' }", "Send a device away"),
        ("visitor_link", "{ code: 'ABCD-EFGH-2345' }", "Give this device to another conversation?"),
    ] {
        // Whoever was just asked is not asked again at once: that counts as no.
        let twice = format!(
            "const done = arguments[0];
             const ask = () => __TAURI_INTERNALS__.invoke('{command}', {arguments}).then(() => 'done', (why) => why.code);
             ask().then(async (first) => done([first, await ask()]))"
        );
        let page = app.page();
        let (said, ()) = tokio::join!(page.script_async(&twice), answer(title, Answer::Escape));
        assert_eq!(said, json!(["not_confirmed", "not_confirmed"]), "{command}");
        rest().await;
    }
}

#[tokio::test]
async fn threats_3_44_a_form_reads_nothing_that_another_desks_form_kept() {
    let world = World::new();
    let keep = "localStorage.setItem('mine', 'zanzibar');";
    let folder = form_with(&world, &format!("{SCRIPT}\n{keep}"));
    let named = folder.to_str().unwrap();
    let desks = [free_port(), free_port()].map(|port| format!("127.0.0.1:{port}"));
    let open = async |desk: &str, there: &str| {
        let app = App::visitor(&world, "visitor", &["--desk", desk, "--pack", named]).await;
        app.page().wait_for_text("Welcome to the bookshop").await;
        app.page().wait_until("what is kept", there).await;
        app
    };
    let kept = "localStorage.getItem('mine') === 'zanzibar'";
    open(&desks[0], kept).await.close().await;
    write(&folder, "form.js", SCRIPT);
    open(&desks[1], "localStorage.getItem('mine') === null").await.close().await;
    open(&desks[0], kept).await.close().await;
}
